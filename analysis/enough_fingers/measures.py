"""From the outcomes of a run to numbers with intervals, per regime and paired by replicate.

Two regimes share every random draw that both make (common random numbers), so they are compared
replicate by replicate within the same setting of all factors. No function here merges measures
into a score or names a best regime: `share_best` counts, measure by measure, how often each regime
came first.
"""

from __future__ import annotations

import math
import re
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from enough_fingers.intervals import (
    LEVEL,
    Estimate,
    mean,
    nothing,
    paired_probability_difference,
    share,
    variance_reduction,
)
from enough_fingers.layout import (
    FIRST_CATASTROPHE,
    Better,
    default_cap,
    grid,
    is_bounded,
    is_year,
)
from enough_fingers.noise import below_noise
from enough_fingers.resampling import N_RESAMPLES, SEED, quantile_of, ratios_of


def absolute(outcomes: pd.DataFrame, measure: str, *, cap: float | None = None,
             n_resamples: int = N_RESAMPLES, seed: int = SEED) -> pd.DataFrame:  # fmt: skip
    """What each regime came to, on its own.

    A year-or-none outcome gives the probability that it happened and the median year where it did;
    any other its median, 90 % point and truncated mean.

    Args:
        outcomes: `Run.outcomes`.
        measure: One of its outcome columns.
        cap: Of the truncated mean; `default_cap` when not given.
        n_resamples: Of the bootstrap.
        seed: Of the bootstrap.

    Returns:
        One row a regime and statistic: measure, units, regime, reference (empty), statistic, value,
        low, high, standard_error, n, count, cap, method, approximate.
    """
    laid = grid(outcomes, measure)
    cap = default_cap(outcomes, measure) if cap is None else cap
    draw = {"n_resamples": n_resamples, "seed": seed}
    # Where no replicate of any regime lies below 0 an interval does not either.
    least = -math.inf if bool((laid.values < 0).any()) else 0.0
    rows = []
    for position, regime in enumerate(laid.regimes):
        key = _key(outcomes, measure, regime)
        if is_year(measure):
            (happened,) = laid.happened(position)
            years = laid.values[position][~np.isnan(laid.values[position])]
            rows.append(_row(key, "probability", share(happened)))
            when = quantile_of(years, 0.5, **draw)
            rows.append(_row(key, "median where it happened", when))
            continue
        (sample,) = laid.replicates(position)
        rows.append(_row(key, "median", quantile_of(sample, 0.5, **draw)))
        rows.append(_row(key, "90 % point", quantile_of(sample, 0.9, **draw)))
        truncated = mean(np.minimum(sample, cap), least=least, most=cap)
        rows.append(_row(key, _mean_name(outcomes, measure), truncated, cap))
    return pd.DataFrame(rows)


def relative(outcomes: pd.DataFrame, measure: str, reference: str, *, cap: float | None = None,
             n_resamples: int = N_RESAMPLES, seed: int = SEED) -> pd.DataFrame:  # fmt: skip
    """Each regime against a reference, paired by replicate under common random numbers.

    The difference is the mean of min(x, cap) - min(y, cap) over pairs, the ratio that of the two
    truncated means; for a year-or-none outcome the difference of probabilities.

    Args:
        outcomes: `Run.outcomes`.
        measure: One of its outcome columns.
        reference: A regime.
        cap: Of the truncated means; `default_cap` when not given.
        n_resamples: Of the bootstrap.
        seed: Of the bootstrap.

    Returns:
        Rows as `absolute`, with `reference` filled, `variance_reduction` by pairing, and
        `below_noise`: whether chance may have made the sign (`noise.is_below_noise`).

    Raises:
        ValueError: When there is no such regime.
    """
    laid = grid(outcomes, measure)
    if reference not in laid.regimes:
        raise ValueError(f'no regime "{reference}" here; there are {", ".join(laid.regimes)}')
    other = laid.regimes.index(reference)
    cap = default_cap(outcomes, measure) if cap is None else cap
    others = [position for position in range(len(laid.regimes)) if position != other]
    keys = [_key(outcomes, measure, laid.regimes[position], reference) for position in others]
    if is_year(measure):
        happened = [laid.happened(position, other) for position in others]
        rows = [_probability_difference(key, *pair)
                for key, pair in zip(keys, happened, strict=True)]  # fmt: skip
    else:
        pairs = [laid.replicates(position, other) for position in others]
        capped = [(np.minimum(first, cap), np.minimum(second, cap)) for first, second in pairs]
        ratios = ratios_of(capped, n_resamples=n_resamples, seed=seed)
        name = _mean_name(outcomes, measure)
        rows = []
        for key, (first, second), ratio in zip(keys, capped, ratios, strict=True):
            gain = variance_reduction(first.mean(axis=1), second.mean(axis=1))
            difference = mean(first - second)
            rows.append(_row(key, f"difference of {name}s", difference, cap, gain))
            rows.append(_row(key, f"ratio of {name}s", ratio, cap, gain))
    table = pd.DataFrame(rows)
    return table.assign(below_noise=below_noise(table)) if rows else table


