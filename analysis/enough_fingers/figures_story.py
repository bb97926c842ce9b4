"""One replicate's story: its events on a time line, a lane for each kind."""

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
from matplotlib.ticker import FuncFormatter, MaxNLocator

from enough_fingers.canvas import figure_of, finish
from enough_fingers.distributions import Floats
from enough_fingers.figures_panels import short, wrapped_footer
from enough_fingers.style import INK, RC, RULE, Mark, marks

#: Events drawn one by one: the largest, at most so many of each kind.
MOST = 120
#: How many of the worst are labelled.
LABELLED = 6
# Areas of the smallest and largest event, in points².
_SMALL, _LARGE = 4.0, 320.0
# Inches that a lane takes.
_LANE = 0.62


def time_line(
    events: pd.DataFrame, *, title: str = "", ended: float | None = None, columns: int = 2
) -> Figure:
    """Events of one replicate, in lanes by kind; the area of a mark goes with ln(severity).

    The largest of each kind are drawn one by one, averted ones hollow, catastrophic ones with a
    ring. The many smaller ones stand below them as the harm of each month, on a scale of its own
    in each lane.

    Args:
        events: Rows of `Run.events` of one run.
        title: Such as the regime and the number of the replicate.
        ended: Calendar year in which something ended the run, if any.
        columns: 2 for a page, 1 for a phone.

    Returns:
        The figure.

    Raises:
        ValueError: When the events are of several runs.
    """
    if events["run"].nunique() > 1:
        raise ValueError(f"a story is of one run; these events are of {events['run'].nunique()}")
    kinds = _kinds(events)
    wide = columns > 1
    width, across = (8.6, 2) if wide else (4.4, 1)
    footer = wrapped_footer(_footer(events), width)
    worst = _worst(events)
    key = math.ceil(len(worst) / across) * 0.15
    low = 0.14 * (footer.count("\n") + 1) + 0.12
    below = low + key + 0.42
    with mpl.rc_context({**RC, "axes.spines.left": False}):
        height = _LANE * max(1, len(kinds)) + below + 0.6
        figure = figure_of(width, height, below)
        panel = figure.subplots()
        panel.set_title(title)
        scale = _Scale.of(events, _LARGE if wide else _LARGE / 2)
        drawn = marks(kinds)
        for place, kind in enumerate(kinds):
            own = events[(events["kind"].astype(str) == kind).to_numpy()]
            _lane(panel, own, place, drawn[kind], scale)
        _axes(panel, events, kinds, wide)
        _number(panel, worst, kinds, scale, 0.018 if wide else 0.035, ended)
        if ended is not None:
            panel.axvline(ended, color=INK, linewidth=1.2, linestyle=(0, (4, 2)), zorder=1)
        _key(figure, worst, across, (low + key) / height)
        _legend(figure, scale, (low + key + 0.06) / height, ended is not None)
        finish(figure, footer)
    return figure


def _kinds(events: pd.DataFrame) -> list[str]:
    seen = set(events["kind"].astype(str))
    if isinstance(events["kind"].dtype, pd.CategoricalDtype):
        return [str(kind) for kind in events["kind"].cat.categories if str(kind) in seen]
    return sorted(seen)


def _footer(events: pd.DataFrame) -> str:
    averted = int(events["averted"].sum())
    worst = int((events["catastrophic"] & ~events["averted"]).sum())
    return (
        f"{len(events):,} events, {averted:,} of them averted, {worst} catastrophic. One by one: "
        f"the {MOST} largest of each kind; below each lane: harm of each month in logarithm, on "
        "the lane's own scale. One replicate, not typical of others. x: calendar year"
    )


class _Scale:
    """From severity to the area of a mark."""

    def __init__(self, low: float, high: float, largest: float) -> None:
        self.low, self.high, self.largest = low, high, largest

    @classmethod
    def of(cls, events: pd.DataFrame, largest: float) -> _Scale:
        """The scale up to the largest severity, over a factor of 1,000 or more."""
        severity = np.sort(events["severity_musd"].to_numpy(dtype=np.float64))
        severity = severity[severity > 0]
        if severity.size == 0:
            return cls(1.0, 1e3, largest)
        high = float(severity[-1])
        low = float(severity[-min(severity.size, 4 * MOST)])
        return cls(min(max(low, high * 1e-6), high / 1e3), high, largest)

    def areas(self, severity: Floats) -> Floats:
        """Areas in points², growing with the logarithm."""
        logs = np.log(np.maximum(severity, self.low) / self.low) / math.log(self.high / self.low)
        return np.asarray(_SMALL + (self.largest - _SMALL) * logs**2)

    def examples(self) -> list[float]:
        """Three round severities for a legend."""
        first = math.ceil(math.log10(self.low))
        last = math.floor(math.log10(self.high))
        middle = (first + last) // 2
        return [10.0**power for power in sorted({first, middle, last}) if power <= last]


