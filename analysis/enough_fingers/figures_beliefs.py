"""A heat map of how regimes differ from a reference along a belief, and where they break even."""

from __future__ import annotations

import math
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from enough_fingers.along_beliefs import along_factor, along_value_of_a_catastrophe
from enough_fingers.canvas import (
    NARROW,
    WIDE,
    counted,
    described,
    factor_label,
    figure_of,
    finish,
    footer_height,
)
from enough_fingers.contents import records
from enough_fingers.load import Run
from enough_fingers.style import INK, PAPER, RC, marks, wrapped
from enough_fingers.tables_rules import measure_title
from enough_fingers.wording import number, points

_ROW = 0.3
# Least and largest strength of a cell's colour.
_PALE, _STRONG = 0.08, 0.75


def heat_map(
    data: Run | pd.DataFrame, belief: str = "", outcome: str = "harm_musd", *, reference: str = "",
    columns: int = 2,
) -> Figure:  # fmt: skip
    """Regimes by values of a belief: each cell a difference from a reference, with the break-even.

    Args:
        data: A run, or the rows of `along_beliefs.along_factor` or `along_value_of_a_catastrophe`.
        belief: Of a run: JSON pointer of a factor; "" for what one catastrophe counts for, M$.
        outcome: Of a run: which outcome, along a factor.
        reference: Of a run: a regime; the first when not given.
        columns: 2 for a page, 1 for a phone (then without numbers in the cells).

    Returns:
        The figure.
    """
    table = data
    if isinstance(data, Run):
        reference = reference or data.regimes[0]
        table = (
            along_factor(data, belief, outcome, reference)
            if belief
            else along_value_of_a_catastrophe(data, reference)
        )
    assert isinstance(table, pd.DataFrame)
    regimes = list(dict.fromkeys(table["regime"]))
    rows = records(table)
    first, wide = rows[0], columns > 1
    at = sorted({row["at"] for row in rows})
    footer = (
        f"{counted(table['n'], first['unit'] + 's a cell, paired')}. Hatched: chance could turn "
        "the sign (95 %). Diamond: break-even, with its interval by chance; a row without one has "
        "none in this range, or several"
    )
    width = WIDE if wide else NARROW
    under = footer_height(footer, width)
    below = under + (0.3 if wide else 0.65)
    with mpl.rc_context({**RC, "axes.grid": False, "hatch.linewidth": 0.5}):
        height = _ROW * len(regimes) + 1.5 + below
        figure = figure_of(width, height, below)
        panel = figure.subplots()
        more, less = (marks(["less", "more"])[name].colour for name in ("more", "less"))
        share = first["units"] == "share"
        for row in rows:
            place = (at.index(row["at"]), regimes.index(row["regime"]))
            _cell(panel, row, place, _strength(row["value"], table), (more, less), wide, share)
        for regime in regimes:
            own = next(row for row in rows if row["regime"] == regime)
            _break_even(panel, own, at, regimes.index(regime))
        _axes(panel, first, at, regimes, wide)
        handles = [
            Patch(facecolor=more, alpha=0.6, label=f"more than {first['reference']}"),
            Patch(facecolor=less, alpha=0.6, label=f"less than {first['reference']}"),
            Line2D([], [], marker="D", color=INK, markerfacecolor=PAPER, label="break-even"),
        ]
        figure.legend(handles=handles, loc="lower center", ncols=3 if wide else 1, fontsize=7.5,
                      bbox_to_anchor=(0.5, under / height))  # fmt: skip
        finish(figure, footer)
    return described(figure, _describe(rows, regimes, at))


def _strength(value: float, table: pd.DataFrame) -> float:
    """How strong a cell's colour is: by the logarithm of its size, over four orders."""
    largest = float(table["value"].abs().max())
    if math.isnan(value) or value == 0 or largest == 0:
        return 0.0
    ratio = math.log10(max(1e-4, abs(value) / largest))
    return _PALE + (_STRONG - _PALE) * (1 + ratio / 4)


