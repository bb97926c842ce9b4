"""From numbers to matplotlib figures: one function each, all of them to be had from here.

Each takes a run, or the table that a function of measures gives, and hands out a `Figure`, whose
`savefig` writes PNG, SVG or PDF and for which `alt_text` has words. Every figure names its units,
how many replicates or worlds it rests on, and what its intervals are. None merges measures into one
axis, and none marks a best regime.
"""

from __future__ import annotations

import math

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator, PercentFormatter

from enough_fingers import measures
from enough_fingers.canvas import alt_text, described, figure_of, finish, replicates_footer
from enough_fingers.contents import years_of
from enough_fingers.figures_beliefs import heat_map
from enough_fingers.figures_discovery import box, peeling
from enough_fingers.figures_lineage import lineage_tree
from enough_fingers.figures_morris import morris_plane
from enough_fingers.figures_plane import SHOWN, describe_plane, harm_against_freedom, plane_of
from enough_fingers.figures_profiles import parallel_coordinates
from enough_fingers.figures_sensitivity import indices, tornado
from enough_fingers.load import Run
from enough_fingers.style import FAINT, INK, RC, Mark, marks, wrapped

__all__ = [
    "SHOWN",
    "alt_text",
    "box",
    "describe_curve",
    "describe_plane",
    "first_catastrophe",
    "harm_against_freedom",
    "heat_map",
    "indices",
    "lineage_tree",
    "morris_plane",
    "parallel_coordinates",
    "peeling",
    "plane_of",
    "tornado",
]


def first_catastrophe(data: Run | pd.DataFrame, *, columns: int = 4) -> Figure:
    """Probability that a first catastrophe has come, by year: one panel a regime, the rest in grey.

    Args:
        data: A run, or the rows of `measures.catastrophe_curve`.
        columns: Panels beside each other: 4 for a page, 2 for a phone.

    Returns:
        The figure.
    """
    curve = (
        measures.catastrophe_curve(data.outcomes, years_of(data)) if isinstance(data, Run) else data
    )
    regimes = list(dict.fromkeys(curve["regime"]))
    drawn = marks(regimes)
    columns = min(columns, max(1, len(regimes)))
    rows = math.ceil(len(regimes) / columns)
    with mpl.rc_context(RC):
        figure = figure_of(2.15 * columns, 1.95 * rows + 0.6, 0.4)
        panels = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
        for panel, regime in zip(panels.flat, regimes, strict=False):
            _curve_panel(panel, curve, regime, drawn[regime])
        for panel in list(panels.flat)[len(regimes) :]:
            panel.set_visible(False)
        for place in range(max(0, len(regimes) - columns), len(regimes)):
            panels.flat[place].tick_params(labelbottom=True)
        top = float(np.nanmax(curve["high"].to_numpy(dtype=np.float64), initial=0.05))
        panels[0, 0].set_ylim(0, min(1.0, top * 1.1))
        panels[0, 0].yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        panels[0, 0].xaxis.set_major_locator(MaxNLocator(4, integer=True))
        panels[0, 0].xaxis.set_major_formatter(FuncFormatter(lambda year, _: f"{year:g}"))
        figure.supylabel("probability of a first catastrophe by then", fontsize=9)
        finish(
            figure,
            f"{replicates_footer(curve['n'])}, pointwise.\n"
            "Grey: the other regimes. x: calendar year",
        )
    return described(figure, describe_curve(curve))


def describe_curve(curve: pd.DataFrame) -> str:
    """The alternative text of `first_catastrophe`."""
    last = curve[curve["year"] == curve["year"].max()]
    ends = "; ".join(f"{row.regime} {row.value:.0%}" for row in last.itertuples())
    return (
        f"{last.shape[0]} panels, one for each regime, each with a rising line and its interval "
        f"from year to year. By {last['year'].iloc[0]:g}: {ends}."
    )


def _curve_panel(panel: Axes, curve: pd.DataFrame, regime: str, mark: Mark) -> None:
    others = [
        line[["year", "value"]].to_numpy(dtype=np.float64)
        for other, line in curve.groupby("regime", sort=False, observed=True)
        if other != regime
    ]
    panel.add_collection(LineCollection(others, colors=FAINT, linewidths=0.7, zorder=1))
    own = curve[curve["regime"] == regime]
    panel.fill_between(
        own["year"], own["low"], own["high"], color=mark.colour, alpha=0.25, linewidth=0
    )
    panel.plot(
        own["year"],
        own["value"],
        color=mark.colour,
        marker=mark.marker,
        markersize=3,
        linewidth=1.6,
    )
    last = own.iloc[-1]
    panel.set_title(wrapped(f"{mark.number}  {regime}", 26), fontsize=8.5)
    panel.text(
        0.03,
        0.96,
        f"{last['value']:.0%} ({last['low']:.0%} to {last['high']:.0%})",
        transform=panel.transAxes,
        fontsize=7.5,
        color=INK,
        ha="left",
        va="top",
    )
