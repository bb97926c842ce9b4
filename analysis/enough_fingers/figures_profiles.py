"""Parallel coordinates: several measures of each regime, or of each world, one axis a measure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from enough_fingers.canvas import (
    CHANCE_ONLY,
    NARROW,
    WIDE,
    counted,
    described,
    figure_of,
    finish,
    footer_height,
    regime_legend,
    spread_apart,
)
from enough_fingers.cases import Cases
from enough_fingers.contents import records
from enough_fingers.distributions import Floats
from enough_fingers.load import Run
from enough_fingers.profiles import of_regimes, of_worlds
from enough_fingers.style import FAINT, INK, PAPER, RC, Mark, marks, wrapped
from enough_fingers.tables_rules import measure_title
from enough_fingers.wording import number

_WANTED = {"lower": "less is wanted", "higher": "more is wanted", "": "a matter of view"}
# Values above 0 that span more than this are drawn by ratio.
_LOG_FROM = 30.0


def parallel_coordinates(
    data: Run | pd.DataFrame, chosen: Sequence[str] = (), *, worlds_of: str = "",
    highlight: Cases | None = None, columns: int = 2,
) -> Figure:  # fmt: skip
    """Each regime, or each world of one regime, as a line through an axis for each measure.

    Each axis has a unit and a scale of its own, from the least to the largest value shown; nothing
    is to be read from whether lines are high or low on different axes, and none is turned around.

    Args:
        data: A run, or the rows of `profiles.of_regimes` or `profiles.of_worlds`.
        chosen: Of a run: outcomes, one axis each; a usual set when not given.
        worlds_of: Of a run: a regime whose worlds are the lines, instead of the regimes.
        highlight: Cases whose worlds of interest are drawn in colour, the others in grey.
        columns: 2 for a page, axes side by side; 1 for a phone, axes below each other.

    Returns:
        The figure.
    """
    table = data
    if isinstance(data, Run):
        table = of_worlds(data, worlds_of, chosen) if worlds_of else of_regimes(data, chosen)
    assert isinstance(table, pd.DataFrame)
    regimes = table["low"].notna().any()
    lines, axes = list(dict.fromkeys(table["line"])), list(dict.fromkeys(table["measure"]))
    scaled = {axis: _scaled(table[table["measure"] == axis]) for axis in axes}
    wide = columns > 1
    footer = _footer(table, bool(regimes), highlight)
    width = WIDE if wide else NARROW
    under = footer_height(footer, width)
    rows = math.ceil(len(lines) / (3 if wide else 1)) if regimes else 1
    below = under + 0.19 * rows + 0.15
    with mpl.rc_context({**RC, "axes.grid": False}):
        figure = figure_of(width, (3.6 if wide else 0.95 * len(axes) + 0.5) + below, below)
        panel = figure.subplots()
        for place, axis in enumerate(axes):
            _axis(panel, place, table[table["measure"] == axis], scaled[axis], wide)
        if regimes:
            drawn = marks([str(line) for line in lines])
            for line in lines:
                _regime(panel, table[table["line"] == line], scaled, drawn[str(line)], wide)
            if wide:
                _numbers(panel, table, scaled[axes[-1]], axes, drawn)
            regime_legend(figure, drawn, 3 if wide else 1, under)
        else:
            _worlds(panel, table, scaled, axes, highlight, wide)
            _worlds_legend(figure, highlight, under)
        _frame(panel, len(axes), wide)
        finish(figure, footer)
    return described(figure, _describe(table, lines, axes, worlds_of))


class _Scale:
    """Where values of one measure lie on its axis, from 0 to 1."""

    def __init__(self, low: float, high: float) -> None:
        self.log = low > 0 and high / low > _LOG_FROM
        self.low, self.high = low, high

    def __call__(self, value: float | Floats) -> Floats:
        if self.high == self.low:
            return np.asarray(np.asarray(value) * 0 + 0.5)
        if self.log:
            # An end of an interval at 0 lies beyond a log axis: at its foot.
            held = np.maximum(np.asarray(value, dtype=np.float64), self.low)
            return np.asarray(np.log(held / self.low) / math.log(self.high / self.low))
        return np.asarray((np.asarray(value) - self.low) / (self.high - self.low))


def _scaled(rows: pd.DataFrame) -> _Scale:
    values = rows[["value", "low", "high"]].to_numpy(dtype=np.float64)
    values = values[np.isfinite(values)]
    own = rows["value"].to_numpy(dtype=np.float64)
    own = own[np.isfinite(own)]
    low = float(values.min(initial=math.inf)) if values.size else 0.0
    if low <= 0 and own.size and own.min() > 0 and own.max() > _LOG_FROM * own.min():
        low = float(own.min())
    return _Scale(low, float(values.max(initial=low)) if values.size else 1.0)


def _axis(panel: Axes, place: int, rows: pd.DataFrame, scale: _Scale, wide: bool) -> None:
    (first,) = records(rows.head(1))
    title = measure_title(first["measure"]).removesuffix(" (M$)")
    unit = "" if first["units"] in ("1", "share") else f" [{first['units']}]"
    statistic = first["statistic"] if first["statistic"] not in title.lower() else ""
    head = f"{title}{unit}" + (f", {statistic}" if statistic else "")
    arrow = {"lower": "↓", "higher": "↑", "": "·"}[first["better"]]
    style = {"color": INK, "linewidth": 1.0, "zorder": 1}
    ends = (number(scale.low), number(scale.high) + (" (log)" if scale.log else ""))
    wanted = f"{arrow} {_WANTED[first['better']]}"
    if wide:
        panel.plot([place, place], [0, 1], **style)  # type: ignore[arg-type]
        panel.text(place, 1.13, wrapped(head, 15), fontsize=7.5, ha="center", va="bottom")
        panel.text(place, 1.03, ends[1], fontsize=7.5, ha="center", va="bottom")
        panel.text(place, -0.03, ends[0], fontsize=7.5, ha="center", va="top")
        panel.text(place, -0.12, wrapped(wanted, 11), fontsize=7, ha="center", va="top")
        return
    turned = arrow.translate(str.maketrans("↓↑", "←→"))
    panel.plot([0, 1], [place, place], **style)  # type: ignore[arg-type]
    ground = {"facecolor": PAPER, "edgecolor": "none", "pad": 0.8}
    panel.text(0, place - 0.2, f"{head}   {turned} {_WANTED[first['better']]}", fontsize=7.5,
               ha="left", va="bottom", bbox=ground, zorder=5)  # fmt: skip
    panel.text(0, place + 0.12, ends[0], fontsize=7, ha="left", va="top", bbox=ground, zorder=5)
    panel.text(1, place + 0.12, ends[1], fontsize=7, ha="right", va="top", bbox=ground, zorder=5)


def _regime(
    panel: Axes, rows: pd.DataFrame, scaled: dict[str, _Scale], mark: Mark, wide: bool
) -> None:
    places = np.arange(len(rows), dtype=np.float64)
    values, low, high = (
        np.array([float(scaled[row["measure"]](row[end])) for row in records(rows)])
        for end in ("value", "low", "high")
    )
    arms = np.nan_to_num(np.maximum(0.0, [values - low, high - values]))
    across, upward = (places, values) if wide else (values, places)
    panel.plot(across, upward, color=mark.colour, linewidth=1.1, linestyle=mark.line, alpha=0.8)
    panel.errorbar(
        across, upward, yerr=arms if wide else None, xerr=None if wide else arms,
        color=mark.colour, marker=mark.marker, markersize=4.5, elinewidth=0.8, linestyle="none",
        zorder=3,
    )  # fmt: skip


def _numbers(panel: Axes, table: pd.DataFrame, scale: _Scale, axes: list[str],
             drawn: dict[str, Mark]) -> None:  # fmt: skip
    last = table[table["measure"] == axes[-1]].dropna(subset=["value"]).sort_values("value")
    heights = np.asarray(scale(last["value"].to_numpy(dtype=np.float64)))
    spread = spread_apart(heights, min(0.055, 1 / max(1, heights.size)))
    # Kept beside the axis: below it stands which way the measure is wanted.
    spread = spread - max(0.0, float(spread[-1]) - 1)
    spread = spread + max(0.0, -float(spread[0]))
    for line, height, moved in zip(last["line"], heights, spread, strict=True):
        mark, right = drawn[str(line)], len(axes) - 1
        panel.plot([right, right + 0.22], [height, moved], color=mark.colour, linewidth=0.5)
        panel.text(right + 0.25, moved, str(mark.number), fontsize=7.5, ha="left", va="center")


def _worlds(panel: Axes, table: pd.DataFrame, scaled: dict[str, _Scale], axes: list[str],
            highlight: Cases | None, wide: bool) -> None:  # fmt: skip
    grid = table.pivot(index="line", columns="measure", values="value")[axes]
    heights = np.column_stack(
        [scaled[axis](grid[axis].to_numpy(dtype=np.float64)) for axis in axes]
    )
    places = np.broadcast_to(np.arange(len(axes)), heights.shape)
    paths = np.stack([places, heights] if wide else [heights, places], axis=-1)
    marked = np.zeros(len(grid), dtype=np.bool_)
    if highlight is not None:
        chosen = set(highlight.inputs.index.get_level_values("world")[highlight.of_interest])
        marked = np.array([world in chosen for world in grid.index])
    colour = marks(["a"])["a"].colour
    for own, ink, width in ((~marked, FAINT, 0.6), (marked, colour, 0.9)):
        panel.add_collection(
            LineCollection(list(paths[own]), colors=ink, linewidths=width, alpha=0.7, zorder=2)
        )


def _worlds_legend(figure: Figure, highlight: Cases | None, under: float) -> None:
    if highlight is None:
        return
    handles = [
        Line2D([], [], color=marks(["a"])["a"].colour, label=wrapped(highlight.question, 60)),
        Line2D([], [], color=FAINT, label="other worlds"),
    ]
    figure.legend(handles=handles, loc="lower center", fontsize=7.5, ncols=2,
                  bbox_to_anchor=(0.5, under / figure.get_figheight()))  # fmt: skip


def _frame(panel: Axes, n: int, wide: bool) -> None:
    panel.set_xticks([])
    panel.set_yticks([])
    for side in ("left", "bottom"):
        panel.spines[side].set_visible(False)
    if wide:
        panel.set_xlim(-0.5, n - 0.3)
        panel.set_ylim(-0.3, 1.42)
    else:
        panel.set_xlim(-0.03, 1.03)
        panel.set_ylim(n - 0.6, -0.5)


def _footer(table: pd.DataFrame, regimes: bool, highlight: Cases | None) -> str:
    each = "Each axis has a unit and scale of its own."
    if regimes:
        return f"{counted(table['n'], 'replicates a regime')}. {CHANCE_ONLY}. {each}"
    n = table["line"].nunique()
    marked = "" if highlight is None else f", {int(highlight.of_interest.sum())} in colour"
    return (
        f"{n} worlds{marked}; {counted(table['n'], 'replicates each')}, whose mean is shown "
        f"without an interval. {each}"
    )


def _describe(table: pd.DataFrame, lines: list[Any], axes: list[str], worlds_of: str) -> str:
    what = f"worlds of {worlds_of}" if worlds_of else "lines"
    ranges = []
    for axis in axes:
        own = table[table["measure"] == axis]
        ranges.append(
            f"{axis} from {number(float(own['value'].min()))} to "
            f"{number(float(own['value'].max()))} ({_WANTED[str(own['better'].iloc[0])]})"
        )
    return f"{len(lines)} {what} through {len(axes)} axes: {'; '.join(ranges)}."
