"""What all figures share: an empty figure with room below it, its footer, legend and alt text."""

from __future__ import annotations

import math
import re
import textwrap
from collections.abc import Callable

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter

from enough_fingers.style import Mark
from enough_fingers.wording import number

CHANCE_ONLY = "Intervals: 95 %, chance only, not belief"
#: Inches across, for a page and for a phone.
WIDE, NARROW = 8.6, 4.3
# Inches that a character of a footer takes, on average.
_CHARACTER = 0.059
# Where parameters of mechanisms stand; left out of their names in figures.
_PREFIX = "/mechanisms/"


def figure_of(width: float, height: float, below: float) -> Figure:
    """An empty figure [inches] with a strip below the panels free for legend and footer."""
    share = below / height
    layout = ConstrainedLayoutEngine(rect=(0, share, 1, 1 - share))
    return Figure(figsize=(width, height), layout=layout)


def footer_lines(footer: str, width: float) -> list[str]:
    """A footer in lines that fit a figure so many inches wide."""
    fits = int((width - 0.15) / _CHARACTER)
    return [line for part in footer.split("\n") for line in textwrap.wrap(part, fits)]


def footer_height(footer: str, width: float) -> float:
    """Inches that a footer takes in a figure so many inches wide."""
    return 0.12 + 0.135 * len(footer_lines(footer, width))


def finish(figure: Figure, footer: str) -> None:
    """Writes the footer and settles the layout once, not anew for every file."""
    lines = "\n".join(footer_lines(footer, figure.get_figwidth()))
    figure.text(0.01, 0.04 / figure.get_figheight(), lines, fontsize=7.5, ha="left", va="bottom")
    figure.draw_without_rendering()
    figure.set_layout_engine(None)


def regime_legend(
    figure: Figure, drawn: dict[str, Mark], columns: int, above: float = 0.35
) -> None:
    """Regimes by number, mark and name, in the strip below the panels.

    Args:
        figure: The figure.
        drawn: Marks by regime.
        columns: Of the legend.
        above: Inches that the footer below it takes.
    """
    handles = [
        Line2D([], [], color=mark.colour, marker=mark.marker, linestyle="none", markersize=5.5,
               label=f"{mark.number}  {regime}")
        for regime, mark in drawn.items()
    ]  # fmt: skip
    figure.legend(
        handles=handles,
        loc="lower center",
        bbox_to_anchor=(0.5, above / figure.get_figheight()),
        ncols=columns,
        fontsize=8,
        handletextpad=0.3,
        labelspacing=0.45,
    )


def replicates_footer(n: pd.Series[int]) -> str:
    """How many replicates a figure of regimes rests on, and what its intervals are."""
    low, high = int(n.min()), int(n.max())
    count = f"{low}" if low == high else f"{low} to {high}"
    return f"n = {count} replicates a regime. {CHANCE_ONLY}"


def described(figure: Figure, words: str) -> Figure:
    """Gives a figure its alternative text, which `alt_text` hands out again."""
    figure.set_label(words)
    return figure


def alt_text(figure: Figure) -> str:
    """What a reader who cannot see a figure should know; empty where none was set."""
    return str(figure.get_label())


def factor_label(pointer: str, units: str = "", width: int = 0) -> str:
    """A parameter's name for an axis: its pointer without /mechanisms/, and its unit.

    Args:
        pointer: JSON pointer.
        units: Its unit; left out where it is a pure number.
        width: Characters in a line, broken behind strokes and underscores; 0 for one line.
    """
    name = pointer.removeprefix(_PREFIX)
    name = name if name != pointer or pointer == "dummy" else pointer.removeprefix("/")
    if width:
        name = "\n".join(_broken(name, width))
    return name if units in ("", "1", "-") else f"{name} [{units}]"


def _broken(name: str, width: int) -> list[str]:
    """A pointer in lines: broken behind strokes, and within a part too long behind underscores."""
    parts = [part for piece in re.findall(r"[^/]+/?", name) for part in (
        [piece] if len(piece) <= width else re.findall(r"[^_]+_?", piece))]  # fmt: skip
    lines = [""]
    for part in parts:
        if lines[-1] and len(lines[-1]) + len(part) > width:
            lines.append("")
        lines[-1] += part
    return lines


def shown_as(show: Callable[[float], str] = number) -> FuncFormatter:
    """A formatter of ticks from a function of a number."""
    return FuncFormatter(lambda value, _: show(float(value)))


def spread_apart(
    places: np.ndarray[tuple[int], np.dtype[np.float64]], gap: float
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Moves sorted places apart to at least a gap, centred on where they were."""
    moved = places.copy()
    for place in range(1, moved.size):
        moved[place] = max(moved[place], moved[place - 1] + gap)
    return moved - float(np.mean(moved - places)) if moved.size else moved


def counted(numbers: pd.Series[int], what: str) -> str:
    """How many: "n = 40 worlds", or "n = 38 to 40 worlds" where it differs."""
    low, high = int(numbers.min()), int(numbers.max())
    return f"n = {low} {what}" if low == high else f"n = {low} to {high} {what}"


def rows_of(n: int, columns: int) -> int:
    """Rows of panels for n panels in so many columns."""
    return math.ceil(n / max(1, columns))
