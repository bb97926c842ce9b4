"""How heavy a tail is: Hill's index, the generalised Pareto law, and which moments there are.

A tail P(X > x) ~ x^(−1/ξ) has the *tail index* ξ (α = 1/ξ is the exponent). Its variance exists for
ξ < 1/2 and its mean for ξ < 1; beyond, a sample mean grows with the sample and never settles.

Severities of the model are cut at a cap (docs/model.md, M5.3, M7.2, M10, M12.1): a law with a cap
has every moment. But a sample that has not met the cap behaves as if it had none, and where it has
met it, its mean is decided by the cap, which is a belief. `Tail.moments` says which of these holds.
"""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

from enough_fingers.distributions import Floats, normal_quantile
from enough_fingers.generalised_pareto import fit_generalised_pareto, refitted
from enough_fingers.intervals import LEVEL
from enough_fingers.resampling import SEED
from enough_fingers.wording import number

#: Largest values that a tail is fitted to when nothing is said: so many of them, at most …
MOST_OVER = 1000
#: … and this share of all.
SHARE_OVER = 0.1
#: With fewer values over the threshold than this an index says nothing.
FEWEST_OVER = 10
#: With fewer than this the interval of the generalised Pareto's index is approximate.
FEW_OVER = 250
N_RESAMPLES = 400
MEAN, VARIANCE = 1.0, 0.5


class NoMeanWarning(UserWarning):
    """A tail is so heavy that a mean or a variance may not exist; an average of it misleads."""


@dataclass(frozen=True)
class Tail:
    """A tail index with two intervals.

    Attributes:
        estimator: "Hill" or "generalised Pareto".
        index: ξ; NaN with too few values over the threshold.
        low: Lower end, from large-sample theory of independent values.
        high: Upper end.
        bootstrap_low: The same by drawing units anew; NaN with fewer than 2 units.
        bootstrap_high: Its upper end.
        standard_error: Of the index, from large-sample theory.
        scale: σ of the generalised Pareto law, in the values' unit; NaN for Hill.
        scale_error: Its standard error.
        threshold: What the tail begins at.
        n_over: Values over it.
        n_values: All values.
        n: Units (replicates) that they came from.
        cap: What values are cut at; infinite where at nothing.
        beyond_cap: How many of the sample an uncut tail would have had beyond the cap: 1 or more,
            and the sample has met the cap.
        approximate: Why the interval of large-sample theory may cover under 93 % at nominal 95 %;
            empty: it does not.
    """

    estimator: str
    index: float
    low: float
    high: float
    bootstrap_low: float
    bootstrap_high: float
    standard_error: float
    scale: float
    scale_error: float
    threshold: float
    n_over: int
    n_values: int
    n: int
    cap: float = math.inf
    beyond_cap: float = 0.0
    approximate: str = ""

    @property
    def ends(self) -> tuple[float, float]:
        """Both intervals' outer ends: what neither of them excludes."""
        lows = [end for end in (self.low, self.bootstrap_low) if not math.isnan(end)]
        highs = [end for end in (self.high, self.bootstrap_high) if not math.isnan(end)]
        return (min(lows), max(highs)) if lows and highs else (math.nan, math.nan)

    @property
    def moments(self) -> str:
        """What the interval says of mean and variance, for a reader; "" where all is well."""
        low, high = self.ends
        if math.isnan(high) or high < VARIANCE:
            return ""
        what, at = ("mean", MEAN) if high >= MEAN else ("variance", VARIANCE)
        found = f"tail index {number(self.index)} ({number(low)} to {number(high)})"
        if math.isinf(self.cap):
            certain = "does not exist" if low >= at else "may not exist"
            return f"the {what} {certain}: {found}"
        if self.beyond_cap >= 1:
            return (
                f"the {what} exists, but is decided by the cap of {number(self.cap)}, which the "
                f"sample has met: {found}"
            )
        return (
            f"the {what} exists only because values are cut at {number(self.cap)}, which the "
            f"sample has not met: {found}"
        )


