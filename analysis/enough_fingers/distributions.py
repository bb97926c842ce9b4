"""Quantiles that intervals are made of, so that the package needs no more than NumPy.

The same as in C++ (engine/intervals.cpp), where they also decide how many replicates are run.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
# From so many degrees on the series is exact to seven digits.
_MANY_DEGREES = 30
# Terms this much smaller than their sum are left out.
_NEGLIGIBLE = 1e-18


@lru_cache(maxsize=64)
def normal_quantile(level: float) -> float:
    """The z between whose negative and itself a standard normal variate lies at this level."""
    return NormalDist().inv_cdf(0.5 + level / 2)


@lru_cache(maxsize=4096)
def student_quantile(level: float, degrees: int) -> float:
    """The same of Student's variate (Abramowitz and Stegun 1964, 26.7.3 to 26.7.5).

    Args:
        level: 0 to 1, both excluded.
        degrees: At least 1.

    Returns:
        The quantile; relative error below 1e-7 at .95.
    """
    z = normal_quantile(level)
    if degrees < _MANY_DEGREES:
        high = 1.0
        while _student_within(high, degrees) < level:
            high *= 2
        return _crossing(lambda t: _student_within(t, degrees), level, 0.0, high)
    y, v = z * z, float(degrees)
    terms = (
        z * (y + 1) / 4,
        z * ((5 * y + 16) * y + 3) / 96,
        z * (((3 * y + 19) * y + 17) * y - 15) / 384,
        z * ((((79 * y + 776) * y + 1482) * y - 1920) * y - 945) / 92160,
    )
    return z + sum(term / v ** (power + 1) for power, term in enumerate(terms))


def _student_within(t: float, degrees: int) -> float:
    """P(-t < T < t)."""
    angle = math.atan(t / math.sqrt(degrees))
    cosine, odd = math.cos(angle), degrees % 2
    term = cosine if odd else 1.0
    total = term if degrees > 1 else 0.0
    for k in range(2 + odd, degrees, 2):
        term *= (k - 1) / k * cosine**2
        total += term
    share = math.sin(angle) * total
    return 2 / math.pi * (angle + share) if odd else share


@lru_cache(maxsize=1024)
def clopper_pearson(count: int, n: int, level: float) -> tuple[float, float]:
    """Exact interval for a probability (Clopper and Pearson 1934, Biometrika 26: 404-413).

    Args:
        count: How often it happened, 0 to n.
        n: Out of how many, at least 1.
        level: It covers at least so often.

    Returns:
        Lower and upper end.
    """
    tail, share = (1 - level) / 2, count / n
    few = min(count, n - count)
    choices = sum(math.log((n - few + i) / i) for i in range(1, few + 1))

    def at(p: float) -> float:
        return math.exp(choices + count * math.log(p) + (n - count) * math.log1p(-p))

    def at_least(p: float) -> float:
        term = total = at(p)
        for j in range(count, n):
            if term <= total * _NEGLIGIBLE:
                break
            term *= (n - j) / (j + 1) * p / (1 - p)
            total += term
        return total

    def at_most(p: float) -> float:
        term = total = at(p)
        for j in range(count, 0, -1):
            if term <= total * _NEGLIGIBLE:
                break
            term *= j / (n - j + 1) * (1 - p) / p
            total += term
        return total

    low = _crossing(at_least, tail, 0.0, share) if count > 0 else 0.0
    high = _crossing(lambda p: -at_most(p), -tail, share, 1.0) if count < n else 1.0
    return low, high


def _crossing(rising: Callable[[float], float], level: float, low: float, high: float) -> float:
    middle = (low + high) / 2
    while low < middle < high:
        if rising(middle) < level:
            low = middle
        else:
            high = middle
        middle = (low + high) / 2
    return high


def binomial(n: int, p: float) -> Floats:
    """Probabilities of 0 to n successes.

    Args:
        n: Trials, at least 1.
        p: Of one success, 0 to 1, both excluded.

    Returns:
        [n + 1], adding up to 1.
    """
    count = np.arange(1, n + 1, dtype=np.float64)
    steps = np.log((n - count + 1) / count) + math.log(p) - math.log1p(-p)
    logarithm = np.concatenate([[0.0], np.cumsum(steps)])
    chances = np.exp(logarithm - logarithm.max())
    return np.asarray(chances / chances.sum())


@lru_cache(maxsize=1024)
def ranks_of_quantile(n: int, share: float, level: float) -> tuple[int, int] | None:
    """Which order statistics enclose a quantile at this level (David and Nagaraja 2003, 7.1).

    Args:
        n: Values.
        share: Of the distribution below the quantile.
        level: They enclose it at least so often, each end missing at most half of the rest.

    Returns:
        Ranks from 1, of the lower and upper end; None when an end would lie beyond the sample.
    """
    below = np.cumsum(binomial(n, share))
    tail = (1 - level) / 2
    # P(fewer than `low` values lie below) <= tail, and P(at least `high` do) <= tail
    low = int(np.searchsorted(below, tail, side="right"))
    high = int(np.searchsorted(below, 1 - tail, side="left")) + 1
    return (low, high) if low >= 1 and high <= n else None
