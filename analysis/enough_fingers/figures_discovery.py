"""Figures of scenario discovery: the peeling trajectory, and a box over the plausible ranges."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.ticker import PercentFormatter

from enough_fingers.boxes import Limit, in_words, within
from enough_fingers.canvas import (
    NARROW,
    WIDE,
    described,
    factor_label,
    figure_of,
    finish,
    footer_height,
)
from enough_fingers.cases import Cases
from enough_fingers.contents import records
from enough_fingers.distributions import Floats
from enough_fingers.scenario_discovery import Discovery, prim
from enough_fingers.style import FAINT, INK, PAPER, RC, Mark, marks
from enough_fingers.wording import number, percent

_ROW = 0.62
# A range that is positive and wider than this is drawn by ratio.
_LOG_FROM = 100.0


def peeling(data: Discovery | Cases, *, columns: int = 2) -> Figure:
    """PRIM's trajectory: how dense its boxes are, against how much of what is sought they hold.

    Args:
        data: From `scenario_discovery.prim`, or cases, in which a box is then searched.
        columns: 2 for a page, 1 for a phone.

    Returns:
        The figure.

    Raises:
        ValueError: When all cases are alike, so that there is no trajectory.
    """
    found = prim(data) if isinstance(data, Cases) else data
    table = found.trajectory
    if table.empty or "chosen" not in table:
        raise ValueError("there is no peeling trajectory: all cases are alike, or this is CART's")
    cases = found.cases
    unit = "worlds" if cases.unit == "world" else "runs"
    footer = (
        f"n = {cases.n} {unit}, {int(cases.of_interest.sum())} of them of interest: "
        f"{cases.question}. Band: 95 %, as if each box had been drawn before the {unit} were seen. "
        "Numbers: how many factors a box restricts"
    )
    width = WIDE * 0.72 if columns > 1 else NARROW
    under = footer_height(footer, width)
    below = under + (0.45 if columns > 1 else 0.8)
    with mpl.rc_context(RC):
        figure = figure_of(width, 3.6 + below, below)
        panel = figure.subplots()
        peeled = table[table["peeled"]]
        mark = marks(["box", "chosen", "outside"])
        blue = mark["box"].colour
        panel.fill_between(peeled["coverage"], peeled["low"], peeled["high"], alpha=0.18,
                           linewidth=0, color=blue)  # fmt: skip
        panel.plot(peeled["coverage"], peeled["density"], marker="o", markersize=3.5, color=blue)
        _restricted(panel, records(table))
        (chosen,) = records(table[table["chosen"]])
        _chosen(panel, found, chosen["coverage"], mark["chosen"].colour, mark["outside"].colour)
        panel.axhline(cases.base, color=INK, linewidth=0.9, linestyle="--", zorder=1)
        panel.annotate(f"all {unit}: {percent(cases.base)}", (0, cases.base), xytext=(3, 2),
                       textcoords="offset points", fontsize=7.5, va="bottom")  # fmt: skip
        panel.set_xlim(0, 1.03)
        panel.set_ylim(0, 1.05)
        for axis in (panel.xaxis, panel.yaxis):
            axis.set_major_formatter(PercentFormatter(1, decimals=0))
        panel.set_xlabel("coverage: share of all such cases that lie in the box")
        panel.set_ylabel("density: share of the box that is such cases")
        figure.legend(
            handles=_handles(found, unit, mark),
            loc="lower center",
            ncols=2 if columns > 1 else 1,
            fontsize=7.5,
            bbox_to_anchor=(0.5, under / figure.get_figheight()),
        )
        finish(figure, footer)
    return described(figure, _describe_peeling(found))


def _handles(found: Discovery, unit: str, mark: dict[str, Mark]) -> list[Line2D]:
    handles = [
        Line2D([], [], marker="o", markersize=3.5, color=mark["box"].colour,
               label="boxes, ever smaller"),
        Line2D([], [], marker="D", color=mark["chosen"].colour, linestyle="none",
               label="the chosen box"),
        Line2D([], [], marker="s", color=mark["outside"].colour, markerfacecolor=PAPER,
               linestyle="none", label=f"such boxes among {unit} they had not seen"),
    ]  # fmt: skip
    return handles if found.outside[1] else handles[:2]


def _restricted(panel: Axes, rows: list[dict[str, Any]]) -> None:
    """Writes how many factors a box restricts, where the number changes."""
    for before, row in pairwise(rows):
        if row["restricted"] not in (0, before["restricted"]):
            place = (row["coverage"], row["density"])
            panel.annotate(str(row["restricted"]), place, xytext=(-6, 0), ha="right", va="center",
                           textcoords="offset points", fontsize=7)  # fmt: skip


def _chosen(panel: Axes, found: Discovery, coverage: float, colour: str, other: str) -> None:
    low, high = found.box.density_interval()
    looks = [(coverage, found.box.density, low, high, colour, "D", colour)]
    outside, low, high = found.outside_density
    if not math.isnan(outside):
        looks.append((coverage + 0.015, outside, low, high, other, "s", PAPER))
    for x, value, low, high, ink, marker, face in looks:
        panel.errorbar(x, value, yerr=[[value - low], [high - value]], color=ink, marker=marker,
                       markersize=6.5, markerfacecolor=face, elinewidth=1.3, linestyle="none",
                       zorder=4)  # fmt: skip


def _describe_peeling(found: Discovery) -> str:
    table = found.trajectory
    words = (
        f"A line through {len(table)} boxes, from one that holds all cases at a density of "
        f"{percent(found.cases.base)} to the densest, which holds "
        f"{percent(float(table['coverage'].min()))} of those of interest at "
        f"{percent(float(table['density'].max()))}. Chosen: {in_words(found.box, found.cases)}"
    )
    outside, low, high = found.outside_density
    if not math.isnan(outside):
        words += (
            f" Among cases that such boxes had not seen the density is {percent(outside)} "
            f"({percent(low)} to {percent(high)})."
        )
    return " ".join([words, *found.cautions])


def box(data: Discovery | Cases, *, columns: int = 2) -> Figure:
    """A box: the limits of each factor over its plausible range, with the cases above it.

    Args:
        data: From `scenario_discovery.prim` or `cart`, or cases, in which PRIM then searches a box.
        columns: 2 for a page, 1 for a phone.

    Returns:
        The figure.

    Raises:
        ValueError: When the box restricts no factor.
    """
    found = prim(data) if isinstance(data, Cases) else data
    limits, cases = found.box.limits, found.cases
    if not limits:
        raise ValueError(f"the box restricts no factor: {in_words(found.box, cases)}")
    wide = columns > 1
    width = WIDE * 0.85 if wide else NARROW
    footer = " ".join([in_words(found.box, cases), *found.cautions])
    footer += "\nFilled dots: cases of interest. Bar: the box, over the plausible range."
    under = footer_height(footer, width)
    with mpl.rc_context({**RC, "axes.grid": False}):
        height = _ROW * len(limits) + 0.75 + under
        figure = figure_of(width, height, under)
        panel = figure.subplots()
        colour = marks(["box"])["box"].colour
        inside_others = [_others(found, limit) for limit in limits]
        for spot, (limit, inside) in enumerate(zip(limits, inside_others, strict=True)):
            _limit_row(panel, limit, spot, colour)
            _dots(panel, cases, limit, spot - 0.27, inside, colour)
        shares = {row["factor"]: row["share"] for row in records(found.stability)}
        labels = [
            _limit_label(limit, shares.get(limit.factor, math.nan), 30 if wide else 20)
            for limit in limits
        ]
        panel.set_yticks(range(len(limits)), labels, fontsize=7)
        panel.set_ylim(len(limits) - 0.4, -0.75)
        panel.set_xlim(-0.02, 1.02)
        panel.set_xticks([])
        for side in ("left", "bottom"):
            panel.spines[side].set_visible(False)
        panel.tick_params(axis="y", length=0)
        head = f"{percent(found.box.density)} of {found.box.n}, against {percent(cases.base)}"
        panel.set_title(f"{head} of all {cases.n}" if wide else f"{head}\nof all {cases.n}")
        finish(figure, footer)
    return described(figure, _describe_box(found))


def _others(found: Discovery, limit: Limit) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Cases within the limits of all other factors: those that this factor's limits divide."""
    rest = {each.factor: (each.low, each.high) for each in found.box.limits if each != limit}
    return within(rest, found.cases.inputs)


