"""One outcome by point of the design and replicate, for analyses of what it depends on.

A point is one regime in one world. An analysis of factors looks at one regime at a time, or at the
difference of two in the same worlds and replicates. It needs a number in every run: a run that is
missing, or an outcome that is "none", is refused and not filled in.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from enough_fingers.distributions import Floats
from enough_fingers.errors import MissingRunsError
from enough_fingers.layout import is_year
from enough_fingers.load import Run
from enough_fingers.optional import known
from enough_fingers.structure import Factor
from enough_fingers.wording import number

#: What can be done to an outcome before it is analysed; "" is "as it is", or, for a year that may
#: not come, "happened".
TRANSFORMS = ("", "log", "happened", "waited")
DUMMY = "dummy"


@dataclass(frozen=True)
class PointValues:
    """One outcome of one regime, or of the difference of two, by point and replicate.

    Attributes:
        outcome: Its name.
        units: Of the values, after the transform.
        regime: Whose.
        reference: The regime whose values were taken off; empty where none.
        transform: What was done to the outcome, in words; empty where nothing.
        points: One row a point, in the order of the design: world, base_row, step and block where
            the design has them, and one column a factor.
        factors: What varies.
        values: [n_points, n_replicates]; every one a finite number.
        common: Whether replicates of the same number share random numbers over the points.
        design: How the values of the factors were combined, as the config says it.
    """

    outcome: str
    units: str
    regime: str
    reference: str
    transform: str
    points: pd.DataFrame
    factors: tuple[Factor, ...]
    values: Floats
    common: bool
    design: str

    @property
    def n_replicates(self) -> int:
        """Replicates of each point."""
        return int(self.values.shape[1])

    @property
    def subject(self) -> str:
        """What was analysed, in words: "harm_musd, open less closed (log10 of it)"."""
        whose = f"{self.regime} less {self.reference}" if self.reference else self.regime
        return f"{self.outcome}, {whose}" + (f" ({self.transform})" if self.transform else "")

    def keys(self) -> dict[str, str]:
        """The columns that every table of an analysis begins with."""
        return {
            "outcome": self.outcome,
            "units": self.units,
            "regime": self.regime,
            "reference": self.reference,
            "transform": self.transform,
        }


def point_values(
    run: Run, outcome: str, *, regime: str = "", difference: str = "", transform: str = ""
) -> PointValues:
    """Lays one outcome out by point and replicate.

    Args:
        run: The run.
        outcome: One of its outcomes.
        regime: Whose; may be left out where the run has one.
        difference: A regime whose values in the same world and replicate are taken off.
        transform: One of `TRANSFORMS`. "log": log10, with zeros raised to the smallest value above
            0 of any run here; a difference is then one of logarithms, a ratio. Of a year that may
            not come, "happened" (the default) is 1 or 0, so that a mean is a probability, and
            "waited" the years until it came or the run ended, so that a mean is the restricted
            mean waiting time (Royston and Parmar 2013, BMC Med. Res. Methodol. 13: 152).

    Returns:
        The values.

    Raises:
        ValueError: When a name is unknown, the transform does not fit, the run varies nothing, or
            the outcome is "none" in some run.
        MissingRunsError: When a run that is needed is missing or failed.
    """
    known(outcome, run.outcomes.attrs["outcomes"], "outcome")
    if not run.factors:
        raise ValueError(f"{run.path}: varies no factor, so there is nothing to analyse by factor")
    if not regime and len(run.regimes) > 1:
        raise ValueError(f"say which regime: {', '.join(run.regimes)} (regime=…)")
    regime = known(regime or run.regimes[0], run.regimes, "regime")
    wide = _by_replicate(run, outcome, regime)
    tables = [wide]
    if difference:
        known(difference, [name for name in run.regimes if name != regime], "other regime")
        tables.append(_paired_with(run, outcome, wide, regime, difference))
    arrays = [table.to_numpy(dtype=np.float64) for table in tables]
    arrays, units, words = _transformed(run, outcome, arrays, transform)
    for array in arrays:
        _check_numbers(array, outcome)
    values = arrays[0] - arrays[1] if difference else arrays[0]
    experiment = run.config.get("experiment", {})
    return PointValues(
        outcome=outcome,
        units=units,
        regime=regime,
        reference=difference,
        transform=words,
        points=run.design.loc[wide.index].drop(columns=["name", "regime"]).reset_index(drop=True),
        factors=run.factors,
        values=values,
        common=experiment.get("random_numbers", "common") != "independent",
        design=str(experiment.get("design") or _design_of(run)),
    )


def _design_of(run: Run) -> str:
    """The design of a file whose config does not say it."""
    return "latin_hypercube" if run.outcomes.attrs["sampled"] else "factorial"


def _by_replicate(run: Run, outcome: str, regime: str) -> pd.DataFrame:
    """One row a point and one column a replicate; every run must be there."""
    mine = run.runs["regime"] == regime
    if run.selected is not None:
        mine &= run.selected
    unfinished = run.runs[mine & (run.runs["status"] != "done")]
    if len(unfinished):
        counts = unfinished["status"].value_counts()
        raise MissingRunsError(
            f"{run.path}: of {int(mine.sum())} runs of {regime}, {counts['missing']} are missing "
            f"and {counts['failed']} failed, and a design of this kind needs them all. Run "
            f"`fingers retry {run.path.name}`, then open the file again."
        )
    there = run.outcomes.loc[run.outcomes["regime"] == regime, ["point", "replicate", outcome]]
    wide = there.pivot(index="point", columns="replicate", values=outcome)
    if len(wide) * wide.shape[1] != len(there):
        raise MissingRunsError(
            f"{run.path}: points of {regime} have different replicates, and a design of this kind "
            "needs the same of each. Select replicates that all points have, or run "
            f"`fingers expand` so that {wide.shape[1]} are there for every point."
        )
    return wide


def _paired_with(
    run: Run, outcome: str, wide: pd.DataFrame, regime: str, difference: str
) -> pd.DataFrame:
    """The same of another regime, in the same order of worlds and blocks."""
    other = _by_replicate(run, outcome, difference)
    columns = [name for name in run.design.columns if name not in ("name", "regime")]
    first, second = (run.design.loc[table.index, columns] for table in (wide, other))
    same = len(first) == len(second) and list(wide.columns) == list(other.columns)
    if not same or not first.reset_index(drop=True).equals(second.reset_index(drop=True)):
        raise ValueError(
            f"{run.path}: {regime} and {difference} were not tried at the same points and "
            "replicates, so they have no difference there"
        )
    return other


def _transformed(
    run: Run, outcome: str, arrays: list[Floats], transform: str
) -> tuple[list[Floats], str, str]:
    known(transform, TRANSFORMS, "transform")
    units = str(run.outcomes.attrs["units"].get(outcome, "1"))
    year = is_year(outcome)
    if transform in ("happened", "waited") and not year:
        raise ValueError(f'"{transform}" is for an outcome that is a year; {outcome} is in {units}')
    if year and transform == "log":
        raise ValueError(f'{outcome} is a year that may not come: "happened" or "waited", not log')
    if year and transform == "waited":
        start, horizon = _span(run)
        waited = [np.where(np.isnan(array), horizon, array) - start for array in arrays]
        return waited, "yr", f"years until it came, at most {number(horizon - start)}"
    if year:
        happened = [np.where(np.isnan(array), 0.0, 1.0) for array in arrays]
        return happened, "share", "1 where it happened, else 0"
    if transform == "log":
        found, words = _logarithms(outcome, arrays)
        return found, "log10 of the ratio" if len(arrays) > 1 else f"log10 {units}", words
    return arrays, units, ""


def _logarithms(outcome: str, arrays: list[Floats]) -> tuple[list[Floats], str]:
    together = np.concatenate([array.reshape(-1) for array in arrays])
    together = together[~np.isnan(together)]
    positive = together[together > 0]
    if positive.size == 0 or together.min() < 0:
        raise ValueError(f"{outcome} has values below 0, or none above: it has no logarithm")
    least = float(positive.min())
    words = "log10"
    if positive.size < together.size:
        words += f", {together.size - positive.size} zeros raised to {number(least)}"
    return [np.log10(np.maximum(array, least)) for array in arrays], words


def _span(run: Run) -> tuple[float, float]:
    """Start and horizon of the runs [calendar year]."""
    time = run.config.get("time", {})
    try:
        start, years = float(time["start_year"]), float(time["years"])
    except (KeyError, TypeError, ValueError):
        clock = run.series_by_run["time"].to_numpy()
        step = float(np.diff(clock).mean()) if clock.size > 1 else 0.0
        return float(clock.min()), float(clock.max()) + step
    return start, start + years


def _check_numbers(values: Floats, outcome: str) -> None:
    missing = int(np.isnan(values).sum())
    if missing:
        raise ValueError(
            f'{outcome} is "none" in {missing} of {values.size} runs, and an analysis by factor '
            "needs a number in every one. Take an outcome that is always a number."
        )


def decided_by_one(values: npt.ArrayLike) -> str:
    """Why one point may decide a variance, or nothing.

    Args:
        values: One number a point, [n].

    Returns:
        A sentence for a reader where a single point makes more than a quarter of the sum of squared
        deviations: the indices are then those of that point.
    """
    apart = np.asarray(values, dtype=np.float64)
    squares = (apart - apart.mean()) ** 2
    total = float(squares.sum())
    if total <= 0 or not math.isfinite(total):
        return ""
    share = float(squares.max()) / total
    if share <= 0.25:
        return ""
    return f'one point of {apart.size} makes {share:.0%} of the variance: try transform="log"'
