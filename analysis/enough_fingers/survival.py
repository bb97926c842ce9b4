"""How long it takes until the first catastrophe, where runs end and some never had one.

`measures.catastrophe_curve` asks in what share of replicates a first catastrophe had come by a
year; nothing is censored there, because a replicate that ends early ends by what it counts. Here
the question may also be of one kind of event alone: then a replicate that another kind ended is
censored where it ended, and the estimate is Kaplan and Meier's. That takes those that ended to be
no more and no less likely than others to have met the event later, which is an assumption: of
events that share a cause it is wrong, and the curve is then the hazard of one kind, summed up, and
not a share of replicates. For first catastrophes of any kind both give the same numbers.
"""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from enough_fingers.clusters import Clusters, clusters_of
from enough_fingers.distributions import Floats
from enough_fingers.intervals import (
    FEW_COUNTS,
    LEVEL,
    Estimate,
    mean,
    nothing,
    paired_probability_difference,
)
from enough_fingers.layout import FIRST_CATASTROPHE
from enough_fingers.lifetimes import ends, horizon, start
from enough_fingers.load import Run
from enough_fingers.product_limit import ProductLimit


@dataclass(frozen=True)
class _Lives:
    """The waiting times of one regime."""

    regime: str
    labels: npt.NDArray[np.int64]
    waited: ProductLimit

    @property
    def single(self) -> bool:
        """Whether every unit holds one run, so that closed forms fit."""
        return self.waited.duration.size == self.waited.n_units


def first_year(run: Run, events: pd.DataFrame) -> pd.Series[float]:
    """The calendar year of the first of some events in each finished run; NaN where none came.

    Args:
        run: The run.
        events: Rows of `Run.events`, such as catastrophic misuse.

    Returns:
        Years by `run`.
    """
    first = events.groupby("run")["time"].min()
    return first.reindex(run.outcomes.index).astype(np.float64)


def survival(
    run: Run,
    when: pd.Series[float] | None = None,
    years: npt.ArrayLike | None = None,
    level: float = LEVEL,
) -> pd.DataFrame:
    """The probability of having met no catastrophe by each year (Kaplan and Meier).

    Intervals: Greenwood's on the scale ln(−ln S) (Kalbfleisch and Prentice 2002, The Statistical
    Analysis of Failure Time Data, 1.4), by `scipy.stats.ecdf`; where up to 10 replicates had it, or
    are left, Clopper and Pearson's of the number that Greenwood's variance is worth (Dorey and Korn
    1987, Stat. Med. 6: 679-687). Where nothing was censored before, that is the interval of a
    probability, as everywhere else. Where replicates hold several settings, a bootstrap of
    replicates.

    Args:
        run: The run.
        when: Year of what is waited for by `run`, NaN where it did not come (`first_year`); the
            first catastrophe when not given.
        years: Calendar years, [n_years]; every quarter of a year when not given.
        level: Nominal coverage, of each year alone.

    Returns:
        One row a regime and year: regime, year, value, low, high, n (replicates), at_risk (runs
        still followed), count (runs in which it had come), method, approximate.
    """
    begin = start(run)
    if years is None:
        span = horizon(run) - begin
        years = begin + np.linspace(0, span, max(1, round(4 * span)) + 1)
    at = np.asarray(years, dtype=np.float64)
    rows: list[dict[str, Any]] = []
    for lives in _lives(run, when):
        since = at - begin
        made = _closed_form if lives.single else _resampled
        value, low, high, method, doubt = made(lives.waited, since, level)
        seen = np.sort(lives.waited.duration[lives.waited.observed])
        risk = lives.waited.at_risk(since)
        for place, year in enumerate(at):
            rows.append(
                {
                    "regime": lives.regime,
                    "year": float(year),
                    "value": float(value[place]),
                    "low": float(low[place]),
                    "high": float(high[place]),
                    "n": lives.waited.n_units,
                    "at_risk": int(risk[place]),
                    "count": int(np.searchsorted(seen, since[place], side="right")),
                    "method": method[place],
                    "approximate": doubt,
                }
            )
    return pd.DataFrame(rows)


