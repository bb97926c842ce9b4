"""Figures over the years: survival to a first catastrophe, and fans of a quantity's replicates."""

from __future__ import annotations

import math
from collections.abc import Sequence

import matplotlib as mpl
import numpy as np
import pandas as pd
import xarray as xr
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator, PercentFormatter

from enough_fingers.distributions import Floats
from enough_fingers.figures_panels import (
    Panels,
    behind,
    counted,
    note,
    others,
    panels_of,
    short,
)
from enough_fingers.style import RC
from enough_fingers.wording import number

#: Shares of replicates within the bands of a fan, widest first, and how dark each is.
_BANDS = ((0.95, 0.16), (0.8, 0.2), (0.5, 0.32))
#: With fewer replicates than this the widest band is no more than their range.
_FEW_FOR_RANGE = 40


def survival(table: pd.DataFrame, *, what: str = "catastrophe", columns: int = 4) -> Figure:
    """The probability of having met none by each year: one panel a regime, the rest in grey.

    Args:
        table: `survival.survival`.
        what: What is waited for.
        columns: Panels beside each other: 4 for a page, 2 for a phone.

    Returns:
        The figure.
    """
    regimes = list(dict.fromkeys(table["regime"]))
    exact = not table["method"].str.contains("bootstrap").any()
    made = "Greenwood's log-log, exact where few" if exact else "bootstrap of replicates"
    footer = (
        f"{counted(table)}. Kaplan and Meier's estimate. Intervals: 95 %, pointwise, {made}; "
        "chance only, not belief. Grey: the others. x: calendar year; the axis of shares does not "
        "begin at 0."
    )
    with mpl.rc_context(RC):
        panels = panels_of(regimes, columns, footer)
        for regime, panel in panels.of.items():
            own, mark = table[table["regime"] == regime], panels.drawn[regime]
            behind(panel, others(table, regime, "year"), steps=True)
            panel.fill_between(own["year"], own["low"], own["high"], step="post",
                               color=mark.colour, alpha=0.25, linewidth=0)  # fmt: skip
            panel.step(own["year"], own["value"], where="post", color=mark.colour, linewidth=1.6)
            last = own.iloc[-1]
            words = f"{last['value']:.0%} ({last['low']:.0%} to {last['high']:.0%})"
            note(panel, words, y=0.05)
        low = float(table["low"].min())
        floor = 0.0 if math.isnan(low) else max(0.0, math.floor(10 * low - 0.5) / 10)
        panels.first.set_ylim(floor, 1.02)
        panels.first.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        _years(panels)
        return panels.finish("", f"probability of no {what} until then")


def _years(panels: Panels) -> None:
    panels.first.xaxis.set_major_locator(MaxNLocator(4 if len(panels.of) > 3 else 6, integer=True))
    panels.first.xaxis.set_major_formatter(FuncFormatter(lambda year, _: f"{year:g}"))


def describe_survival(table: pd.DataFrame, what: str = "catastrophe") -> str:
    """Alternative text of `survival`."""
    last = table[table["year"] == table["year"].max()]
    ends = "; ".join(f"{row['regime']} {row['value']:.0%}" for row in last.to_dict("records"))
    return (
        f"{len(last)} panels, one for each regime, each with a line that falls in steps and its "
        f"band: the probability of no {what} until each year. By {last['year'].iloc[0]:g}: {ends}."
    )


def fan_chart(values: xr.DataArray, *, columns: int = 4) -> Figure:
    """Where replicates lie over the years: one panel a regime, medians of the others in grey.

    Args:
        values: Dimensions regime, replicate and time, in any order, perhaps others such as world,
            which are pooled with the replicates; NaN where a run is not there. `attrs` may hold
            long_name and units; the coordinate regime names, time calendar years.
        columns: Panels beside each other: 4 for a page, 2 for a phone.

    Returns:
        The figure. Its bands are where replicates lie, not intervals of an estimate.

    Raises:
        ValueError: When a dimension is not there.
    """
    quantiles, n, worlds = _fan(values)
    time = values["time"].to_numpy()
    regimes = [str(name) for name in values["regime"].to_numpy()]
    pooled = f" in each of {worlds} worlds, pooled" if worlds > 1 else ""
    footer = (
        f"n = {n} replicates a regime{pooled}. Line: median. Bands: where 50 %, 80 % and 95 % of "
        "them lie from month to month, not intervals of an estimate. Grey: medians of the others."
    )
    if n * worlds < _FEW_FOR_RANGE:
        footer += f" Of fewer than {_FEW_FOR_RANGE} the widest band is hardly more than the range."
    with mpl.rc_context(RC):
        panels = panels_of(regimes, columns, footer)
        medians = [np.column_stack([time, quantiles[place][-1]]) for place in range(len(regimes))]
        for place, (regime, panel) in enumerate(panels.of.items()):
            colour = panels.drawn[regime].colour
            behind(panel, [line for other, line in enumerate(medians) if other != place])
            for (_, alpha), low, high in zip(_BANDS, *_ends(quantiles[place]), strict=True):
                panel.fill_between(time, low, high, color=colour, alpha=alpha, linewidth=0)
            panel.plot(time, quantiles[place][-1], color=colour, linewidth=1.6)
        _fan_scale(panels, quantiles)
        _years(panels)
        return panels.finish("", _named(values))


