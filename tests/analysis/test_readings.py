"""Four readings of many worlds, against tables worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from conftest import Opener
from enough_fingers.limits import Limit
from enough_fingers.readings import READINGS, readings
from enough_fingers.robustness import places, worlds_of
from files import Contents
from samples import hypercube

#: Harm of two regimes in three worlds, in each of two replicates. Means: steady 4 5 6, gambler
#: 1 2 12; regrets of steady 3 3 0, of gambler 0 0 6.
HARM: dict[str, list[list[float]]] = {
    "steady": [[3.0, 5], [4, 6], [5, 7]],
    "gambler": [[0.0, 2], [1, 3], [11, 13]],
}


def two_regimes(replicates: int = 2) -> Contents:
    rows: list[list[float]] = [values for worlds in HARM.values() for values in worlds]
    return Contents(
        regimes=["steady"] * 3 + ["gambler"] * 3,
        replicates=replicates,
        factors={"count": [1.0, 2, 3] * 2},
        outcomes={"harm_musd": [value for row in rows for value in row[:replicates]]},
    )


def test_all_four_stand_side_by_side(opened: Opener) -> None:
    table = readings(opened(two_regimes()).outcomes, "harm_musd", Limit("harm_musd", 5.5, True))
    assert list(dict.fromkeys(table["reading"])) == list(READINGS)
    found = table.pivot(index="rule", columns="regime", values="value")
    # The cap, the 95 % point rounded up to two digits, is 12: 13 counts as 12.
    cap = 12.0
    last = (11 + min(13, cap)) / 2
    assert dict(found.loc["Mean over worlds"]) == pytest.approx(
        {"steady": 5, "gambler": (1 + 2 + last) / 3}
    )
    assert dict(found.loc["Worst world"]) == pytest.approx({"steady": 6, "gambler": last})
    assert dict(found.loc["Largest regret"]) == pytest.approx({"steady": 3, "gambler": last - 6})
    assert dict(found.loc["Hurwicz, optimism 0.25"]) == pytest.approx(
        {"steady": 0.25 * 4 + 0.75 * 6, "gambler": 0.25 * 1 + 0.75 * last}
    )
    # medians 4 5 6 and 1 2 12 against 5.5
    assert dict(found.loc["harm_musd ≤ 5.5"]) == pytest.approx({"steady": 2 / 3, "gambler": 2 / 3})
    assert set(table["n"]) == {2}
    assert set(table["n_worlds"]) == {3}


def test_values_are_those_that_places_are_made_of(opened: Opener) -> None:
    outcomes = opened(two_regimes()).outcomes
    worlds = worlds_of(outcomes, "harm_musd")
    assert worlds is not None
    both = places(worlds).merge(readings(outcomes, "harm_musd"), on=["rule", "regime"])
    assert len(both) == 14
    assert list(both["value_x"]) == pytest.approx(list(both["value_y"]))


def test_intervals_are_bootstraps_of_replicates(opened: Opener) -> None:
    # of two replicates a resample holds the first twice, both, or the second twice: 4, 5 or 6
    table = readings(opened(two_regimes()).outcomes, "harm_musd", Limit("harm_musd", 5.5, True))
    row = table[(table["rule"] == "Mean over worlds") & (table["regime"] == "steady")].iloc[0]
    assert (row["low"], row["high"]) == (4, 6)
    assert "fewer than 30 replicates" in row["approximate"]
    kept = table[(table["reading"] == "good enough") & (table["regime"] == "steady")].iloc[0]
    # medians 3 4 5, all within; 5 6 7, one of three
    assert (kept["low"], kept["high"]) == pytest.approx((1 / 3, 1))
    worst = table[table["reading"] == "worst case"]
    assert worst["approximate"].str.contains("luck").all()


def test_without_a_limit_nothing_is_good_enough_or_not(opened: Opener) -> None:
    table = readings(opened(two_regimes()).outcomes, "harm_musd")
    none = table[table["reading"] == "good enough"]
    assert none["value"].isna().all()
    assert set(none["method"]) == {"none (no limit was given)"}


def test_one_replicate_has_no_intervals(opened: Opener) -> None:
    table = readings(opened(two_regimes(1)).outcomes, "harm_musd", Limit("harm_musd", 5.5, True))
    assert table["low"].isna().all()
    assert not table["value"].isna().any()


def test_probabilities_and_shares_are_read_too(opened: Opener) -> None:
    nan = math.nan
    contents = Contents(
        regimes=["closed", "open"],
        replicates=4,
        outcomes={
            "first_catastrophe_year": [2025.0, nan, nan, nan, 2025, 2026, nan, nan],
            "surveillance_share": [0.1, 0.2, 0.3, 0.4, 0.5, 0.5, 0.5, 0.5],
        },
    )
    outcomes = opened(contents).outcomes
    year = Limit("first_catastrophe_year", 0.3, True)
    table = readings(outcomes, "first_catastrophe_year", year)
    kept = table[table["reading"] == "good enough"]
    assert list(kept["value"]) == [1, 0]
    mean = table[table["rule"] == "Mean over worlds"]
    assert list(mean["value"]) == [0.25, 0.5]
    share = readings(outcomes, "surveillance_share", Limit("surveillance_share", 0.3, True))
    assert list(share[share["reading"] == "good enough"]["value"]) == [1, 0]


def test_sampled_worlds_are_the_units(opened: Opener) -> None:
    run = opened(hypercube(2, 12, 2))
    level = float(np.median(run.outcomes["harm_musd"]))
    table = readings(run.outcomes, "harm_musd", Limit("harm_musd", level, True))
    assert set(table["unit"]) == {"world"}
    kept = table[table["reading"] == "good enough"]
    assert set(kept["n"]) == {12}
    assert (kept["low"] < kept["value"]).any()
    mean = table[table["rule"] == "Mean over worlds"]
    assert (mean["low"] < mean["value"]).all()
    assert (mean["value"] < mean["high"]).all()


def test_what_cannot_be_read_is_refused(opened: Opener) -> None:
    outcomes = opened(two_regimes()).outcomes
    with pytest.raises(ValueError, match="is not one of harm_musd"):
        readings(outcomes, "harm_musd", Limit("benefit", 1.0, False))
    other = opened(Contents(outcomes={"averted_events": [1.0, 2, 3, 4]})).outcomes
    with pytest.raises(ValueError, match="matter of view"):
        readings(other, "averted_events")
