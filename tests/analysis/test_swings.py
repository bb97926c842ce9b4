"""Swings of an outcome between the ends of each belief, where they are known."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from conftest import Opener
from enough_fingers import Run
from enough_fingers.contents import records
from enough_fingers.swings import ONE_AT_A_TIME, THIRDS, swings
from files import Contents


def by_end(table: Any) -> dict[tuple[str, str], dict[str, Any]]:  # noqa: ANN401
    return {(row["factor"], row["end"]): row for row in records(table)}


def star(opened: Opener, **changes: Any) -> Run:  # noqa: ANN401
    """A common point (count 5000, size 2) and two on each arm; three replicates."""
    count = [5000.0, 1000, 9000, 5000, 5000]
    size = [2.0, 2, 2, 1, 4]
    harm = [[10, 20, 30], [11, 22, 33], [9, 19, 29], [10, 20, 30], [110, 120, 130]]
    return opened(
        Contents(
            regimes=["closed"] * 5,
            replicates=3,
            factors={"count": count, "size": size},
            pointers={"count": "/population/developers/count"},
            outcomes={"harm_musd": [float(x) for row in harm for x in row]},
            config={"experiment": {"design": "csv"}},
            **changes,
        )
    )


def test_one_at_a_time_swings_are_paired_differences_to_the_common_point(opened: Opener) -> None:
    table = swings(star(opened), "harm_musd")
    rows = by_end(table)
    assert list(dict.fromkeys(table["factor"])) == ["size", "count"]
    assert rows["size", "high"]["value"] == 100
    assert math.isnan(rows["size", "high"]["low"])  # all replicates alike
    assert rows["size", "low"]["value"] == 0
    low = rows["count", "low"]
    # changes of 1, 2, 3: mean 2, Student's half width 4.30265 · 1 / √3
    assert low["value"] == 2
    assert low["high"] - low["value"] == pytest.approx(4.302653 / math.sqrt(3), rel=1e-6)
    assert (low["at"], low["level"], low["n"], low["basis"]) == (1000, 20, 3, ONE_AT_A_TIME)
    assert math.isnan(low["floor"])
    assert rows["count", "high"]["at"] == 9000
    assert rows["count", "high"]["value"] == -1


def test_points_that_differ_in_several_factors_have_no_swing(opened: Opener) -> None:
    run = opened(
        Contents(
            regimes=["closed"] * 3,
            factors={"count": [1.0, 2, 3], "size": [1.0, 2, 3]},
            outcomes={"harm_musd": [1.0] * 6},
            config={"experiment": {"design": "zipped"}},
        )
    )
    with pytest.raises(ValueError, match="several factors at once"):
        swings(run, "harm_musd")


def drawn(opened: Opener, n: int = 90, idle: int = 5) -> Run:
    """Harm is 30 times the first factor, and luck; 90 strata from 0 to 1."""
    rng = np.random.default_rng(2)
    columns = {"slope": (rng.permutation(n) + 0.5) / n}
    columns |= {f"idle_{place}": (rng.permutation(n) + 0.5) / n for place in range(idle)}
    columns["switch"] = rng.permutation(np.repeat([0.0, 1], n // 2))
    harm = 50 + 30 * columns["slope"] + rng.normal(0, 2, n) + 20 * columns["switch"]
    return opened(
        Contents(
            regimes=["closed"] * n,
            replicates=1,
            factors={name: list(values) for name, values in columns.items()},
            outcomes={"harm_musd": [float(x) for x in harm]},
            config={"experiment": {"design": "latin_hypercube"}},
        )
    )


def test_thirds_of_worlds_swing_as_the_mean_over_them(opened: Opener) -> None:
    rows = by_end(swings(drawn(opened), "harm_musd"))
    # the lowest third has a mean of 1/6: 30 (1/6 - 1/2) = -10; its luck has an error of 2
    for end, value, at in (("low", -10, 1 / 6), ("high", 10, 5 / 6)):
        row = rows["slope", end]
        assert row["low"] < value < row["high"]
        assert row["at"] == pytest.approx(at, abs=0.01)
        assert (row["n"], row["basis"]) == (90, THIRDS)
    # of a switch the worlds where it is off, and on: each ten from the mean
    assert rows["switch", "low"]["at"] == 0
    assert rows["switch", "high"]["value"] == pytest.approx(10, abs=2.5)
    floor = rows["slope", "low"]["floor"]
    assert all(abs(row["value"]) < floor for (name, _), row in rows.items() if "idle" in name)
    assert rows["slope", "high"]["value"] > floor


def test_a_factor_that_does_not_vary_does_not_swing(opened: Opener) -> None:
    n = 12
    run = opened(
        Contents(
            regimes=["closed"] * n,
            replicates=1,
            factors={"count": list(np.arange(float(n))), "still": [3.0] * n},
            outcomes={"harm_musd": [float(x) for x in range(1, n + 1)]},
            config={"experiment": {"design": "sobol"}},
        )
    )
    rows = by_end(swings(run, "harm_musd"))
    assert rows["still", "low"]["value"] == 0


def test_too_few_worlds_have_no_thirds(opened: Opener) -> None:
    contents = Contents(
        regimes=["closed"] * 11,
        replicates=1,
        factors={"count": list(np.arange(11.0))},
        outcomes={"harm_musd": [1.0] * 11},
        config={"experiment": {"design": "sobol"}},
    )
    with pytest.raises(ValueError, match="11 worlds have too few"):
        swings(opened(contents), "harm_musd")


def test_morris_is_sent_to_its_own_analysis(opened: Opener) -> None:
    contents = Contents(
        regimes=["closed", "closed"],
        factors={"count": [1.0, 2]},
        outcomes={"harm_musd": [1.0] * 4},
        config={"experiment": {"design": "morris"}},
    )
    with pytest.raises(ValueError, match=r"sensitivity\.morris"):
        swings(opened(contents), "harm_musd")
