"""Rates and shares of events that come in clumps: exact intervals, widened by how they clump.

Events of a replicate share its draws, so counts of replicates scatter more than Poisson's. How much
more is the *dispersion*: the variance of the estimate between replicates, over what it would be of
independent events. It is never taken to be below 1, and grows with the square of Student's quantile
over the normal one, for it is itself estimated from few replicates.
"""

from __future__ import annotations

import math

import numpy as np
from scipy import stats

from enough_fingers.distributions import Floats, normal_quantile, student_quantile
from enough_fingers.intervals import FEW, LEVEL, Estimate, nothing

#: With fewer events, or clumps of them, than this it is a guess whether and how they clump.
FEW_CLUMPS = 10


def dispersion(counts: Floats, exposure: Floats) -> Floats:
    """Variance of a rate between units over Poisson's: the "design effect" of clumping.

    Of a rate r = Σcounts/Σexposure the variance between units is
    n/(n−1)·Σ(count − r·exposure)²/(Σexposure)² (Cochran 1977, Sampling Techniques, 6.3), and
    Poisson's is Σcounts/(Σexposure)².

    Args:
        counts: [n] or [n, k].
        exposure: [n].

    Returns:
        [k] (or a number): 1 or more; 1 where nothing happened or with fewer than 2 units.
    """
    n, total = counts.shape[0], counts.sum(axis=0)
    if n < 2:
        return np.ones_like(total)
    rate = total / exposure.sum()
    left = counts - np.multiply.outer(exposure, rate)
    between = n / (n - 1) * (left**2).sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.where(total > 0, between / total, 1.0)
    return np.asarray(np.maximum(1.0, found))


def _widening(n: int, level: float) -> float:
    """(t/z)²: what estimating a variance from n units costs."""
    if n < 2:
        return 1.0
    return (student_quantile(level, n - 1) / normal_quantile(level)) ** 2


def rate(counts: Floats, exposure: Floats, level: float = LEVEL) -> Estimate:
    """Events over exposure, with Garwood's exact interval for a Poisson count, widened by clumping.

    With a dispersion φ the count N and the exposure T are taken as N/φ and T/φ: the interval of Fay
    and Feuer (1997, Stat. Med. 16: 791-801) with the variance between units. At φ = 1 it is
    Garwood's (1936, Biometrika 28: 437-442). Where nothing happened it is one-sided, at most about
    3/T at 95 % (and takes the events to be independent, for nothing says how they clump).

    Args:
        counts: Events of each unit, [n].
        exposure: What each unit was exposed to, such as years, [n].
        level: Nominal coverage.

    Returns:
        The rate, with the number of events as `count`.
    """
    n, total, time = counts.size, float(counts.sum()), float(exposure.sum())
    if n == 0 or time <= 0:
        return nothing(0)
    value = total / time
    if total == 0:
        high = -math.log1p(-level) / time
        return Estimate(0.0, 0.0, high, n, "exact upper bound", 0, 1 / time, _doubt(n, 0, 1))
    spread = float(dispersion(counts, exposure))
    error = math.sqrt(spread * total) / time
    if n < 2:
        return nothing(n, value, error=error)
    wide = spread if spread == 1 else max(1.0, spread * _widening(n, level))
    tail = (1 - level) / 2
    effective = total / wide
    low = float(stats.chi2.ppf(tail, 2 * effective)) / 2 * wide / time
    high = float(stats.chi2.ppf(1 - tail, 2 * (effective + 1))) / 2 * wide / time
    method = "Garwood" if spread == 1 else f"Garwood, widened for clumping ({spread:.3g}×)"
    return Estimate(value, low, high, n, method, int(total), error, _doubt(n, total, spread))


def shares(over: Floats, total: Floats, level: float = LEVEL) -> tuple[Floats, Floats, Floats]:
    """Shares of events that come in clumps, with Korn and Graubard's intervals.

    Clopper and Pearson's with the number of events divided by the dispersion (Korn and Graubard
    1998, Survey Methodology 24: 193-201).

    Args:
        over: How many of each unit's events were of the kind in question, [n, k].
        total: How many events each unit had, [n].
        level: Nominal coverage.

    Returns:
        Shares, lower and upper ends, each [k]; NaN where there is no event. Where none or all of
        the events were of the kind, nothing says how they clump, and the bound is that of
        independent events.
    """
    n, events = total.size, float(total.sum())
    k = over.shape[1]
    if n == 0 or events == 0:
        empty = np.full(k, np.nan)
        return empty, empty, empty
    value = over.sum(axis=0) / events
    left = over - np.multiply.outer(total, value)
    alone = value * (1 - value) * events
    inner = alone > 0
    spread = np.ones(k)
    if n > 1:
        between = n / (n - 1) * (left**2).sum(axis=0)
        wide = between[inner] / alone[inner] * _widening(n, level)
        spread[inner] = np.maximum(1.0, wide)
    effective = events / spread
    count, tail = value * effective, (1 - level) / 2
    tails = np.where(inner, tail, 1 - level)
    with np.errstate(invalid="ignore"):
        low = stats.beta.ppf(tails, count, effective - count + 1)
        high = stats.beta.ppf(1 - tails, count + 1, effective - count)
    return value, np.where(value > 0, low, 0.0), np.where(value < 1, high, 1.0)


def _doubt(n: int, total: float, spread: float) -> str:
    if total < FEW_CLUMPS * spread:
        return f"fewer than {FEW_CLUMPS} events, or clumps of them"
    few = spread > 1 and n < FEW
    return f"events in clumps, and fewer than {FEW} replicates" if few else ""
