"""The generalised Pareto law of what lies over a threshold, by maximum likelihood."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
from scipy import optimize

from enough_fingers.distributions import Floats


def fit_generalised_pareto(excess: Floats) -> tuple[float, float]:
    """Maximum likelihood of the generalised Pareto law, from a search in one dimension.

    With θ = ξ/σ the likelihood is greatest at ξ(θ) = mean of ln(1 + θ·y), so that only θ is left
    (Grimshaw 1993). `scipy.stats.genpareto.fit(excess, floc=0)` finds the same in a search of two
    dimensions that takes some fifty times as long, too long for a table of thresholds.

    Args:
        excess: Values over the threshold, less it, [k], all above 0.

    Returns:
        ξ (−1 or more, below which the likelihood has no maximum) and σ.
    """
    unit = float(excess.mean())
    y = excess / unit
    least = -1 / float(y.max())

    def loss(place: float) -> float:
        theta = least + math.exp(place)
        return float(_loss(theta, float(np.log1p(theta * y).mean())))

    grid = np.linspace(math.log(1e-4 * -least), math.log(1e6), 48)
    best = int(np.argmin([loss(float(place)) for place in grid]))
    bounds = (float(grid[max(0, best - 1)]), float(grid[min(best + 1, grid.size - 1)]))
    found = optimize.minimize_scalar(loss, bounds=bounds, method="bounded",
                                     options={"xatol": 1e-7})  # fmt: skip
    theta = least + math.exp(float(found.x))
    xi = float(np.log1p(theta * y).mean())
    return xi, unit * float(_scale(theta, xi))


def _scale(theta: npt.ArrayLike, xi: npt.ArrayLike) -> Floats:
    """σ = ξ/θ; near θ = 0 the law is exponential, and σ its mean of 1."""
    at = np.asarray(theta, dtype=np.float64)
    flat = np.abs(at) < 1e-9
    return np.asarray(np.where(flat, 1.0, np.asarray(xi) / np.where(flat, 1.0, at)))


def _loss(theta: npt.ArrayLike, xi: npt.ArrayLike) -> Floats:
    """Minus the mean log-likelihood at θ, where it is greatest in ξ; large below ξ = −1."""
    allowed = np.asarray(xi) >= -1
    sigma = np.where(allowed, _scale(theta, xi), 1.0)
    return np.asarray(np.where(allowed, np.log(sigma) + np.asarray(xi) + 1, 1e6))


def refitted(excess: Floats, theta: float, weights: Floats, fewest: int = 1) -> Floats:
    """ξ of resamples, [n_resamples], from their likelihoods on a fine grid around the sample's θ.

    Args:
        excess: [k].
        theta: ξ/σ of the sample.
        weights: How often each is drawn, [n_resamples, k].
        fewest: Resamples of fewer values than this are left out.
    """
    unit = float(excess.mean())
    y = excess / unit
    least = -1 / float(y.max())
    centre = math.log(max(theta * unit - least, 1e-4 * -least))
    grid = least + np.exp(np.linspace(centre - 4, centre + 4, 241))
    total = weights.sum(axis=1)
    full = total >= fewest
    shapes = weights[full] @ np.log1p(np.multiply.outer(y, grid)) / total[full, None]
    losses = _loss(grid, shapes)
    best = np.clip(losses.argmin(axis=1), 1, grid.size - 2)
    rows = np.arange(best.size)
    below, at, above = (losses[rows, best + step] for step in (-1, 0, 1))
    with np.errstate(divide="ignore", invalid="ignore"):  # the top of the parabola through three
        step = np.clip(np.nan_to_num(0.5 * (below - above) / (below - 2 * at + above)), -1, 1)
    near = shapes[rows, best + np.sign(step).astype(np.int64)]
    return np.asarray(shapes[rows, best] + np.abs(step) * (near - shapes[rows, best]))
