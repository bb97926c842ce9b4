"""Who could have known, and when: harm that is seen, traced to its cause, and fixed.

Every event has a beginning: the day it happened, or for harm that accrues the first day
(`began_at`). From there on it is waited for that it is seen (`seen_at`), attributed
(`attributed_at`, or the mark `attributed` where it was known at once) or its cause fixed
(`fixed_at`). Three cases are told apart:

- it came: after so long;
- the run ended first (`still_open`, or a run's end): censored, it may still have come;
- the harm itself ended first, or is over at once and was not seen at once: it never comes. Such an
  event stays among those waited for until its run ends, so that curves are shares of *all* events
  and do not rise to 1 (the risk set of Fine and Gray 1999, JASA 94: 496-509, section 2, where every
  censoring time is known).

Intervals draw replicates anew. Averted events are left out, and so are sums of small harms that
stand for no flaw.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from enough_fingers.clusters import clusters_of, harmful
from enough_fingers.distributions import Floats
from enough_fingers.intervals import LEVEL
from enough_fingers.lifetimes import ends
from enough_fingers.load import NONE, Run
from enough_fingers.product_limit import BOOTSTRAP, N_RESAMPLES, Curve, ProductLimit

What = Literal["seen", "attributed", "fixed"]
Since = Literal["beginning", "seen", "attributed"]
#: Times after the beginning at which shares are given, in months.
MONTHS = (0.0, 1.0, 3.0, 6.0, 12.0, 24.0, 60.0)
# Recorded times are kept to an hour or so (4-byte years): nearer ones are the same.
_GRAIN = 2.0**-13


def shares_by_time(
    run: Run,
    what: What = "seen",
    events: pd.DataFrame | None = None,
    *,
    since: Since = "beginning",
    months: npt.ArrayLike = MONTHS,
    by: Sequence[str] = ("kind",),
    n_resamples: int = N_RESAMPLES,
    level: float = LEVEL,
) -> pd.DataFrame:
    """Which share of events is seen, attributed or fixed within so many months, per regime.

    Args:
        run: The run.
        what: "seen", "attributed" or "fixed".
        events: Some rows of `Run.events`; all when not given. Averted ones and sums of small harms
            are left out, and of "attributed" and "fixed" kinds of which no event of these ever
            was: the model follows neither for them.
        since: From when time counts: the beginning of the event, or the day it was seen or
            attributed (events that never were are then left out).
        months: Times, [n_months].
        by: Columns of the events to tell apart, besides the regime; () for all together.
        n_resamples: Of the bootstrap of replicates.
        level: Nominal coverage, of each time alone.

    Returns:
        One row a regime, group and time: regime, the columns of `by`, what, since, months, value,
        low, high, standard_error, events (waited for), count (of these, those for which it came at
        any time), censored, n (replicates), method, approximate. Value is NaN beyond the longest
        time that an event was followed.

    Raises:
        ValueError: When `what` cannot come after `since`.
    """
    at = np.asarray(months, dtype=np.float64)
    rows: list[dict[str, Any]] = []
    for key, limit in durations(run, what, events, since=since, by=by):
        curve = limit.happened(at / 12, n_resamples=n_resamples, level=level)
        rows += _rows({**key, "what": what, "since": since}, limit, curve, at)
    return pd.DataFrame(rows)


def _rows(
    key: dict[str, Any], limit: ProductLimit, curve: Curve, months: Floats
) -> Iterator[dict[str, Any]]:
    came = int(limit.observed.sum())
    for place, month in enumerate(months):
        yield {
            **key,
            "months": float(month),
            "value": float(curve.value[place]),
            "low": float(curve.low[place]),
            "high": float(curve.high[place]),
            "standard_error": float(curve.standard_error[place]),
            "events": limit.duration.size,
            "count": came,
            "censored": limit.duration.size - came,
            "n": curve.n,
            "method": curve.method,
            "approximate": curve.approximate,
        }


def times_to(
    run: Run,
    what: What = "seen",
    events: pd.DataFrame | None = None,
    *,
    since: Since = "beginning",
    at: float = 0.5,
    by: Sequence[str] = ("kind",),
    n_resamples: int = N_RESAMPLES,
    level: float = LEVEL,
) -> pd.DataFrame:
    """After how many months half of the events are seen, attributed or fixed, per regime.

    Args:
        run: The run.
        what: As in `shares_by_time`.
        events: As there.
        since: As there.
        at: Which share of them, 0 to 1: 0.5 for the median.
        by: As there.
        n_resamples: Of the bootstrap of replicates.
        level: Nominal coverage.

    Returns:
        One row a regime and group: regime, the columns of `by`, what, since, share, units (month),
        value, low, high (infinite where the share is not reached within the run), events, count, n,
        method, approximate.
    """
    rows: list[dict[str, Any]] = []
    for key, limit in durations(run, what, events, since=since, by=by):
        grid = np.append(limit.times, math.inf)
        value = _reached(1 - limit.surviving(), grid, at)[0]
        low = high = math.nan
        if limit.contributing > 1 and limit.times.size:
            curves = 1 - limit.resampled(limit.times, n_resamples)
            drawn = _reached(curves[~np.isnan(curves[:, 0])], grid, at)
            tail = (1 - level) / 2
            low, high = np.quantile(drawn, [tail, 1 - tail], method="closest_observation")
        wide = low < high
        rows.append(
            {
                **key,
                "what": what,
                "since": since,
                "share": at,
                "units": "month",
                "value": 12 * float(value),
                "low": 12 * float(low) if wide else math.nan,
                "high": 12 * float(high) if wide else math.nan,
                "events": limit.duration.size,
                "count": int(limit.observed.sum()),
                "n": limit.contributing,
                "method": BOOTSTRAP if wide else "none (all replicates equal)",
                "approximate": limit.doubt if wide else "",
            }
        )
    return pd.DataFrame(rows)


def _reached(happened: Floats, grid: Floats, at: float) -> Floats:
    """The first time of `grid` at which each curve is at least `at`; infinite where none is."""
    over = np.concatenate([happened >= at - 1e-12, np.ones((len(happened), 1), np.bool_)], axis=1)
    return np.asarray(grid[over.argmax(axis=1)])


def durations(
    run: Run,
    what: What,
    events: pd.DataFrame | None = None,
    *,
    since: Since = "beginning",
    by: Sequence[str] = ("kind",),
) -> Iterator[tuple[dict[str, Any], ProductLimit]]:
    """The waiting times behind `shares_by_time`, for each regime and group of events.

    Yields:
        The regime and the columns of `by`, and durations in years.
    """
    order = ("beginning", "seen", "attributed", "fixed")
    if order.index(what) <= order.index(since):
        raise ValueError(f"{what} does not come after {since}; since must be one of {order[:-1]}")
    chosen = _followed(run.events if events is None else events)
    frame = _waits(run, chosen, what, since, list(by))
    if what != "seen":
        recorded = frame.groupby("kind", observed=True)["came"].any()
        frame = frame[frame["kind"].isin(recorded.index[recorded]).to_numpy()]
    found = clusters_of(run.outcomes)
    row = found.rows(frame["run"])
    regime, member = found.regime[row], found.member[row]
    groups = frame.groupby(list(by), observed=True).indices if by else {(): np.arange(len(frame))}
    wait = frame["wait"].to_numpy(dtype=np.float64)
    came = frame["came"].to_numpy(dtype=np.bool_)
    for place, name in enumerate(found.regimes):
        units = np.unique(found.member[found.regime == place])
        for value, rows in groups.items():
            own = rows[regime[rows] == place]
            values = value if isinstance(value, tuple) else (value,)
            key = {"regime": name, **dict(zip(by, map(str, values), strict=True))}
            unit = np.searchsorted(units, member[own])
            yield key, ProductLimit(wait[own], came[own], unit, units.size)


def _followed(events: pd.DataFrame) -> pd.DataFrame:
    """Events that did harm, without sums of small harms, which stand for no flaw."""
    chosen = harmful(events)
    sums = chosen["began_at"].notna() & (chosen["flaw"] == NONE)
    return chosen[~sums.to_numpy()]


def _waits(run: Run, events: pd.DataFrame, what: What, since: Since, by: list[str]) -> pd.DataFrame:
    """Duration of each event in years, and whether it ended with what is waited for."""
    years = events["began_at"].astype(np.float64)
    begin = np.asarray(years.fillna(events["time"]), dtype=np.float64)
    origin = begin if since == "beginning" else _when(events, since, begin)
    reached = _when(events, what, begin)
    last = np.asarray(ends(run).reindex(events["run"]), dtype=np.float64)
    # What is recorded as fixed after the end of its run has not been fixed within it.
    came = ~np.isnan(reached) & (reached <= last + _GRAIN)
    wait = np.where(came, reached, last) - origin
    wait = np.maximum(0.0, np.round(wait / _GRAIN) * _GRAIN)
    frame = pd.DataFrame({"run": events["run"], "wait": wait, "came": came})
    frame = frame.join(events[list(dict.fromkeys([*by, "kind"]))])
    return frame[~np.isnan(origin)]


def _when(events: pd.DataFrame, what: What | Since, begin: Floats) -> Floats:
    """The calendar year in which it came for each event; NaN: it did not."""
    if what != "attributed":
        year = events[f"{what}_at"].to_numpy(dtype=np.float64)
        return np.asarray(np.maximum(year, begin))
    year = events["attributed_at"].to_numpy(dtype=np.float64)
    seen = events["seen_at"].to_numpy(dtype=np.float64)
    known = events["attributed"].to_numpy() == 1
    # Of what came at once it is known from the day it was seen; of what never was, from its own.
    at_once = np.where(np.isnan(seen), begin, seen)
    return np.asarray(np.maximum(np.where(np.isnan(year) & known, at_once, year), begin))
