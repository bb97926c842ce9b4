"""Estimates with intervals from arrays of replicates: closed forms. Pure functions.

Every interval here answers one question only: how far could the number move if the same experiment
were repeated with other random draws? None of them covers what the model assumes. How often each
covers what it should is measured in docs/intervals.md; where that is under 93 % at nominal 95 %,
the estimate says that its interval is approximate, and why. engine/intervals.hpp has the same ones
in C++.

Heavy tails: nothing here takes a bare mean. A truncated mean is the mean of min(x, cap), and the
cap is always stated beside it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from enough_fingers.distributions import (
    Floats,
    clopper_pearson,
    normal_quantile,
    ranks_of_quantile,
    student_quantile,
)

LEVEL = 0.95
#: Below this many replicates the interval of a mean is approximate, whatever they look like.
FEW = 30
#: Up to how many of the rarer kind the interval of a probability is exact.
FEW_COUNTS = 10


@dataclass(frozen=True)
class Estimate:
    """A number with the interval that chance alone gives it.

    Attributes:
        value: The estimate; NaN where nothing can be said.
        low: Lower end; NaN where there is no interval.
        high: Upper end.
        n: Replicates behind it.
        method: How the interval was made; "none (…)" says why there is none.
        count: For a probability: in how many of the n it happened.
        standard_error: Monte-Carlo standard error of the value; NaN where there is none.
        approximate: Why the interval may cover under 93 % at nominal 95 %; empty: it does not.
    """

    value: float
    low: float
    high: float
    n: int
    method: str
    count: int | None = None
    standard_error: float = math.nan
    approximate: str = ""


def nothing(
    n: int, value: float = math.nan, why: str = "one replicate", *, error: float = math.nan
) -> Estimate:
    """An estimate without an interval, and why it has none."""
    why = "no replicate" if n == 0 else why
    return Estimate(value, math.nan, math.nan, n, f"none ({why})", standard_error=error)


def wilson(count: float, n: int, level: float = LEVEL) -> tuple[float, float]:
    """Score interval for a probability (Wilson 1927, JASA 22: 209-212).

    Args:
        count: How often it happened, 0 to n.
        n: Out of how many, at least 1.
        level: Nominal coverage.

    Returns:
        Lower and upper end, within 0 and 1.
    """
    z = normal_quantile(level)
    share = count / n
    centre = share + z * z / (2 * n)
    half = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    return max(0.0, (centre - half) / scale), min(1.0, (centre + half) / scale)


def probability_interval(count: float, n: int, level: float = LEVEL) -> tuple[float, float]:
    """The interval of a probability: a bound for 0 and n of n, exact for few, else Wilson's.

    The exact one leaves 0.4 of 1 - level at each end instead of 0.5, for where it meets the bound
    of 0, which leaves all of it, both may miss. At 95 % it covers at least .93 for any probability.

    Args:
        count: How often it happened, 0 to n; not whole where a unit holds several settings.
        n: Out of how many, at least 1.
        level: Nominal coverage.

    Returns:
        Lower and upper end.
    """
    bound: float = -math.expm1(math.log1p(-level) / n)
    if count <= 0:
        return 0.0, bound
    if count >= n:
        return 1 - bound, 1.0
    if min(count, n - count) > FEW_COUNTS:
        return wilson(count, n, level)
    exact = 1 - 0.8 * (1 - level)
    # What is not whole lies between two counts: the wider.
    low, _ = clopper_pearson(math.floor(count), n, exact)
    _, high = clopper_pearson(math.ceil(count), n, exact)
    return low, high


def probability(count: int, n: int, level: float = LEVEL) -> Estimate:
    """A probability from counts.

    "0 of n" and "n of n" give a one-sided exact bound, 1 - (1 - level)^(1/n), about 3/n at 95 %
    (Hanley and Lippman-Hand 1983, JAMA 249: 1743-1745): never "0 %" or "certain". Their standard
    error is that at half an observation more, for luck is never nothing.

    Args:
        count: How often it happened.
        n: Out of how many.
        level: Nominal coverage.

    Returns:
        The estimate, with its count.
    """
    if n == 0:
        return nothing(0)
    low, high = probability_interval(count, n, level)
    method = "Wilson"
    if count in (0, n):
        method = "exact upper bound" if count == 0 else "exact lower bound"
    elif min(count, n - count) <= FEW_COUNTS:
        method = "Clopper-Pearson"
    return Estimate(count / n, low, high, n, method, count, _probability_error(count, n))


def _probability_error(count: float, n: int) -> float:
    share = (count + 0.5) / (n + 1) if count in (0, n) else count / n
    return math.sqrt(share * (1 - share) / n)


def share(happened: npt.NDArray[np.bool_], level: float = LEVEL) -> Estimate:
    """A probability over units that may hold several cells.

    Args:
        happened: [n, n_cells]. Cells of a unit share draws, so beyond one cell n counts units.
        level: Nominal coverage.

    Returns:
        The share; its count where there is one cell.
    """
    n, n_cells = happened.shape
    if n_cells == 1 or n == 0:
        return probability(int(happened.sum()), n, level)
    value = float(happened.mean())
    if value in (0.0, 1.0):
        return probability(n if value else 0, n, level)
    low, high = probability_interval(value * n, n, level)
    method = f"as a probability over {n} units of {n_cells} settings or replicates each"
    error = float(happened.mean(axis=1).std(ddof=1)) / math.sqrt(n) if n > 1 else math.nan
    return Estimate(value, low, high, n, method, standard_error=error)


def paired_interval(
    only_first: int, only_second: int, n: int, level: float = LEVEL
) -> tuple[float, float]:
    """Interval of P(first) - P(second) over n pairs.

    That of Bonett and Price (2012, J. Educ. Behav. Stat. 37: 479-488, equation 8): Wald's for
    matched pairs after one observation is added to each kind of pair that differs. It does not
    shrink to nothing when no pair differs, and covers at least .93.

    Args:
        only_first: Pairs in which the first happened alone.
        only_second: The same of the second.
        n: Pairs, at least 1.
        level: Nominal coverage.

    Returns:
        Lower and upper end, within -1 and 1.
    """
    total = n + 2
    centre = (only_first - only_second) / total
    differ = (only_first + only_second + 2) / total
    half = normal_quantile(level) * math.sqrt((differ - centre**2) / total)
    return max(-1.0, centre - half), min(1.0, centre + half)


def paired_probability_difference(
    first: npt.NDArray[np.bool_], second: npt.NDArray[np.bool_], level: float = LEVEL
) -> Estimate:
    """Difference of two probabilities over the same replicates, P(first) - P(second).

    Args:
        first: Whether it happened, [n].
        second: The same for the reference, [n], paired by replicate.
        level: Nominal coverage.

    Returns:
        The difference, -1 to 1.
    """
    n = first.size
    if n == 0:
        return nothing(0)
    only_first = int(np.sum(first & ~second))
    only_second = int(np.sum(~first & second))
    low, high = paired_interval(only_first, only_second, n, level)
    value = (only_first - only_second) / n
    differing = (only_first + only_second) / n if only_first + only_second else 1 / (n + 1)
    error = math.sqrt((differing - value**2) / n)
    return Estimate(value, low, high, n, "Bonett-Price", standard_error=error)


def mean_doubt(values: Floats, level: float = LEVEL) -> str:
    """Why the interval of a mean may cover under 93 %, or nothing.

    The rule is Cochran's (1977, Sampling Techniques, 2.15): n must be above 25 times the squared
    skewness. A sample that has not yet met its tail can pass it. At another level than 95 % the 25
    goes with z², because skewness is felt further out.

    Args:
        values: [n], not all equal.
        level: Of the interval.

    Returns:
        The reason, for a reader.
    """
    if values.size < FEW:
        return f"fewer than {FEW} replicates"
    apart = values - values.mean()
    scaled = apart / np.abs(apart).max()
    squares, cubes = float(np.sum(scaled**2)), float(np.sum(scaled**3))
    times = 25 * (normal_quantile(level) / normal_quantile(0.95)) ** 2
    return "few replicates for so skewed a measure" if times * cubes**2 >= squares**3 else ""


def mean(
    values: Floats, *, least: float = -math.inf, most: float = math.inf, level: float = LEVEL
) -> Estimate:
    """A mean over units, with Student's interval.

    Args:
        values: [n] or [n, n_cells]; cells of a unit share draws, so a unit counts by its own mean.
        least: The measure is never below; nor is the interval.
        most: The same above.
        level: Nominal coverage.

    Returns:
        The mean; without an interval when n < 2 or all units are equal, for an interval of no
        width would be read as certainty.
    """
    n = values.shape[0]
    if n == 0:
        return nothing(0)
    units = np.asarray(values, dtype=np.float64).reshape(n, -1).mean(axis=1)
    value = float(units.mean())
    if n < 2:
        return nothing(n, value)
    if bool((units == units[0]).all()):
        return nothing(n, value, "all replicates equal")
    error = float(units.std(ddof=1)) / math.sqrt(n)
    half = student_quantile(level, n - 1) * error
    low, high = max(least, value - half), min(most, value + half)
    return Estimate(value, low, high, n, "Student", None, error, mean_doubt(units, level))


def order_statistics(values: Floats, at: float, level: float = LEVEL) -> Estimate:
    """A quantile of independent values, between order statistics.

    The interval covers at least as often as it says for any distribution (David and Nagaraja 2003,
    Order Statistics, 7.1). Its standard error is a quarter of its width or so (McKean and Schrader
    1984, Commun. Stat. Simul. 13: 751-773).

    Args:
        values: [n].
        at: Of the distribution below the quantile, 0 to 1.
        level: Least coverage.

    Returns:
        The quantile (linear between order statistics, Hyndman-Fan type 7); without an interval
        where an end would lie beyond the sample, or when all values are equal.
    """
    n = values.size
    if n == 0:
        return nothing(0)
    ordered = np.sort(values)
    value = float(np.quantile(ordered, at))
    if n < 2:
        return nothing(n, value)
    if ordered[0] == ordered[-1]:
        return nothing(n, value, "all replicates equal")
    ranks = ranks_of_quantile(n, at, level)
    if ranks is None:
        return nothing(n, value, f"needs {fewest_for_quantile(at, level)} replicates")
    low, high = (float(ordered[rank - 1]) for rank in ranks)
    error = (high - low) / (2 * normal_quantile(level))
    return Estimate(value, low, high, n, "order statistics", None, error)


def fewest_for_quantile(at: float, level: float = LEVEL) -> int:
    """How many values both ends of a quantile's interval need: 6 for a median, 36 for 90 %."""
    outside = max(at, 1 - at)
    return math.ceil(math.log((1 - level) / 2) / math.log(outside) - 1e-9)


def variance_reduction(first: Floats, second: Floats) -> float:
    """What common random numbers bought: (Var x + Var y) / Var(x - y), samples' variances.

    So many times more replicates would independent draws have needed for the same standard error
    of the difference. 1: nothing; below 1: pairing hurt; infinite: the pairs never differ by more
    than a constant.

    Args:
        first: [n].
        second: [n], paired by replicate.

    Returns:
        The factor; NaN with fewer than 2 pairs or when neither varies.
    """
    if first.size < 2:
        return math.nan
    apart = float(np.var(first, ddof=1) + np.var(second, ddof=1))
    together = float(np.var(first - second, ddof=1))
    if apart == 0:
        return math.nan
    return math.inf if together == 0 else apart / together