def _lane(panel: Axes, own: pd.DataFrame, place: int, mark: Mark, scale: _Scale) -> None:
    panel.axhline(place, color=RULE, linewidth=0.6, zorder=0)
    _monthly(panel, own[~own["averted"].to_numpy()], place, mark)
    shown = own.nlargest(MOST, "severity_musd").sort_values("severity_musd", ascending=False)
    averted = shown["averted"].to_numpy(dtype=np.bool_)
    time = shown["time"].to_numpy(dtype=np.float64)
    areas = scale.areas(shown["severity_musd"].to_numpy(dtype=np.float64))
    level = np.full(time.size, float(place))
    harm = ~averted
    panel.scatter(time[harm], level[harm], s=areas[harm], color=mark.colour, alpha=0.55,
                  linewidths=0, zorder=2)  # fmt: skip
    panel.scatter(time[averted], level[averted], s=areas[averted], facecolors="none",
                  edgecolors=mark.colour, linewidths=0.9, zorder=3)  # fmt: skip
    worst = shown["catastrophic"].to_numpy(dtype=np.bool_) & harm
    panel.scatter(time[worst], level[worst], s=areas[worst] * 1.5 + 25, facecolors="none",
                  edgecolors=INK, linewidths=1.1, zorder=4)  # fmt: skip


def _monthly(panel: Axes, own: pd.DataFrame, place: int, mark: Mark) -> None:
    if own.empty:
        return
    month = np.floor(own["time"].to_numpy(dtype=np.float64) * 12).astype(np.int64)
    first = int(month.min())
    total = np.bincount(month - first, own["severity_musd"].to_numpy(dtype=np.float64))
    logs = np.log10(np.maximum(total, 1e-12))
    low = float(logs[total > 0].min()) if (total > 0).any() else 0.0
    reach = max(1.0, float(logs.max()) - low)
    heights = np.where(total > 0, 0.04 + 0.2 * (logs - low) / reach, 0.0)
    panel.bar((first + np.arange(total.size)) / 12, -heights, width=1 / 12, align="edge",
              bottom=place + 0.46, color=mark.colour, alpha=0.5, linewidth=0, zorder=1)  # fmt: skip


def _axes(panel: Axes, events: pd.DataFrame, kinds: list[str], wide: bool) -> None:
    panel.set_ylim(max(1, len(kinds)) - 0.5, -0.5)
    names = [kind.replace("_", " ") for kind in kinds]
    names = [name if wide else name.replace(" ", "\n") for name in names]
    panel.set_yticks(range(len(kinds)), names)
    panel.tick_params(axis="y", length=0)
    panel.grid(visible=False, axis="y")
    panel.xaxis.set_major_locator(MaxNLocator(11 if wide else 5, integer=True))
    panel.xaxis.set_major_formatter(FuncFormatter(lambda year, _: f"{year:g}"))
    if len(events):
        low, high = float(events["time"].min()), float(events["time"].max())
        margin = 0.025 * max(high - low, 0.5)
        panel.set_xlim(math.floor(low * 12) / 12 - margin / 2, high + margin)


def _worst(events: pd.DataFrame) -> pd.DataFrame:
    harm = events[~events["averted"].to_numpy()]
    return harm.nlargest(LABELLED, "severity_musd").sort_values("time")