def tail_of(
    values: npt.ArrayLike,
    unit: npt.ArrayLike | None = None,
    *,
    threshold: float | None = None,
    cap: float = math.inf,
    estimator: str = "Hill",
    level: float = LEVEL,
    n_resamples: int = N_RESAMPLES,
) -> Tail:
    """Fits the tail of a sample over a threshold.

    "Hill" is the maximum likelihood of a Pareto tail (Hill 1975, Ann. Stat. 3: 1163-1174), with a
    cap that of a truncated one (Aban, Meerschaert and Panorska 2006, JASA 101: 270-277, equation
    4, the cap known). "generalised Pareto" is the maximum likelihood of `scipy.stats.genpareto`
    for what lies over the threshold, by the profile of Grimshaw (1993, Technometrics 35: 185-191);
    it knows nothing of a cap. Intervals: exact for a Pareto tail (Hill's is a mean of exponential
    variates), from the information for the others (Smith 1987, Ann. Stat. 15: 1174-1207); and a
    percentile bootstrap of units at a fixed threshold. Neither covers the choice of the threshold:
    see `stability`.

    Args:
        values: [n_values]; those of 0 or less only count as values.
        unit: Which replicate each came from, [n_values]; each its own when not given.
        threshold: Where the tail begins; by default the 10 % largest, at most 1,000 of them.
        cap: What values are cut at.
        estimator: "Hill" or "generalised Pareto".
        level: Nominal coverage.
        n_resamples: Of the bootstrap; 0: none.

    Returns:
        The tail; with a NaN index where fewer than 10 values lie over the threshold.

    Raises:
        ValueError: When there is no such estimator, or the cap lies below the threshold.
    """
    if estimator not in ("Hill", "generalised Pareto"):
        raise ValueError(f'no estimator "{estimator}"; there are "Hill" and "generalised Pareto"')
    sample = np.asarray(values, dtype=np.float64).reshape(-1)
    owner = np.arange(sample.size) if unit is None else np.asarray(unit).reshape(-1)
    n_units = np.unique(owner).size
    threshold = choose_threshold(sample) if threshold is None else threshold
    if cap <= threshold:
        raise ValueError(f"the cap {cap:g} lies below the threshold {threshold:g}: no tail between")
    over = sample > max(threshold, 0.0)
    excess, labels = sample[over], np.unique(owner[over], return_inverse=True)[1]
    frame = _Frame(threshold, int(over.sum()), sample.size, n_units, cap)
    if frame.n_over < FEWEST_OVER or not excess.max() > threshold:
        return frame.nothing(estimator)
    if estimator == "Hill":
        return _hill(excess, labels, frame, level, n_resamples)
    return _generalised(excess - threshold, labels, frame, level, n_resamples)


