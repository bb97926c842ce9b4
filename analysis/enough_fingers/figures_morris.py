"""The plane of Morris's elementary effects: mean size against scatter, and what chance makes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from enough_fingers.canvas import (
    NARROW,
    WIDE,
    described,
    factor_label,
    figure_of,
    finish,
    footer_height,
    shown_as,
    spread_apart,
)
from enough_fingers.contents import records
from enough_fingers.figures_sensitivity import subject
from enough_fingers.load import Run
from enough_fingers.sensitivity import morris
from enough_fingers.style import FAINT, INK, RC, Mark, marks
from enough_fingers.wording import number

Row = Mapping[str, Any]


def morris_plane(
    data: Run | pd.DataFrame, outcome: str = "", *, most: int = 12, columns: int = 2,
    **chosen: Any,  # noqa: ANN401
) -> Figure:  # fmt: skip
    """Elementary effects: mean size across, scatter upward, and what chance alone makes of both.

    Args:
        data: A run of a Morris design, or the rows of `sensitivity.morris`.
        outcome: Of a run: which outcome.
        most: How many factors are named; the others are drawn as small rings.
        columns: 2 for a page, 1 for a phone.
        chosen: Of a run: `regime`, `difference`, `transform`, as for `sensitivity.morris`.

    Returns:
        The figure.
    """
    table = morris(data, outcome, **chosen) if isinstance(data, Run) else data
    effects: dict[str, dict[str, dict[str, Any]]] = {}
    for row in records(table):
        effects.setdefault(row["factor"], {})[row["statistic"]] = row
    order = sorted(effects, key=lambda name: -effects[name]["mu_star"]["value"])
    named, first = order[:most], effects[order[0]]["mu_star"]
    drawn = marks(named)
    wide = columns > 1
    width = WIDE * 0.75 if wide else NARROW
    rest = f" Rings: {len(order) - most} weaker factors." if len(order) > most else ""
    footer = (
        f"n = {first['n']} trajectories × {first['replicates']} replicates. Bars: 95 %, "
        f"trajectories.{rest}\nBelow the line σ = μ* an effect keeps its sign; above it depends on "
        "the other factors, or is noise."
    )
    under = footer_height(footer, width)
    below = under + 0.19 * math.ceil(len(named) / (2 if wide else 1)) + 0.12
    with mpl.rc_context(RC):
        figure = figure_of(width, (4.2 if wide else 3.6) + below, below)
        panel = figure.subplots()
        for name in order[most:]:
            star, sigma = (effects[name][part]["value"] for part in ("mu_star", "sigma"))
            panel.plot(star, sigma, marker="o", markersize=3, markerfacecolor="none", color=FAINT)
        for name in named:
            _effect(panel, effects[name], drawn[name].colour, drawn[name].marker)
        right = max(row["mu_star"]["high"] for row in effects.values()) * 1.08 or 1.0
        top = max(np.nanmax([row["sigma"]["high"], row["sigma"]["value"]])
                  for row in effects.values()) * 1.08 or 1.0  # fmt: skip
        panel.set_xlim(0, right)
        panel.set_ylim(0, top)
        _guides(panel, effects, right, top)
        _numbers(panel, effects, named, drawn)
        panel.set_xlabel(f"mean size of the effect over the whole belief,\nμ* [{first['units']}]")
        panel.set_ylabel(f"scatter of the effect, σ [{first['units']}]")
        for axis in (panel.xaxis, panel.yaxis):
            axis.set_major_formatter(shown_as())
        panel.set_title(subject(first, wide))
        figure.legend(handles=_handles(effects, drawn), loc="lower center",
                      ncols=2 if wide else 1, fontsize=7.5, handletextpad=0.3, labelspacing=0.45,
                      bbox_to_anchor=(0.5, under / figure.get_figheight()))  # fmt: skip
        finish(figure, footer)
    return described(figure, _describe_effects(effects, order))


def _handles(effects: Mapping[str, Mapping[str, Row]], drawn: Mapping[str, Mark]) -> list[Line2D]:
    return [
        Line2D([], [], color=mark.colour, marker=mark.marker, linestyle="none", markersize=5.5,
               label=f"{mark.number}  {factor_label(effects[name]['mu_star']['pointer'])}")
        for name, mark in drawn.items()
    ]  # fmt: skip


def _effect(panel: Axes, row: Mapping[str, Row], colour: str, marker: str) -> None:
    star, sigma = row["mu_star"], row["sigma"]
    arms = [
        [[max(0.0, part["value"] - part["low"])], [max(0.0, part["high"] - part["value"])]]
        for part in (star, sigma)
    ]
    panel.errorbar(
        star["value"], sigma["value"], xerr=np.nan_to_num(arms[0]), yerr=np.nan_to_num(arms[1]),
        color=colour, marker=marker, markersize=5.5, elinewidth=0.9, linestyle="none", zorder=3,
    )  # fmt: skip


def _guides(
    panel: Axes, effects: Mapping[str, Mapping[str, Row]], right: float, top: float
) -> None:
    """The line σ = μ*, and the region that noise alone reaches."""
    end = min(right, top)
    panel.plot([0, end], [0, end], color=INK, linewidth=0.9, linestyle="--", zorder=1)
    noise = [row["noise"]["value"] for row in effects.values()]
    level = float(np.nanmedian(noise)) if not all(map(math.isnan, noise)) else math.nan
    if math.isnan(level) or level == 0:
        return
    # The size of a normal deviate is √(2/π) of its standard deviation on average.
    panel.fill_between([0, level * math.sqrt(2 / math.pi)], 0, level, color=FAINT, alpha=0.5,
                       linewidth=0, zorder=0)  # fmt: skip
    panel.annotate("chance alone", (0, level), xytext=(3, 2), textcoords="offset points",
                   fontsize=7.5, va="bottom")  # fmt: skip


def _numbers(panel: Axes, effects: Mapping[str, Mapping[str, Row]], named: list[str],
             drawn: Mapping[str, Mark]) -> None:  # fmt: skip
    inside = panel.transData + panel.transAxes.inverted()
    places = inside.transform(
        [[effects[name][part]["value"] for part in ("mu_star", "sigma")] for name in named]
    )
    order = np.argsort(places[:, 0], kind="stable")
    for cluster in np.split(order, np.flatnonzero(np.diff(places[order, 0]) > 0.06) + 1):
        upward = cluster[np.argsort(places[cluster, 1], kind="stable")]
        for index, height in zip(upward, spread_apart(places[upward, 1], 0.045), strict=True):
            panel.text(places[index, 0] + 0.018, height, str(drawn[named[index]].number),
                       transform=panel.transAxes, fontsize=7.5, va="bottom", ha="left")  # fmt: skip


def _describe_effects(effects: Mapping[str, Mapping[str, Row]], order: list[str]) -> str:
    first = effects[order[0]]["mu_star"]
    said = [
        f"{row['mu_star']['pointer']} {number(row['mu_star']['value'])} with a scatter of "
        f"{number(row['sigma']['value'])}"
        for row in (effects[name] for name in order[:5])
    ]
    return (
        f"One point for each of {len(order)} factors. Across: the mean size of its elementary "
        f"effect on {subject(first, True)}, in {first['units']} over its whole range. Upward: its "
        f"scatter. Strongest: {'; '.join(said)}."
    )
