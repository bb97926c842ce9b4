"""The line along which two regimes come to the same, by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from conftest import Opener
from enough_fingers.frontier import differences, frontier
from files import Contents

X, Y = [1.0, 2.0, 3.0], [0.0, 1, 2, 3]


def plane(
    slope: float = 1.0, replicates: int = 4, noise: float = 0.0, **changes: object
) -> Contents:
    """Open less closed is slope·(y − x/2) in each replicate, which is 0 along y = x/2."""
    rng = np.random.default_rng(1)
    worlds = [(x, y) for x in X for y in Y]
    base = np.full((len(worlds), replicates), 50.0)
    more = np.array([[slope * (y - x / 2)] for x, y in worlds]) + base
    more = more + noise * rng.normal(size=(1, replicates))
    values = np.concatenate([base, more]).reshape(-1)
    contents: dict[str, object] = {
        "regimes": ["closed"] * 12 + ["open"] * 12,
        "replicates": replicates,
        "factors": {"x": [x for x, _ in worlds] * 2, "y": [y for _, y in worlds] * 2},
        "outcomes": {"harm_musd": list(values)},
    }
    return Contents(**(contents | changes))  # type: ignore[arg-type]


def test_a_plane_has_its_line(opened: Opener) -> None:
    # the cap is the 95 % point, 52: the two cells of 52.5 and 52.0 lie above the line anyway
    table = frontier(opened(plane()).outcomes, "harm_musd", ("open", "closed"))
    assert list(table["x"]) == X
    assert list(table["y"]) == pytest.approx([0.5, 1, 1.5])
    assert set(table["before"]) == {"less"}
    assert set(table["crossings"]) == {1}
    assert set(table["x_factor"] + table["y_factor"]) == {"xy"}
    turned = frontier(opened(plane()).outcomes, "harm_musd", ("open", "closed"), factors=("y", "x"))
    # along y: x = 2y lies in the range for y = 1 only, and at its end for none
    assert turned.loc[turned["x"] == 1.0, "y"].item() == pytest.approx(2.0)
    assert math.isnan(turned.loc[turned["x"] == 3.0, "y"].item())


def test_swapping_the_regimes_keeps_the_line(opened: Opener) -> None:
    outcomes = opened(plane()).outcomes
    table = frontier(outcomes, "harm_musd", ("closed", "open"))
    assert list(table["y"]) == pytest.approx([0.5, 1, 1.5])
    assert set(table["before"]) == {"more"}


def test_the_band_is_that_of_resampled_lines(opened: Opener) -> None:
    # noise e of each replicate moves the line to y = x/2 − mean(e): its standard error is s/√n
    outcomes = opened(plane(replicates=40, noise=0.5)).outcomes
    table = frontier(outcomes, "harm_musd", ("open", "closed"))
    row = table[table["x"] == 2.0].iloc[0]
    noise = 0.5 * np.random.default_rng(1).normal(size=40)
    assert row["y"] == pytest.approx(1 - noise.mean(), abs=1e-9)
    half = 1.96 * noise.std(ddof=1) / math.sqrt(40)
    assert (row["high"] - row["low"]) / 2 == pytest.approx(half, rel=0.1)
    assert (row["n"], row["crossing"]) == (40, 1)
    assert row["approximate"] == "a bootstrap of fewer than 50 replicates"


def test_a_line_beyond_the_range_is_said_to_be_there(opened: Opener) -> None:
    # open less closed is −(y + 1) everywhere: below 0 and nearest to it at the lower end
    values = [10.0] * 24 + [10 - (y + 1) for _ in X for y in Y for _ in range(2)]
    contents = plane(replicates=2, outcomes={"harm_musd": values})
    table = frontier(opened(contents).outcomes, "harm_musd", ("open", "closed"))
    assert table["y"].isna().all()
    assert set(table["before"]) == {"less"}
    assert set(table["low"]) == {-math.inf}
    assert set(table["crossing"]) == {0}
    same = plane(replicates=2, outcomes={"harm_musd": [10.0] * 48})
    table = frontier(opened(same).outcomes, "harm_musd", ("open", "closed"))
    assert set(table["before"]) == {"the same"}
    assert table[["y", "low", "high"]].isna().all(axis=None)


def test_a_wide_factor_is_interpolated_in_its_logarithm(opened: Opener) -> None:
    # the difference is log10(y) − 1.5 over y = 1, 10, 100, 1000
    levels = [1.0, 10, 100, 1000]
    values = [50.0] * 24 + [50 + math.log10(y) - 1.5 for _ in X for y in levels for _ in range(2)]
    contents = plane(
        replicates=2,
        factors={"x": [x for x in X for _ in Y] * 2, "y": levels * 6},
        outcomes={"harm_musd": values},
    )
    table = frontier(opened(contents).outcomes, "harm_musd", ("open", "closed"))
    assert list(table["y"]) == pytest.approx([10**1.5] * 3)


def test_differences_at_every_combination(opened: Opener) -> None:
    outcomes = opened(plane(replicates=40, noise=0.5)).outcomes
    table = differences(outcomes, "harm_musd", ("open", "closed"))
    assert len(table) == 12
    noise = 0.5 * np.random.default_rng(1).normal(size=40)
    row = table[(table["x"] == 1) & (table["y"] == 0)].iloc[0]
    assert row["value"] == pytest.approx(-0.5 + noise.mean())
    assert not row["below_noise"]
    # y = 1, x = 2 lies on the line
    assert table[(table["x"] == 2) & (table["y"] == 1)].iloc[0]["below_noise"]


def test_probabilities_have_a_line_too(opened: Opener) -> None:
    nan = math.nan
    # of 2 replicates: closed always in one; open in none below y = 1.5, in both above
    values = [2025.0, nan] * 12 + [nan if y < 1.5 else 2025.0 for _ in X for y in Y for _ in (0, 1)]
    contents = plane(replicates=2, outcomes={"first_catastrophe_year": values})
    outcomes = opened(contents).outcomes
    table = frontier(outcomes, "first_catastrophe_year", ("open", "closed"))
    assert list(table["y"]) == pytest.approx([1.5] * 3)
    surface = differences(outcomes, "first_catastrophe_year", ("open", "closed"))
    assert set(surface["value"]) == {-0.5, 0.5}
    assert set(surface["method"]) == {"Bonett-Price"}


def test_other_designs_are_refused(opened: Opener) -> None:
    outcomes = opened(plane()).outcomes
    with pytest.raises(ValueError, match="varies two factors and no other; x, y vary here"):
        frontier(outcomes, "harm_musd", ("open", "closed"), factors=("x", "z"))
    with pytest.raises(ValueError, match='no regime "opne" here; there are closed, open'):
        frontier(outcomes, "harm_musd", ("opne", "closed"))
    single = opened(Contents(outcomes={"harm_musd": [1.0, 2, 3, 4]})).outcomes
    with pytest.raises(ValueError, match="none vary here"):
        frontier(single, "harm_musd", ("open", "closed"))
    half = outcomes[(outcomes["x"] != 1) | (outcomes["y"] != 0)]
    half.attrs = outcomes.attrs
    with pytest.raises(ValueError, match="11 of the 3 × 4 combinations"):
        frontier(half, "harm_musd", ("open", "closed"))
