"""Estimates whose interval comes from drawing replicates anew: the bootstrap, seeded.

For what has no closed form: ratios, and quantiles of units that hold several settings.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from enough_fingers.distributions import Floats
from enough_fingers.intervals import LEVEL, Estimate, mean_doubt, nothing, order_statistics

#: Takes [..., n] and gives [...]: a statistic over the last axis.
Statistic = Callable[[Floats], Floats]

N_RESAMPLES = 2000
SEED = 20240726
#: Below this many replicates a bootstrap of a ratio covers under 93 %.
FEW_FOR_RATIO = 50
#: The same of a quantile, for replicates expected beyond it.
FEW_BEYOND_QUANTILE = 20
# Bootstrap samples are made in batches of at most so many numbers, to keep memory flat.
_BATCH = 4_000_000
# At most so many numbers in all resamples of one estimate, but never fewer than so many resamples.
_MOST, _FEWEST = 20_000_000, 400


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
        return self.of_units(counts, first.mean(axis=1), second.mean(axis=1))

    def of_units(self, counts: Floats, first: Floats, second: Floats) -> Floats:
        """Of units' own means, [n] or one column a pair [n, n_pairs]: one row a resample."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray((counts @ first) / (counts @ second))


def quantile(share: float) -> Statistic:
    """The statistic "quantile at `share`" (linear between order statistics, Hyndman-Fan type 7)."""
    return _Quantile(share)


#: The statistic "median over the last axis".
median = quantile(0.5)


def truncated_mean(cap: float) -> Statistic:
    """The statistic "mean of min(x, cap)" over the last axis."""
    return _TruncatedMean(cap)


