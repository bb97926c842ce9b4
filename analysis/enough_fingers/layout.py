"""Lays outcomes out for pairing: by regime, by setting of the factors, by replicate.

Where a design varies factors, a *world* is one combination of their values. Numbers over several
worlds are averages over the settings that were tried, not probabilities in any of them.

What an interval draws anew is the *unit*: the replicate, with all its worlds, where the worlds are
a grid that somebody chose; the world, with all its replicates, where the worlds are themselves a
sample of the ranges (a Latin hypercube).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from enough_fingers.distributions import Floats

Better = Literal["lower", "higher"]
FIRST_CATASTROPHE = "first_catastrophe_year"
# Beginnings of names; a new outcome of such a name is ranked without a change here.
_LOWER = (
    "harm_",
    "discounted_harm",
    "catastrophes",
    "largest_event",
    "wrongful_bans",
    "surveillance_",
    "never_patched",
    "near_misses",
    "unseen_diffuse_harm",
    "lost_user_months",
)
_HIGHER = ("freedom_", "benefit", "patch_coverage_", FIRST_CATASTROPHE, "captured_year")


@dataclass(frozen=True)
class Grid:
    """One outcome laid out for pairing.

    Attributes:
        measure: The outcome.
        regimes: Names, in the order of the design.
        values: [n_regimes, n_cells, n_units]; NaN where the outcome is "none".
        present: Same shape; whether the run finished.
        unit: What intervals draw anew: "replicate" (cells are worlds) or "world" (cells are
            replicates).
    """

    measure: str
    regimes: list[str]
    values: Floats
    present: npt.NDArray[np.bool_]
    unit: str = "replicate"

    @property
    def n_cells(self) -> int:
        """Numbers that each unit holds: worlds of a replicate, or replicates of a world."""
        return int(self.values.shape[1])

    def replicates(self, *rows: int) -> list[Floats]:
        """Units that are there, with a number in every cell, in each of the regimes `rows`.

        Args:
            rows: Positions in `regimes`.

        Returns:
            One array [n, n_cells] for each regime, paired along n.
        """
        chosen = [self.values[row].T for row in rows]
        usable = np.all([np.isfinite(values).all(axis=1) for values in chosen], axis=0)
        return [values[usable] for values in chosen]

    def happened(self, *rows: int) -> list[npt.NDArray[np.bool_]]:
        """The same for an outcome that is a year or "none": whether it happened at all.

        Args:
            rows: Positions in `regimes`.

        Returns:
            One array [n, n_cells] for each regime, paired along n.
        """
        usable = np.all([self.present[row].all(axis=0) for row in rows], axis=0)
        return [~np.isnan(self.values[row].T[usable]) for row in rows]


def grid(outcomes: pd.DataFrame, measure: str, *, unit: str | None = None) -> Grid:
    """Lays out one outcome by regime, world and replicate.

    Args:
        outcomes: `Run.outcomes`.
        measure: One of its outcome columns.
        unit: "replicate" or "world"; by `unit_of` when not given.

    Returns:
        The grid.

    Raises:
        ValueError: When two runs have the same regime, factor values and replicate.
    """
    regimes = [str(name) for name in outcomes["regime"].cat.categories]
    row = outcomes["regime"].cat.codes.to_numpy()
    # Labels are found by hashing: sorting a hundred thousand anew for each measure is felt.
    cell, _ = pd.factorize(outcomes["world"].to_numpy(), sort=True)
    column, labels = pd.factorize(outcomes["replicate"].to_numpy(), sort=True)
    shape = (len(regimes), int(cell.max(initial=0)) + 1, labels.size)
    place = np.ravel_multi_index((row, cell, column), shape)
    taken = np.bincount(place, minlength=math.prod(shape)).reshape(shape)
    if bool((taken > 1).any()):
        raise ValueError("two runs share regime, factor values and replicate: nothing to pair by")
    values = np.full(shape, np.nan)
    values[row, cell, column] = outcomes[measure].to_numpy(dtype=np.float64)
    present = taken == 1
    unit = unit_of(outcomes) if unit is None else unit
    if unit == "world":
        values, present = values.swapaxes(1, 2), present.swapaxes(1, 2)
    return Grid(measure, regimes, values, present, unit)


def unit_of(outcomes: pd.DataFrame) -> str:
    """What intervals draw anew: "world" where worlds are a sample of the ranges, else "replicate".

    A design that holds fewer combinations than its factors' values have is such a sample.
    """
    return "world" if outcomes.attrs.get("sampled") else "replicate"


def is_year(measure: str) -> bool:
    """Whether an outcome is the year of something that may not happen (NaN: it did not)."""
    return measure.endswith("_year")


def better_of(measure: str) -> Better | None:
    """Which way an outcome is wanted, or None where that is a matter of view (bans, averted)."""
    if measure.startswith(_LOWER):
        return "lower"
    return "higher" if measure.startswith(_HIGHER) else None


def is_bounded(outcomes: pd.DataFrame, measure: str) -> bool:
    """Whether a measure never exceeds 1 (a share), so that its mean is safe."""
    bounds = outcomes.attrs.get("valid_range", {}).get(measure)
    return bounds is not None and bool(bounds[1] <= 1)


def default_cap(outcomes: pd.DataFrame, measure: str) -> float:
    """The cap of a truncated mean: one for all regimes of a measure.

    A measure with a declared upper bound of at most 1 needs none (its mean is safe); else the 95 %
    point of all runs together, rounded up to two digits. The interval takes the cap as given.

    Args:
        outcomes: `Run.outcomes`.
        measure: One of its outcome columns.

    Returns:
        The cap, in the measure's unit.
    """
    if is_bounded(outcomes, measure):
        return 1.0
    values = outcomes[measure].dropna().to_numpy(dtype=np.float64)
    point = float(np.quantile(values, 0.95)) if values.size else 0.0
    if point <= 0:
        point = float(values.max(initial=0.0))
    if point <= 0:
        return 0.0
    digit = 10.0 ** (math.floor(math.log10(point)) - 1)
    return float(f"{math.ceil(point / digit) * digit:.2g}")
