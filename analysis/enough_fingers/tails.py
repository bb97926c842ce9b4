"""How often harm exceeds a level: of single events, of whole replicates, and in years between.

Two questions, two units. *How large is an event?* is asked of events, which share the draws of
their replicate, so every interval here counts replicates and not events. *How large is the harm of
ten years?* is asked of replicates. Averted events did no harm and are left out.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pandas as pd

from enough_fingers.clusters import Clusters, choose_levels, clusters_of, harmful
from enough_fingers.distributions import Floats
from enough_fingers.intervals import LEVEL, share
from enough_fingers.layout import grid
from enough_fingers.lifetimes import lived_years
from enough_fingers.load import Run
from enough_fingers.rates import dispersion, rate, shares
from enough_fingers.resampling import N_RESAMPLES, SEED, bootstrap, ratio_of_means

SEVERITY = "severity_musd"


def exceedance_of_harm(
    outcomes: pd.DataFrame,
    measure: str = "harm_musd",
    levels: npt.ArrayLike | None = None,
    level: float = LEVEL,
) -> pd.DataFrame:
    """P(X > x) of what a replicate comes to, per regime.

    Args:
        outcomes: `Run.outcomes`.
        measure: One of its outcome columns.
        levels: Values of x, [n_levels], in the measure's unit; `choose_levels` when not given.
        level: Nominal coverage, of each x alone.

    Returns:
        One row a regime and x: of ("replicates"), measure, units, regime, x, and what an Estimate
        holds (value is the probability, n counts replicates, the interval that of a probability).
    """
    laid = grid(outcomes, measure)
    at = choose_levels(laid.values) if levels is None else np.asarray(levels, dtype=np.float64)
    units = outcomes.attrs.get("units", {}).get(measure, "1")
    rows = []
    for position, regime in enumerate(laid.regimes):
        (sample,) = laid.replicates(position)
        key = {"of": f"{laid.unit}s", "measure": measure, "units": units, "regime": regime}
        rows += [{**key, "x": float(x), **vars(share(sample > x, level))} for x in at]
    return pd.DataFrame(rows)


def exceedance_of_events(
    run: Run,
    events: pd.DataFrame | None = None,
    levels: npt.ArrayLike | None = None,
    level: float = LEVEL,
) -> pd.DataFrame:
    """P(X > x) of the severity of an event, given that there is one, per regime.

    Args:
        run: The run.
        events: Some rows of `Run.events`, such as those of one kind; all that did harm when not
            given. Averted ones are left out.
        levels: Values of x, [n_levels], M$; `choose_levels` when not given.
        level: Nominal coverage, of each x alone.

    Returns:
        One row a regime and x: of ("events"), measure, units, regime, x, value, low, high, count
        (events over x), events (all of them), n (replicates), method.
    """
    chosen = harmful(run.events if events is None else events)
    found = clusters_of(run.outcomes)
    at = _levels(chosen, levels)
    counts = found.sums(counts_over(chosen, found, at))
    rows = []
    for regime, own in zip(found.regimes, counts, strict=True):
        over, total = own[:, 1:], own[:, 0]
        value, low, high = shares(over, total, level)
        for place, x in enumerate(at):
            rows.append(
                {
                    "of": "events",
                    "measure": SEVERITY,
                    "units": "M$",
                    "regime": regime,
                    "x": float(x),
                    "value": float(value[place]),
                    "low": float(low[place]),
                    "high": float(high[place]),
                    "count": int(over[:, place].sum()),
                    "events": int(total.sum()),
                    "n": len(own),
                    "method": f"Korn-Graubard over {found.unit}s",
                }
            )
    return pd.DataFrame(rows)


def return_periods(
    run: Run,
    events: pd.DataFrame | None = None,
    levels: npt.ArrayLike | None = None,
    *,
    level: float = LEVEL,
    n_resamples: int = N_RESAMPLES,
) -> pd.DataFrame:
    """Years between events over a level: one over their yearly rate, per regime.

    The rate is that of the years that replicates lasted, which may end early. Its interval is
    Garwood's for a Poisson count, widened by how events clump within replicates (`rates.rate`);
    beside it stands a percentile bootstrap of replicates (`bootstrap_low`, `bootstrap_high`, in
    years), which needs no law but is too narrow where fewer than some 20 events were seen. A
    return period is of a process whose rate does not change; where it grows over the years it is
    the mean over the run.

    Args:
        run: The run.
        events: As in `exceedance_of_events`.
        levels: Values of x, M$; `choose_levels` when not given.
        level: Nominal coverage, of each x alone.
        n_resamples: Of the bootstrap; 0: none.

    Returns:
        One row a regime and x: regime, x, units (yr), value, low, high (years between; infinite
        where none was seen or may come), rate_per_year, rate_low, rate_high, bootstrap_low,
        bootstrap_high, count (events over x), exposure_years, dispersion, n, method, approximate.
    """
    chosen = harmful(run.events if events is None else events)
    found = clusters_of(run.outcomes)
    at = _levels(chosen, levels)
    counts = found.sums(counts_over(chosen, found, at)[:, 1:])
    years = found.sums(np.asarray(lived_years(run), dtype=np.float64))
    rows = []
    for regime, over, exposure in zip(found.regimes, counts, years, strict=True):
        clumping = dispersion(over, exposure)
        for place, x in enumerate(at):
            row = _period(over[:, place], exposure, level, n_resamples)
            rows.append(
                {"regime": regime, "x": float(x), "units": "yr", **row,
                 "dispersion": float(clumping[place])}
            )  # fmt: skip
    return pd.DataFrame(rows)


def _period(over: Floats, exposure: Floats, level: float, n_resamples: int) -> dict[str, object]:
    found = rate(over, exposure, level)
    again = (math.nan, math.nan)
    if n_resamples and over.any() and over.size > 1:
        drawn = bootstrap(
            (over, exposure), ratio_of_means, n_resamples=n_resamples, level=level, seed=SEED
        )
        again = (drawn.low, drawn.high)
    return {
        "value": _years(found.value),
        "low": _years(found.high),
        "high": _years(found.low),
        "rate_per_year": found.value,
        "rate_low": found.low,
        "rate_high": found.high,
        "bootstrap_low": _years(again[1]),
        "bootstrap_high": _years(again[0]),
        "count": int(over.sum()),
        "exposure_years": float(exposure.sum()),
        "n": found.n,
        "method": found.method,
        "approximate": found.approximate,
    }


def _years(per_year: float) -> float:
    return math.inf if per_year == 0 else 1 / per_year


def counts_over(events: pd.DataFrame, found: Clusters, levels: Floats) -> Floats:
    """How many events of each run there were, and how many over each level.

    Args:
        events: Rows of `Run.events`.
        found: The runs.
        levels: [n_levels], rising.

    Returns:
        [n_runs, 1 + n_levels]: all events, then those above each level.
    """
    row = found.rows(events["run"])
    # number of levels that an event exceeds
    beyond = np.searchsorted(levels, events[SEVERITY].to_numpy(dtype=np.float64), side="left")
    width = levels.size + 1
    known = row >= 0
    place = row[known] * width + beyond[known]
    table = np.bincount(place, minlength=len(found.runs) * width).reshape(-1, width)
    over = np.cumsum(table[:, ::-1], axis=1)[:, ::-1]
    return np.asarray(over, dtype=np.float64)


def _levels(events: pd.DataFrame, levels: npt.ArrayLike | None) -> Floats:
    if levels is None:
        return choose_levels(events[SEVERITY].to_numpy())
    return np.sort(np.asarray(levels, dtype=np.float64))
