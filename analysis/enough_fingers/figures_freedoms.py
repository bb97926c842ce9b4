"""The figure of freedoms: granted, possible and exercisable beside each other."""

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

from enough_fingers.canvas import CHANCE_ONLY, figure_of, finish
from enough_fingers.figures_panels import counted, wrapped_footer
from enough_fingers.figures_plane import FREEDOMS
from enough_fingers.freedoms import STAGES
from enough_fingers.style import FAINT, INK, RC, marks

#: Marker, size and whether it is filled, of each stage.
_MARKS: Mapping[str, tuple[str, float, bool]] = {
    "granted": ("s", 6.0, False),
    "possible": ("D", 4.8, False),
    "exercisable": ("o", 5.5, True),
}
# Inches that one regime takes.
_ROW = 0.2


def freedom_triads(table: pd.DataFrame, *, columns: int = 3) -> Figure:
    """Each freedom's three shares: one panel a freedom, one line a regime; nothing is merged.

    Args:
        table: `freedoms.triads`.
        columns: Panels beside each other: 3 for a page, 1 for a phone.

    Returns:
        The figure.
    """
    freedoms = list(dict.fromkeys(table["freedom"]))
    regimes = list(dict.fromkeys(table["regime"]))
    columns = min(columns, len(freedoms))
    rows = math.ceil(len(freedoms) / columns)
    width = 8.6 if columns > 1 else 4.4
    footer = wrapped_footer(
        f"{counted(table)}, mean over the run. {CHANCE_ONLY}; where there is none, all replicates "
        "are equal. Granted: by the best licence in reach. Possible: by the artefacts in reach. "
        "Exercisable: by developers who may, can and can pay.",
        width,
    )
    below = 0.14 * (footer.count("\n") + 1) + 0.45
    own = max(0.9, _ROW * len(regimes) + 0.5)
    with mpl.rc_context({**RC, "axes.spines.left": False}):
        figure = figure_of(width, rows * own + below + 0.25, below)
        axes = list(figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False).flat)
        for panel, freedom in zip(axes, freedoms, strict=False):
            panel.set_title(_title(freedom), fontsize=8.5)
            _panel(panel, table[table["freedom"] == freedom], regimes)
        for panel in axes[len(freedoms) :]:
            panel.set_visible(False)
        for panel in axes[max(0, len(freedoms) - columns) : len(freedoms)]:
            panel.tick_params(labelbottom=True)
            panel.set_xlabel("share, mean over the run", fontsize=8)
        handles = [
            Line2D([], [], color=INK, marker=marker, markersize=size, linestyle="none",
                   markerfacecolor=INK if filled else "none", label=stage)
            for stage, (marker, size, filled) in _MARKS.items()
        ]  # fmt: skip
        at = (below - 0.32) / float(figure.get_figheight())
        figure.legend(handles=handles, loc="lower center", bbox_to_anchor=(0.5, at), ncols=3,
                      fontsize=8, handletextpad=0.3)  # fmt: skip
        finish(figure, footer)
    return figure


def _title(freedom: str) -> str:
    return FREEDOMS.get(freedom, f"Freedom {freedom}").replace(": ", ":\n")


def _panel(panel: Axes, table: pd.DataFrame, regimes: list[str]) -> None:
    drawn = marks(regimes)
    for place, regime in enumerate(regimes):
        own = table[(table["regime"] == regime) & table["value"].notna()]
        if own.empty:
            continue
        panel.plot([own["value"].min(), own["value"].max()], [place, place], color=FAINT,
                   linewidth=2.2, solid_capstyle="round", zorder=1)  # fmt: skip
        for row in own.to_dict("records"):
            _mark(panel, {str(name): value for name, value in row.items()}, place,
                  drawn[regime].colour)  # fmt: skip
    panel.set_xlim(-0.05, 1.05)
    panel.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0", "0.25", "0.5", "0.75", "1"])
    panel.set_ylim(len(regimes) - 0.4, -0.6)
    names = [f"{drawn[regime].number}  {regime}" for regime in regimes]
    panel.set_yticks(np.arange(len(regimes)), names, fontsize=7.5)
    panel.tick_params(axis="y", length=0)
    panel.grid(visible=False, axis="y")


def _mark(panel: Axes, row: Mapping[str, Any], place: int, colour: str) -> None:
    marker, size, filled = _MARKS[row["stage"]]
    if not math.isnan(row["low"]):
        panel.plot([row["low"], row["high"]], [place, place], color=colour, linewidth=1.1, zorder=2)
    panel.plot([row["value"]], [place], color=colour, marker=marker, markersize=size,
               linestyle="none", markerfacecolor=colour if filled else "none",
               markeredgewidth=1.2, zorder=3)  # fmt: skip


def describe_triads(table: pd.DataFrame) -> str:
    """Alternative text of `freedom_triads`."""
    freedoms = list(dict.fromkeys(table["freedom"]))
    parts = []
    for freedom in freedoms:
        own = table[table["freedom"] == freedom]
        ranges = []
        for stage in STAGES:
            values = own.loc[own["stage"] == stage, "value"]
            if len(values):
                ranges.append(f"{stage} from {values.min():.0%} to {values.max():.0%}")
        parts.append(f"freedom {freedom}: {', '.join(ranges)}")
    return (
        f"{len(freedoms)} panels, one for each freedom, with a row for each of "
        f"{table['regime'].nunique()} regimes and on it a square for the share granted, a diamond "
        f"for what is possible and a dot for what can be exercised. Over regimes, "
        f"{'; '.join(parts)}."
    )
