"""Figures of what an outcome depends on: Sobol indices, Morris effects, a tornado."""

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
from enough_fingers.load import Run
from enough_fingers.replicate_noise import SINGLE
from enough_fingers.sensitivity import EXPECTED, morris, sobol
from enough_fingers.style import FAINT, INK, RC, marks
from enough_fingers.swings import THIRDS, swings
from enough_fingers.wording import number, percent, title_of

Row = Mapping[str, Any]
# Inches that a factor takes, by how many lines its name has.
_ROW, _LINE = 0.32, 0.14
_INDICES = {"S1": "by itself (S1)", "ST": "with its interactions (ST)"}


def indices(
    data: Run | pd.DataFrame, outcome: str = "", *, of: str = "", most: int = 15, columns: int = 2,
    **chosen: Any,  # noqa: ANN401
) -> Figure:  # fmt: skip
    """Sobol indices of the strongest factors, with the replicate noise beside them.

    Args:
        data: A run of a Saltelli design, or the rows of `sensitivity.sobol`.
        outcome: Of a run: which outcome.
        of: Which indices: "expected outcome", "single run", "mean of 4 replicates"; by itself the
            first of these that is there.
        most: At most so many factors.
        columns: 2 for a page, 1 for a phone.
        chosen: Of a run: `regime`, `difference`, `transform`, as for `sensitivity.sobol`.

    Returns:
        The figure.
    """
    table = sobol(data, outcome, **chosen) if isinstance(data, Run) else data
    there = list(dict.fromkeys(table.loc[table["index"].isin(_INDICES), "of"]))
    of = of or next(name for name in (EXPECTED, *there) if name in there)
    rows = records(table[(table["of"] == of) & table["index"].isin(_INDICES)])
    total = {row["factor"]: _size(row["value"]) for row in rows if row["index"] == "ST"}
    names = sorted(total, key=lambda name: -total[name])[:most]
    noise = [row for row in records(table[table["index"] == "noise"]) if row["of"] == SINGLE]
    with mpl.rc_context(RC):
        wide = columns > 1
        labels = {row["factor"]: factor_label(row["pointer"], width=36 if wide else 22)
                  for row in rows}  # fmt: skip
        ticks = [labels[name] for name in names] + ["chance alone"] * bool(noise)
        below = 0.75 if wide else 1.1
        height = _row_height(ticks) * len(ticks) + 0.9 + below
        figure = figure_of(WIDE * 0.85 if wide else NARROW, height, below)
        panel = figure.subplots()
        drawn = marks(list(_INDICES))
        for row in rows:
            if row["factor"] in names:
                mark = drawn[row["index"]]
                spot = names.index(row["factor"]) + (-0.13 if row["index"] == "S1" else 0.13)
                _bar(panel, row, spot, mark.colour, mark.marker)
        for row in noise:
            _bar(panel, row, len(names), "#6b6b6b", "D")
        _factor_axis(panel, ticks)
        panel.axvline(0, color=INK, linewidth=0.9, zorder=1)
        floor = next((row["floor"] for row in rows if row["index"] == "ST"), math.nan)
        if not math.isnan(floor):
            panel.axvline(floor, color=INK, linestyle=":", linewidth=1.1, zorder=1)
        panel.set_xlabel(f"share of the variance over worlds\nof the {of}")
        panel.set_title(_subject(rows[0], wide))
        handles = [
            Line2D([], [], color=drawn[index].colour, marker=drawn[index].marker, linewidth=4,
                   label=label)
            for index, label in _INDICES.items()
        ]  # fmt: skip
        if noise:
            label = "noise: share of a single run's variance"
            handles.append(Line2D([], [], color="#6b6b6b", marker="D", linewidth=4, label=label))
        if not math.isnan(floor):
            handles.append(Line2D([], [], color=INK, linestyle=":", label="ST of an idle factor"))
        figure.legend(handles=handles, loc="lower center", ncols=2 if wide else 1, fontsize=7.5,
                      bbox_to_anchor=(0.5, 0.22 / height))  # fmt: skip
        finish(figure, f"n = {rows[0]['n']} base rows × {rows[0]['replicates']} replicates. "
                       f"Bars: 95 %{_dropped(total, names)}")  # fmt: skip
    return described(figure, _describe_indices(rows, names, noise, of))


