"""Figures of who could have known: curves of what is seen, traced and fixed."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, FuncFormatter, PercentFormatter

from enough_fingers.canvas import CHANCE_ONLY
from enough_fingers.figures_panels import Panels, behind, counted, others, panels_of, points_of
from enough_fingers.style import INK, RC

_STYLES: tuple[Any, ...] = ("-", (0, (4, 1.5)), (0, (1, 1.2)))
_WORDS = {
    "seen": "seen",
    "attributed": "traced to its cause",
    "fixed": "fixed",
}
_SINCE = {
    "beginning": "the first user",
    "seen": "the day it was seen",
    "attributed": "the day it was traced",
}


def detection_curves(tables: Mapping[str, pd.DataFrame], *, columns: int = 4) -> Figure:
    """Shares seen and traced by so many months after the beginning: one panel a regime.

    Args:
        tables: By what the lines are called ("seen", "traced to its cause"), up to three: rows of
            `detection.shares_by_time` of one kind of event, at many months.
        columns: Panels beside each other: 4 for a page, 2 for a phone.

    Returns:
        The figure; the first line of the other regimes in grey.
    """
    return _curves(tables, "months after the first user", columns)


def patch_curves(tables: Mapping[str, pd.DataFrame], *, columns: int = 4) -> Figure:
    """Shares of flaws that are fixed by so many months: one panel a regime.

    Args:
        tables: By what the lines are called, up to three, such as from different beginnings
            ("since its first user", "since it was seen"): rows of `detection.shares_by_time` of
            "fixed" and one kind of event, at many months.
        columns: Panels beside each other: 4 for a page, 2 for a phone.

    Returns:
        The figure; the first line of the other regimes in grey.
    """
    return _curves(tables, "months", columns)


def _curves(tables: Mapping[str, pd.DataFrame], x: str, columns: int) -> Figure:
    first = next(iter(tables.values()))
    regimes = list(dict.fromkeys(first["regime"]))
    kinds = list(dict.fromkeys(first["kind"])) if "kind" in first else []
    if len(kinds) > 1:
        raise ValueError(f"one kind of event at a time; here are {', '.join(kinds)}")
    events = first.groupby("regime")["events"].first()
    what = " and ".join(dict.fromkeys(_WORDS[table["what"].iloc[0]] for table in tables.values()))
    footer = (
        f"{counted(first)}, {events.min():,} to {events.max():,} events on the first line. Kaplan "
        f"and Meier's estimate, with those still open when runs end censored. {CHANCE_ONLY}, "
        "pointwise, drawn by replicate. Grey: the others' first line."
    )
    with mpl.rc_context(RC):
        panels = panels_of(regimes, columns, footer, legend=len(tables) > 1)
        for regime, panel in panels.of.items():
            colour = panels.drawn[regime].colour
            behind(panel, others(first, regime, "months"))
            for style, table in zip(_STYLES, tables.values(), strict=False):
                own = table[table["regime"] == regime]
                panel.fill_between(own["months"], own["low"], own["high"], color=colour,
                                   alpha=0.22, linewidth=0)  # fmt: skip
                line = points_of(own, "months")
                panel.plot(line[:, 0], line[:, 1], color=colour, linewidth=1.5, linestyle=style)
        _scales(panels, pd.concat(list(tables.values())))
        if len(tables) > 1:
            panels.legend(
                [Line2D([], [], color=INK, linewidth=1.5, linestyle=style, label=name)
                 for style, name in zip(_STYLES, tables, strict=False)]
            )  # fmt: skip
        of = f" of {kinds[0].replace('_', ' ')} events" if kinds else " of events"
        return panels.finish(x, f"share{of} {what} by then")


def _scales(panels: Panels, table: pd.DataFrame) -> None:
    months = float(table["months"].max())
    top = float(np.nanmax(table[["value", "high"]].to_numpy(dtype=np.float64), initial=0.05))
    panels.first.set_ylim(0, min(1.0, 1.08 * top))
    panels.first.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    panels.first.set_xlim(0, months)
    step = next((size for size in (1, 3, 6, 12, 24, 36) if months / size <= 5.5), 60)
    panels.first.xaxis.set_major_locator(FixedLocator(np.arange(0, months + 1, step).tolist()))
    panels.first.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))


def describe_curves(tables: Mapping[str, pd.DataFrame]) -> str:
    """Alternative text of `detection_curves` and `patch_curves`."""
    first = next(iter(tables.values()))
    regimes = list(dict.fromkeys(first["regime"]))
    parts = []
    for name, table in tables.items():
        ends = []
        for regime in regimes:
            own = table[(table["regime"] == regime) & table["value"].notna()]
            if len(own):
                ends.append(f"{regime} {own.iloc[-1]['value']:.0%}")
        since = _SINCE[table["since"].iloc[0]]
        last = table.loc[table["value"].notna(), "months"].max()
        if not math.isnan(last):
            parts.append(f"{name}, {last:g} months after {since}: {', '.join(ends)}")
    return (
        f"{len(regimes)} panels, one for each regime, with {len(tables)} rising line(s) and bands. "
        f"In the end, {'; '.join(parts)}."
    )
