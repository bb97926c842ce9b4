"""Levels that a reader calls tolerable, and a world without AI."""

from __future__ import annotations

import math

import pytest

from conftest import Opener
from enough_fingers import measures
from enough_fingers.limits import Limit, beyond, check_limits, parse_limit, satisficing
from enough_fingers.tables_rules import verdict
from enough_fingers.without_ai import WITHOUT_AI, split_ai, with_world_without_ai
from files import Contents

NAN = math.nan


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("p_catastrophe=0.01", Limit("first_catastrophe_year", 0.01, True)),
        ("harm_musd=1e5", Limit("harm_musd", 1e5, True)),
        ("freedom_1a_exercisable=0.3", Limit("freedom_1a_exercisable", 0.3, False)),
        ("surveillance_share>=0.1", Limit("surveillance_share", 0.1, False)),
        (" bans <= 3 ", Limit("bans", 3, True)),
    ],
)
def test_a_level_is_read_with_the_side_that_is_wanted(text: str, limit: Limit) -> None:
    assert parse_limit(text) == limit
    assert parse_limit(limit.option) == limit


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("harm_musd", "no level"),
        ("harm_musd=much", "no number"),
        ("bans=3", "matter of view"),
    ],
)
def test_what_is_no_level_is_refused(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse_limit(text)


def test_a_level_of_an_unknown_outcome_names_those_there_are(opened: Opener) -> None:
    outcomes = opened(Contents(outcomes={"harm_musd": [1.0, 2, 3, 4]})).outcomes
    with pytest.raises(ValueError, match="no outcome hram_musd here; there are harm_musd"):
        check_limits([Limit("hram_musd", 1, True)], outcomes)


def two_worlds() -> Contents:
    """Points (closed, 1), (closed, 2), (open, 1), (open, 2); two replicates each."""
    return Contents(
        regimes=("closed", "closed", "open", "open"),
        factors={"count": [1, 2, 1, 2]},
        outcomes={
            "first_catastrophe_year": [NAN, NAN, 2025, NAN, NAN, NAN, NAN, NAN],
            "freedom_0_exercisable": [0.5, 0.7, 0.5, 0.7, 0.1, 0.3, 0.8, 0.8],
            "harm_musd": [1.0, 3, 1, 9, 2, 2, 50, 2],
        },
    )


def test_levels_are_kept_jointly_world_by_world(opened: Opener) -> None:
    outcomes = opened(two_worlds()).outcomes
    limits = [
        Limit("first_catastrophe_year", 0.1, True),
        Limit("freedom_0_exercisable", 0.5, False),
    ]
    kept = satisficing(outcomes, limits).set_index("regime")
    # closed: a catastrophe in half the replicates of world 2; open: too little freedom in world 1.
    assert list(kept["kept"]) == [1, 1]
    assert list(kept["n"]) == [2, 2]
    assert list(kept[f"kept: {limits[0].name}"]) == [1, 2]
    assert list(kept[f"kept: {limits[1].name}"]) == [2, 1]


def test_unbounded_harm_keeps_a_level_by_its_median(opened: Opener) -> None:
    kept = satisficing(opened(two_worlds()).outcomes, [Limit("harm_musd", 5.0, True)])
    # closed: medians 2 and 5; open: 2 and 26
    assert list(kept["kept"]) == [2, 1]


def test_single_runs_beyond_a_level_are_counted(opened: Opener) -> None:
    outcomes = opened(Contents(replicates=4, outcomes={"harm_musd": [1.0, 2, 3, 4] * 2})).outcomes
    rows = beyond(outcomes, Limit("harm_musd", 2.0, True))
    assert list(rows["count"]) == [2, 2]
    assert set(rows["statistic"]) == {"probability above 2"}


@pytest.mark.parametrize(
    ("low", "high", "word"),
    [(0.1, 0.2, "within"), (0.4, 0.5, "beyond"), (0.2, 0.4, "cannot be told")],
)
def test_a_verdict_looks_at_the_whole_interval(low: float, high: float, word: str) -> None:
    row = {"value": (low + high) / 2, "low": low, "high": high}
    assert verdict(row, Limit("surveillance_share", 0.3, True)) == word


def test_a_world_without_ai_stands_beside_every_world(opened: Opener) -> None:
    run = opened(two_worlds())
    other = opened(
        Contents(
            regimes=("closed",),
            outcomes={
                "harm_musd": [0.5, 1.0],
                "first_catastrophe_year": [NAN, NAN],
                "freedom_0_exercisable": [0.0, 0.0],
            },
            config={"ai": False},
        )
    )
    joined = with_world_without_ai(run, other)
    table = measures.relative(joined, "harm_musd", WITHOUT_AI, cap=100)
    row = table[(table["regime"] == "closed") & table["statistic"].str.startswith("difference")]
    # closed less no AI: 1 − .5 and 3 − 1 in world 1, 1 − .5 and 9 − 1 in world 2
    assert row["value"].item() == pytest.approx((0.5 + 2 + 0.5 + 8) / 4)


def test_a_file_with_ai_or_other_seeds_is_no_world_without_ai(opened: Opener) -> None:
    run = opened(two_worlds())
    with pytest.raises(ValueError, match='lacks "ai": false'):
        with_world_without_ai(run, run)
    other = opened(Contents(outcomes={"harm_musd": [1.0] * 4}, config={"ai": False}, seed=99))
    with pytest.raises(ValueError, match="no replicate pairs"):
        with_world_without_ai(run, other)


def test_a_factor_for_ai_parts_a_run_in_two_that_never_mix(opened: Opener) -> None:
    # Points (closed, ai 0), (closed, ai 1), (open, ai 0), (open, ai 1); two replicates each.
    run = opened(
        Contents(
            regimes=("closed", "closed", "open", "open"),
            factors={"ai": [0, 1, 0, 1]},
            pointers={"ai": "/ai"},
            outcomes={"harm_musd": [1.0, 2, 10, 20, 1, 2, 30, 40]},
        )
    )
    with_ai, without = split_ai(run)
    assert without is not None
    assert list(with_ai.outcomes["harm_musd"]) == [10, 20, 30, 40]
    assert list(without.outcomes["harm_musd"]) == [1, 2, 1, 2]
    assert with_ai.factors == without.factors == ()
    assert set(with_ai.outcomes["world"]) == {0}
    table = measures.relative(
        with_world_without_ai(with_ai, without), "harm_musd", WITHOUT_AI, cap=100
    )
    row = table[(table["regime"] == "open") & table["statistic"].str.startswith("difference")]
    assert row["value"].item() == (29 + 38) / 2


def test_a_run_that_does_not_vary_ai_stays_whole(opened: Opener) -> None:
    run = opened(two_worlds())
    assert split_ai(run) == (run, None)
