"""Levels that the reader calls tolerable, and the worlds in which each regime keeps them.

Relative outcomes say which regime is safer; only a level from outside says whether any is safe.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from enough_fingers.distributions import Floats
from enough_fingers.intervals import probability
from enough_fingers.layout import (
    FIRST_CATASTROPHE,
    better_of,
    grid,
    is_bounded,
    is_year,
)

#: What may be said on the command line besides the names of outcomes.
SHORT = {"p_catastrophe": FIRST_CATASTROPHE}


@dataclass(frozen=True)
class Limit:
    """A level that is tolerable.

    Attributes:
        measure: The outcome. Of a year-or-none outcome the level is of its probability.
        level: In the outcome's unit, or a probability.
        at_most: Whether more than the level is too much, or less too little.
    """

    measure: str
    level: float
    at_most: bool

    def kept(self, values: Floats) -> npt.NDArray[np.bool_]:
        """Whether values are within the level."""
        return np.asarray(values <= self.level if self.at_most else values >= self.level)

    @property
    def option(self) -> str:
        """As it is given on the command line."""
        return f"{self.measure}{'<=' if self.at_most else '>='}{self.level:g}"

    @property
    def name(self) -> str:
        """As a reader meets it: "first_catastrophe_year: probability ≤ 0.01"."""
        what = f"{self.measure}: probability" if is_year(self.measure) else self.measure
        return f"{what} {'≤' if self.at_most else '≥'} {self.level:g}"


def parse_limit(text: str) -> Limit:
    """Reads a level as it stands on the command line.

    Args:
        text: "p_catastrophe=0.01", "harm_musd=1e5", "freedom_1a_exercisable>=0.3".

    Returns:
        The limit.

    Raises:
        ValueError: When it is no level, or "=" leaves open which side is tolerable.
    """
    match = re.fullmatch(r"\s*([\w-]+)\s*(<=|>=|=)\s*(\S+)\s*", text)
    if match is None:
        raise ValueError(f'"{text}" is no level; write for example p_catastrophe=0.01')
    name, sign, number = match.groups()
    measure = SHORT.get(name, name)
    try:
        level = float(number)
    except ValueError:
        raise ValueError(f'"{number}" in "{text}" is no number') from None
    better = better_of(measure)
    if sign == "=" and better is None:
        raise ValueError(
            f"whether {name} should be low or high is a matter of view; write <= or >="
        )
    at_most = sign == "<=" or (sign == "=" and (better == "lower" or is_year(measure)))
    return Limit(measure, level, at_most)


def check_limits(limits: Iterable[Limit], outcomes: pd.DataFrame) -> None:
    """Refuses limits on outcomes that a file does not have.

    Raises:
        ValueError: When there is one.
    """
    known = outcomes.attrs["outcomes"]
    for limit in limits:
        if limit.measure not in known:
            raise ValueError(f"no outcome {limit.measure} here; there are {', '.join(known)}")


def beyond(outcomes: pd.DataFrame, limit: Limit) -> pd.DataFrame:
    """How often single runs of each regime are outside a level (absolute, not relative).

    Args:
        outcomes: `Run.outcomes`.
        limit: On an outcome that is not a year or none.

    Returns:
        One row a regime: measure, units, regime, reference (empty), statistic ("probability above"
        or "below" the level), and what an Estimate holds.
    """
    laid = grid(outcomes, limit.measure)
    rows = []
    for position, regime in enumerate(laid.regimes):
        (sample,) = laid.replicates(position)
        outside = ~limit.kept(sample)
        # Of several settings it counts when any is outside: the cautious reading.
        estimate = probability(int(outside.any(axis=1).sum()), outside.shape[0])
        side = "above" if limit.at_most else "below"
        rows.append(
            {
                "measure": limit.measure,
                "units": "1",
                "regime": regime,
                "reference": "",
                "statistic": f"probability {side} {limit.level:g}",
                **vars(estimate),
            }
        )
    return pd.DataFrame(rows)


def satisficing(outcomes: pd.DataFrame, limits: Sequence[Limit]) -> pd.DataFrame:
    """In what share of the worlds each regime keeps all limits at once (Simon's satisficing).

    A world keeps a limit on a year-or-none outcome when the share of its replicates in which it
    happened does, a limit on a share when its mean does, any other when its median does: estimates,
    whose luck the count contains.

    Args:
        outcomes: `Run.outcomes`.
        limits: At least one.

    Returns:
        One row a regime: regime, kept (worlds that keep all), n (worlds), share, and one column
        `kept: LIMIT` for each limit alone.
    """
    single = [_kept_by_world(outcomes, limit) for limit in limits]
    together = np.all(single, axis=0)
    regimes = grid(outcomes, limits[0].measure, unit="replicate").regimes
    n = together.shape[1]
    table = pd.DataFrame({"regime": regimes, "kept": together.sum(axis=1), "n": n})
    table["share"] = table["kept"] / max(1, n)
    for limit, kept in zip(limits, single, strict=True):
        table[f"kept: {limit.name}"] = kept.sum(axis=1)
    return table


def _kept_by_world(outcomes: pd.DataFrame, limit: Limit) -> npt.NDArray[np.bool_]:
    laid = grid(outcomes, limit.measure, unit="replicate")
    values, present = laid.values, laid.present
    if is_year(limit.measure):
        happened = (present & ~np.isnan(values)).sum(axis=2)
        return limit.kept(happened / np.maximum(1, present.sum(axis=2)))
    average = np.nanmean if is_bounded(outcomes, limit.measure) else np.nanmedian
    empty = np.isnan(values).all(axis=2, keepdims=True)
    filled = np.where(empty, np.inf if limit.at_most else -np.inf, values)
    return limit.kept(np.asarray(average(filled, axis=2), dtype=np.float64))
