"""Which runs, events and years of a run are wanted, held to what there is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from enough_fingers.names import known, known_numbers

Names = str | Iterable[str]
Numbers = int | Iterable[int]
Years = tuple[float | None, float | None]


@dataclass(frozen=True)
class Wanted:
    """What is asked for; None stands for all.

    Attributes:
        regimes: Names of regimes.
        points: Numbers of points of the design.
        replicates: Numbers of replicates.
        worlds: Numbers of worlds.
    """

    regimes: Names | None = None
    points: Numbers | None = None
    replicates: Numbers | None = None
    worlds: Numbers | None = None


def chosen_points(design: pd.DataFrame, wanted: Wanted) -> npt.NDArray[np.bool_]:
    """Which points of the design are wanted.

    Raises:
        ValueError: When a regime, a point or a world is not there.
    """
    chosen = np.ones(len(design), dtype=np.bool_)
    if wanted.regimes is not None:
        regimes = list(dict.fromkeys(design["regime"].astype(str)))
        asked = known(wanted.regimes, regimes, "regime")
        chosen = chosen & design["regime"].isin(asked).to_numpy()
    if wanted.points is not None:
        points = known_numbers(wanted.points, design.index, "point")
        chosen = chosen & design.index.isin(list(points))
    if wanted.worlds is not None:
        worlds = known_numbers(wanted.worlds, design["world"].unique(), "world")
        chosen = chosen & design["world"].isin(worlds).to_numpy()
    return chosen


def chosen_runs(runs: pd.DataFrame, points: pd.Index[int], wanted: Wanted) -> npt.NDArray[np.bool_]:
    """Which runs are wanted: those of wanted points and replicates.

    Raises:
        ValueError: When a replicate is not there, or no run is left.
    """
    chosen = np.asarray(runs["point"].isin(points), dtype=np.bool_)
    if wanted.replicates is not None:
        there = runs["replicate"].unique()
        asked = known_numbers(wanted.replicates, there, "replicate")
        chosen = chosen & runs["replicate"].isin(asked).to_numpy()
    if not bool(chosen.any()):
        raise ValueError(f"no run is of all that is asked for: {_asked(wanted)}")
    return chosen


def _asked(wanted: Wanted) -> str:
    said = [f"{name} {value}" for name, value in vars(wanted).items() if value is not None]
    return ", ".join(said) or "nothing"


def merged_years(
    had: tuple[float, float] | None, asked: Years | None
) -> tuple[float, float] | None:
    """Years that lie in both.

    Args:
        had: From and to of what is there; all where None.
        asked: From and to; either may be None.

    Raises:
        ValueError: When no time lies between them.
    """
    if asked is None:
        return had
    if len(asked) != 2:
        raise ValueError(f"years are a pair, from and to, such as (2026, 2028), not {asked}")
    low = -np.inf if asked[0] is None else float(asked[0])
    high = np.inf if asked[1] is None else float(asked[1])
    if had is not None:
        low, high = max(low, had[0]), min(high, had[1])
    if not low < high:
        raise ValueError(
            f"no time lies from {low:g} up to {high:g}; years are from (included) and to (left "
            "out): (2026, 2027) is the year 2026"
        )
    return (low, high)


def without_unused(column: pd.Series) -> pd.Categorical[str]:
    """A column of regimes that knows no regime but its own, in the order of the design."""
    return pd.Categorical(column.astype(str), categories=list(dict.fromkeys(column.astype(str))))
