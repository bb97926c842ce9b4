"""Figures of what an outcome depends on: Sobol indices, and a tornado of swings."""

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
)
from enough_fingers.contents import records
from enough_fingers.load import Run
from enough_fingers.replicate_noise import SINGLE
from enough_fingers.sensitivity import EXPECTED, sobol
from enough_fingers.style import INK, RC, marks
from enough_fingers.swings import THIRDS, swings
from enough_fingers.wording import number, percent, title_of

Row = Mapping[str, Any]
# Inches that a factor takes, by how many lines its name has.
_ROW, _LINE = 0.32, 0.14
_NOISE = "#6b6b6b"
# Where the axis of indices ends; what lies beyond says that there are too few base rows.
_LEAST, _MOST = -0.5, 1.5
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

    Raises:
        ValueError: When the outcome does not vary, or all that varies is noise.
    """
    table = sobol(data, outcome, **chosen) if isinstance(data, Run) else data
    there = list(table.loc[table["index"].isin(_INDICES) & table["value"].notna(), "of"])
    if not there:
        raise ValueError("the outcome does not vary over worlds, so it has no indices")
    of = of or (EXPECTED if EXPECTED in there else there[0])
    rows = records(table[(table["of"] == of) & table["index"].isin(_INDICES)])
    total = {row["factor"]: _size(row["value"]) for row in rows if row["index"] == "ST"}
    names = sorted(total, key=lambda name: -total[name])[:most]
    noise = [row for row in records(table[table["index"] == "noise"]) if row["of"] == SINGLE]
    wide = columns > 1
    pointers = {row["factor"]: row["pointer"] for row in rows}
    ticks = [factor_label(pointers[name], width=36 if wide else 22) for name in names]
    ticks += ["chance alone"] * bool(noise)
    below = 0.75 if wide else 1.1
    with mpl.rc_context(RC):
        height = _row_height(ticks) * len(ticks) + 0.9 + below
        figure = figure_of(WIDE * 0.85 if wide else NARROW, height, below)
        panel = figure.subplots()
        floor = next((row["floor"] for row in rows if row["index"] == "ST"), math.nan)
        _index_bars(panel, rows, noise, names, floor)
        _factor_axis(panel, ticks)
        panel.set_xlabel(f"share of the variance over worlds\nof the {of}")
        panel.set_title(subject(rows[0], wide))
        figure.legend(handles=_index_handles(bool(noise), floor), loc="lower center",
                      ncols=2 if wide else 1, fontsize=7.5,
                      bbox_to_anchor=(0.5, 0.22 / height))  # fmt: skip
        footer = f"n = {rows[0]['n']} base rows × {rows[0]['replicates']} replicates. Bars: 95 %"
        footer += _dropped(total, names)
        left, right = panel.get_xlim()
        if left < _LEAST or right > _MOST:
            panel.set_xlim(max(left, _LEAST), min(right, _MOST))
            footer += ". Bars that leave the frame: too few base rows"
        finish(figure, footer)
    return described(figure, _describe_indices(rows, names, noise, of))


def _index_bars(
    panel: Axes, rows: list[dict[str, Any]], noise: list[dict[str, Any]], names: list[str],
    floor: float,
) -> None:  # fmt: skip
    drawn = marks(list(_INDICES))
    for row in rows:
        if row["factor"] in names:
            mark = drawn[row["index"]]
            spot = names.index(row["factor"]) + (-0.13 if row["index"] == "S1" else 0.13)
            _bar(panel, row, spot, mark.colour, mark.marker)
    for row in noise:
        _bar(panel, row, len(names), _NOISE, "D")
    panel.axvline(0, color=INK, linewidth=0.9, zorder=1)
    if not math.isnan(floor):
        panel.axvline(floor, color=INK, linestyle=":", linewidth=1.1, zorder=1)


def _index_handles(noise: bool, floor: float) -> list[Line2D]:
    drawn = marks(list(_INDICES))
    handles = [
        Line2D([], [], color=drawn[index].colour, marker=drawn[index].marker, linewidth=4,
               label=label)
        for index, label in _INDICES.items()
    ]  # fmt: skip
    if noise:
        label = "noise: share of a single run's variance"
        handles.append(Line2D([], [], color=_NOISE, marker="D", linewidth=4, label=label))
    if not math.isnan(floor):
        handles.append(Line2D([], [], color=INK, linestyle=":", label="ST of an idle factor"))
    return handles


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


def subject(row: Row, wide: bool) -> str:
    """The title of a figure: which outcome, how transformed, of which regime."""
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
    words += f"{subject(rows[0], True)}. Strongest: {'; '.join(said)}."
    for row in noise:
        words += f" Chance alone makes {percent(row['value'])} of a single run's variance."
    return words


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
    wide, sampled = columns > 1, first["basis"] == THIRDS
    width = WIDE * 0.9 if wide else NARROW
    footer = f"n = {first['n']} {'worlds' if sampled else 'replicates'}. Bars: 95 %"
    footer += _dropped(dict.fromkeys(every, 0.0), names)
    if sampled:
        footer += f". Luck: the widest swing of {len(every)} idle factors passes it once in twenty"
    labels = _ranges(rows, names, wide)
    under = footer_height(footer, width)
    below = under + (0.25 if wide else 0.6)
    with mpl.rc_context(RC):
        height = _row_height(labels) * len(names) + 1.0 + below
        figure = figure_of(width, height, below)
        panel = figure.subplots()
        handles = _swing_bars(panel, rows, names, sampled)
        _factor_axis(panel, labels)
        panel.xaxis.set_major_formatter(shown_as())
        panel.xaxis.set_major_locator(mpl.ticker.MaxNLocator(5 if wide else 3))
        whence = "the mean over all worlds" if sampled else "all beliefs at their middle"
        panel.set_xlabel(f"change from {whence},\n{number(first['level'])} [{first['units']}]")
        panel.set_title(subject(first, wide))
        figure.legend(handles=handles, loc="lower center", ncols=3 if wide else 1, fontsize=7.5,
                      bbox_to_anchor=(0.5, under / height))  # fmt: skip
        finish(figure, footer)
    return described(figure, _describe_swings(rows, names))


def _swing_bars(
    panel: Axes, rows: list[dict[str, Any]], names: list[str], sampled: bool
) -> list[Line2D]:
    """Draws the bars, and gives the entries of the legend."""
    drawn = marks(["low", "high"])
    for row in rows:
        if row["factor"] in names:
            mark = drawn[row["end"]]
            spot = names.index(row["factor"]) + (-0.12 if row["end"] == "low" else 0.12)
            _bar(panel, row, spot, mark.colour, mark.marker)
    panel.axvline(0, color=INK, linewidth=0.9, zorder=1)
    which = "third of the belief" if sampled else "end of the belief"
    handles = [
        Line2D([], [], color=drawn[end].colour, marker=drawn[end].marker, linewidth=4,
               label=f"{word} {which}")
        for end, word in (("low", "lowest"), ("high", "highest"))
    ]  # fmt: skip
    if sampled:
        handles.append(Line2D([], [], color=INK, linestyle=":", label="luck"))
        for side in (-1, 1):
            panel.axvline(side * rows[0]["floor"], color=INK, linestyle=":", linewidth=1)
    return handles


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
        f"Two bars for each of {len(names)} factors, of how far {subject(rows[0], True)} changes "
        f"from {number(rows[0]['level'])} {rows[0]['units']}. Widest: {'; '.join(said)}."
    )