def _fan(values: xr.DataArray) -> tuple[list[list[Floats]], int, int]:
    """By regime: lower and upper ends of each band and the median, [n_times] each."""
    missing = [name for name in ("regime", "replicate", "time") if name not in values.dims]
    if missing:
        found = ", ".join(map(str, values.dims))
        raise ValueError(
            f"a fan needs the dimensions regime, replicate and time; {', '.join(missing)} is not "
            f"among {found}"
        )
    extra = [name for name in values.dims if name not in ("regime", "replicate", "time")]
    ordered = values.transpose("regime", "time", "replicate", *extra).to_numpy()
    flat = np.asarray(ordered, dtype=np.float64).reshape(*ordered.shape[:2], -1)
    at = [end for share, _ in _BANDS for end in ((1 - share) / 2, (1 + share) / 2)]
    found_at: list[list[Floats]] = []
    for own in flat:
        there = own[:, ~np.isnan(own).all(axis=0)]
        if there.shape[1] == 0:
            found_at.append([np.full(own.shape[0], np.nan)] * (len(at) + 1))
            continue
        with np.errstate(invalid="ignore"):
            found_at.append(list(_quantiles(there, [*at, 0.5])))
    n = int(values.sizes["replicate"])
    return found_at, n, math.prod(values.sizes[name] for name in extra)


def _quantiles(values: Floats, at: Sequence[float]) -> Floats:
    """Quantiles over the last axis without NaN, NaN where nothing is there; [n_at, n_times]."""
    empty = np.asarray(np.isnan(values).all(axis=1))
    filled = np.where(empty[:, None], 0.0, values)
    found = np.nanquantile(filled, list(at), axis=1)
    found[:, empty] = np.nan
    return np.asarray(found)


def _ends(quantiles: list[Floats]) -> tuple[list[Floats], list[Floats]]:
    return quantiles[0:-1:2], quantiles[1:-1:2]


def _fan_scale(panels: Panels, quantiles: list[list[Floats]]) -> None:
    """From 0 where all is 0 or more; logarithmic where the bands span a factor of 300 and no 0."""
    every = np.concatenate([line for own in quantiles for line in own])
    every = every[np.isfinite(every)]
    if every.size == 0:
        return
    low, high = float(every.min()), float(every.max())
    if low > 0 and high > 300 * low:
        panels.first.set_yscale("log")
    elif low >= 0 and low < high / 2:
        panels.first.set_ylim(0, high * 1.05 if high > 0 else 1)
    panels.first.yaxis.set_major_formatter(FuncFormatter(lambda value, _: _tick(value)))


def _tick(value: float) -> str:
    return short(value) if value >= 0 else f"−{short(-value)}"


def _named(values: xr.DataArray) -> str:
    name = str(values.attrs.get("long_name", values.name or "value"))
    units = str(values.attrs.get("units", "1"))
    return name if units in ("1", "") else f"{name} ({units})"


def describe_fan(values: xr.DataArray) -> str:
    """Alternative text of `fan_chart`."""
    quantiles, n, _ = _fan(values)
    regimes = [str(name) for name in values["regime"].to_numpy()]
    last = [
        f"{regime} {number(float(own[-1][-1]))} ({number(float(own[0][-1]))} to "
        f"{number(float(own[1][-1]))})"
        for regime, own in zip(regimes, quantiles, strict=True)
    ]
    return (
        f"{len(regimes)} panels, one for each regime, each with the median of {n} replicates over "
        f"the years and bands where 50 %, 80 % and 95 % of them lie: {_named(values)}. In the end, "
        f"median and 95 %: {'; '.join(last)}."
    )
