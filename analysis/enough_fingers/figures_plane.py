"""Harm against freedom: one point a regime, one panel a freedom, and the Pareto set if wanted."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import matplotlib as mpl
import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from enough_fingers import measures
from enough_fingers.canvas import (
    NARROW,
    WIDE,
    described,
    figure_of,
    finish,
    footer_height,
    regime_legend,
    replicates_footer,
    shown_as,
)
from enough_fingers.load import Run
from enough_fingers.optional import known
from enough_fingers.pareto import pareto_set
from enough_fingers.style import PAPER, RC, Mark, marks
from enough_fingers.wording import number

FREEDOMS = {
    "0": "Freedom 0: run it for any purpose",
    "1a": "Freedom 1a: study and modify by tuning",
    "1b": "Freedom 1b: modify from the source up",
    "2": "Freedom 2: pass on copies",
    "3": "Freedom 3: pass on modified versions",
}
SHOWN = ("0", "1a", "2", "3")
_SIDE_BY_SIDE = "Regimes of equal freedom are drawn side by side."
_UNNUMBERED = "Each point is a regime; of so many none is numbered."
_SET = (
    "\nHollow: some other regime has clearly less harm and clearly no less of this freedom, or no "
    "more harm and clearly more of it. Filled: none has.\nThis ranks nothing: another measure of "
    "harm, freedom or belief gives another set, and few replicates a larger one."
)
# Of more regimes than this the numbers would hide the points.
_NUMBERED = 24
# Height of a number beside a point, as a share of a panel's height.
_LABEL_GAP = 0.062
_CLOUD = marks(["one"])["one"].colour
# How far apart points of equal freedom are drawn, on the axis of freedom.
_DODGE = 0.014


def harm_against_freedom(
    data: Run | pd.DataFrame, *, unit: str = "M$", columns: int = 2,
    shown: tuple[str, ...] = SHOWN, pareto: bool = False,
) -> Figure:  # fmt: skip
    """Harm against each exercisable freedom, one panel a freedom, one point a regime.

    Args:
        data: A run, or the rows of `measures.harm_and_freedom`, with the column `in_set` of
            `pareto.pareto_set` where the set is to be drawn.
        unit: Of the harm.
        columns: Panels beside each other: 2 for a page, 1 for a phone.
        shown: Which freedoms, in order.
        pareto: Whether regimes that another clearly dominates are drawn hollow. That ranks nothing:
            see `pareto`.

    Returns:
        The figure.

    Raises:
        ValueError: When the set is to be drawn and the rows do not say it.
    """
    table = plane_of(data, pareto=pareto) if isinstance(data, Run) else data
    if pareto and "in_set" not in table:
        raise ValueError("these rows have no column in_set: merge pareto.pareto_set into them")
    if not pareto:
        table = table.drop(columns="in_set", errors="ignore")
    freedoms = [freedom for freedom in shown if freedom in set(table["freedom"])]
    regimes = list(dict.fromkeys(table["regime"]))
    drawn = marks(regimes)
    rows = math.ceil(len(freedoms) / columns)
    numbered = len(regimes) <= _NUMBERED
    legend_columns = 3 if columns > 1 else 1
    width = WIDE if columns > 1 else NARROW
    remark = _SIDE_BY_SIDE if numbered else _UNNUMBERED
    footer = f"{replicates_footer(table['n'])}.\n{remark}{_SET if pareto else ''}"
    below = footer_height(footer, width)
    legend_rows = math.ceil(len(regimes) / legend_columns) if numbered else 0
    legend_height = 0.19 * legend_rows + 0.15 + below
    with mpl.rc_context(RC):
        figure = figure_of(width, 2.9 * rows + legend_height, legend_height)
        panels = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
        _harm_scale(panels[0, 0], table)
        for panel, freedom in zip(panels.flat, freedoms, strict=False):
            panel.set_title(FREEDOMS.get(freedom, f"Freedom {freedom}"))
            rows_of_panel = table[table["freedom"] == freedom]
            if numbered:
                _points(panel, rows_of_panel, drawn)
            else:
                _cloud(panel, rows_of_panel)
        for panel in list(panels.flat)[len(freedoms) :]:
            panel.set_visible(False)
        for panel in panels[-1]:
            panel.set_xlabel("share that can exercise it, mean over the run")
        for row in panels:
            row[0].set_ylabel(f"harm, median ({unit})")
        if numbered:
            regime_legend(figure, drawn, legend_columns, below)
        finish(figure, footer)
    return described(figure, describe_plane(table, shown))


def plane_of(run: Run, *, harm: str = "harm_musd", pareto: bool = False) -> pd.DataFrame:
    """The numbers of "harm against freedom" of a run.

    Args:
        run: The run.
        harm: The measure of harm.
        pareto: Whether the Pareto set is worked out too.

    Returns:
        The rows of `measures.harm_and_freedom`, and of `pareto.pareto_set` where wanted.
    """
    outcomes = run.outcomes
    names = [name for name in outcomes.attrs["outcomes"] if name.endswith("_exercisable")]
    rows = pd.concat(
        [
            measures.absolute(outcomes, name)
            for name in (known(harm, outcomes.attrs["outcomes"], "outcome"), *names)
        ]
    )
    plane = measures.harm_and_freedom(rows, harm)
    if not pareto:
        return plane
    found = pareto_set(outcomes, harm).drop(columns="n")
    return plane.merge(found, on=["freedom", "regime"], how="left")


def describe_plane(plane: pd.DataFrame, shown: tuple[str, ...] = SHOWN) -> str:
    """The alternative text of "harm against freedom".

    Args:
        plane: As `plane_of` gives it.
        shown: Which freedoms.
    """
    there = [freedom for freedom in shown if freedom in set(plane["freedom"])]
    ranges = []
    for freedom in there:
        values = plane.loc[plane["freedom"] == freedom, "freedom_value"]
        ranges.append(f"freedom {freedom} from {number(values.min())} to {number(values.max())}")
    harm = plane["harm_value"]
    words = (
        f"{len(there)} panels, one for each freedom, with one point for each of "
        f"{plane['regime'].nunique()} regimes. Across: the share that can exercise the freedom. "
        f"Upward: median harm over the run, from {number(harm.min())} to {number(harm.max())} M$. "
        f"Regimes range over {', '.join(ranges)}."
    )
    if "in_set" in plane:
        kept = [
            f"for freedom {freedom!s} {', '.join(part.loc[part['in_set'], 'regime'])}"
            for freedom, part in plane.groupby("freedom", sort=False)
            if freedom in there
        ]
        words += f" No other regime clearly dominates, {'; '.join(kept)}."
    return words


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
    panel.yaxis.set_major_formatter(shown_as())


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
            markerfacecolor=mark.colour if row.get("in_set", True) else PAPER,
            elinewidth=0.9,
            linestyle="none",
        )
    _number(panel, rows.assign(freedom_value=places), drawn)


def _cloud(panel: Axes, rows: pd.DataFrame) -> None:
    """Many regimes: points and bars of one colour, filled where the set of `pareto` holds them."""
    panel.set_xlim(-0.07, 1.17)
    panel.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0", "0.25", "0.5", "0.75", "1"])
    rows = rows.dropna(subset=["freedom_value", "harm_value"])
    inside = rows.get("in_set", pd.Series(data=True, index=rows.index)).astype(bool)
    for part, face in ((rows[~inside], PAPER), (rows[inside], _CLOUD)):
        if part.empty:
            continue
        panel.errorbar(
            part["freedom_value"],
            part["harm_value"],
            xerr=np.hstack([_arms(row, "freedom") for row in part.to_dict("records")]),
            yerr=np.hstack([_arms(row, "harm") for row in part.to_dict("records")]),
            color=_CLOUD,
            ecolor=_CLOUD,
            alpha=0.6,
            marker="o",
            markersize=4,
            markerfacecolor=face,
            elinewidth=0.7,
            linestyle="none",
        )


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
    """Moves sorted heights apart to at least the height of a label, centred on where they were.

    Where so many do not fit into a panel they stand as far apart as it allows.
    """
    moved = heights.copy()
    gap = min(_LABEL_GAP, 0.96 / max(1, moved.size - 1))
    for place in range(1, moved.size):
        moved[place] = max(moved[place], moved[place - 1] + gap)
    moved -= float(np.mean(moved - heights))
    moved -= max(0.0, float(moved[-1]) - 0.98)
    return moved + max(0.0, 0.02 - float(moved[0]))
