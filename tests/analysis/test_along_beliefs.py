"""Differences along a belief, and where they pass through nothing."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import numpy as np
import pytest

from conftest import Opener
from enough_fingers import Run
from enough_fingers.along_beliefs import along_factor, along_value_of_a_catastrophe, crossings
from enough_fingers.break_even import break_even, with_other_harm
from enough_fingers.contents import records
from files import Contents, Event

CATASTROPHIC = 2


def along(opened: Opener, more: list[list[float]], at: list[float]) -> Run:
    """Closed has a harm of 10 everywhere; open has `more` than that, by value and replicate."""
    n, replicates = len(more), len(more[0])
    return opened(
        Contents(
            regimes=["closed"] * n + ["open"] * n,
            replicates=replicates,
            factors={"count": [*at, *at]},
            outcomes={
                "harm_musd": [10.0] * (n * replicates) + [10 + x for row in more for x in row],
                "first_catastrophe_year": [math.nan] * (n * replicates)
                + [2030.0 if x > 0 else math.nan for row in more for x in row],
            },
        )
    )


def test_cells_are_paired_differences_and_break_even_where_they_pass_through_nothing(
    opened: Opener,
) -> None:
    run = along(opened, [[-3.0, -2, -1], [-1, 0, 1], [2, 3, 4]], [0.0, 1, 2])
    rows = records(along_factor(run, "/population/count", "harm_musd", "closed"))
    assert [row["value"] for row in rows] == pytest.approx([-2, 0, 3])
    # Student's half width of three is 4.303 / √3 = 2.48
    assert [row["told_apart"] for row in rows] == [False, False, True]
    assert {row["n"] for row in rows} == {3}
    assert (rows[0]["turns"], rows[0]["break_even"]) == (1, 1)


def test_break_even_is_interpolated_with_what_chance_allows(opened: Opener) -> None:
    rng = np.random.default_rng(3)
    levels: list[float] = [-4.0, -2.0, 2.0, 4.0]
    more = [[level + float(x) for x in rng.normal(0, 0.5, 30)] for level in levels]
    rows = records(along_factor(along(opened, more, [1.0, 10, 100, 1000]), "count", "harm_musd",
                                "closed"))  # fmt: skip
    first = rows[0]
    # from -2 at 10 to +2 at 100, by ratio: 10^1.5
    assert first["break_even"] == pytest.approx(10**1.5, rel=0.15)
    assert first["break_even_low"] < first["break_even"] < first["break_even_high"]
    assert 10 < first["break_even_low"]
    assert first["break_even_high"] < 100
    assert first["turns"] == 1


def test_where_chance_could_turn_the_first_cell_the_interval_has_no_end(opened: Opener) -> None:
    more = [[-9.0, 8, -2], [1.0, 2, 3]]
    rows = records(along_factor(along(opened, more, [1.0, 2]), "count", "harm_musd", "closed"))
    assert rows[0]["break_even_low"] == -math.inf
    assert 1 < rows[0]["break_even"] < 2


def test_of_a_year_it_is_the_probability(opened: Opener) -> None:
    run = along(opened, [[-1.0, -1], [1, -1], [1, 1]], [0.0, 1, 2])
    rows = records(along_factor(run, "count", "first_catastrophe_year", "closed"))
    assert [row["value"] for row in rows] == [0, 0.5, 1]
    assert {row["units"] for row in rows} == {"share"}


def test_many_values_are_cut_into_parts(opened: Opener) -> None:
    at = list(np.linspace(0, 1, 40))
    run = along(opened, [[x - 0.5, x - 0.4] for x in at], at)
    rows = records(along_factor(run, "count", "harm_musd", "closed"))
    assert len(rows) == 8
    # five values in each part, and two replicates that all of them share
    assert {(row["unit"], row["n"]) for row in rows} == {("replicate", 2)}
    with pytest.raises(ValueError, match='did you mean "count"'):
        along_factor(run, "coutn", "harm_musd", "closed")


def test_of_worlds_that_are_a_sample_each_counts_once(opened: Opener) -> None:
    at = list(np.linspace(0, 1, 16))
    more = [[x, x + 1] for x in at]
    run = along(opened, more, at)
    other = dataclasses.replace(run, config={"experiment": {"design": "latin_hypercube"}})
    rows = records(along_factor(other, "count", "harm_musd", "closed"))
    assert {(row["unit"], row["n"]) for row in rows} == {("world", 2)}
    # worlds 0 and 1/15, each with a mean of half a unit more
    assert rows[0]["value"] == pytest.approx(0.5 + 1 / 30)


def test_along_the_value_of_a_catastrophe_the_break_even_is_fiellers(opened: Opener) -> None:
    rng = np.random.default_rng(5)
    n = 40
    number = np.concatenate([rng.random(n) < 0.5, rng.random(n) < 0.1]).astype(float)
    harm = np.concatenate([rng.uniform(10, 12, n), rng.uniform(20, 24, n)])
    run = opened(
        Contents(
            replicates=n,
            outcomes={"harm_musd": list(harm), "catastrophes": list(number)},
            events=[
                Event(run=int(i), severity_musd=0.5, flags=CATASTROPHIC)
                for i in np.flatnonzero(number)
            ],
        )
    )
    rows = records(along_value_of_a_catastrophe(run, "closed", (0.0, 20.0, 1e3)))
    even = break_even(with_other_harm(run, run.outcomes), "open", "closed")
    assert rows[0]["break_even"] == even.value_musd
    assert rows[0]["break_even_high"] == even.high_musd
    assert rows[0]["value"] == pytest.approx(even.other_harm_musd[0])
    # linear in the value
    slope = even.catastrophes[0]
    assert rows[2]["value"] == pytest.approx(even.other_harm_musd[0] + 1e3 * slope)
    assert rows[0]["told_apart"]


def test_crossings_are_linear_or_by_ratio() -> None:
    line: Any = np.array
    assert crossings(line([0.0, 1, 2]), line([-1.0, 1, -3])) == pytest.approx([0.5, 1.25])
    assert crossings(line([1.0, 1e4]), line([-1.0, 1])) == pytest.approx([100])
    assert crossings(line([0.0, 1]), line([math.nan, 1])) == []
    assert crossings(line([0.0, 1, 2]), line([-1.0, 0, 1])) == [1]
    assert crossings(line([0.0, 1, 2]), line([1.0, 0, 1])) == []
