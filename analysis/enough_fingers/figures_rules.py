"""Figures of places, and of relative beside absolute outcomes. They draw, and compute nothing."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from enough_fingers.canvas import CHANCE_ONLY, figure_of, finish, regime_legend
from enough_fingers.style import FAINT, INK, RC, Mark, marks, wrapped
from enough_fingers.wording import number, percent, points

# Inches that one place of a column of places takes.
_ROW = 0.2
# Widest column heading, in characters, before it is broken.
_HEADING = 13


def changing_places(panels: Mapping[str, pd.DataFrame], *, columns: int = 2) -> Figure:
    """How places change from one column to the next: from rule to rule, or measure to measure.

    Args:
        panels: By title: rows of `robustness.places` with one more column, `column`, the heading
            under which a row stands; columns in order of appearance.
        columns: Panels beside each other: 2 for a page, 1 for a phone or one wide panel.

    Returns:
        The figure.
    """
    first = next(iter(panels.values()))
    regimes = list(dict.fromkeys(first["regime"]))
    drawn = marks(regimes)
    columns = min(columns, len(panels))
    rows = math.ceil(len(panels) / columns)
    most = max(frame["column"].nunique() for frame in panels.values())
    width = 8.6 if columns > 1 or most > 7 else 4.6
    across = 3 if width > 5 else 1
    legend = 0.19 * math.ceil(len(regimes) / across) + 0.6
    height = rows * (_ROW * len(regimes) + 1.25)
    with mpl.rc_context({**RC, "axes.grid": False, "axes.spines.left": False,
                         "axes.spines.bottom": False}):  # fmt: skip
        figure = figure_of(width, height + legend, legend)
        axes = figure.subplots(rows, columns, squeeze=False)
        for panel, (title, frame) in zip(axes.flat, panels.items(), strict=False):
            panel.set_title(title, pad=8)
            _places_panel(panel, frame, regimes, drawn)
        for panel in list(axes.flat)[len(panels) :]:
            panel.set_visible(False)
        regime_legend(figure, drawn, across)
        note = "Upright bars join regimes that chance cannot tell apart: they share places."
        finish(figure, f"{_counted(first)}. {CHANCE_ONLY}.\n{note}")
    return figure


def _counted(frame: pd.DataFrame) -> str:
    n, unit = int(frame["n"].iloc[0]), str(frame["unit"].iloc[0])
    return f"n = {n} {'replicates' if unit == 'none' else unit + 's'} a regime"


def _places_panel(
    panel: Axes, frame: pd.DataFrame, regimes: list[str], drawn: dict[str, Mark]
) -> None:
    headings = list(dict.fromkeys(frame["column"]))
    spots = np.zeros((len(headings), len(regimes)))
    before = np.arange(len(regimes), dtype=np.float64)
    for place, heading in enumerate(headings):
        part = frame[frame["column"] == heading].set_index("regime").loc[regimes]
        # Equal numbers keep the order of the column before: a line that crosses means something.
        order = np.lexsort((before, part["order"].to_numpy()))
        spots[place, order] = np.arange(1, len(regimes) + 1)
        before = spots[place]
        _bars(panel, place, spots[place], list(part["letters"]))
    for position, regime in enumerate(regimes):
        _line(panel, spots[:, position], drawn[regime])
    panel.set_xlim(-0.55, len(headings) - 0.6)
    panel.set_ylim(len(regimes) + 0.7, 0.3)
    panel.set_xticks(range(len(headings)), [wrapped(name, _HEADING) for name in headings])
    many = len(headings) > 5
    panel.tick_params(axis="x", length=0, labelsize=7 if many else 7.5, top=False)
    for label in panel.get_xticklabels():
        label.set_rotation(40 if many else 0)
        label.set_horizontalalignment("right" if many else "center")
        label.set_rotation_mode("anchor")
        label.set_verticalalignment("top")
    panel.set_yticks(range(1, len(regimes) + 1, math.ceil(len(regimes) / 20)))
    panel.tick_params(axis="y", length=0, labelsize=7)
    panel.set_ylabel("place", fontsize=8)


def _line(panel: Axes, spots: Any, mark: Mark) -> None:  # noqa: ANN401
    panel.plot(
        range(len(spots)), spots, color=mark.colour, linewidth=1.3, linestyle=mark.line, zorder=2
    )
    panel.plot(
        range(len(spots)),
        spots,
        color=mark.colour,
        marker="o",
        markersize=9.5,
        markeredgecolor="none",
        linestyle="none",
        zorder=3,
    )
    for place, spot in enumerate(spots):
        panel.text(
            place,
            spot,
            str(mark.number),
            fontsize=6,
            color="white",
            ha="center",
            va="center_baseline",
            zorder=4,
            weight="bold",
        )


def _bars(panel: Axes, place: int, spots: Any, letters: Sequence[str]) -> None:  # noqa: ANN401
    """One upright bar for each group of two or more that chance cannot tell apart."""
    ends: list[float] = []
    for letter in sorted(set("".join(letters))):
        members = [spots[i] for i, own in enumerate(letters) if letter in own]
        if len(members) < 2:
            continue
        low, high = min(members), max(members)
        lane = next((i for i, end in enumerate(ends) if end < low), len(ends))
        if lane == len(ends):
            ends.append(high)
        ends[lane] = high
        x = place - 0.2 - 0.06 * lane
        panel.plot([x, x], [low - 0.3, high + 0.3], color=FAINT, linewidth=2, zorder=1)


@dataclass(frozen=True)
class Levels:
    """One measure for the figure of relative beside absolute outcomes.

    Attributes:
        title: Of the measure.
        absolute: One row a regime: regime, value, low, high.
        relative: The same against the reference; its own row is left out.
        unit: Of both.
        share: Whether values are shares, to be shown in per cent.
        tolerable: A level that the reader calls tolerable, or None.
        without_ai: The level in a world without AI, or None.
    """

    title: str
    absolute: Sequence[Mapping[str, Any]]
    relative: Sequence[Mapping[str, Any]]
    unit: str
    share: bool
    tolerable: float | None = None
    without_ai: float | None = None


def relative_and_absolute(
    levels: Sequence[Levels], regimes: list[str], reference: str, footer: str, *, narrow: bool
) -> Figure:
    """Each measure twice: on its own from 0, and as the difference to a reference.

    Args:
        levels: The measures, one row of panels each.
        regimes: In the order of the design.
        reference: The regime of the differences.
        footer: What n and the intervals are.
        narrow: Whether panels stand below each other, for a phone.

    Returns:
        The figure.
    """
    drawn = marks(regimes)
    rows, columns = (2 * len(levels), 1) if narrow else (len(levels), 2)
    with mpl.rc_context(RC):
        height = rows * (0.19 * len(regimes) + 1.15) + 0.55
        figure = figure_of(4.4 if narrow else 8.6, height, 0.5)
        axes = list(figure.subplots(rows, columns, squeeze=False).flat)
        for place, level in enumerate(levels):
            absolute, relative = axes[2 * place], axes[2 * place + 1]
            _levels_panel(absolute, level.absolute, regimes, drawn)
            _absolute_lines(absolute, level)
            absolute.set_title(f"{level.title}: on its own", pad=15)
            _levels_panel(relative, level.relative, regimes, drawn)
            relative.axvline(0, color=INK, linewidth=0.9, zorder=1)
            relative.set_title(f"{level.title}: less that of {reference}", pad=15)
            if not narrow:
                relative.tick_params(labelleft=False)
            _units(absolute, relative, level)
        finish(figure, footer)
    return figure


def _levels_panel(
    panel: Axes, rows: Sequence[Mapping[str, Any]], regimes: list[str], drawn: dict[str, Mark]
) -> None:
    for row in rows:
        mark = drawn[row["regime"]]
        spot = regimes.index(row["regime"])
        arms = [max(0.0, row["value"] - row["low"]), max(0.0, row["high"] - row["value"])]
        panel.errorbar(
            row["value"],
            spot,
            xerr=np.nan_to_num([[arms[0]], [arms[1]]]),
            color=mark.colour,
            marker=mark.marker,
            markersize=5,
            elinewidth=1.1,
            linestyle="none",
        )
    names = [f"{regime}  {drawn[regime].number}" for regime in regimes]
    panel.set_yticks(range(len(regimes)), names, fontsize=7.5)
    panel.set_ylim(len(regimes) - 0.4, -0.6)
    panel.grid(axis="y", visible=False)
    panel.tick_params(axis="y", length=0)


def _absolute_lines(panel: Axes, level: Levels) -> None:
    ends = [row["high"] for row in level.absolute if not math.isnan(row["high"])]
    top = max([*ends, level.tolerable or 0.0, level.without_ai or 0.0], default=1.0)
    panel.set_xlim(0, (top or 1.0) * 1.06)
    lines = (
        (level.tolerable, "--", "tolerable"),
        (level.without_ai, ":", "without AI"),
    )
    for value, style, word in lines:
        if value is None:
            continue
        panel.axvline(value, color=INK, linestyle=style, linewidth=1.1, zorder=1)
        right = value > 0.6 * panel.get_xlim()[1]
        panel.annotate(
            f" {word} ",
            (value, 1.0),
            xycoords=("data", "axes fraction"),
            xytext=(0, 2),
            textcoords="offset points",
            fontsize=7,
            ha="right" if right else "left",
            va="bottom",
        )


def _units(absolute: Axes, relative: Axes, level: Levels) -> None:
    shows: tuple[Callable[[float], str], ...] = (number, number)
    if level.share:
        shows = (percent, lambda value: points(value).removesuffix(".0"))
    for panel, show in zip((absolute, relative), shows, strict=True):
        panel.xaxis.set_major_locator(MaxNLocator(4))
        panel.xaxis.set_major_formatter(FuncFormatter(_formatted(show)))
    absolute.set_xlabel(level.unit)
    relative.set_xlabel("paired, in percentage points" if level.share else f"paired, {level.unit}")


def _formatted(show: Callable[[float], str]) -> Callable[[float, int], str]:
    return lambda value, _: show(float(value))


def along_factor(
    panels: Mapping[str, pd.DataFrame], x_label: str, *, log_x: bool, log_y: bool, columns: int
) -> Figure:
    """Outcomes along a factor, one line a regime: the figure of a claim.

    Args:
        panels: By title: rows of `claim.along`.
        x_label: The factor with its unit; empty where regimes are compared alone.
        log_x: Whether the factor is drawn on a log scale.
        log_y: The same of the outcome; shares and probabilities stay linear.
        columns: Panels beside each other.

    Returns:
        The figure.
    """
    first = next(iter(panels.values()))
    regimes = list(dict.fromkeys(first["regime"]))
    drawn = marks(regimes)
    columns = min(columns, len(panels))
    rows = math.ceil(len(panels) / columns)
    across = 3 if columns > 1 else 2
    legend = 0.19 * math.ceil(len(regimes) / across) + 0.55
    with mpl.rc_context(RC):
        width = 4.3 * columns if columns > 1 else 6.0
        figure = figure_of(width, 3.1 * rows + legend, legend)
        axes = figure.subplots(rows, columns, squeeze=False)
        for panel, (title, frame) in zip(axes.flat, panels.items(), strict=False):
            panel.set_title(title)
            panel.set_ylabel(str(frame["statistic"].iloc[0]))
            placed = _side_by_side(frame, log_x) if x_label else frame
            for regime, line in placed.groupby("regime", sort=False, observed=True):
                _claim_line(panel, line, drawn[str(regime)], bool(x_label))
            _claim_axes(panel, frame, x_label, log_x, log_y)
            if not x_label:
                panel.set_xticks(range(len(regimes)), [str(i + 1) for i in range(len(regimes))])
        for panel in list(axes.flat)[len(panels) :]:
            panel.set_visible(False)
        regime_legend(figure, drawn, across)
        low, high = int(first["n"].min()), int(first["n"].max())
        n = f"{low}" if low == high else f"{low} to {high}"
        finish(figure, f"n = {n} a point. {CHANCE_ONLY}")
    return figure


def _side_by_side(frame: pd.DataFrame, log_x: bool) -> pd.DataFrame:
    """Moves regimes apart by a hundredth of the factor's span, or intervals hide each other."""
    regimes = list(dict.fromkeys(frame["regime"]))
    x = frame["x"].to_numpy(dtype=np.float64)
    log = log_x and bool((x > 0).all())
    x = np.log(x) if log else x
    place = frame["regime"].map(regimes.index).to_numpy(dtype=np.float64)
    x = x + 0.01 * float(np.ptp(x)) * (place - (len(regimes) - 1) / 2)
    return frame.assign(x=np.exp(x) if log else x)


