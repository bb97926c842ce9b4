"""From numbers to matplotlib figures: one function each, no computing of measures.

Every figure names its units, the number of replicates and what its intervals are. None merges the
freedoms into one axis, and none marks a best regime.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import matplotlib as mpl
import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator, PercentFormatter

from enough_fingers.canvas import figure_of, finish, regime_legend, replicates_footer
from enough_fingers.style import FAINT, INK, RC, Mark, marks, wrapped

FREEDOMS = {
    "0": "Freedom 0: run it for any purpose",
    "1a": "Freedom 1a: study and modify by tuning",
    "1b": "Freedom 1b: modify from the source up",
    "2": "Freedom 2: pass on copies",
    "3": "Freedom 3: pass on modified versions",
}
SHOWN = ("0", "1a", "2", "3")
# Height of a number beside a point, as a share of a panel's height.
_LABEL_GAP = 0.062
# How far apart points of equal freedom are drawn, on the axis of freedom.
_DODGE = 0.014


def harm_against_freedom(
    table: pd.DataFrame, *, unit: str = "M$", columns: int = 2, shown: tuple[str, ...] = SHOWN
) -> Figure:
    """Harm against each exercisable freedom, one panel a freedom, one point a regime.

    Args:
        table: `measures.harm_and_freedom`.
        unit: Of the harm.
        columns: Panels beside each other: 2 for a page, 1 for a phone.
        shown: Which freedoms, in order.

    Returns:
        The figure.
    """
    freedoms = [freedom for freedom in shown if freedom in set(table["freedom"])]
    regimes = list(dict.fromkeys(table["regime"]))
    drawn = marks(regimes)
    rows = math.ceil(len(freedoms) / columns)
    legend_columns = 3 if columns > 1 else 1
    legend_height = 0.19 * math.ceil(len(regimes) / legend_columns) + 0.55
    with mpl.rc_context(RC):
        width = 8.6 if columns > 1 else 4.2
        figure = figure_of(width, 2.9 * rows + legend_height, legend_height)
        panels = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
        _harm_scale(panels[0, 0], table)
        for panel, freedom in zip(panels.flat, freedoms, strict=False):
            panel.set_title(FREEDOMS.get(freedom, f"Freedom {freedom}"))
            _points(panel, table[table["freedom"] == freedom], drawn)
        for panel in list(panels.flat)[len(freedoms) :]:
            panel.set_visible(False)
        for panel in panels[-1]:
            panel.set_xlabel("share that can exercise it, mean over the run")
        for row in panels:
            row[0].set_ylabel(f"harm, median ({unit})")
        regime_legend(figure, drawn, legend_columns)
        finish(
            figure,
            f"{replicates_footer(table['n'])}.\nRegimes of equal freedom are drawn side by side.",
        )
    return figure


def _harm_scale(panel: Axes, table: pd.DataFrame) -> None:
    """A log axis; where some harm is 0, linear below the smallest harm so that 0 can be seen."""
    values = table[["harm_value", "harm_low", "harm_high"]].to_numpy(dtype=np.float64)
    values = values[np.isfinite(values)]
    positive = values[values > 0]
    if positive.size == 0:
        panel.set_ylim(-0.05, 1)
        return
    low, high = float(positive.min()), float(positive.max())
    if positive.size < values.size:
        panel.set_yscale("symlog", linthresh=10 ** math.floor(math.log10(low)))
        panel.set_ylim(0, high * 2)
        return
    panel.set_yscale("log")
    panel.set_ylim(low / 1.5, high * 1.5)
    if high / low < 30:
        # Less than a decade or so has too few round powers to read a value from.
        panel.yaxis.set_major_locator(mpl.ticker.LogLocator(subs=(1, 2, 5), numticks=20))
        panel.yaxis.set_minor_locator(mpl.ticker.NullLocator())
    panel.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.6g}"))


def _points(panel: Axes, rows: pd.DataFrame, drawn: dict[str, Mark]) -> None:
    panel.set_xlim(-0.07, 1.17)
    panel.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0", "0.25", "0.5", "0.75", "1"])
    rows = rows.dropna(subset=["freedom_value", "harm_value"]).sort_values("harm_value")
    places = _side_by_side(rows["freedom_value"].to_numpy(dtype=np.float64))
    for place, row in zip(places, rows.to_dict("records"), strict=True):
        mark = drawn[row["regime"]]
        panel.errorbar(
            place,
            row["harm_value"],
            xerr=_arms(row, "freedom"),
            yerr=_arms(row, "harm"),
            color=mark.colour,
            marker=mark.marker,
            markersize=5,
            elinewidth=0.9,
            linestyle="none",
        )
    _number(panel, rows.assign(freedom_value=places), drawn)


def _side_by_side(freedom: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Moves points of (nearly) equal freedom apart, else their intervals hide each other."""
    moved = freedom.copy()
    order = np.argsort(freedom, kind="stable")
    for cluster in np.split(order, np.flatnonzero(np.diff(freedom[order]) > _DODGE) + 1):
        cluster = np.sort(cluster)
        moved[cluster] += _DODGE * (np.arange(cluster.size) - (cluster.size - 1) / 2)
    return moved


