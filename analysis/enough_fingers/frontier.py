"""Where two regimes come to the same by one measure, over two beliefs at once.

In a design of two crossed factors the sign of a difference may turn along one factor, at a place
that depends on the other: the line through these places is the *break-even frontier*. On one side
of it the one regime has more of the measure, on the other side the other.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from enough_fingers.distributions import Floats
from enough_fingers.intervals import LEVEL, mean, paired_probability_difference
from enough_fingers.layout import default_cap, grid, is_bounded, is_year
from enough_fingers.noise import is_below_noise
from enough_fingers.product_limit import BOOTSTRAP
from enough_fingers.resampling import FEW_FOR_RATIO, N_RESAMPLES, SEED, resample_counts


def frontier(
    outcomes: pd.DataFrame,
    measure: str,
    regimes: tuple[str, str],
    *,
    factors: tuple[str, str] | None = None,
    level: float = LEVEL,
    n_resamples: int = N_RESAMPLES,
) -> pd.DataFrame:
    """The line along which two regimes come to the same, with a band.

    For each value of the first factor, the difference is followed along the second and the place
    of its first change of sign interpolated, in the logarithm where the values of the second
    factor are above 0 and span a factor of 10 or more. The band is a percentile bootstrap: each
    resample of replicates has its own line, and where one does not cross within the range, it
    crosses beyond the end at which its difference is smaller.

    Args:
        outcomes: `Run.outcomes` of a design that crosses two factors.
        measure: One of its outcome columns.
        regimes: The regime and the reference that it is compared with.
        factors: The two factors: that which the line runs along, and that in which it is found.
            The two that vary when not given.
        level: Nominal coverage of the band, at each value of the first factor alone.
        n_resamples: Of the bootstrap.

    Returns:
        One row a value of the first factor: measure, regime, reference, x_factor, y_factor, x, y
        (NaN: no change of sign within the range), low, high (infinite: beyond the range), before
        (of the regime below the line, or throughout: "more", "less" or "the same"), crossings
        (changes of sign), crossing (share of resamples with one), n, method, approximate.

    Raises:
        ValueError: When the design does not cross exactly these two factors, or there is no such
            regime.
    """
    x, y, difference = _surface(outcomes, measure, regimes, factors)
    n = difference.shape[2]
    logarithmic = bool(y.min() > 0 and y.max() >= 10 * y.min())
    at = np.log(y) if logarithmic else y
    whole = difference.mean(axis=2) if n else np.full(difference.shape[:2], np.nan)
    crossed = _crossing(whole, at)
    names = _two(outcomes, factors)
    key = {"measure": measure, "regime": regimes[0], "reference": regimes[1],
           "x_factor": names[0], "y_factor": names[1]}  # fmt: skip
    end = {"n": n, "method": BOOTSTRAP if n > 1 else "none (one replicate)",
           "approximate": few_for_band(n)}  # fmt: skip
    rows: list[dict[str, Any]] = []
    for place, value in enumerate(x):
        low, high, share = _band(difference[place], at, level, n_resamples)
        ends = [_unlogged(one, logarithmic) for one in (float(crossed[place]), low, high)]
        changes = int(np.sum(np.diff(whole[place] < 0)))
        line = {"x": float(value), "y": ends[0] if changes else math.nan, "low": ends[1],
                "high": ends[2], "before": _said(whole[place]), "crossings": changes,
                "crossing": share}  # fmt: skip
        rows.append({**key, **line, **end})
    return pd.DataFrame(rows)


def _unlogged(place: float, logarithmic: bool) -> float:
    return math.exp(place) if logarithmic and place > -math.inf else place


def differences(
    outcomes: pd.DataFrame,
    measure: str,
    regimes: tuple[str, str],
    *,
    factors: tuple[str, str] | None = None,
    level: float = LEVEL,
) -> pd.DataFrame:
    """The paired difference of two regimes at every combination of two factors.

    Args:
        outcomes: As for `frontier`.
        measure: One of its outcome columns.
        regimes: The regime and the reference.
        factors: As for `frontier`.
        level: Nominal coverage of each combination alone.

    Returns:
        One row a combination: x, y, below_noise, and what an Estimate holds, of the difference of
        probabilities, of means, or of means of min(value, cap).
    """
    x, y, difference = _surface(outcomes, measure, regimes, factors)
    rows = []
    for row, column in np.ndindex(x.size, y.size):
        own = difference[row, column]
        estimate = mean(own, level=level)
        if is_year(measure):
            estimate = paired_probability_difference(own > 0, own < 0, level)
        key = {"x": float(x[row]), "y": float(y[column])}
        rows.append({**key, "below_noise": is_below_noise(estimate), **vars(estimate)})
    return pd.DataFrame(rows)


def few_for_band(n: int) -> str:
    """Why the band of so many replicates covers under 93 %; empty: it does not."""
    few = 1 < n < FEW_FOR_RATIO
    return f"a bootstrap of fewer than {FEW_FOR_RATIO} replicates" if few else ""


def _two(outcomes: pd.DataFrame, factors: tuple[str, str] | None) -> tuple[str, str]:
    varied = [name for name in outcomes.attrs["factors"] if outcomes[name].nunique() > 1]
    chosen = tuple(varied) if factors is None else factors
    if len(chosen) != 2 or set(chosen) != set(varied):
        raise ValueError(
            f"a frontier needs a design that varies two factors and no other; {_listed(varied)} "
            "vary here"
        )
    return (str(chosen[0]), str(chosen[1]))


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names) if names else "none"


def _surface(
    outcomes: pd.DataFrame,
    measure: str,
    regimes: tuple[str, str],
    factors: tuple[str, str] | None,
) -> tuple[Floats, Floats, Floats]:
    """Values of both factors, and differences [n_x, n_y, n] over complete replicates."""
    names = _two(outcomes, factors)
    laid = grid(outcomes, measure, unit="replicate")
    for regime in regimes:
        if regime not in laid.regimes:
            raise ValueError(f'no regime "{regime}" here; there are {", ".join(laid.regimes)}')
    own = [laid.regimes.index(regime) for regime in regimes]
    worlds = outcomes.drop_duplicates("world").sort_values("world")
    x, row = np.unique(worlds[names[0]].to_numpy(dtype=np.float64), return_inverse=True)
    y, column = np.unique(worlds[names[1]].to_numpy(dtype=np.float64), return_inverse=True)
    if len(worlds) != x.size * y.size:
        raise ValueError(
            f"the design has {len(worlds)} of the {x.size} × {y.size} combinations of {names[0]} "
            f"and {names[1]}; a frontier needs all of them"
        )
    values = laid.values[own]
    there: npt.NDArray[np.bool_] = laid.present[own]
    if is_year(measure):
        values = np.where(np.isnan(values), 0.0, 1.0)
    else:
        there = np.asarray(there & np.isfinite(values))
        if not is_bounded(outcomes, measure):
            values = np.minimum(values, default_cap(outcomes, measure))
    usable = np.asarray(np.all(there, axis=(0, 1)), dtype=np.bool_)
    apart = (values[0] - values[1])[:, usable]
    surface = np.empty((x.size, y.size, int(usable.sum())))
    surface[row, column] = apart
    return x, y, surface


def _band(
    difference: Floats, at: Floats, level: float, n_resamples: int
) -> tuple[float, float, float]:
    n = difference.shape[1]
    if n < 2:
        return math.nan, math.nan, math.nan
    means = resample_counts(n, n_resamples, SEED) @ difference.T / n
    drawn = _crossing(means, at)
    moved = drawn[~np.isnan(drawn)]
    share = float(np.isfinite(drawn).mean())
    if moved.size == 0:  # the two are the same in every resample
        return math.nan, math.nan, share
    ordered = np.sort(moved)
    last = ordered.size - 1
    low = ordered[math.floor(last * (1 - level) / 2)]
    return float(low), float(ordered[math.ceil(last * (1 + level) / 2)]), share


def _crossing(difference: Floats, at: Floats) -> Floats:
    """Where each row of differences [..., n_y] first changes its sign.

    Without a change: infinite, on the side at which the difference is smaller; NaN where it is 0
    throughout.
    """
    negative = difference < 0
    change = negative[..., 1:] != negative[..., :-1]
    place = change.argmax(axis=-1)
    before = np.take_along_axis(difference, place[..., None], -1)[..., 0]
    after = np.take_along_axis(difference, place[..., None] + 1, -1)[..., 0]
    with np.errstate(divide="ignore", invalid="ignore"):
        part = before / (before - after)
    found = at[place] + part * (at[place + 1] - at[place])
    nearer = np.abs(difference[..., -1]) < np.abs(difference[..., 0])
    beyond = np.where(nearer, math.inf, -math.inf)
    beyond = np.where((difference == 0).all(axis=-1), np.nan, beyond)
    return np.asarray(np.where(change.any(axis=-1), found, beyond))


def _said(difference: Floats) -> str:
    sign = next((value for value in difference if value != 0), 0.0)
    if math.isnan(sign) or sign == 0:
        return "the same"
    return "more" if sign > 0 else "less"
