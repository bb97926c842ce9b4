"""Figures of tails: how often harm exceeds a level, and years between events over it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from enough_fingers.canvas import CHANCE_ONLY
from enough_fingers.distributions import Floats
from enough_fingers.figures_panels import (
    Panels,
    behind,
    counted,
    decades,
    note,
    others,
    panels_of,
    points_of,
)
from enough_fingers.style import INK, RC
from enough_fingers.wording import number

#: Longest return period that is drawn, over the years that were looked at.
_BEYOND = 3.0


def exceedance(
    table: pd.DataFrame, tails: pd.DataFrame | None = None, *, columns: int = 4
) -> Figure:
    """P(X > x) in double logarithm, where a power law is straight: one panel a regime.

    Args:
        table: `tails.exceedance_of_events` or `exceedance_of_harm`.
        tails: `tail_tables.tail_of_events` or `tail_of_harm`: Hill's tail is drawn where it was
            fitted, with its index.
        columns: Panels beside each other: 4 for a page, 2 for a phone.

    Returns:
        The figure.
    """
    regimes = list(dict.fromkeys(table["regime"]))
    events = table["of"].iloc[0] == "events"
    unit = table["units"].iloc[0]
    of = "events, drawn by replicate" if events else "replicates"
    footer = f"{counted(table)}; shares of {of}. {CHANCE_ONLY}, pointwise. Grey: the others."
    if tails is not None:
        footer += (
            " Dashed: Hill's tail, from its threshold on; ξ: its index, with the outer ends of its "
            "two intervals. Without a cap the mean exists for ξ < 1, the variance for ξ < 1/2."
        )
    with mpl.rc_context(RC):
        panels = panels_of(regimes, columns, footer)
        _exceedance_scales(panels, table)
        for regime, panel in panels.of.items():
            own, mark = table[table["regime"] == regime], panels.drawn[regime]
            behind(panel, others(table[table["value"] > 0], regime, "x"))
            seen = own[own["value"] > 0]
            panel.fill_between(seen["x"], seen["low"], seen["high"], color=mark.colour, alpha=0.25,
                               linewidth=0)  # fmt: skip
            panel.plot(seen["x"], seen["value"], color=mark.colour, linewidth=1.6)
            if tails is not None:
                _fitted(panel, tails[tails["regime"] == regime], own)
        what = "an event" if events else "a replicate"
        return panels.finish(f"x ({unit})", f"probability that the harm of {what} is over x")


def _exceedance_scales(panels: Panels, table: pd.DataFrame) -> None:
    seen = table[table["value"] > 0]
    if seen.empty:
        return
    most = 4 if len(panels.of) > 3 else 6
    decades(panels.first, "x", float(seen["x"].min()), float(seen["x"].max()) * 1.5, most)
    decades(panels.first, "y", float(seen["value"].min()) / 3, 1.5, most)


def _fitted(panel: Axes, tails: pd.DataFrame, own: pd.DataFrame) -> None:
    hill = tails[tails["estimator"] == "Hill"]
    if hill.empty or math.isnan(hill["index"].iloc[0]):
        note(panel, "too few for a tail", x=0.97)
        return
    row = {str(name): value for name, value in hill.iloc[0].items()}
    ends = [row[end] for end in ("low", "bootstrap_low", "high", "bootstrap_high")]
    low, high = np.nanmin(ends[:2]), np.nanmax(ends[2:])
    words = f"ξ = {row['index']:.2f}\n({low:.2f} to {high:.2f})"
    note(panel, words, x=0.97)
    share = row["n_over"] / row["n_values"]
    x = np.geomspace(row["threshold"], max(float(own["x"].max()), 1.01 * row["threshold"]), 60)
    beyond = _hill_share(row, x)
    shown = beyond > 0
    panel.plot(x[shown], share * beyond[shown], color=INK, linewidth=1.1, linestyle=(0, (4, 2)),
               zorder=4)  # fmt: skip


def _hill_share(row: Mapping[str, Any], x: Floats) -> Floats:
    """P(X > x | X > threshold) of the fitted tail, which may be cut at a cap."""
    if math.isinf(row["index"]):
        return np.zeros_like(x)
    alpha, cut = 1 / row["index"], 0.0
    if math.isfinite(row["cap"]):
        cut = (row["cap"] / row["threshold"]) ** -alpha
    return np.asarray(((x / row["threshold"]) ** -alpha - cut) / (1 - cut))


def return_periods(table: pd.DataFrame, *, columns: int = 4) -> Figure:
    """Years between events over a level: one panel a regime, the rest in grey.

    Args:
        table: `tails.return_periods`.
        columns: Panels beside each other: 4 for a page, 2 for a phone.

    Returns:
        The figure. Where no event was seen the band has no line: all that is known is a lower end.
    """
    regimes = list(dict.fromkeys(table["regime"]))
    years = table.groupby("regime", observed=True)["exposure_years"].first()
    looked = f"{number(float(years.min()))} to {number(float(years.max()))} years"
    footer = (
        f"{counted(table)}, {looked} in all. Intervals: 95 %, pointwise, Garwood's, widened for "
        "clumps within replicates; chance only, not belief. Pale: none was seen. Grey: the others."
    )
    with mpl.rc_context(RC):
        panels = panels_of(regimes, columns, footer)
        finite = table[np.isfinite(table["value"])]
        top = _BEYOND * float(table["exposure_years"].max())
        _period_scales(panels, table, top)
        for regime, panel in panels.of.items():
            own, mark = table[table["regime"] == regime], panels.drawn[regime]
            behind(panel, others(finite, regime, "x"))
            known = np.isfinite(own["value"].to_numpy())
            high = np.minimum(own["high"].to_numpy(dtype=np.float64), top)
            for part, alpha in ((known, 0.25), (~known, 0.1)):
                panel.fill_between(own["x"], own["low"], high, where=part, color=mark.colour,
                                   alpha=alpha, linewidth=0)  # fmt: skip
            line = points_of(own, "x")
            panel.plot(line[:, 0], line[:, 1], color=mark.colour, linewidth=1.6)
        return panels.finish("x (M$)", "years between events over x")


def _period_scales(panels: Panels, table: pd.DataFrame, top: float) -> None:
    """From events of once a month on: what is more common is no matter of years."""
    seen = table[np.isfinite(table["value"]) & (table["value"] >= 1 / 12) & (table["x"] > 0)]
    if seen.empty:
        return
    most = 4 if len(panels.of) > 3 else 6
    decades(panels.first, "x", float(seen["x"].min()), float(table["x"].max()) * 1.2, most)
    decades(panels.first, "y", 1 / 12, top, most)


def describe_exceedance(table: pd.DataFrame, tails: pd.DataFrame | None = None) -> str:
    """Alternative text of `exceedance`."""
    regimes = list(dict.fromkeys(table["regime"]))
    text = (
        f"{len(regimes)} panels in double logarithm, one for each regime, each with a falling line "
        f"and its band: the probability that the harm of {_singular(table)} is over x, from "
        f"{number(float(table['x'].min()))} to {number(float(table['x'].max()))} "
        f"{table['units'].iloc[0]}."
    )
    if tails is not None:
        hill = tails[(tails["estimator"] == "Hill") & tails["index"].notna()]
        said = [f"{row['regime']} {row['index']:.2f}" for row in hill.to_dict("records")]
        text += f" Tail indices by Hill: {', '.join(said)}." if said else ""
    return text


def _singular(table: pd.DataFrame) -> str:
    return "an event" if table["of"].iloc[0] == "events" else "a replicate"


def describe_return_periods(table: pd.DataFrame) -> str:
    """Alternative text of `return_periods`: the periods of the largest level seen everywhere."""
    seen = table[np.isfinite(table["value"])]
    regimes = list(dict.fromkeys(table["regime"]))
    everywhere = seen.groupby("x")["regime"].nunique()
    levels = everywhere.index[everywhere == len(regimes)]
    text = (
        f"{len(regimes)} panels in double logarithm, one for each regime, each with a rising line "
        "and its band: years between events over x."
    )
    if len(levels):
        x = float(levels.max())
        own = seen[seen["x"] == x]
        said = [f"{row['regime']} {number(row['value'])}" for row in own.to_dict("records")]
        text += f" Over {number(x)} M$: {', '.join(said)} years."
    return text