def _number(
    panel: Axes,
    worst: pd.DataFrame,
    kinds: list[str],
    scale: _Scale,
    gap: float,
    ended: float | None,
) -> None:
    """Writes the numbers of the worst events above their marks, none over another."""
    left, right = panel.get_xlim()
    gap *= right - left
    # the line of the end would run through a number
    most = right if ended is None else ended - 0.6 * gap
    lanes = np.array([kinds.index(str(kind)) for kind in worst["kind"]], dtype=np.int64)
    time = worst["time"].to_numpy(dtype=np.float64)
    areas = scale.areas(worst["severity_musd"].to_numpy(dtype=np.float64))
    for lane in np.unique(lanes):
        own = np.flatnonzero(lanes == lane)
        places = _spread(time[own], gap, left, most)
        for index, x in zip(own, places, strict=True):
            # from the mark's upper edge, whose radius is in points, to its number
            panel.annotate(
                str(index + 1),
                (time[index], lane),
                xytext=(float(x), lane - 0.36),
                textcoords="data",
                fontsize=7,
                weight="bold",
                ha="center",
                va="center",
                arrowprops={"arrowstyle": "-", "color": INK, "linewidth": 0.5, "shrinkA": 0,
                            "shrinkB": 0.5 * math.sqrt(float(areas[index]))},
            )  # fmt: skip


def _key(figure: Figure, worst: pd.DataFrame, across: int, top: float) -> None:
    """What the numbers stand for, in so many columns, read downwards."""
    rows = math.ceil(len(worst) / across)
    for place, row in enumerate(worst.to_dict("records")):
        column, line = divmod(place, max(1, rows))
        kind = str(row["kind"]).replace("_", " ")
        words = f"{kind}, {_through(row)}" if _through(row) else kind
        figure.text(
            0.01 + column * 0.98 / across,
            top - line * 0.15 / float(figure.get_figheight()),
            f"{place + 1}  {row['time']:.1f}  {words}: {_rounded(row['severity_musd']):,.10g} M$",
            fontsize=7.5,
            ha="left",
            va="top",
        )


def _rounded(severity: float) -> float:
    return float(f"{severity:.2g}")


def _through(row: Mapping[Any, Any]) -> str:
    """What to call an event besides its kind: its domain, or the route that it came by."""
    domain, route = str(row.get("domain", "none")), str(row.get("route", "none"))
    words = [part.replace("_", " ") for part in (domain, route) if part not in ("none", "nan")]
    return ", ".join(words[:1]) if domain != "none" else (words[0] if words else "")


def _spread(places: Floats, gap: float, low: float, high: float) -> Floats:
    """Moves sorted places apart to at least `gap`, within `low` and `high` where there is room."""
    moved = np.clip(places, low, high)
    for place in range(1, moved.size):
        moved[place] = max(moved[place], moved[place - 1] + gap)
    if moved.size and moved[-1] > high:
        moved[-1] = high
        for place in range(moved.size - 2, -1, -1):
            moved[place] = min(moved[place], moved[place + 1] - gap)
    return np.asarray(moved)


def _legend(figure: Figure, scale: _Scale, at: float, ended: bool) -> None:
    def dot(size: float, label: str, **looks: Any) -> Line2D:  # noqa: ANN401
        return Line2D([], [], color=INK, marker="o", linestyle="none", markersize=size,
                      label=label, **looks)  # fmt: skip

    sizes = scale.examples()
    areas = scale.areas(np.asarray(sizes, dtype=np.float64))
    handles = [
        dot(math.sqrt(area), f"{short(size)} M$", alpha=0.55, markeredgewidth=0)
        for size, area in zip(sizes, areas, strict=True)
    ]
    handles.append(dot(7, "averted", markerfacecolor="none", markeredgewidth=0.9))
    handles.append(dot(10, "catastrophic", markerfacecolor="none", markeredgewidth=1.3))
    if ended:
        handles.append(
            Line2D([], [], color=INK, linewidth=1.2, linestyle=(0, (4, 2)), label="the run ended")
        )
    figure.legend(handles=handles, loc="lower center", bbox_to_anchor=(0.5, at), fontsize=7.5,
                  ncols=len(handles), handletextpad=0.4, columnspacing=1.1)  # fmt: skip


def describe_time_line(events: pd.DataFrame, title: str = "") -> str:
    """Alternative text of `time_line`: how many events, and the worst in words."""
    said = [
        f"{row['time']:.1f} {str(row['kind']).replace('_', ' ')} of "
        f"{_rounded(row['severity_musd']):,.10g} M$"
        for row in _worst(events).to_dict("records")
    ]
    name = f" of {title}" if title else ""
    return (
        f"A time line{name} with a lane for each of {len(_kinds(events))} kinds of event and a "
        f"mark for each of the largest of {len(events):,} events, sized by severity. The worst: "
        f"{'; '.join(said)}."
    )