def _place(limit: Limit, value: Floats | float) -> Floats:
    """Where values lie on a factor's plausible range, from 0 to 1."""
    low, high = limit.range
    if low > 0 and high / low > _LOG_FROM:
        return np.asarray(np.log(np.asarray(value) / low) / math.log(high / low))
    return np.asarray((np.asarray(value) - low) / (high - low))


def _limit_row(panel: Axes, limit: Limit, spot: int, colour: str) -> None:
    panel.add_patch(Rectangle((0, spot - 0.07), 1, 0.14, facecolor=FAINT, linewidth=0, zorder=1))
    start = 0.0 if math.isnan(limit.low) else float(_place(limit, limit.low))
    end = 1.0 if math.isnan(limit.high) else float(_place(limit, limit.high))
    panel.add_patch(
        Rectangle((start, spot - 0.12), end - start, 0.24, facecolor=colour, linewidth=0, zorder=2)
    )
    for value, place, where in ((limit.low, start, "left"), (limit.high, end, "right")):
        if not math.isnan(value):
            aside = "left" if place < 0.12 else "right" if place > 0.88 else "center"
            panel.text(place, spot + 0.16, number(value), fontsize=7.5, ha=aside, va="top",
                       fontweight="bold")  # fmt: skip
        else:
            edge = limit.range[0] if where == "left" else limit.range[1]
            panel.text(place, spot + 0.16, number(edge), fontsize=7, ha=where, va="top")
    for edge, place, where in ((limit.range[0], 0.0, "left"), (limit.range[1], 1.0, "right")):
        taken = start if where == "left" else end
        if abs(taken - place) > 0.15:
            panel.text(place, spot + 0.16, number(edge), fontsize=7, ha=where, va="top")


