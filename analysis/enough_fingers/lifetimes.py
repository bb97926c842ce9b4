"""When runs begin and end, so that what had not happened by then is "not yet" and not "never"."""

from __future__ import annotations

import numpy as np
import pandas as pd

from enough_fingers.load import Run

ENDED = "ended_year"


def start(run: Run) -> float:
    """The calendar year in which every run of a file starts: the beginning of the first step."""
    return _clock(run)[0]


def horizon(run: Run) -> float:
    """The calendar year at which every run that nothing ended stops: the end of the last step."""
    return _clock(run)[1]


def _clock(run: Run) -> tuple[float, float]:
    """Start and horizon: from the config, which is at hand, else from the times of the series."""
    said = run.config.get("time", {})
    if {"start_year", "years"} <= set(said):
        return float(said["start_year"]), float(said["start_year"]) + float(said["years"])
    time = run.series_by_run["time"].to_numpy()
    step = float(np.diff(time).mean()) if time.size > 1 else 0.0
    return float(time.min()), round(float(time.max()) + step, 6)


def ends(run: Run) -> pd.Series[float]:
    """The calendar year in which each finished run ended, by `run`.

    A run ends at the horizon, or where a catastrophic loss of control ended it (`ended_year`).
    """
    last = horizon(run)
    if ENDED not in run.outcomes:
        return pd.Series(last, index=run.outcomes.index)
    return run.outcomes[ENDED].fillna(last).clip(upper=last)


def lived_years(run: Run) -> pd.Series[float]:
    """Years that each finished run lasted, by `run`: what rates are over."""
    return ends(run) - start(run)
