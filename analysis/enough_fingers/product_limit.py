"""Kaplan and Meier's estimate where several durations belong to one replicate.

What had not happened when a run ended is *censored*: it may still come, so it is neither left out
nor counted as never. The estimate is Kaplan and Meier's (1958, JASA 53: 457-481); what is drawn
anew, or left out, for its interval is the replicate with all its durations.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from enough_fingers.distributions import Floats
from enough_fingers.intervals import FEW, LEVEL
from enough_fingers.resampling import SEED, resample_counts

#: Resamples of a curve.
N_RESAMPLES = 400
BOOTSTRAP = "percentile bootstrap of replicates"
# At most so many numbers in a batch of curves.
_BATCH = 8_000_000


@dataclass(frozen=True)
class Curve:
    """A share that changes over time, with pointwise intervals; all [n_times].

    Attributes:
        time: Where it is evaluated.
        value: NaN beyond the longest time that anything was followed.
        low: Lower ends; NaN where there is no interval.
        high: Upper ends.
        standard_error: Of the bootstrap; NaN where there is none.
        n: Units behind it: those that have any duration.
        method: How the interval was made.
        approximate: Why it may cover under 93 %; empty: it does not.
    """

    time: Floats
    value: Floats
    low: Floats
    high: Floats
    standard_error: Floats
    n: int
    method: str
    approximate: str = ""


@dataclass(frozen=True)
class ProductLimit:
    """Durations, some of them censored, of the units of one regime.

    Attributes:
        duration: [m], 0 or more.
        observed: Whether it ended with what is waited for, [m]; else it is censored.
        unit: Which unit each belongs to, 0 to n_units − 1, [m].
        n_units: Units, also those without a duration.
    """

    duration: Floats
    observed: npt.NDArray[np.bool_]
    unit: npt.NDArray[np.int64]
    n_units: int

    @cached_property
    def times(self) -> Floats:
        """The different times at which anything was observed, rising."""
        return np.unique(self.duration[self.observed])

    @property
    def followed(self) -> float:
        """The longest time that anything was followed; NaN without durations."""
        return float(self.duration.max()) if self.duration.size else math.nan

    @cached_property
    def _tables(self) -> tuple[Floats, Floats]:
        """Observed at each time, and still at risk just before it, by unit: [n_units, n_times]."""
        size = self.times.size
        place = np.searchsorted(self.times, self.duration[self.observed])
        index = self.unit[self.observed] * size + place
        ended = np.bincount(index, minlength=self.n_units * size).reshape(self.n_units, size)
        upto = np.searchsorted(self.times, self.duration, side="right")
        index = self.unit * (size + 1) + upto
        table = np.bincount(index, minlength=self.n_units * (size + 1))
        table = table.reshape(self.n_units, size + 1)
        risk = np.cumsum(table[:, :0:-1], axis=1)[:, ::-1]
        return ended.astype(np.float64), risk.astype(np.float64)

    def at_risk(self, time: npt.ArrayLike) -> npt.NDArray[np.int64]:
        """How many durations are as long as each time or longer."""
        ordered = np.sort(self.duration)
        return np.asarray(ordered.size - np.searchsorted(ordered, time, side="left"))

    def surviving(self, weights: Floats | None = None) -> Floats:
        """The share that lasts beyond each of `times`.

        Args:
            weights: How often each unit counts, [n_sets, n_units]; once when not given.

        Returns:
            [n_sets, n_times].
        """
        weights = np.ones((1, self.n_units)) if weights is None else weights
        ended, risk = (weights @ table for table in self._tables)
        with np.errstate(divide="ignore", invalid="ignore"):
            stays = np.where(risk > 0, 1 - ended / risk, 1.0)
        return np.asarray(np.cumprod(stays, axis=1))

    def evaluated(self, at: Floats, weights: Floats | None = None) -> Floats:
        """The share that lasts beyond each time of `at`, [n_sets, n_at]; see `surviving`."""
        steps = self.surviving(weights)
        padded = np.concatenate([np.ones((len(steps), 1)), steps], axis=1)
        return np.asarray(padded[:, np.searchsorted(self.times, at, side="right")])

    def variance(self, at: Floats) -> Floats:
        """Greenwood's variance of the share that lasts beyond each time of `at`, [n_at].

        S²·Σ d/(r·(r − d)) over the times until then; 0 before the first and where none are left.
        """
        ended, risk = (table.sum(axis=0) for table in self._tables)
        with np.errstate(divide="ignore", invalid="ignore"):
            terms = np.where(risk > ended, ended / (risk * (risk - ended)), 0.0)
        upto = np.concatenate([[0.0], np.cumsum(terms)])
        place = np.searchsorted(self.times, at, side="right")
        return np.asarray(self.evaluated(at)[0] ** 2 * upto[place])

    def mean(self, until: float, weights: Floats | None = None) -> Floats:
        """The restricted mean: of min(duration, until), the area under the curve, [n_sets].

        Klein and Moeschberger (2003, Survival Analysis, 4.5).
        """
        steps = self.surviving(weights)
        padded = np.concatenate([np.ones((len(steps), 1)), steps], axis=1)
        edges = np.clip(np.concatenate([[0.0], self.times, [math.inf]]), 0.0, until)
        return np.asarray(padded @ np.diff(edges))

    def pseudo_values(self, until: float) -> tuple[Floats, Floats]:
        """What each unit adds to the survival at a time and to the restricted mean until then.

        Jackknife pseudo-values, n·whole − (n − 1)·without one (Andersen, Klein and Rosthøj 2003,
        Biometrika 90: 15-27). Where nothing is censored before `until` they are the unit's own
        share that lasted beyond it, and its own mean of min(duration, until).

        Returns:
            Two arrays [n_units].
        """
        n = self.n_units
        without = np.ones((n, n)) - np.eye(n)
        at = np.array([until])
        share = n * self.evaluated(at)[0, 0] - (n - 1) * self.evaluated(at, without)[:, 0]
        mean = n * self.mean(until)[0] - (n - 1) * self.mean(until, without)
        return np.asarray(share), np.asarray(mean)

    def resampled(self, at: Floats, n_resamples: int, seed: int = SEED) -> Floats:
        """Curves of resamples of units, [n_resamples, n_at]; NaN where one holds no duration."""
        size = max(1, _BATCH // max(1, self.times.size))
        number_of = np.bincount(self.unit, minlength=self.n_units)
        parts = []
        for start in range(0, n_resamples, size):
            rows = min(size, n_resamples - start)
            counts = resample_counts(self.n_units, rows, seed, start)
            part = self.evaluated(at, counts)
            part[counts @ number_of == 0] = np.nan
            parts.append(part)
        return np.concatenate(parts)

    def happened(
        self,
        at: npt.ArrayLike,
        *,
        level: float = LEVEL,
        n_resamples: int = N_RESAMPLES,
        seed: int = SEED,
    ) -> Curve:
        """The share for which it has happened by each time, with a bootstrap of units.

        Args:
            at: Times since the beginning, [n_at].
            level: Nominal coverage, of each time alone.
            n_resamples: Of the bootstrap.
            seed: Of the bootstrap.

        Returns:
            The curve; without an interval where fewer than 2 units have a duration. Where it is 0
            or 1 in all resamples the interval is the exact bound of so many independent durations,
            for nothing says how they clump.
        """
        times = np.asarray(at, dtype=np.float64)
        none, n = np.full(times.size, np.nan), self.contributing
        if n == 0:
            return Curve(times, none, none, none, none, 0, "none (nothing to follow)")
        value = 1 - self.evaluated(times)[0]
        value[(times > self.followed) & (value < 1)] = np.nan
        if n < 2:
            return Curve(times, value, none, none, none, n, "none (one replicate)")
        drawn = 1 - self.resampled(times, n_resamples, seed)
        low, high = np.nanquantile(drawn, [(1 - level) / 2, (1 + level) / 2], axis=0)
        same = low == high
        error = np.where(same, np.nan, np.nanstd(drawn, axis=0, ddof=1))
        bound = (1 - level) ** (1 / np.maximum(1, self.at_risk(np.minimum(times, self.times.min(
            initial=math.inf)))))  # fmt: skip
        low = np.where(same & (value == 1), bound, low)
        high = np.where(same & (value == 0), 1 - bound, high)
        silent = np.isnan(value) | (low == high)
        low, high, error = (np.where(silent, np.nan, end) for end in (low, high, error))
        return Curve(times, value, low, high, error, n, BOOTSTRAP, self.doubt)

    @property
    def contributing(self) -> int:
        """Units that have any duration."""
        return int(np.unique(self.unit).size)

    @property
    def doubt(self) -> str:
        """Why a bootstrap of the units may cover too little; empty: it does not."""
        few = self.contributing < FEW
        return f"a bootstrap of fewer than {FEW} replicates" if few else ""