def _dots(panel: Axes, cases: Cases, limit: Limit, height: float,
          inside: np.ndarray[tuple[int], np.dtype[np.bool_]], colour: str) -> None:  # fmt: skip
    """The cases that lie within the other limits, of interest filled, the rest hollow."""
    places = _place(limit, cases.inputs[limit.factor].to_numpy(dtype=np.float64))
    for of_interest, face in ((False, PAPER), (True, colour)):
        chosen = places[inside & (cases.of_interest == of_interest)]
        heights = height + np.where(np.full(chosen.size, of_interest), -0.05, 0.05)
        panel.plot(chosen, heights, marker="o", markersize=3, markerfacecolor=face, color=colour,
                   markeredgewidth=0.6, linestyle="none", zorder=3)  # fmt: skip


def _limit_label(limit: Limit, share: float, width: int) -> str:
    name = factor_label(limit.pointer, limit.units, width)
    notes = []
    if not math.isnan(limit.quasi_p):
        notes.append(f"quasi-p {limit.quasi_p:.1g}")
    if not math.isnan(share):
        notes.append(f"again in {percent(share)}")
    return f"{name}\n{', '.join(notes)}" if notes else name


def _describe_box(found: Discovery) -> str:
    rows = []
    for limit in found.box.limits:
        low, high = (number(end) for end in limit.range)
        rows.append(f"{limit.pointer}, plausible from {low} to {high}")
    words = f"One bar for each of {len(rows)} factors: {'; '.join(rows)}. "
    return " ".join([words + in_words(found.box, found.cases), *found.cautions])