def _size(value: float) -> float:
    return -math.inf if math.isnan(value) else value


def _bar(panel: Axes, row: Row, spot: float, colour: str, marker: str) -> None:
    panel.barh(spot, row["value"], height=0.2, color=colour, alpha=0.3, linewidth=0, zorder=2)
    arms = [[max(0.0, row["value"] - row["low"])], [max(0.0, row["high"] - row["value"])]]
    panel.errorbar(
        row["value"], spot, xerr=np.nan_to_num(arms), color=colour, marker=marker, markersize=4.5,
        elinewidth=1.2, linestyle="none", zorder=3,
    )  # fmt: skip


def _row_height(labels: list[str]) -> float:
    """Inches that each factor gets."""
    return max(_ROW, 0.08 + _LINE * max(label.count("\n") + 1 for label in labels))


def _factor_axis(panel: Axes, labels: list[str]) -> None:
    panel.set_yticks(range(len(labels)), labels, fontsize=7)
    panel.set_ylim(len(labels) - 0.5, -0.5)
    panel.grid(axis="y", visible=False)
    panel.tick_params(axis="y", length=0)


def _subject(row: Row, wide: bool) -> str:
    whose = f"{row['regime']} less {row['reference']}" if row["reference"] else row["regime"]
    what = title_of(row["outcome"])
    done = f", {row['transform'].split(',')[0]}" if row["transform"] else ""
    return f"{what}{done}: {whose}" if wide else f"{what}{done}:\n{whose}"


def _dropped(sizes: Mapping[str, float], shown: list[str]) -> str:
    left = len(sizes) - len(shown)
    return f"; {left} weaker factors are left out" if left > 0 else ""


def _describe_indices(rows: list[dict[str, Any]], names: list[str], noise: list[dict[str, Any]],
                      of: str) -> str:  # fmt: skip
    said = []
    for name in names[:5]:
        own = {row["index"]: row for row in rows if row["factor"] == name}
        first, total = own["S1"], own["ST"]
        said.append(
            f"{total['pointer']} {number(first['value'])} by itself and {number(total['value'])} "
            f"({number(total['low'])} to {number(total['high'])}) with its interactions"
        )
    words = f"Two bars a factor, for {len(names)} factors: shares of the variance of the {of} of "
    words += f"{_subject(rows[0], True)}. Strongest: {'; '.join(said)}."
    for row in noise:
        words += f" Chance alone makes {percent(row['value'])} of a single run's variance."
    return words


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
    with mpl.rc_context(RC):
        wide = columns > 1
        below = 0.19 * math.ceil(len(named) / (2 if wide else 1)) + 0.75
        figure = figure_of(WIDE * 0.75 if wide else NARROW, (4.2 if wide else 3.6) + below, below)
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
        panel.set_xlabel(f"mean size of the effect, μ* [{first['units']} over the whole belief]")
        panel.set_ylabel(f"scatter of the effect, σ [{first['units']}]")
        for axis in (panel.xaxis, panel.yaxis):
            axis.set_major_formatter(shown_as())
        panel.set_title(_subject(first, wide))
        handles = [
            Line2D([], [], color=drawn[name].colour, marker=drawn[name].marker, linestyle="none",
                   markersize=5.5, label=f"{drawn[name].number}  "
                   f"{factor_label(effects[name]['mu_star']['pointer'])}")
            for name in named
        ]  # fmt: skip
        figure.legend(handles=handles, loc="lower center", ncols=2 if wide else 1, fontsize=7.5,
                      handletextpad=0.3, labelspacing=0.45,
                      bbox_to_anchor=(0.5, 0.5 / figure.get_figheight()))  # fmt: skip
        rest = f" Rings: {len(order) - most} weaker factors." if len(order) > most else ""
        finish(figure, f"n = {first['n']} trajectories × {first['replicates']} replicates. "
                       f"Bars: 95 %, trajectories.{rest}\nBelow the line σ = μ* an effect keeps "
                       "its sign; above it depends on the other factors, or is noise.")  # fmt: skip
    return described(figure, _describe_effects(effects, order))


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
             drawn: Mapping[str, Any]) -> None:  # fmt: skip
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
        f"effect on {_subject(first, True)}, in {first['units']} over its whole range. Upward: its "
        f"scatter. Strongest: {'; '.join(said)}."
    )


