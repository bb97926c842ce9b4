"""Boxes: sets of worlds that lie between limits of some factors, and what is said of them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from enough_fingers.cases import Cases
from enough_fingers.intervals import probability_interval
from enough_fingers.wording import number, percent


@dataclass(frozen=True)
class Limit:
    """The limits that a box sets to one factor, in its own unit.

    Attributes:
        factor: Its column in the design.
        pointer: JSON pointer of the parameter.
        units: Its unit.
        low: Values are at least this; NaN where the box has no lower limit.
        high: Values are at most this; NaN where it has no upper limit.
        range: Lowest and highest plausible value of the factor.
        quasi_p: Chance that as many cases of interest as the box holds would be among as many cases
            drawn by luck from the box without this limit (one-sided binomial test of Bryant and
            Lempert 2010, Technol. Forecast. Soc. Change 77: 34-49); of two ends the smaller. It
            knows nothing of how many factors were tried. NaN where it was not worked out.
    """

    factor: str
    pointer: str
    units: str
    low: float
    high: float
    range: tuple[float, float]
    quasi_p: float = math.nan


@dataclass(frozen=True)
class Box:
    """A box and what lies in it.

    Attributes:
        limits: Of the factors that it restricts.
        n: Cases inside.
        of_interest: Cases of interest inside.
        n_cases: All cases.
        n_of_interest: All cases of interest.
    """

    limits: tuple[Limit, ...]
    n: int
    of_interest: int
    n_cases: int
    n_of_interest: int

    @property
    def density(self) -> float:
        """Share of the cases inside that are of interest."""
        return self.of_interest / self.n if self.n else math.nan

    @property
    def coverage(self) -> float:
        """Share of all cases of interest that lie inside."""
        return self.of_interest / self.n_of_interest if self.n_of_interest else math.nan

    @property
    def mass(self) -> float:
        """Share of all cases that lie inside."""
        return self.n / self.n_cases if self.n_cases else math.nan

    def density_interval(self) -> tuple[float, float]:
        """Interval of the density at 95 %, as if the box had been drawn before the cases were seen.

        It was not: a box is chosen for its density among the same cases, so that other worlds would
        show a lower one (`Discovery.outside`).
        """
        return probability_interval(self.of_interest, self.n) if self.n else (math.nan, math.nan)

    def holds(self, inputs: pd.DataFrame) -> npt.NDArray[np.bool_]:
        """Which cases lie inside.

        Args:
            inputs: One row a case, one column a factor.
        """
        return within({limit.factor: (limit.low, limit.high) for limit in self.limits}, inputs)


def within(
    limits: Mapping[str, tuple[float, float]], inputs: pd.DataFrame
) -> npt.NDArray[np.bool_]:
    """Which cases lie within limits, both ends included; NaN is no limit."""
    inside = np.ones(len(inputs), dtype=np.bool_)
    for name, (low, high) in limits.items():
        values = inputs[name].to_numpy(dtype=np.float64)
        inside &= (math.isnan(low) | (values >= low)) & (math.isnan(high) | (values <= high))
    return inside


def box_of(
    cases: Cases, limits: Mapping[str, tuple[float, float]], quasi_p: Mapping[str, float]
) -> Box:
    """Counts what lies within limits.

    Args:
        cases: The cases.
        limits: Lower and upper limit by factor, NaN where there is none, in the order of telling.
        quasi_p: By factor.

    Returns:
        The box.
    """
    by_name = {factor.name: factor for factor in cases.factors}
    made = tuple(
        Limit(
            factor=name,
            pointer=by_name[name].pointer,
            units=by_name[name].units,
            low=limits[name][0],
            high=limits[name][1],
            range=cases.ranges[name],
            quasi_p=quasi_p.get(name, math.nan),
        )
        for name in limits
    )
    inside = within(limits, cases.inputs)
    return Box(
        limits=made,
        n=int(inside.sum()),
        of_interest=int((inside & cases.of_interest).sum()),
        n_cases=cases.n,
        n_of_interest=int(cases.of_interest.sum()),
    )


def in_words(box: Box, cases: Cases) -> str:
    """A box as a sentence: where, in how many worlds, against how many of all.

    Args:
        box: The box.
        cases: What it was found in.

    Returns:
        "open does worse than closed by harm_musd in 83 % (38 of 46) of worlds where
        /flaws/deep_share ≥ 0.3; this holds 61 % of all such worlds. Of all worlds it is 52 %."
    """
    unit = "worlds" if cases.unit == "world" else "runs"
    question = cases.question
    if question.startswith("a "):
        question = "A" + question[1:]  # names of regimes and outcomes stay as they are
    if not box.limits:
        return (
            f"{question} in {percent(cases.base)} ({int(cases.of_interest.sum())} of "
            f"{cases.n}) of {unit}; no limit of any factor tells these {unit} apart."
        )
    where = " and ".join(limit_in_words(limit) for limit in box.limits)
    return (
        f"{question} in {percent(box.density)} ({box.of_interest} of {box.n}) of {unit} "
        f"where {where}; this holds {percent(box.coverage)} of all such {unit}. Of all {unit} it "
        f"is {percent(cases.base)}."
    )


def limit_in_words(limit: Limit) -> str:
    """The limits of one factor: "/flaws/deep_share ≥ 0.3", "0.1 ≤ /a/b ≤ 2 M$"."""
    unit = "" if limit.units in ("", "1", "-") else f" {limit.units}"
    low, high = (number(end) for end in (limit.low, limit.high))
    if math.isnan(limit.low):
        return f"{limit.pointer} ≤ {high}{unit}"
    if math.isnan(limit.high):
        return f"{limit.pointer} ≥ {low}{unit}"
    return f"{low} ≤ {limit.pointer} ≤ {high}{unit}"


def box_table(box: Box) -> pd.DataFrame:
    """The limits of a box, one row a factor.

    Returns:
        factor, pointer, units, low, high, range_low, range_high, quasi_p.
    """
    rows = [
        {
            "factor": limit.factor,
            "pointer": limit.pointer,
            "units": limit.units,
            "low": limit.low,
            "high": limit.high,
            "range_low": limit.range[0],
            "range_high": limit.range[1],
            "quasi_p": limit.quasi_p,
        }
        for limit in box.limits
    ]
    names = ["factor", "pointer", "units", "low", "high", "range_low", "range_high", "quasi_p"]
    return pd.DataFrame(rows, columns=names)