def share_best(outcomes: pd.DataFrame, measure: str, better: Better) -> pd.DataFrame:
    """In what share of the replicates each regime is best by this one measure.

    Only replicates in which every regime finished count. A year-or-none outcome that did not happen
    is later than any year. Shares of "best or tied" can add up to more than 1.

    Args:
        outcomes: `Run.outcomes`.
        measure: One of its outcome columns.
        better: Which way the measure is wanted.

    Returns:
        One row a regime: measure, units, regime, statistic ("best alone", "best or tied"), value,
        low, high, standard_error, n, count, method. Beyond one cell, n counts replicates and the
        interval is cautious, because cells of a replicate share its draws.
    """
    laid = grid(outcomes, measure)
    values = (
        np.where(np.isnan(laid.values), np.inf, laid.values) if is_year(measure) else laid.values
    )
    usable = laid.present.all(axis=(0, 1)) & ~np.isnan(values).any(axis=(0, 1))
    values = values[:, :, usable] if better == "higher" else -values[:, :, usable]
    best = values == values.max(axis=0, keepdims=True) if values.size else values.astype(np.bool_)
    alone = best & (best.sum(axis=0, keepdims=True) == 1)
    rows = []
    for position, regime in enumerate(laid.regimes):
        key = _key(outcomes, measure, regime)
        rows.append(_row(key, "best alone", share(alone[position].T)))
        rows.append(_row(key, "best or tied", share(best[position].T)))
    return pd.DataFrame(rows)


def catastrophe_curve(
    outcomes: pd.DataFrame, years: npt.ArrayLike, level: float = LEVEL
) -> pd.DataFrame:
    """Probability that a first catastrophe has come by the end of each year.

    Nothing is censored but by the horizon: a replicate that ends early ends by what it counts as
    its catastrophe, or stays without one. So the share of replicates is the estimate (equal to one
    minus Kaplan and Meier's), and each year has its own pointwise interval of a probability.

    Args:
        outcomes: `Run.outcomes`.
        years: Calendar years, [n_years]; "by 2030" is before the start of 2031 when 2031 is given.
        level: Nominal coverage, of each year alone.

    Returns:
        One row a regime and year: regime, year, and what an Estimate holds.
    """
    laid = grid(outcomes, FIRST_CATASTROPHE)
    rows = []
    for position, regime in enumerate(laid.regimes):
        usable = laid.present[position].all(axis=0)
        first = laid.values[position].T[usable]
        for year in np.asarray(years, dtype=np.float64):
            estimate = share(first <= year, level)
            rows.append({"regime": regime, "year": float(year), **vars(estimate)})
    return pd.DataFrame(rows)


def harm_and_freedom(table: pd.DataFrame, harm: str = "harm_musd") -> pd.DataFrame:
    """Puts each regime's harm beside each of its exercisable freedoms; nothing is merged.

    Args:
        table: Rows of `absolute` for `harm` and the freedoms.
        harm: The measure of harm (its median is taken).

    Returns:
        One row a freedom and regime: freedom ("0", "1a", …), regime, freedom_value, freedom_low,
        freedom_high, harm_value, harm_low, harm_high, n.
    """
    by_regime = table[(table["measure"] == harm) & (table["statistic"] == "median")]
    right = by_regime.set_index("regime")[["value", "low", "high"]].add_prefix("harm_")
    parts = []
    for measure in table["measure"].unique():
        match = re.fullmatch(r"freedom_(.+)_exercisable", measure)
        if match is None:
            continue
        left = table[(table["measure"] == measure) & table["statistic"].str.endswith("mean")]
        left = left.rename(columns={key: f"freedom_{key}" for key in ("value", "low", "high")})
        left = left.join(right, on="regime").assign(freedom=match.group(1))
        parts.append(left[["freedom", "regime", "freedom_value", "freedom_low", "freedom_high",
                           "harm_value", "harm_low", "harm_high", "n"]])  # fmt: skip
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def _probability_difference(
    key: dict[str, Any], first: npt.NDArray[np.bool_], second: npt.NDArray[np.bool_]
) -> dict[str, Any]:
    if first.shape[0] == 0:
        return _row(key, "difference of probabilities", nothing(0))
    shares = [values.mean(axis=1) for values in (first, second)]
    gain = variance_reduction(*shares)
    if first.shape[1] == 1 or bool((first == second).all()):
        # Where no pair differs in any cell a mean would claim certainty.
        ever, other = (np.asarray(np.any(values, axis=1)) for values in (first, second))
        estimate = paired_probability_difference(ever, other)
    else:
        estimate = mean(shares[0] - shares[1], least=-1.0, most=1.0)
    return _row(key, "difference of probabilities", estimate, None, gain)


def _mean_name(outcomes: pd.DataFrame, measure: str) -> str:
    return "mean" if is_bounded(outcomes, measure) else "truncated mean"


def _key(outcomes: pd.DataFrame, measure: str, regime: str, reference: str = "") -> dict[str, Any]:
    units = outcomes.attrs.get("units", {}).get(measure, "1")
    return {"measure": measure, "units": units, "regime": regime, "reference": reference}


def _row(
    key: dict[str, Any],
    statistic: str,
    estimate: Estimate,
    cap: float | None = None,
    gain: float = math.nan,
) -> dict[str, Any]:
    pure = any(word in statistic for word in ("probabilit", "best", "ratio"))
    return {
        **key,
        "units": "1" if pure else key["units"],
        "statistic": statistic,
        "value": estimate.value,
        "low": estimate.low,
        "high": estimate.high,
        "standard_error": estimate.standard_error,
        "n": estimate.n,
        "count": estimate.count,
        "cap": math.nan if cap is None or "truncated" not in statistic else cap,
        "variance_reduction": gain,
        "method": estimate.method,
        "approximate": estimate.approximate,
    }
