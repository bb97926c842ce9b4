"""Small multiples: one panel a regime, the others in grey behind it."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, FuncFormatter, LogLocator, NullFormatter, NullLocator

from enough_fingers.canvas import figure_of, finish, footer_lines
from enough_fingers.distributions import Floats
from enough_fingers.style import FAINT, INK, Mark, marks, wrapped
from enough_fingers.wording import number

#: Width and height of one panel, in inches.
WIDTH, HEIGHT = 2.15, 1.95


@dataclass(frozen=True)
class Panels:
    """A figure of one panel a regime, which share their axes.

    Attributes:
        figure: The figure, with room below for a footer.
        of: The panels by regime.
        drawn: How each regime is drawn.
        columns: Panels beside each other.
        footer: What stands below, in lines that fit.
        room: Inches above the footer that are kept for a legend.
    """

    figure: Figure
    of: Mapping[str, Axes]
    drawn: Mapping[str, Mark]
    columns: int
    footer: str
    room: float = 0.0

    @property
    def first(self) -> Axes:
        """The panel whose scales all share."""
        return next(iter(self.of.values()))

    def finish(self, x: str, y: str) -> Figure:
        """Names the axes, writes the footer, and settles the layout.

        Args:
            x: Below the last panel of each column.
            y: Once, beside all rows.

        Returns:
            The figure.
        """
        for panel in list(self.of.values())[-self.columns :]:
            panel.set_xlabel(x, fontsize=8)
        height = float(self.figure.get_figheight())
        below = _below(self.footer) + self.room
        words = "\n".join(textwrap.wrap(y, max(20, round((height - below) * 12.5))))
        self.figure.supylabel(words, fontsize=9, y=(1 + below / height) / 2, linespacing=1.1)
        finish(self.figure, self.footer)
        return self.figure

    def legend(self, handles: list[Line2D]) -> None:
        """Puts a legend into the room that was kept for it."""
        self.figure.legend(
            handles=handles,
            loc="lower center",
            bbox_to_anchor=(0.5, _below(self.footer) / float(self.figure.get_figheight())),
            ncols=len(handles),
            fontsize=8,
        )


def panels_of(
    regimes: Sequence[str],
    columns: int,
    footer: str,
    *,
    height: float = HEIGHT,
    legend: bool = False,
) -> Panels:
    """Lays out one panel a regime; needs the rc context of `style.RC` around it.

    Args:
        regimes: Names, in order.
        columns: Panels beside each other, at most.
        footer: What is to stand below.
        height: Of a panel, in inches.
        legend: Whether room is kept for a legend of one line.

    Returns:
        The panels; of three regimes or fewer larger ones.
    """
    few = len(regimes) <= 3
    columns = min(columns, max(1, len(regimes))) if columns > 2 or not few else 1
    width = 4.2 if columns == 1 else 2.85 if few else WIDTH
    height += 0.25 * few
    rows = math.ceil(len(regimes) / columns)
    lines = wrapped_footer(footer, width * columns)
    room = 0.3 if legend else 0.0
    below = _below(lines) + room
    figure = figure_of(width * columns, height * rows + below + 0.2, below)
    axes = list(figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False).flat)
    drawn = marks(list(regimes))
    for panel in axes[len(regimes) :]:
        panel.set_visible(False)
    for place in range(max(0, len(regimes) - columns), len(regimes)):
        axes[place].tick_params(labelbottom=True)
    for regime, panel in zip(regimes, axes, strict=False):
        title = wrapped(f"{drawn[regime].number}  {regime}", round(width * 12))
        panel.set_title(title, fontsize=8.5)
    return Panels(figure, dict(zip(regimes, axes, strict=False)), drawn, columns, lines, room)


def _below(lines: str) -> float:
    """Inches that a footer of so many lines takes."""
    return 0.14 * (lines.count("\n") + 1) + 0.12


def wrapped_footer(footer: str, width: float) -> str:
    """A footer in lines that fit a figure of so many inches; line breaks of its own stay."""
    return "\n".join(footer_lines(footer, width))


def behind(panel: Axes, lines: Sequence[Floats], *, steps: bool = False) -> None:
    """Draws the lines of the other regimes in grey.

    Args:
        panel: Where.
        lines: Each [n_points, 2].
        steps: Whether values hold until the next point.
    """
    if steps:
        lines = [stepped(line) for line in lines]
    panel.add_collection(LineCollection(lines, colors=FAINT, linewidths=0.7, zorder=1))


def stepped(line: Floats) -> Floats:
    """Points [n, 2] as the corners of stairs."""
    x = np.repeat(line[:, 0], 2)[1:]
    y = np.repeat(line[:, 1], 2)[:-1]
    return np.column_stack([x, y])


def points_of(table: pd.DataFrame, x: str, y: str = "value") -> Floats:
    """Two columns of a table as points [n, 2], without those that are not finite."""
    points = table[[x, y]].to_numpy(dtype=np.float64)
    return np.asarray(points[np.isfinite(points).all(axis=1)])


def others(table: pd.DataFrame, regime: str, x: str, y: str = "value") -> list[Floats]:
    """The lines of all regimes but one."""
    return [
        points_of(line, x, y)
        for other, line in table.groupby("regime", sort=False, observed=True)
        if other != regime
    ]


def note(panel: Axes, words: str, *, x: float = 0.03, y: float = 0.96) -> None:
    """Writes a line or two into a panel: at the top left unless said."""
    panel.text(
        x,
        y,
        words,
        transform=panel.transAxes,
        fontsize=7.5,
        color=INK,
        ha="left" if x < 0.5 else "right",
        va="top" if y > 0.5 else "bottom",
        linespacing=1.25,
    )


def decades(panel: Axes, axis: str, low: float, high: float, most: int = 5) -> None:
    """A logarithmic axis from `low` to `high` with at most so many labels, all of them readable."""
    getattr(panel, f"set_{axis}scale")("log")
    getattr(panel, f"set_{axis}lim")(low, high)
    own = getattr(panel, f"{axis}axis")
    first, last = math.ceil(math.log10(low) - 1e-9), math.floor(math.log10(high) + 1e-9)
    if last - first >= 1:
        step = math.ceil((last - first + 1) / most)
        own.set_major_locator(FixedLocator([10.0**power for power in range(first, last + 1, step)]))
    else:
        own.set_major_locator(LogLocator(subs=(1, 2, 5), numticks=12))
    own.set_minor_locator(NullLocator())
    own.set_minor_formatter(NullFormatter())
    own.set_major_formatter(FuncFormatter(lambda value, _: short(value)))


def short(value: float) -> str:
    """A round number on an axis: 0.01, 5, 20k, 3M, 10⁻⁶."""
    if value >= 1e9 or 0 < value < 1e-3:
        return number(value).removeprefix("1×")
    for size, unit in ((1e6, "M"), (1e3, "k")):
        if value >= size:
            return f"{value / size:g}{unit}"
    return f"{value:g}"


def counted(table: pd.DataFrame, what: str = "replicates") -> str:
    """How many replicates a table's rows rest on, for a footer."""
    low, high = int(table["n"].min()), int(table["n"].max())
    return f"n = {low if low == high else f'{low} to {high}'} {what} a regime"