def tornado(
    data: Run | pd.DataFrame, outcome: str = "", *, most: int = 15, columns: int = 2,
    **chosen: Any,  # noqa: ANN401
) -> Figure:  # fmt: skip
    """How far an outcome swings between the ends of each belief, the widest swing at the top.

    Args:
        data: A run, or the rows of `swings.swings`.
        outcome: Of a run: which outcome.
        most: At most so many factors.
        columns: 2 for a page, 1 for a phone.
        chosen: Of a run: `regime`, `difference`, `transform`, as for `swings.swings`.

    Returns:
        The figure.
    """
    table = swings(data, outcome, **chosen) if isinstance(data, Run) else data
    every = list(dict.fromkeys(table["factor"]))
    names, rows = every[:most], records(table)
    first = rows[0]
    with mpl.rc_context(RC):
        wide = columns > 1
        labels = _ranges(rows, names, wide)
        sampled = first["basis"] == THIRDS
        width = WIDE * 0.9 if wide else NARROW
        footer = f"n = {first['n']} {'worlds' if sampled else 'replicates'}. Bars: 95 %"
        footer += _dropped(dict.fromkeys(every, 0.0), names)
        if sampled:
            footer += (
                f". Luck: the widest swing of {len(every)} idle factors passes it once in twenty"
            )
        under = footer_height(footer, width)
        below = under + (0.25 if wide else 0.6)
        height = _row_height(labels) * len(names) + 1.0 + below
        figure = figure_of(width, height, below)
        panel = figure.subplots()
        drawn = marks(["low", "high"])
        for row in rows:
            if row["factor"] in names:
                mark = drawn[row["end"]]
                spot = names.index(row["factor"]) + (-0.12 if row["end"] == "low" else 0.12)
                _bar(panel, row, spot, mark.colour, mark.marker)
        _factor_axis(panel, labels)
        panel.axvline(0, color=INK, linewidth=0.9, zorder=1)
        for side in (-1, 1):
            if not math.isnan(first["floor"]):
                panel.axvline(side * first["floor"], color=INK, linestyle=":", linewidth=1)
        panel.xaxis.set_major_formatter(shown_as())
        panel.xaxis.set_major_locator(mpl.ticker.MaxNLocator(5 if wide else 3))
        whence = "the mean over all worlds" if sampled else "all beliefs at their middle"
        panel.set_xlabel(f"change from {whence},\n{number(first['level'])} [{first['units']}]")
        panel.set_title(_subject(first, wide))
        which = "third of the belief" if sampled else "end of the belief"
        handles = [
            Line2D([], [], color=drawn[end].colour, marker=drawn[end].marker, linewidth=4,
                   label=f"{word} {which}")
            for end, word in (("low", "lowest"), ("high", "highest"))
        ]  # fmt: skip
        if sampled:
            handles.append(Line2D([], [], color=INK, linestyle=":", label="luck"))
        figure.legend(handles=handles, loc="lower center", ncols=3 if wide else 1, fontsize=7.5,
                      bbox_to_anchor=(0.5, under / height))  # fmt: skip
        finish(figure, footer)
    return described(figure, _describe_swings(rows, names))


def _ranges(rows: list[dict[str, Any]], names: list[str], wide: bool) -> list[str]:
    """Names of the factors, with the values that the two bars stand for."""
    labels = []
    for name in names:
        own = [row for row in rows if row["factor"] == name]
        ends = " – ".join(number(row["at"]) for row in own)
        unit = own[0]["factor_units"]
        unit = "" if unit in ("", "1", "-") else f" {unit}"
        labels.append(f"{factor_label(own[0]['pointer'], width=36 if wide else 22)}\n{ends}{unit}")
    return labels


def _describe_swings(rows: list[dict[str, Any]], names: list[str]) -> str:
    said = [
        f"{row['pointer']} at its {row['end']} end {number(row['value'])} ({number(row['low'])} to "
        f"{number(row['high'])})"
        for row in rows
        if row["factor"] in names[:4]
    ]
    return (
        f"Two bars for each of {len(names)} factors, of how far {_subject(rows[0], True)} changes "
        f"from {number(rows[0]['level'])} {rows[0]['units']}. Widest: {'; '.join(said)}."
    )
