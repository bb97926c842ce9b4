"""The lineage tree of one replicate: bases, derivatives and their forms, over the years."""

from __future__ import annotations

import math
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator

from enough_fingers.canvas import NARROW, WIDE, described, figure_of, finish, footer_height
from enough_fingers.contents import records
from enough_fingers.lineage import Family, family
from enough_fingers.load import NONE, Run
from enough_fingers.style import INK, PAPER, RC, Mark, marks

_ROW = 0.115
# Lines of derivatives: softer than those of bases.
_SOFT = "#6b6b6b"


def lineage_tree(
    data: Run | Family, regime: str = "", *, replicate: int = -1, most: int = 60, columns: int = 2
) -> Figure:
    """Who was made from what: one row a model, one tree a base, time across.

    A base's line runs from its first day until its maker withdraws it or the run ends; a derivative
    hangs from its parent's line on the day it came out. Marks say how far out a base is, from that
    day on; a derivative is always as far out as its base.

    Args:
        data: A run that records models (`"output": {"models": true}`), or `lineage.family` of one.
        regime: Of a run: which regime; the last of the design when not given.
        replicate: Of a run: which replicate; the first when not given.
        most: Of a run: at most so many models, the largest families first.
        columns: 2 for a page, 1 for a phone.

    Returns:
        The figure.
    """
    tree = family(data, regime, replicate=replicate, most=most) if isinstance(data, Run) else data
    rows = records(tree.models)
    drawn = marks(list(tree.forms))
    wide = columns > 1
    width = WIDE if wide else NARROW
    hidden = tree.n_models - len(rows)
    footer = (
        f"One replicate (number {tree.replicate}) of {tree.regime}: {tree.n_models} models, "
        f"{tree.n_bases} of them bases. "
    )
    footer += f"The {hidden} models of smaller families are left out. " if hidden else ""
    footer += "A story of chance, not an estimate: other replicates have other families."
    under = footer_height(footer, width)
    legend_rows = math.ceil((len(_forms(tree)) + 3) / (4 if wide else 2))
    below = under + 0.19 * legend_rows + 0.12
    with mpl.rc_context({**RC, "axes.grid": False}):
        height = max(2.0, _ROW * len(rows) + 0.6) + below
        figure = figure_of(width, height, below)
        panel = figure.subplots()
        for row in rows:
            _model(panel, row, rows, drawn, tree)
        for change in records(tree.changes):
            _form(panel, float(change["time"]), change["row"], drawn[change["form"]], 5.0)
        panel.set_ylim(len(rows) - 0.3, -1.0)
        first = min(row["release_year"] for row in rows)
        panel.set_xlim(first - 0.1, tree.last_year + 0.1)
        panel.xaxis.set_major_locator(MaxNLocator(8 if wide else 5, integer=True))
        panel.xaxis.set_major_formatter(FuncFormatter(lambda year, _: f"{year:g}"))
        panel.grid(axis="x")
        panel.set_axisbelow(True)
        _makers(panel, rows, wide)
        panel.set_title(f"Families of models under {tree.regime}" if wide else
                        f"Families of models:\n{tree.regime}")  # fmt: skip
        figure.legend(handles=_legend(tree, drawn), loc="lower center", fontsize=7.5,
                      ncols=4 if wide else 2, handletextpad=0.4,
                      bbox_to_anchor=(0.5, under / height))  # fmt: skip
        finish(figure, footer)
    return described(figure, _describe(tree))


def _forms(tree: Family) -> list[str]:
    """The forms that occur, from least to most open."""
    there = set(tree.models["form"]) | set(tree.changes["form"])
    return [form for form in tree.forms if form in there]


