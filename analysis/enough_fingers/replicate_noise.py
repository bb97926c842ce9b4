"""What share of an outcome's variance over the points of a design is only replicate noise.

With values y[point, replicate] let V(m) be the variance over the points of the mean over r
replicates, and V(1) that of one replicate, averaged over the replicates. Chance adds to V(1) all
that a point's own luck varies, e, and to V(m) e / r; so what the points themselves make is
V(f) = (r V(m) − V(1)) / (r − 1), without bias (the two-way analysis of variance without repetition;
Scheffé 1959, The Analysis of Variance, 4.8). The shares are 1 − V(f) / V(m) and 1 − V(f) / V(1).

Where random numbers are common, luck has a part that moves all points alike. It cancels in every
comparison of points and is in neither variance; a run with luck of its own has it too, so it is a
third share. Where random numbers are independent there is no such part.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from enough_fingers.distributions import Floats
from enough_fingers.intervals import LEVEL
from enough_fingers.load import Run
from enough_fingers.point_values import PointValues, decided_by_one, point_values
from enough_fingers.resampling import SEED, resample_counts

N_RESAMPLES = 1000
SINGLE = "single run"
SHARED = "single run, with the luck that all points share"


def mean_of(n_replicates: int) -> str:
    """What the mean over replicates is called in tables."""
    return f"mean of {n_replicates} replicates" if n_replicates > 1 else "one replicate"


@dataclass(frozen=True)
class Variances:
    """Variances over the points, and how far they could move.

    Attributes:
        of_mean: V(m), of the mean over replicates.
        of_one: V(1), of one replicate.
        of_points: V(f), what the points themselves make; may lie below 0.
        drawn: The three, worked out anew from resampled units, [3, n_resamples].
        shared: Variance of the luck that all points share.
    """

    of_mean: float
    of_one: float
    of_points: float
    drawn: Floats
    shared: float


def variances(values: Floats, *, n_resamples: int = N_RESAMPLES, seed: int = SEED) -> Variances:
    """Splits the variance over points into what points and what chance make.

    Args:
        values: [n_units, n_cells, n_replicates]; units are what can be drawn anew (base rows,
            trajectories, worlds), and each cell of a unit is a point.
        n_resamples: Of the bootstrap over units.
        seed: Of the bootstrap.

    Returns:
        The variances; `of_points` and `shared` are NaN with one replicate.
    """
    n_units, n_cells, r = values.shape
    centred = values - values.mean(axis=(0, 1))
    series = np.concatenate([centred, centred.mean(axis=2, keepdims=True)], axis=2)
    sums, squares = series.sum(axis=1), (series**2).sum(axis=1)
    found = _split(squares.sum(axis=0)[None], sums.sum(axis=0)[None], n_units * n_cells)[:, 0]
    counts = resample_counts(n_units, n_resamples, seed)
    drawn = _split(counts @ squares, counts @ sums, n_units * n_cells)
    luck = math.nan
    if r > 1:
        own = found[1] - found[2]
        means = values.mean(axis=(0, 1))
        luck = max(0.0, float(means.var(ddof=1)) - max(0.0, float(own)) / (n_units * n_cells))
    return Variances(float(found[0]), float(found[1]), float(found[2]), drawn, luck)


def _split(squares: Floats, sums: Floats, n: int) -> Floats:
    """[n_rows, r + 1] sums, the last column the mean's, to [3, n_rows] variances."""
    variance = squares / n - (sums / n) ** 2
    of_mean, of_one = variance[:, -1], variance[:, :-1].mean(axis=1)
    r = variance.shape[1] - 1
    of_points = (r * of_mean - of_one) / (r - 1) if r > 1 else np.full_like(of_mean, math.nan)
    return np.stack([of_mean, of_one, of_points])


def noise_shares(points: PointValues, values: Floats, *, seed: int = SEED) -> pd.DataFrame:
    """The shares of the variance over points that are only replicate noise.

    Args:
        points: What was analysed.
        values: Its values, [n_units, n_cells, n_replicates] as for `variances`.
        seed: Of the bootstrap.

    Returns:
        One row for the mean over replicates, one for a single run, and, where random numbers are
        common, one for a single run with the luck that all points share: outcome, units, regime,
        reference, transform, of, value, low, high, n (units drawn anew), replicates, method,
        approximate.
    """
    found = variances(values, seed=seed)
    r = points.n_replicates
    same = bool((np.ptp(values - values.mean(axis=(0, 1)), axis=2) <= 1e-12 * _size(values)).all())
    rows = []
    for of, place in ((mean_of(r), 0), (SINGLE, 1)):
        total, drawn = (found.of_mean, found.of_one)[place], found.drawn[place]
        if r == 1:
            row = _none(math.nan, "one replicate: chance and points cannot be told apart")
        elif same and total > 0:
            row = _none(0.0, "replicates do not differ")
        else:
            row = _share(found.of_points, total, found.drawn[2], drawn)
        rows.append({"of": of, **row})
    if points.common and r > 1:
        rows.append({"of": SHARED, **_with_shared(found, r)})
    doubt = decided_by_one(values.mean(axis=2).reshape(-1))
    kept = {"n": values.shape[0], "replicates": r}
    return pd.DataFrame([points.keys() | row | kept | {"approximate": doubt} for row in rows])


def _size(values: Floats) -> float:
    return max(float(np.abs(values).max()), 1e-300)


def _share(part: float, total: float, parts: Floats, totals: Floats) -> dict[str, Any]:
    if total <= 0:
        return _none(math.nan, "the outcome does not vary")
    usable = totals > 0
    drawn = np.clip(1 - parts[usable] / totals[usable], 0.0, 1.0)
    low, high = np.quantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    value = float(np.clip(1 - part / total, 0.0, 1.0))
    return {"value": value, "low": float(low), "high": float(high),
            "method": "two-way analysis of variance, percentile bootstrap of points"}  # fmt: skip


def _none(value: float, why: str) -> dict[str, Any]:
    return {"value": value, "low": math.nan, "high": math.nan, "method": f"none ({why})"}


def _with_shared(found: Variances, r: int) -> dict[str, Any]:
    """The interval is that of the shared luck alone, from so few replicates by far the widest."""
    points = max(0.0, found.of_points)
    own = max(0.0, found.of_one - points)
    # (r − 1) s² / σ² is chi-square of r − 1 degrees, for normal luck.
    degrees = r - 1
    ends = [float(stats.chi2.ppf(at, degrees)) for at in ((1 + LEVEL) / 2, (1 - LEVEL) / 2)]
    shared = [found.shared, *(degrees * found.shared / end for end in ends)]
    if points + own + found.shared <= 0:
        return _none(math.nan, "the outcome does not vary")
    value, low, high = ((own + luck) / (points + own + luck) for luck in shared)
    return {"value": float(value), "low": float(low), "high": float(high),
            "method": f"two-way analysis of variance, chi-square of {r} replicates"}  # fmt: skip


def noise_share(
    run: Run, outcome: str, *, regime: str = "", difference: str = "", transform: str = ""
) -> pd.DataFrame:
    """What share of an outcome's variance over worlds is only replicate noise.

    For designs whose points are drawn one by one or stand on a grid; `sensitivity.sobol` and
    `sensitivity.morris` give the same for theirs.

    Args:
        run: The run.
        outcome: One of its outcomes.
        regime: As for `point_values`.
        difference: The same.
        transform: The same.

    Returns:
        As `noise_shares`.
    """
    points = point_values(run, outcome, regime=regime, difference=difference, transform=transform)
    return noise_shares(points, points.values[:, None, :])