def waiting_times(
    run: Run,
    when: pd.Series[float] | None = None,
    until: float | None = None,
    level: float = LEVEL,
) -> pd.DataFrame:
    """The restricted mean and the median of the time until a first catastrophe, per regime.

    The restricted mean is of min(time, until); a bare mean is not known, for most replicates end
    without one. Its interval is Student's over pseudo-values. The median's ends are where the
    band of `survival` crosses one half (Brookmeyer and Crowley 1982, Biometrics 38: 29-41);
    infinite where it does not within the run.

    Args:
        run: The run.
        when: As in `survival`.
        until: Years after the start; the horizon when not given.
        level: Nominal coverage.

    Returns:
        One row a regime and statistic ("restricted mean", "median"): regime, statistic, units
        (yr), until, and what an Estimate holds.
    """
    until = horizon(run) - start(run) if until is None else until
    rows: list[dict[str, Any]] = []
    for lives in _lives(run, when):
        _, area = lives.waited.pseudo_values(until)
        key = {"regime": lives.regime, "units": "yr", "until": until}
        restricted = mean(area, least=0.0, most=until, level=level)
        rows.append({**key, "statistic": "restricted mean", **vars(restricted)})
        rows.append({**key, "statistic": "median", **vars(_median(lives, level))})
    return pd.DataFrame(rows)


def survival_differences(
    run: Run,
    reference: str,
    when: pd.Series[float] | None = None,
    until: float | None = None,
    level: float = LEVEL,
) -> pd.DataFrame:
    """Survival and restricted mean of each regime less those of a reference, paired by replicate.

    Where nothing is censored before `until`, the difference of survival is a paired difference of
    probabilities (Bonett and Price); else, and for restricted means, Student's over differences of
    pseudo-values (`ProductLimit.pseudo_values`), which keeps the pairs.

    Args:
        run: The run.
        reference: A regime.
        when: As in `survival`.
        until: Years after the start; the horizon when not given.
        level: Nominal coverage.

    Returns:
        One row a regime and statistic ("difference of survival", "difference of restricted
        means"): regime, reference, statistic, units, until, and what an Estimate holds.

    Raises:
        ValueError: When there is no such regime.
    """
    until = horizon(run) - start(run) if until is None else until
    found = {lives.regime: lives for lives in _lives(run, when)}
    if reference not in found:
        raise ValueError(f'no regime "{reference}" here; there are {", ".join(found)}')
    rows: list[dict[str, Any]] = []
    for regime, lives in found.items():
        if regime == reference:
            continue
        key = {"regime": regime, "reference": reference, "until": until}
        share, area = _paired(lives, found[reference], until, level)
        rows.append({**key, "statistic": "difference of survival", "units": "1", **vars(share)})
        rows.append(
            {**key, "statistic": "difference of restricted means", "units": "yr", **vars(area)}
        )
    return pd.DataFrame(rows)


def _lives(run: Run, when: pd.Series[float] | None) -> list[_Lives]:
    found = clusters_of(run.outcomes)
    begin = start(run)
    first = run.outcomes[FIRST_CATASTROPHE] if when is None else when.reindex(run.outcomes.index)
    last = np.asarray(ends(run), dtype=np.float64)
    year = np.asarray(first, dtype=np.float64)
    # What ends a run may be recorded a moment after the run's end: both are the same event.
    observed = ~np.isnan(year) & (year <= last + 1e-3)
    waited = np.where(observed, year, last) - begin
    return [_of(found, place, waited, observed) for place in range(len(found.regimes))]


def _of(found: Clusters, place: int, waited: Floats, observed: npt.NDArray[np.bool_]) -> _Lives:
    own = found.regime == place
    labels, unit = np.unique(found.member[own], return_inverse=True)
    limit = ProductLimit(np.maximum(0.0, waited[own]), observed[own],
                         np.asarray(unit, dtype=np.int64), labels.size)  # fmt: skip
    return _Lives(found.regimes[place], labels, limit)


