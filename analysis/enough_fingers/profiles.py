"""Several measures of every regime, or of every world, side by side: for parallel coordinates."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from enough_fingers import measures
from enough_fingers.contents import records
from enough_fingers.layout import FIRST_CATASTROPHE, better_of, grid, is_bounded, is_year
from enough_fingers.load import Run
from enough_fingers.optional import known

#: Measures that are shown where none are named, as far as a file has them.
SHOWN = (
    "harm_musd",
    FIRST_CATASTROPHE,
    "freedom_0_exercisable",
    "freedom_1a_exercisable",
    "freedom_2_exercisable",
    "freedom_3_exercisable",
    "surveillance_share",
    "dependence",
)


def of_regimes(run: Run, chosen: Sequence[str] = ()) -> pd.DataFrame:
    """Each measure of each regime: a probability, a mean of a share, or a median.

    Args:
        run: The run.
        chosen: Outcomes; `SHOWN` when not given.

    Returns:
        One row a regime and measure: line (the regime), measure, statistic, units, better ("lower",
        "higher", or empty where it is a matter of view), value, low, high, n.
    """
    rows = []
    for measure in _chosen(run, chosen):
        statistic = _statistic(run.outcomes, measure)
        for row in records(measures.absolute(run.outcomes, measure)):
            if row["statistic"] == statistic:
                rows.append(_row(run, str(row["regime"]), measure, statistic) | {
                    key: row[key] for key in ("value", "low", "high", "n")
                })  # fmt: skip
    return pd.DataFrame(rows)


def of_worlds(run: Run, regime: str, chosen: Sequence[str] = ()) -> pd.DataFrame:
    """Each measure in each world of one regime, as a mean over replicates.

    A year that may not come is the share of replicates in which it came. No number here has an
    interval: a world has few replicates, and the worlds themselves are what is shown.

    Args:
        run: The run.
        regime: Whose worlds.
        chosen: Outcomes; `SHOWN` when not given.

    Returns:
        As `of_regimes`, with the number of the world for `line` and NaN for low and high; n is the
        number of replicates.
    """
    known(regime, run.regimes, "regime")
    rows = []
    for measure in _chosen(run, chosen):
        laid = grid(run.outcomes, measure, unit="replicate")
        place = laid.regimes.index(regime)
        values = laid.values[place]
        if is_year(measure):
            values = np.where(laid.present[place], ~np.isnan(values), math.nan)
        worlds = np.unique(run.outcomes["world"].to_numpy())
        for world, own in zip(worlds, values, strict=True):
            there = own[~np.isnan(own)]
            value = float(there.mean()) if there.size else math.nan
            statistic = "probability" if is_year(measure) else "mean"
            rows.append(_row(run, int(world), measure, statistic) | {
                "value": value, "low": math.nan, "high": math.nan, "n": int(there.size),
            })  # fmt: skip
    return pd.DataFrame(rows)


def _chosen(run: Run, chosen: Sequence[str]) -> list[str]:
    there = run.outcomes.attrs["outcomes"]
    if chosen:
        return [known(name, there, "outcome") for name in chosen]
    return [name for name in SHOWN if name in there]


def _statistic(outcomes: pd.DataFrame, measure: str) -> str:
    if is_year(measure):
        return "probability"
    return "mean" if is_bounded(outcomes, measure) else "median"


def _row(run: Run, line: str | int, measure: str, statistic: str) -> dict[str, Any]:
    # Of a year it is the probability that is shown, and what should come late should be improbable.
    better = "lower" if is_year(measure) and better_of(measure) else better_of(measure) or ""
    units = "share" if statistic == "probability" else run.outcomes.attrs["units"][measure]
    return {
        "line": line, "measure": measure, "statistic": statistic, "units": units, "better": better,
    }  # fmt: skip
