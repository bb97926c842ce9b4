"""Estimates with intervals from arrays of replicates: pure functions, seeded where they draw.

Every interval here answers one question only: how far could the number move if the same experiment
were repeated with other random draws? None of them covers what the model assumes.

Heavy tails: nothing here takes a bare mean. A truncated mean is the mean of min(x, cap), and the
cap is always stated beside it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
#: Takes [..., n] and gives [...]: a statistic over the last axis.
Statistic = Callable[[Floats], Floats]

LEVEL = 0.95
N_RESAMPLES = 2000
SEED = 20240726
# Bootstrap samples are made in batches of at most so many numbers, to keep memory flat.
_BATCH = 4_000_000
# At most so many numbers in all resamples of one estimate, but never fewer than so many resamples.
_MOST, _FEWEST = 20_000_000, 400


@dataclass(frozen=True)
class Estimate:
    """A number with the interval that chance alone gives it.

    Attributes:
        value: The estimate; NaN where nothing can be said.
        low: Lower end; NaN where there is no interval.
        high: Upper end.
        n: Replicates behind it.
        method: How the interval was made.
        count: For a probability: in how many of the n it happened.
    """

    value: float
    low: float
    high: float
    n: int
    method: str
    count: int | None = None


def nothing(n: int, value: float = math.nan) -> Estimate:
    """An estimate without an interval, because fewer than two replicates stand behind it."""
    return Estimate(value, math.nan, math.nan, n, "none (fewer than 2 replicates)")


def wilson(count: float, n: int, level: float = LEVEL) -> tuple[float, float]:
    """Score interval for a probability (Wilson 1927; coverage .92 to .97 where Wald has .26).

    Args:
        count: How often it happened, 0 to n.
        n: Out of how many, at least 1.
        level: Nominal coverage.

    Returns:
        Lower and upper end, within 0 and 1.
    """
    z = NormalDist().inv_cdf(0.5 + level / 2)
    share = count / n
    centre = share + z * z / (2 * n)
    half = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    return max(0.0, (centre - half) / scale), min(1.0, (centre + half) / scale)


def probability(count: int, n: int, level: float = LEVEL) -> Estimate:
    """A probability from counts, with Wilson's interval.

    "0 of n" and "n of n" give a one-sided exact bound, 1 - (1 - level)^(1/n), about 3/n at 95 %
    (Hanley and Lippman-Hand 1983): never "0 %" or "certain".

    Args:
        count: How often it happened.
        n: Out of how many.
        level: Nominal coverage.

    Returns:
        The estimate, with its count.
    """
    if n == 0:
        return nothing(0)
    bound = 1 - (1 - level) ** (1 / n)
    if count == 0:
        return Estimate(0.0, 0.0, bound, n, "exact upper bound", 0)
    if count == n:
        return Estimate(1.0, 1 - bound, 1.0, n, "exact lower bound", n)
    low, high = wilson(count, n, level)
    return Estimate(count / n, low, high, n, "Wilson", count)


def paired_probability_difference(
    first: npt.NDArray[np.bool_], second: npt.NDArray[np.bool_], level: float = LEVEL
) -> Estimate:
    """Difference of two probabilities over the same replicates, P(first) - P(second).

    The interval is that of Agresti and Min (2005, Statistics in Medicine 24: 729-740): Wald's for
    matched pairs after half an observation is added to each of the four cells. It does not shrink
    to nothing when no pair differs.

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
    total = n + 2
    share_first, share_second = (only_first + 0.5) / total, (only_second + 0.5) / total
    centre = share_first - share_second
    z = NormalDist().inv_cdf(0.5 + level / 2)
    half = z * math.sqrt((share_first + share_second - centre**2) / total)
    value = (only_first - only_second) / n
    return Estimate(value, max(-1.0, centre - half), min(1.0, centre + half), n, "Agresti-Min")


