"""Which differences chance could have made, and how many replicates would tell."""

from __future__ import annotations

import math
import warnings

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from conftest import Opener
from enough_fingers import measures
from enough_fingers.intervals import mean, nothing
from enough_fingers.noise import (
    NoiseFloorWarning,
    below_noise,
    check_noise,
    how_many_more,
    is_below_noise,
)
from files import Contents

#: The first regime; the second is more by 1 to 3, the third by −2 to 2, in pairs.
HARM = [10.0, 20, 30, 40, 11, 22, 33, 42, 12, 18, 31, 39]


def relative(opened: Opener, harm: list[float] = HARM) -> pd.DataFrame:
    run = opened(
        Contents(regimes=["closed", "open", "gated"], replicates=4, outcomes={"harm_musd": harm})
    )
    return measures.relative(run.outcomes, "harm_musd", "closed", cap=100)


def test_a_sign_is_known_where_the_interval_leaves_no_difference_out(opened: Opener) -> None:
    table = relative(opened)
    assert list(table["below_noise"]) == [False, False, True, True]
    assert table["below_noise"].dtype == bool
    # of a ratio it is 1 that must lie outside
    ratio = table[table["statistic"].str.startswith("ratio")].iloc[0]
    assert ratio["low"] > 1


def test_estimates_without_an_interval() -> None:
    assert is_below_noise(nothing(0))
    assert is_below_noise(nothing(1, 5.0))
    assert is_below_noise(nothing(4, 0.0, "all replicates equal"))
    # four replicates that all say 5 more do not leave the sign open
    assert not is_below_noise(nothing(4, 5.0, "all replicates equal"))
    assert is_below_noise(nothing(4, 1.0, "all replicates equal"), at=1.0)
    assert is_below_noise(mean(np.array([-1.0, 1, 2])))


def test_a_table_below_noise_is_warned_of_once(opened: Opener) -> None:
    table = relative(opened)
    with pytest.warns(
        NoiseFloorWarning, match=r"sign of 2 of 4 .* harm_musd, gated, closed"
    ) as said:
        below = check_noise(table)
    assert len(said) == 1
    assert list(below) == list(below_noise(table))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        check_noise(table[table["regime"] == "open"])


def test_how_many_more_by_hand(opened: Opener) -> None:
    found = how_many_more(relative(opened))
    row = found[(found["regime"] == "gated") & found["statistic"].str.startswith("diff")].iloc[0]
    # differences 2 −2 1 −1: mean 0, so no number settles it
    assert math.isinf(row["needed"])
    assert math.isinf(row["more"])
    deviation = np.std([2, -2, 1, -1], ddof=1)
    z = stats.norm.ppf(0.975) + stats.norm.ppf(0.8)
    assert row["resolved"] == pytest.approx(z * deviation / 2)
    settled = how_many_more(relative(opened), at_least=0.5)
    row = settled[(settled["regime"] == "gated")].iloc[0]
    assert row["needed"] == math.ceil((z * deviation / 0.5) ** 2)
    assert row["more"] == row["needed"] - 4
    # what would matter of a ratio is not said in M$
    ratios = [table[table["statistic"].str.startswith("ratio")] for table in (found, settled)]
    assert list(ratios[0]["needed"]) == list(ratios[1]["needed"])
    first = found.iloc[0]
    assert (first["more"], first["below_noise"]) == (0, False)
    # what pairing bought, in replicates
    gain = relative(opened)["variance_reduction"].iloc[0]
    assert first["without_pairing"] == math.ceil(first["needed"] * gain)
    with pytest.raises(ValueError, match="at_least is 0"):
        how_many_more(relative(opened), at_least=0)


def test_so_many_replicates_settle_it_as_often_as_they_say() -> None:
    # d = .4 of a standard deviation of 1: 50 replicates for a power of .8. Of 600 samples: a
    # standard error of .016, and Student's interval is a little wider than the normal one.
    row = pd.DataFrame([{"statistic": "difference", "value": 0.4, "low": -1.0, "high": 1.0,
                         "standard_error": 1 / math.sqrt(10), "n": 10, "method": ""}])  # fmt: skip
    needed = int(how_many_more(row)["needed"].iloc[0])
    assert needed == 50
    rng = np.random.default_rng(3)
    told = [not is_below_noise(mean(rng.normal(0.4, 1, needed))) for _ in range(600)]
    assert np.mean(told) == pytest.approx(0.79, abs=0.05)


def test_noise_below_the_floor_is_told_apart_one_time_in_twenty() -> None:
    # no difference at all: 800 samples of 30, a standard error of .008
    rng = np.random.default_rng(4)
    told = [not is_below_noise(mean(rng.normal(0, 1, 30))) for _ in range(800)]
    assert np.mean(told) == pytest.approx(0.05, abs=0.025)


def test_existing_columns_keep_their_values(opened: Opener) -> None:
    table = relative(opened)
    assert list(table.columns)[-1] == "below_noise"
    assert "below_noise" not in measures.absolute(
        opened(Contents(outcomes={"harm_musd": [1.0, 2, 3, 4]})).outcomes, "harm_musd"
    )