def _closed_form(
    waited: ProductLimit, since: Floats, level: float
) -> tuple[Floats, Floats, Floats, list[str], str]:
    if waited.duration.size == 0:
        none = np.full(since.size, np.nan)
        return none, none, none, ["none (no replicate)"] * since.size, ""
    sample = stats.CensoredData.right_censored(waited.duration, ~waited.observed)
    curve = stats.ecdf(sample).sf
    value = waited.evaluated(since)[0]
    with warnings.catch_warnings():
        # where nothing or all has happened Greenwood's is not defined: bounds below
        warnings.simplefilter("ignore", RuntimeWarning)
        band: Any = curve.confidence_interval(confidence_level=level, method="log-log")
    low, high = (np.asarray(end.evaluate(since), dtype=np.float64) for end in (band.low, band.high))
    exact_low, exact_high, few = _exact(waited, since, value, level)
    low, high = np.where(few, exact_low, low), np.where(few, exact_high, high)
    method = np.where(few, "exact, effective number", "Greenwood, log-log")
    return value, low, high, method.tolist(), ""


def _exact(
    waited: ProductLimit, since: Floats, value: Floats, level: float
) -> tuple[Floats, Floats, npt.NDArray[np.bool_]]:
    """Clopper and Pearson's ends for the number that Greenwood's variance is worth.

    As `intervals.probability_interval` it leaves 0.4 of 1 - level at each end, and all of it where
    nothing, or all, has happened; it holds while either kind counts up to 10.
    """
    variance = waited.variance(since)
    inner = variance > 0
    worth = np.where(inner, value * (1 - value) / np.where(inner, variance, 1.0), 0.0)
    worth = np.where(inner, worth, np.maximum(1, waited.at_risk(since)))
    worth = np.where(value == 0, waited.n_units, worth)
    lasting = worth * value
    few = np.minimum(lasting, worth - lasting) <= FEW_COUNTS
    tail = np.where(inner, 0.4 * (1 - level), 1 - level)
    with np.errstate(invalid="ignore"):
        low = stats.beta.ppf(tail, lasting, worth - lasting + 1)
        high = stats.beta.ppf(1 - tail, lasting + 1, worth - lasting)
    return np.where(value > 0, low, 0.0), np.where(value < 1, high, 1.0), np.asarray(few)


def _resampled(
    waited: ProductLimit, since: Floats, level: float
) -> tuple[Floats, Floats, Floats, list[str], str]:
    curve = waited.happened(since, level=level)
    method = [curve.method] * since.size
    return 1 - curve.value, 1 - curve.high, 1 - curve.low, method, curve.approximate


def _median(lives: _Lives, level: float) -> Estimate:
    waited, n = lives.waited, lives.waited.n_units
    if waited.times.size == 0:
        return nothing(n, math.inf, "none came")
    made = _closed_form if lives.single else _resampled
    value, low, high, method, doubt = made(waited, waited.times, level)
    ends = [_crossing(waited.times, curve) for curve in (value, low, high)]
    if n < 2:
        return nothing(n, ends[0])
    name = "Brookmeyer-Crowley" if lives.single else method[0]
    return Estimate(ends[0], ends[1], ends[2], n, name, approximate=doubt)


def _crossing(times: Floats, curve: Floats) -> float:
    below = np.flatnonzero(curve <= 0.5)
    return float(times[below[0]]) if below.size else math.inf


def _paired(lives: _Lives, other: _Lives, until: float, level: float) -> tuple[Estimate, Estimate]:
    _, mine, theirs = np.intersect1d(lives.labels, other.labels, return_indices=True)
    if mine.size == 0:
        return nothing(0), nothing(0)
    values = [lives.waited.pseudo_values(until), other.waited.pseudo_values(until)]
    share = values[0][0][mine] - values[1][0][theirs]
    area = values[0][1][mine] - values[1][1][theirs]
    plain = lives.single and other.single
    if plain and not (_censored(lives, until) or _censored(other, until)):
        first, second = (np.round(values[row][0][own]).astype(bool)
                         for row, own in ((0, mine), (1, theirs)))  # fmt: skip
        apart = paired_probability_difference(first, second, level)
    else:
        apart = mean(share, least=-1.0, most=1.0, level=level)
    return apart, mean(area, least=-until, most=until, level=level)


def _censored(lives: _Lives, until: float) -> bool:
    early = lives.waited.duration < until - 1e-6
    return bool((early & ~lives.waited.observed).any())
