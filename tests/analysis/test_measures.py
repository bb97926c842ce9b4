"""Measures per regime, against numbers worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from conftest import Opener
from enough_fingers import measures
from enough_fingers.layout import better_of, default_cap, grid
from files import Contents

NAN = math.nan
#: Two regimes, four replicates: closed 1 2 3 100, open 2 4 6 8.
HARM = {"harm_musd": [1.0, 2, 3, 100, 2, 4, 6, 8]}
#: closed has 1 of 4, open 3 of 4; replicate 1 has it under both.
FIRST = {"first_catastrophe_year": [NAN, 2026, NAN, NAN, 2025, 2027, NAN, 2030]}


def outcomes_of(opened: Opener, **values: list[float]) -> pd.DataFrame:
    return opened(Contents(replicates=4, outcomes=values)).outcomes


def pick(table: pd.DataFrame, regime: str, statistic: str) -> pd.Series:
    row = table[(table["regime"] == regime) & (table["statistic"] == statistic)]
    assert len(row) == 1
    return row.iloc[0]


def test_absolute_gives_median_tail_and_truncated_mean(opened: Opener) -> None:
    table = measures.absolute(outcomes_of(opened, **HARM), "harm_musd", cap=10)
    assert pick(table, "closed", "median")["value"] == 2.5
    assert pick(table, "closed", "90 % point")["value"] == pytest.approx(3 + 0.7 * 97)
    mean = pick(table, "closed", "truncated mean")
    assert mean["value"] == (1 + 2 + 3 + 10) / 4
    assert (mean["cap"], mean["units"], mean["n"]) == (10, "M$", 4)
    assert mean["low"] < mean["value"] < mean["high"]


def test_no_statistic_is_a_bare_mean_of_an_unbounded_measure(opened: Opener) -> None:
    table = measures.absolute(outcomes_of(opened, **HARM), "harm_musd")
    assert "mean" not in set(table["statistic"])


def test_a_bounded_measure_needs_no_cap(opened: Opener) -> None:
    outcomes = outcomes_of(opened, surveillance_share=[0.0, 0, 0, 1, 0.5, 0.5, 0.5, 0.5])
    table = measures.absolute(outcomes, "surveillance_share")
    mean = pick(table, "closed", "mean")
    assert mean["value"] == 0.25
    assert math.isnan(mean["cap"])


def test_a_year_or_none_gives_a_probability_and_a_conditional_median(opened: Opener) -> None:
    table = measures.absolute(outcomes_of(opened, **FIRST), "first_catastrophe_year")
    happened = pick(table, "open", "probability")
    assert (happened["value"], happened["count"], happened["n"]) == (0.75, 3, 4)
    assert pick(table, "open", "median where it happened")["value"] == 2027
    assert pick(table, "closed", "median where it happened")["n"] == 1


def test_relative_pairs_by_replicate(opened: Opener) -> None:
    table = measures.relative(outcomes_of(opened, **HARM), "harm_musd", "closed", cap=10)
    difference = pick(table, "open", "difference of truncated means")
    # 2-1, 4-2, 6-3, 8-10
    assert difference["value"] == (1 + 2 + 3 - 2) / 4
    ratio = pick(table, "open", "ratio of truncated means")
    assert ratio["value"] == 20 / 16
    assert (ratio["units"], difference["units"], ratio["reference"]) == ("1", "M$", "closed")
    x, y = np.array([2.0, 4, 6, 8]), np.array([1.0, 2, 3, 10])
    gain = (x.var(ddof=1) + y.var(ddof=1)) / (x - y).var(ddof=1)
    assert difference["variance_reduction"] == pytest.approx(gain)
    assert "closed" not in set(table["regime"])


def test_pairing_does_not_depend_on_the_order_of_rows(opened: Opener) -> None:
    outcomes = outcomes_of(opened, **HARM)
    shuffled = outcomes.sample(frac=1, random_state=3)
    shuffled.attrs = outcomes.attrs
    pd.testing.assert_frame_equal(
        measures.relative(outcomes, "harm_musd", "closed"),
        measures.relative(shuffled, "harm_musd", "closed"),
    )


def test_a_missing_run_takes_its_pair_out_of_comparisons_only(opened: Opener) -> None:
    contents = Contents(replicates=4, outcomes=HARM, status=[1, 0, 0, 0, 0, 0, 0, 0])
    outcomes = opened(contents).outcomes
    compared = measures.relative(outcomes, "harm_musd", "closed", cap=10)
    assert pick(compared, "open", "difference of truncated means")["n"] == 3
    assert pick(measures.absolute(outcomes, "harm_musd"), "open", "median")["n"] == 4
    assert pick(measures.absolute(outcomes, "harm_musd"), "closed", "median")["n"] == 3


def test_a_missing_run_is_not_a_year_without_catastrophe(opened: Opener) -> None:
    contents = Contents(replicates=4, outcomes=FIRST, status=[1, 0, 0, 0, 0, 0, 0, 0])
    table = measures.absolute(opened(contents).outcomes, "first_catastrophe_year")
    closed = pick(table, "closed", "probability")
    assert (closed["count"], closed["n"]) == (1, 3)


def test_difference_of_probabilities_is_paired(opened: Opener) -> None:
    table = measures.relative(outcomes_of(opened, **FIRST), "first_catastrophe_year", "closed")
    row = pick(table, "open", "difference of probabilities")
    assert row["value"] == 0.5
    assert row["method"] == "Bonett-Price"
    assert row["low"] < 0.5 < row["high"]


def test_an_unknown_reference_is_named_with_what_there_is(opened: Opener) -> None:
    with pytest.raises(ValueError, match='no regime "opne" here; there are closed, open'):
        measures.relative(outcomes_of(opened, **HARM), "harm_musd", "opne")


def test_share_best_counts_replicates_for_each_regime(opened: Opener) -> None:
    table = measures.share_best(outcomes_of(opened, **HARM), "harm_musd", "lower")
    assert pick(table, "closed", "best alone")["count"] == 3
    assert pick(table, "open", "best alone")["count"] == 1


def test_share_best_tells_ties_from_wins_and_none_from_a_year(opened: Opener) -> None:
    outcomes = outcomes_of(opened, **FIRST)
    table = measures.share_best(outcomes, "first_catastrophe_year", "higher")
    # replicate 0: closed, 1: open (2027 after 2026), 2: both without, 3: closed
    assert pick(table, "closed", "best alone")["count"] == 2
    assert pick(table, "open", "best alone")["count"] == 1
    assert pick(table, "closed", "best or tied")["count"] == 3
    assert pick(table, "open", "best or tied")["count"] == 2


def test_catastrophe_curve_counts_by_year(opened: Opener) -> None:
    curve = measures.catastrophe_curve(outcomes_of(opened, **FIRST), [2024, 2026, 2030])
    opened_up = curve[curve["regime"] == "open"]
    assert list(opened_up["count"]) == [0, 1, 3]
    assert list(opened_up["value"]) == [0, 0.25, 0.75]
    assert opened_up["high"].iloc[0] == pytest.approx(1 - 0.05**0.25)
    assert (curve["n"] == 4).all()


def test_cells_are_paired_within_the_same_factor_values(opened: Opener) -> None:
    # Points: (closed, 1), (closed, 2), (open, 2), (open, 1), two replicates each.
    contents = Contents(
        regimes=("closed", "closed", "open", "open"),
        factors={"count": [1, 2, 2, 1]},
        outcomes={"harm_musd": [1.0, 2, 10, 20, 11, 22, 1, 2]},
    )
    outcomes = opened(contents).outcomes
    table = measures.relative(outcomes, "harm_musd", "closed", cap=100)
    row = pick(table, "open", "difference of truncated means")
    assert row["value"] == (0 + 0 + 1 + 2) / 4
    assert row["n"] == 2
    assert grid(outcomes, "harm_musd").n_cells == 2


def test_shares_over_cells_count_replicates(opened: Opener) -> None:
    contents = Contents(
        regimes=("closed", "closed"),
        factors={"count": [1, 2]},
        outcomes={"first_catastrophe_year": [2025.0, NAN, NAN, NAN]},
    )
    table = measures.absolute(opened(contents).outcomes, "first_catastrophe_year")
    row = pick(table, "closed", "probability")
    assert (row["value"], row["n"]) == (0.25, 2)
    assert "settings" in row["method"]


def test_points_that_cannot_be_told_apart_are_refused(opened: Opener) -> None:
    outcomes = opened(Contents(regimes=("a", "a"), outcomes={"harm_musd": [1.0] * 4})).outcomes
    with pytest.raises(ValueError, match="nothing to pair by"):
        grid(outcomes, "harm_musd")


@pytest.mark.parametrize(
    ("values", "cap"),
    [([0.0] * 8, 0.0), ([1234.0] * 8, 1300.0), ([0.0] * 7 + [5.0], 3.3), ([1e-3] * 8, 1e-3)],
)
def test_default_cap_is_one_for_all_regimes(
    opened: Opener, values: list[float], cap: float
) -> None:
    assert default_cap(outcomes_of(opened, harm_musd=values), "harm_musd") == pytest.approx(cap)


def test_harm_and_freedom_keeps_the_freedoms_apart(opened: Opener) -> None:
    outcomes = outcomes_of(
        opened,
        **HARM,
        freedom_0_exercisable=[0.5] * 4 + [0.9] * 4,
        freedom_1a_exercisable=[0.1] * 4 + [0.8] * 4,
        freedom_1a_granted=[1.0] * 8,
    )
    rows = pd.concat([measures.absolute(outcomes, name) for name in outcomes.attrs["outcomes"]])
    table = measures.harm_and_freedom(rows)
    assert list(table["freedom"]) == ["0", "0", "1a", "1a"]
    assert list(table["freedom_value"]) == pytest.approx([0.5, 0.9, 0.1, 0.8])
    assert list(table["harm_value"]) == [2.5, 5, 2.5, 5]


def test_no_view_is_taken_where_the_wanted_direction_is_a_matter_of_view() -> None:
    assert better_of("harm_misuse_musd") == "lower"
    assert better_of("freedom_2_exercisable") == "higher"
    assert better_of("first_catastrophe_year") == "higher"
    assert better_of("bans") is None
    assert better_of("averted_events") is None
    assert better_of("actions") is None