@dataclass(frozen=True)
class _Quantile:
    share: float

    def __call__(self, values: Floats) -> Floats:
        # Sorting short rows is six times faster than np.quantile, which the bootstrap would feel.
        ordered = np.sort(values, axis=-1)
        place = self.share * (ordered.shape[-1] - 1)
        below = math.floor(place)
        above = min(below + 1, ordered.shape[-1] - 1)
        low = ordered[..., below]
        return np.asarray(low + (place - below) * (ordered[..., above] - low))

    def resampled(self, counts: Floats, values: Floats) -> Floats:
        n_cells = values.shape[1]
        flat = values.reshape(-1)
        order = np.argsort(flat, kind="stable")
        upto = np.cumsum(counts.astype(np.int32)[:, order // n_cells], axis=1, dtype=np.int32)
        place = self.share * (flat.size - 1)
        below = math.floor(place)
        ordered = flat[order]
        low = ordered[(upto <= below).sum(axis=1)]
        high = ordered[(upto <= min(below + 1, flat.size - 1)).sum(axis=1)]
        return np.asarray(low + (place - below) * (high - low))


@dataclass(frozen=True)
class _TruncatedMean:
    cap: float

    def __call__(self, values: Floats) -> Floats:
        return np.asarray(np.minimum(values, self.cap).mean(axis=-1))

    def resampled(self, counts: Floats, values: Floats) -> Floats:
        return np.asarray(counts @ np.minimum(values, self.cap).mean(axis=1) / len(values))


class _RatioOfMeans:
    def __call__(self, first: Floats, second: Floats) -> Floats:
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(first.mean(axis=-1) / second.mean(axis=-1))

    def resampled(self, counts: Floats, first: Floats, second: Floats) -> Floats:
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray((counts @ first.mean(axis=1)) / (counts @ second.mean(axis=1)))


def quantile(share: float) -> Statistic:
    """The statistic "quantile at `share`" (linear between order statistics, Hyndman-Fan type 7)."""
    return _Quantile(share)


#: The statistic "median over the last axis".
median = quantile(0.5)


def truncated_mean(cap: float) -> Statistic:
    """The statistic "mean of min(x, cap)" over the last axis."""
    return _TruncatedMean(cap)


#: Mean of the first over mean of the second, over the last axis; for values already capped.
ratio_of_means: Callable[..., Floats] = _RatioOfMeans()


def bootstrap(
    samples: tuple[Floats, ...],
    statistic: Callable[..., Floats],
    *,
    n_resamples: int = N_RESAMPLES,
    level: float = LEVEL,
    seed: int = SEED,
) -> Estimate:
    """Percentile bootstrap over replicates (Efron and Tibshirani 1993, chapter 13).

    What is drawn anew is the replicate: of several samples the same replicates, so that pairs stay
    pairs, and with several cells a replicate all its cells, because they share its random draws.

    Args:
        samples: One or more arrays [n, n_cells], or [n], paired along n.
        statistic: Takes as many arrays [..., n * n_cells] as there are samples, gives [...].
        n_resamples: How often to draw.
        level: Nominal coverage.
        seed: Of NumPy's default generator; the same seed draws the same replicates.

    Returns:
        The statistic of the samples with its interval; without one when n < 2.
    """
    arrays = [np.asarray(sample, dtype=np.float64) for sample in samples]
    arrays = [array[:, None] if array.ndim == 1 else array for array in arrays]
    n = arrays[0].shape[0]
    if n == 0:
        return nothing(0)
    value = float(statistic(*(array.reshape(-1) for array in arrays)))
    if n < 2:
        return nothing(n, value)
    if all(bool((array == array.flat[0]).all()) for array in arrays):
        # No resample can differ; an interval of no width would be read as certainty.
        return Estimate(value, math.nan, math.nan, n, "none (all replicates equal)")
    size = max(1, _BATCH // max(1, arrays[0].size))
    # A pool of many settings needs fewer resamples: their number is the cost, not the accuracy.
    n_resamples = min(n_resamples, max(_FEWEST, _MOST // arrays[0].size))
    from_counts = getattr(statistic, "resampled", None)
    drawn = []
    for start in range(0, n_resamples, size):
        rows = min(size, n_resamples - start)
        if from_counts is not None:
            drawn.append(from_counts(resample_counts(n, rows, seed, start), *arrays))
            continue
        index = _draws(n, rows, seed, start)
        drawn.append(statistic(*(array[index].reshape(rows, -1) for array in arrays)))
    low, high = _percentiles(np.concatenate(drawn), level)
    return Estimate(value, low, high, n, "percentile bootstrap")


@lru_cache(maxsize=2)
def _draws(n: int, rows: int, seed: int, start: int) -> npt.NDArray[np.int64]:
    # A report asks for the same draws thousands of times: every regime and measure has the same n.
    return np.random.default_rng([seed, start]).integers(0, n, (rows, n))


@lru_cache(maxsize=4)
def resample_counts(n: int, rows: int, seed: int, start: int = 0) -> Floats:
    """How often each of `n` is drawn in each of `rows` resamples: the bootstrap's draws, counted.

    A mean or a quantile of a resample follows from these counts without making the resample.

    Args:
        n: Things to draw from, with replacement, n times.
        rows: Resamples.
        seed: Of NumPy's default generator.
        start: Number of the first resample.

    Returns:
        Counts [rows, n]; each row adds up to n. Shared: not to be written to.
    """
    index = _draws(n, rows, seed, start) + n * np.arange(rows)[:, None]
    counts = np.bincount(index.reshape(-1), minlength=n * rows).reshape(rows, n)
    return np.asarray(counts, dtype=np.float64)


def _percentiles(drawn: Floats, level: float) -> tuple[float, float]:
    # 0/0 in a resample is no ratio and is left out; x/0 is a ratio larger than any.
    drawn = np.sort(drawn[~np.isnan(drawn)])
    if drawn.size == 0:
        return math.nan, math.nan
    if np.isinf(drawn[-1]):
        # Nothing lies between a number and infinity: take the order statistics outside.
        last = drawn.size - 1
        low = drawn[math.floor(last * (1 - level) / 2)]
        return float(low), float(drawn[math.ceil(last * (1 + level) / 2)])
    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


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