def _arms(row: Mapping[Any, Any], name: str) -> npt.NDArray[np.float64]:
    value, low, high = (row[f"{name}_{end}"] for end in ("value", "low", "high"))
    # A percentile interval may leave its own estimate just outside; an arm is never negative.
    arms = np.array([[max(0.0, value - low)], [max(0.0, high - value)]])
    return np.asarray(np.nan_to_num(arms), dtype=np.float64)


def _number(panel: Axes, rows: pd.DataFrame, drawn: dict[str, Mark]) -> None:
    """Writes each regime's number right of its point, spread upward so that none hides another."""
    inside = panel.transData + panel.transAxes.inverted()
    if rows.empty:
        return
    places = inside.transform(rows[["freedom_value", "harm_value"]].to_numpy(dtype=np.float64))
    order = np.argsort(places[:, 0], kind="stable")
    clusters = np.split(order, np.flatnonzero(np.diff(places[order, 0]) > 0.1) + 1)
    for cluster in clusters:
        cluster = cluster[np.argsort(places[cluster, 1], kind="stable")]
        right = float(places[cluster, 0].max()) + 0.055
        for index, height in zip(cluster, _spread(places[cluster, 1]), strict=True):
            mark = drawn[rows["regime"].iloc[index]]
            # A plain line: an arrow that is clipped at both ends takes a hundred times as long.
            panel.plot(
                [places[index, 0], right - 0.008],
                [places[index, 1], height],
                transform=panel.transAxes,
                color=mark.colour,
                linewidth=0.5,
                zorder=1,
            )
            panel.text(
                right,
                height,
                str(mark.number),
                transform=panel.transAxes,
                fontsize=7.5,
                va="center",
                ha="left",
            )


def _spread(heights: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Moves sorted heights apart to at least the height of a label, centred on where they were."""
    moved = heights.copy()
    for place in range(1, moved.size):
        moved[place] = max(moved[place], moved[place - 1] + _LABEL_GAP)
    moved -= float(np.mean(moved - heights))
    moved -= max(0.0, float(moved[-1]) - 0.98)
    return moved + max(0.0, 0.02 - float(moved[0]))


def first_catastrophe(curve: pd.DataFrame, *, columns: int = 4) -> Figure:
    """Probability that a first catastrophe has come, by year: one panel a regime, the rest in grey.

    Args:
        curve: `measures.catastrophe_curve`.
        columns: Panels beside each other: 4 for a page, 2 for a phone.

    Returns:
        The figure.
    """
    regimes = list(dict.fromkeys(curve["regime"]))
    drawn = marks(regimes)
    columns = min(columns, max(1, len(regimes)))
    rows = math.ceil(len(regimes) / columns)
    with mpl.rc_context(RC):
        figure = figure_of(2.15 * columns, 1.95 * rows + 0.6, 0.4)
        panels = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
        for panel, regime in zip(panels.flat, regimes, strict=False):
            _curve_panel(panel, curve, regime, drawn[regime])
        for panel in list(panels.flat)[len(regimes) :]:
            panel.set_visible(False)
        for place in range(max(0, len(regimes) - columns), len(regimes)):
            panels.flat[place].tick_params(labelbottom=True)
        top = float(np.nanmax(curve["high"].to_numpy(dtype=np.float64), initial=0.05))
        panels[0, 0].set_ylim(0, min(1.0, top * 1.1))
        panels[0, 0].yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        panels[0, 0].xaxis.set_major_locator(MaxNLocator(4, integer=True))
        panels[0, 0].xaxis.set_major_formatter(FuncFormatter(lambda year, _: f"{year:g}"))
        figure.supylabel("probability of a first catastrophe by then", fontsize=9)
        finish(
            figure,
            f"{replicates_footer(curve['n'])}, pointwise.\n"
            "Grey: the other regimes. x: calendar year",
        )
    return figure


def _curve_panel(panel: Axes, curve: pd.DataFrame, regime: str, mark: Mark) -> None:
    others = [
        line[["year", "value"]].to_numpy(dtype=np.float64)
        for other, line in curve.groupby("regime", sort=False, observed=True)
        if other != regime
    ]
    panel.add_collection(LineCollection(others, colors=FAINT, linewidths=0.7, zorder=1))
    own = curve[curve["regime"] == regime]
    panel.fill_between(
        own["year"], own["low"], own["high"], color=mark.colour, alpha=0.25, linewidth=0
    )
    panel.plot(
        own["year"],
        own["value"],
        color=mark.colour,
        marker=mark.marker,
        markersize=3,
        linewidth=1.6,
    )
    last = own.iloc[-1]
    panel.set_title(wrapped(f"{mark.number}  {regime}", 26), fontsize=8.5)
    panel.text(
        0.03,
        0.96,
        f"{last['value']:.0%} ({last['low']:.0%} to {last['high']:.0%})",
        transform=panel.transAxes,
        fontsize=7.5,
        color=INK,
        ha="left",
        va="top",
    )