def _model(panel: Axes, row: dict[str, Any], rows: list[dict[str, Any]], drawn: dict[str, Mark],
           tree: Family) -> None:  # fmt: skip
    base = row["parent"] == NONE
    spot, born = row["row"], float(row["release_year"])
    children = [float(each["release_year"]) for each in rows if each["parent"] == row["model"]]
    end = float(row["until"]) if base else max(children, default=born)
    panel.plot([born, end], [spot, spot], color=INK if base else _SOFT,
               linewidth=1.1 if base else 0.9, zorder=2, solid_capstyle="butt")  # fmt: skip
    if not base:
        parent = next((each["row"] for each in rows if each["model"] == row["parent"]), spot)
        panel.plot([born, born], [parent, spot], color=_SOFT, linewidth=0.7, zorder=1)
    mark = drawn[_form_at(tree, row, born)]
    _form(panel, born, spot, mark, 5.0 if base else 3.2)
    if not math.isnan(float(row["withdrawn_at"])):
        panel.plot(float(row["withdrawn_at"]), spot, marker="|", markersize=7, color=INK, zorder=4)
    if not math.isnan(float(row["leaked_at"])):
        panel.plot(float(row["leaked_at"]), spot, marker="x", markersize=5, color=INK, zorder=5)


def _form_at(tree: Family, row: dict[str, Any], time: float) -> str:
    """How far out a model is: as its base is on that day."""
    root = tree.models.loc[tree.models["model"] == row["root"], "form"]
    form = str(root.iloc[0]) if len(root) else str(row["form"])
    later = tree.changes[(tree.changes["model"] == row["root"]) & (tree.changes["time"] <= time)]
    return str(later["form"].iloc[-1]) if len(later) else form


def _form(panel: Axes, time: float, spot: float, mark: Mark, size: float) -> None:
    panel.plot(time, spot, marker=mark.marker, markersize=size, color=mark.colour,
               markeredgecolor=PAPER, markeredgewidth=0.4, zorder=3)  # fmt: skip


def _makers(panel: Axes, rows: list[dict[str, Any]], wide: bool) -> None:
    """Beside each base who made it; where bases stand close, only as many as can be read."""
    bases = [row for row in rows if row["parent"] == NONE]
    ticks, labels, last = [], [], -math.inf
    for row in bases:
        if (row["row"] - last) * _ROW < 0.1:
            continue
        last = row["row"]
        ticks.append(row["row"])
        maker = str(row["maker"])
        labels.append(f"{maker} {row['agent']}" if wide else f"{maker[:12]} {row['agent']}")
    panel.set_yticks(ticks, labels, fontsize=6.5)
    panel.tick_params(axis="y", length=0)
    panel.spines["left"].set_visible(False)


def _legend(tree: Family, drawn: dict[str, Mark]) -> list[Line2D]:
    handles = [
        Line2D([], [], color=drawn[form].colour, marker=drawn[form].marker, linestyle="none",
               markersize=5, label=form.replace("_", " "))
        for form in _forms(tree)
    ]  # fmt: skip
    handles.append(Line2D([], [], color=INK, linewidth=1.1, label="base"))
    handles.append(Line2D([], [], color=_SOFT, marker="o", markersize=3, label="derivative"))
    if bool(np.isfinite(tree.models["withdrawn_at"].to_numpy(dtype=np.float64)).any()):
        handles.append(Line2D([], [], color=INK, marker="|", linestyle="none", label="withdrawn"))
    if bool(np.isfinite(tree.models["leaked_at"].to_numpy(dtype=np.float64)).any()):
        handles.append(Line2D([], [], color=INK, marker="x", linestyle="none", label="leaked"))
    return handles


def _describe(tree: Family) -> str:
    bases: pd.DataFrame = tree.models[tree.models["parent"] == NONE]
    sizes = tree.models.groupby("root").size()
    return (
        f"{len(bases)} trees of {len(tree.models)} models over the years "
        f"{tree.models['release_year'].min():.1f} to {tree.last_year:.1f}, in replicate "
        f"{tree.replicate} of {tree.regime}. The largest family has {int(sizes.max())} members; "
        f"the longest line of descent {int(tree.models['generation'].max())} steps from its base. "
        f"Forms: {', '.join(form.replace('_', ' ') for form in _forms(tree))}."
    )