def _cell(
    panel: Axes, row: dict[str, Any], place: tuple[int, int], strength: float,
    colours: tuple[str, str], wide: bool, share: bool,
) -> None:  # fmt: skip
    x, y = place
    corner = (x - 0.5, y - 0.46)
    face = colours[0] if row["value"] > 0 else colours[1]
    if strength:
        panel.add_patch(Rectangle(corner, 1, 0.92, facecolor=face, alpha=strength, linewidth=0))
    if not row["told_apart"]:
        panel.add_patch(
            Rectangle(corner, 1, 0.92, fill=False, edgecolor=INK, alpha=0.35, hatch="///",
                      linewidth=0)
        )  # fmt: skip
    if wide and not math.isnan(row["value"]):
        text = points(row["value"]) if share else _signed(row["value"])
        panel.text(x, y + 0.14, text, fontsize=6.5, ha="center", va="center")


def _signed(value: float) -> str:
    return f"+{number(value)}" if value > 0 else number(value)


def _break_even(panel: Axes, row: dict[str, Any], at: list[float], spot: int) -> None:
    """The break-even of a regime, above the numbers of its row, with what chance allows."""
    even = row["break_even"]
    if math.isnan(even):
        return
    height = spot - 0.24
    low, high = row["break_even_low"], row["break_even_high"]
    ends = [_column(low if not math.isnan(low) else even, at),
            _column(high if not math.isnan(high) else even, at)]  # fmt: skip
    panel.plot(ends, [height, height], color=INK, linewidth=1.4, zorder=3, solid_capstyle="butt")
    if at[0] <= even <= at[-1]:
        panel.plot(_column(even, at), height, marker="D", markersize=4.5, color=INK,
                   markerfacecolor=PAPER, zorder=4)  # fmt: skip


def _column(value: float, at: list[float]) -> float:
    """Where a value of the belief lies among the columns, held to them."""
    low, high = -0.5, len(at) - 0.5
    if value <= at[0]:
        return low if value < at[0] else 0.0
    if value >= at[-1]:
        return high if value > at[-1] else len(at) - 1.0
    log = at[0] > 0 and at[-1] > 100 * at[0]
    places = np.log(at) if log else np.asarray(at)
    return float(np.interp(math.log(value) if log else value, places, range(len(at))))


def _axes(
    panel: Axes, first: dict[str, Any], at: list[float], regimes: list[str], wide: bool
) -> None:
    # Numbers as in figures of all regimes, where the reference has one too.
    labels = [regime if wide else wrapped(regime, 17) for regime in regimes]
    panel.set_yticks(range(len(regimes)), labels, fontsize=7.5 if wide else 6.5)
    panel.set_xticks(range(len(at)), [number(value) for value in at], fontsize=7.5)
    if not wide:
        panel.tick_params(axis="x", labelrotation=60)
    panel.set_xlim(-0.5, len(at) - 0.5)
    panel.set_ylim(len(regimes) - 0.5, -0.5)
    panel.tick_params(length=0)
    for side in ("left", "bottom"):
        panel.spines[side].set_visible(False)
    belief = first["belief"]
    name = factor_label(belief, first["belief_units"], 0 if wide else 24) if (
        belief.startswith("/")) else f"{belief} [{first['belief_units']}]"  # fmt: skip
    panel.set_xlabel(name)
    units = "percentage points" if first["units"] == "share" else first["units"]
    name = str(first["outcome"])
    name = measure_title(name).removesuffix(" (M$)") if "_" in name else name.capitalize()
    head = f"{name}, less that of {first['reference']} [{units}]"
    panel.set_title(wrapped(f"{head}: {first['statistic']}", 84 if wide else 36))


def _describe(rows: list[dict[str, Any]], regimes: list[str], at: list[float]) -> str:
    first = rows[0]
    evens = {row["regime"]: row["break_even"] for row in rows}
    said = [
        f"{regime} at {number(value)} {first['belief_units']}"
        for regime, value in evens.items()
        if not math.isnan(value)
    ]
    words = (
        f"A grid of {len(regimes)} regimes by {len(at)} values of {first['belief']}, from "
        f"{number(at[0])} to {number(at[-1])}. Each cell: {first['outcome']}, "
        f"{first['statistic']}, less that of {first['reference']}. "
    )
    return words + (f"Break-even: {'; '.join(said)}." if said else "No regime breaks even here.")