#: Mean of the first over mean of the second, over the last axis; for values already capped.
ratio_of_means = _RatioOfMeans()


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
    arrays = [_by_cell(sample) for sample in samples]
    n = arrays[0].shape[0]
    certain = _without_drawing(arrays, statistic)
    if certain is not None:
        return certain
    value = float(statistic(*(array.reshape(-1) for array in arrays)))
    size = max(1, _BATCH // max(1, arrays[0].size))
    n_resamples = _resamples_of(arrays[0].size, n_resamples)
    from_counts = getattr(statistic, "resampled", None)
    drawn = []
    for start in range(0, n_resamples, size):
        rows = min(size, n_resamples - start)
        if from_counts is not None:
            drawn.append(from_counts(resample_counts(n, rows, seed, start), *arrays))
            continue
        index = _draws(n, rows, seed, start)
        drawn.append(statistic(*(array[index].reshape(rows, -1) for array in arrays)))
    return _estimate(value, np.concatenate(drawn), n, level)


def _by_cell(sample: Floats) -> Floats:
    array = np.asarray(sample, dtype=np.float64)
    return array[:, None] if array.ndim == 1 else array


def _resamples_of(size: int, n_resamples: int) -> int:
    # A pool of many settings needs fewer resamples: their number is the cost, not the accuracy.
    return min(n_resamples, max(_FEWEST, _MOST // size))


def _without_drawing(arrays: list[Floats], statistic: Callable[..., Floats]) -> Estimate | None:
    """The estimate where no resample could tell more: too few units, or units all equal."""
    n = arrays[0].shape[0]
    if n == 0:
        return nothing(0)
    equal = all(bool((array == array.flat[0]).all()) for array in arrays)
    if n >= 2 and not equal:
        return None
    value = float(statistic(*(array.reshape(-1) for array in arrays)))
    # An interval of no width would be read as certainty.
    return nothing(n, value, "all replicates equal") if n >= 2 else nothing(n, value)


def _estimate(value: float, resampled: Floats, n: int, level: float) -> Estimate:
    low, high = _percentiles(resampled, level)
    finite = resampled[np.isfinite(resampled)]
    error = float(finite.std(ddof=1)) if finite.size > 1 and math.isfinite(value) else math.nan
    return Estimate(value, low, high, n, "percentile bootstrap", None, error)


def quantile_of(
    values: Floats, at: float, *, n_resamples: int = N_RESAMPLES, seed: int = SEED
) -> Estimate:
    """A quantile over units: between order statistics, or by bootstrap where units hold cells.

    Args:
        values: [n] or [n, n_cells].
        at: Of the distribution below the quantile, 0 to 1.
        n_resamples: Of the bootstrap.
        seed: Of the bootstrap.

    Returns:
        The quantile of all cells together.
    """
    n = values.shape[0]
    if values.size == n:
        return order_statistics(values.reshape(-1), at)
    found = bootstrap((values,), quantile(at), n_resamples=n_resamples, seed=seed)
    doubt = f"fewer than {FEW_BEYOND_QUANTILE} replicates beyond the quantile"
    # in tenths, so that a share of .9 of 100 is not 9.999…
    few = round(n * min(at, 1 - at), 6) < FEW_BEYOND_QUANTILE
    return replace(found, approximate=doubt if few and found.low == found.low else "")


def ratio_of(
    first: Floats, second: Floats, *, n_resamples: int = N_RESAMPLES, seed: int = SEED
) -> Estimate:
    """Mean of the first over mean of the second, by bootstrap of pairs.

    Args:
        first: [n] or [n, n_cells], already capped.
        second: The same of the reference, paired.
        n_resamples: Of the bootstrap.
        seed: Of the bootstrap.

    Returns:
        The ratio; its upper end is infinite where the reference may be nothing.
    """
    return ratios_of([(first, second)], n_resamples=n_resamples, seed=seed)[0]


def ratios_of(
    pairs: Sequence[tuple[Floats, Floats]], *, n_resamples: int = N_RESAMPLES, seed: int = SEED
) -> list[Estimate]:
    """Many ratios of means at once: pairs of as many replicates share their draws.

    A regime's ratio needs the same draws as the next one's, so that those of one size are one
    product of matrices; of a hundred regimes that takes a tenth of the time.

    Args:
        pairs: What `ratio_of` takes, each.
        n_resamples: Of the bootstrap.
        seed: Of the bootstrap.

    Returns:
        What `ratio_of` gives, in the order of the pairs.
    """
    found: list[Estimate | None] = []
    together: dict[tuple[int, ...], list[int]] = {}
    units: list[list[Floats]] = []
    for place, pair in enumerate(pairs):
        arrays = [_by_cell(values) for values in pair]
        found.append(_without_drawing(arrays, ratio_of_means))
        units.append([values.mean(axis=1) for values in arrays])
        if found[-1] is None:
            together.setdefault(arrays[0].shape, []).append(place)
    for shape, places in together.items():
        rows = _resamples_of(math.prod(shape), n_resamples)
        means = [np.stack([units[place][side] for place in places], axis=1) for side in (0, 1)]
        drawn = _drawn_ratios(means[0], means[1], rows, seed)
        for place, resampled in zip(places, drawn.T, strict=True):
            value = float(ratio_of_means(*units[place]))
            estimate = _estimate(value, resampled, shape[0], LEVEL)
            found[place] = replace(estimate, approximate=_ratio_doubt(units[place]))
    return [estimate for estimate in found if estimate is not None]


def _drawn_ratios(first: Floats, second: Floats, n_resamples: int, seed: int) -> Floats:
    """Ratios [n_resamples, n_pairs] of means [n, n_pairs], resampled in batches."""
    n = first.shape[0]
    size = max(1, _BATCH // n)
    parts = [
        ratio_of_means.of_units(
            resample_counts(n, min(size, n_resamples - start), seed, start), first, second
        )
        for start in range(0, n_resamples, size)
    ]
    return np.concatenate(parts)


def _ratio_doubt(units: list[Floats]) -> str:
    if units[0].size < FEW_FOR_RATIO:
        return f"a ratio of fewer than {FEW_FOR_RATIO} replicates"
    doubts = [mean_doubt(values) for values in units if np.ptp(values) > 0]
    return next((doubt for doubt in doubts if doubt), "")


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