def _claim_line(panel: Axes, line: pd.DataFrame, mark: Mark, joined: bool) -> None:
    arms = np.abs(line[["low", "high"]].to_numpy().T - line["value"].to_numpy())
    panel.errorbar(
        line["x"],
        line["value"],
        yerr=np.nan_to_num(arms),
        color=mark.colour,
        marker=mark.marker,
        markersize=5,
        elinewidth=0.9,
        linewidth=1.4,
        linestyle="-" if joined else "none",
    )


def _claim_axes(panel: Axes, frame: pd.DataFrame, x_label: str, log_x: bool, log_y: bool) -> None:
    if x_label:
        panel.set_xlabel(x_label)
        if log_x and bool((frame["x"] > 0).all()):
            panel.set_xscale("log")
            panel.xaxis.set_major_formatter(FuncFormatter(_formatted(number)))
    else:
        panel.set_xlabel("regime")
    statistic = frame["statistic"].iloc[0]
    share = statistic == "probability"
    if log_y and statistic == "median" and bool((frame["value"] > 0).all()):
        panel.set_yscale("log")
    elif bool((frame["value"] >= 0).all()):
        panel.set_ylim(bottom=0)
    panel.yaxis.set_major_formatter(FuncFormatter(_formatted(percent if share else number)))