def choose_threshold(values: Floats) -> float:
    """Where a tail begins when nothing is said: below the 10 % largest values, at most 1,000.

    Of fewer than 100 values below the 10 largest, but at most a quarter of them.
    """
    if values.size == 0:
        return 0.0
    few = min(FEWEST_OVER, values.size // 4)
    over = min(MOST_OVER, max(1, few, math.floor(SHARE_OVER * values.size)))
    at = max(0, values.size - 1 - over)
    return max(0.0, float(np.partition(values, at)[at]))


@dataclass(frozen=True)
class _Frame:
    """What every fit of a sample shares."""

    threshold: float
    n_over: int
    n_values: int
    n: int
    cap: float

    def nothing(self, estimator: str) -> Tail:
        none = math.nan
        why = f"fewer than {FEWEST_OVER} values over the threshold"
        return Tail(estimator, none, none, none, none, none, none, none, none, self.threshold,
                    self.n_over, self.n_values, self.n, self.cap, none, why)  # fmt: skip

    @property
    def shared(self) -> str:
        """Whether values come in clumps, of which large-sample theory knows nothing."""
        several = self.n < self.n_values
        return "values of a replicate share its draws: see the bootstrap's ends" if several else ""

    def draws(self, size: int, n_resamples: int) -> Floats | None:
        """How often each unit with a value over the threshold is drawn, [n_resamples, size]."""
        if self.n < 2 or n_resamples == 0:
            return None
        # Units without one are drawn too, all in one lot, which is left out.
        chances = np.append(np.full(size, 1 / self.n), max(0.0, 1 - size / self.n))
        drawn = np.random.default_rng(SEED).multinomial(self.n, chances, n_resamples)
        return np.asarray(drawn[:, :size], dtype=np.float64)


def _hill(
    excess: Floats, labels: npt.NDArray[np.int64], frame: _Frame, level: float, n_resamples: int
) -> Tail:
    logs = np.log(excess / frame.threshold)
    k, reach = frame.n_over, math.log(frame.cap / frame.threshold)
    index = float(_untruncated(np.array([logs.mean()]), reach)[0])
    if math.isinf(reach):
        low, high = _hill_ends(index, k, level)
        error = index / math.sqrt(k)
    else:
        error, low, high = _truncated_ends(index, k, reach, level)
    again = (math.nan, math.nan)
    size = int(labels.max()) + 1
    counts = frame.draws(size, n_resamples)
    if counts is not None:
        sums, number_of = np.bincount(labels, logs, size), np.bincount(labels, minlength=size)
        with np.errstate(divide="ignore", invalid="ignore"):
            means = (counts @ sums) / (counts @ number_of)
        again = _percentiles(_untruncated(means[np.isfinite(means)], reach), level)
    beyond = 0.0 if math.isinf(reach) else k * math.exp(-reach / index) if index > 0 else 0.0
    return Tail("Hill", index, low, high, *again, error, math.nan, math.nan, frame.threshold, k,
                frame.n_values, frame.n, frame.cap, beyond, frame.shared)  # fmt: skip


def _hill_ends(index: float, k: int, level: float) -> tuple[float, float]:
    """Of a Pareto tail 2kξ̂/ξ is a χ² variate with 2k degrees of freedom."""
    tail = (1 - level) / 2
    least, most = (float(stats.chi2.ppf(at, 2 * k)) for at in (tail, 1 - tail))
    return 2 * k * index / most, 2 * k * index / least


def _untruncated(means: Floats, reach: float) -> Floats:
    """ξ from mean logarithms over the threshold, of exponential variates cut off at `reach`.

    Their mean is ξ − reach/(e^(reach/ξ) − 1), which rises with ξ towards reach/2.
    """
    if math.isinf(reach):
        return means
    low, high = np.full(means.size, -60.0), np.maximum(60.0, 2 * reach / means)
    for _ in range(60):  # in α·reach, with which the mean falls
        middle = (low + high) / 2
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            mean = np.where(np.abs(middle) < 1e-6, 0.5, 1 / middle - 1 / np.expm1(middle))
        above = mean * reach > means
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    alpha = (low + high) / 2 / reach
    return np.asarray(np.where(alpha > 0, 1 / np.where(alpha > 0, alpha, 1.0), np.inf))


def _truncated_ends(index: float, k: int, reach: float, level: float) -> tuple[float, float, float]:
    """Standard error of ξ, and ends from those of α = 1/ξ, by the Fisher information."""
    if math.isinf(index):  # α = 0: logarithms even up to the cap, with the variance reach²/12
        return math.nan, reach * math.sqrt(k / 12) / normal_quantile(level), math.inf
    alpha = 1 / index
    grown = alpha * reach
    # 1/α² − reach²·e^(α·reach)/(e^(α·reach) − 1)²
    lost = (reach / (2 * math.sinh(grown / 2))) ** 2 if grown < 600 else 0.0
    information = 1 / alpha**2 - lost
    error = 1 / math.sqrt(k * information)
    half = normal_quantile(level) * error
    high = 1 / (alpha - half) if alpha > half else math.inf
    return error / alpha**2, 1 / (alpha + half), high


def _generalised(
    excess: Floats, labels: npt.NDArray[np.int64], frame: _Frame, level: float, n_resamples: int
) -> Tail:
    index, scale = fit_generalised_pareto(excess)
    k = frame.n_over
    error = abs(1 + index) / math.sqrt(k)
    half = normal_quantile(level) * error
    scale_error = scale * math.sqrt(2 * max(0.0, 1 + index) / k)
    again = (math.nan, math.nan)
    counts = frame.draws(int(labels.max()) + 1, n_resamples)
    if counts is not None:
        again = _percentiles(refitted(excess, index / scale, counts[:, labels], FEWEST_OVER), level)
    beyond = 0.0
    if not math.isinf(frame.cap):
        beyond = k * float(stats.genpareto.sf(frame.cap - frame.threshold, index, scale=scale))
    doubt = f"fewer than {FEW_OVER} values over the threshold" if k < FEW_OVER else frame.shared
    if beyond >= 1:
        doubt = "the tail has met its cap, of which the law knows nothing"
    if index < -0.5:
        doubt = "the tail has an end, and large-sample theory fails below an index of −1/2"
    return Tail("generalised Pareto", index, index - half, index + half, *again, error, scale,
                scale_error, frame.threshold, k, frame.n_values, frame.n, frame.cap, beyond,
                doubt)  # fmt: skip


def _percentiles(drawn: Floats, level: float) -> tuple[float, float]:
    if drawn.size == 0:
        return math.nan, math.nan
    ordered = np.sort(drawn)
    last = ordered.size - 1
    # order statistics outside, for some may be infinite
    return (float(ordered[math.floor(last * (1 - level) / 2)]),
            float(ordered[math.ceil(last * (1 + level) / 2)]))  # fmt: skip


def check_mean(values: npt.ArrayLike, name: str, *, cap: float = math.inf) -> Tail:
    """Warns where a sample's tail says that its mean or its variance may not exist.

    Args:
        values: [n], such as an outcome of the replicates of one regime.
        name: What they are, for the warning.
        cap: What they are cut at.

    Returns:
        Hill's tail of the values.

    Warns:
        NoMeanWarning: Where the interval of the tail index reaches 1/2, unless values are cut at a
            cap that the sample has met.
    """
    tail = tail_of(values, cap=cap)
    if tail.moments and tail.beyond_cap < 1:
        warnings.warn(
            f"{name}: {tail.moments}, over {number(tail.threshold)} ({tail.n_over} of "
            f"{tail.n_values} values). Use quantiles, probabilities or a truncated mean.",
            NoMeanWarning,
            stacklevel=2,
        )
    return tail
