"""Four readings of one measure over many worlds, side by side and never merged.

Which of them is right is a matter of view (McPhail et al. 2018, Earth's Future 6: 169-191): what a
regime comes to on *average*, in its *worst case*, by how much one would *regret* it where another
would have done better, and in what share of worlds it is *good enough*. `robustness.places` has the
places that the first three give, with ties; here are the numbers, with intervals.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd

from enough_fingers.distributions import Floats
from enough_fingers.intervals import FEW, LEVEL, Estimate, nothing, probability
from enough_fingers.layout import Grid, grid, is_bounded, is_year, unit_of
from enough_fingers.limits import Limit, check_limits, satisficing
from enough_fingers.resampling import SEED, median, resample_counts
from enough_fingers.robustness import N_RESAMPLES, Rule, Worlds, rules, worlds_of

READINGS = ("average", "worst case", "regret", "good enough")
# Rules whose number is an extreme over worlds, and so holds the luck of all of them.
_EXTREME = ("Worst world", "Largest regret", "Regret", "Hurwicz")


def readings(
    outcomes: pd.DataFrame,
    measure: str,
    limit: Limit | None = None,
    *,
    n_resamples: int = N_RESAMPLES,
    level: float = LEVEL,
) -> pd.DataFrame:
    """A measure under four readings of many worlds, per regime.

    Args:
        outcomes: `Run.outcomes`.
        measure: One of its outcome columns, of which it is clear which way it is wanted.
        limit: A level of the measure that is good enough; without one that reading has no number.
        n_resamples: Of the bootstrap.
        level: Nominal coverage.

    Returns:
        One row a reading, rule and regime: measure, statistic (what was estimated in each world),
        reading ("average": mean over worlds, and Hurwicz's for three optimisms; "worst case":
        Wald's maximin; "regret": Savage's largest and the 90 % point; "good enough": Simon's share
        of worlds within the limit), rule, regime, value (in the measure's unit; a share of worlds
        for the last), low, high, standard_error, n (units), unit, n_worlds, method, approximate.

    Raises:
        ValueError: When it is a matter of view which way the measure is wanted, nothing has
            finished in any world, or the limit is of another measure.
    """
    if limit is not None and limit.measure != measure:
        raise ValueError(f"the limit {limit.name} is not one of {measure}")
    worlds = worlds_of(outcomes, measure)
    if worlds is None:
        raise ValueError(
            f"{measure} cannot be read this way: nothing finished under all regimes, or it is a "
            "matter of view whether it should be low or high"
        )
    rows: list[dict[str, Any]] = []
    drawn = None if worlds.unit == "none" else worlds.drawn(0, n_resamples)
    for rule in rules():
        reading = _reading(rule)
        for regime, estimate in zip(
            worlds.regimes, _by_rule(worlds, rule, drawn, level), strict=True
        ):
            rows.append(_row(worlds, reading, rule.name, regime, estimate))
    found = _good_enough(outcomes, worlds, limit, n_resamples, level)
    name = "Share of worlds within the limit" if limit is None else limit.name
    rows += [
        _row(worlds, "good enough", name, regime, estimate)
        for regime, estimate in zip(worlds.regimes, found, strict=True)
    ]
    order = {reading: place for place, reading in enumerate(READINGS)}
    rows.sort(key=lambda row: order[row["reading"]])
    return pd.DataFrame(rows)


def _reading(rule: Rule) -> str:
    if rule.regret:
        return "regret"
    return "worst case" if rule.name == "Worst world" else "average"


def _row(
    worlds: Worlds, reading: str, rule: str, regime: str, estimate: Estimate
) -> dict[str, Any]:
    fields = vars(estimate)
    return {
        "measure": worlds.measure,
        "statistic": worlds.statistic,
        "reading": reading,
        "rule": rule,
        "regime": regime,
        **{name: fields[name] for name in ("value", "low", "high", "standard_error", "n")},
        "unit": worlds.unit,
        "n_worlds": worlds.loss.shape[1],
        **{name: fields[name] for name in ("method", "approximate")},
    }


def _by_rule(worlds: Worlds, rule: Rule, drawn: Floats | None, level: float) -> list[Estimate]:
    sign = 1.0 if rule.regret else worlds.sign
    values = sign * rule.of(worlds.loss)
    if drawn is None:
        return [nothing(worlds.n_units, float(value)) for value in values]
    resampled = sign * rule.of(drawn)
    low, high = np.quantile(resampled, [(1 - level) / 2, (1 + level) / 2], axis=0)
    error = resampled.std(axis=0, ddof=1)
    doubt = f"a bootstrap of fewer than {FEW} {worlds.unit}s" if worlds.n_units < FEW else ""
    if worlds.loss.shape[1] > 1 and rule.name.startswith(_EXTREME):
        doubt = "an extreme over worlds holds some luck of all of them"
    found = []
    for place, value in enumerate(values):
        if low[place] == high[place]:
            found.append(nothing(worlds.n_units, float(value), "all replicates equal"))
            continue
        found.append(
            Estimate(float(value), float(low[place]), float(high[place]), worlds.n_units,
                     f"percentile bootstrap of {worlds.unit}s", None, float(error[place]), doubt)
        )  # fmt: skip
    return found


def _good_enough(
    outcomes: pd.DataFrame, worlds: Worlds, limit: Limit | None, n_resamples: int, level: float
) -> list[Estimate]:
    if limit is None:
        return [nothing(worlds.n_units, why="no limit was given") for _ in worlds.regimes]
    check_limits([limit], outcomes)
    table = satisficing(outcomes, [limit]).set_index("regime").loc[worlds.regimes]
    kept, n = table["kept"].to_numpy(), int(table["n"].iloc[0])
    if unit_of(outcomes) == "world":
        return [probability(int(count), n, level) for count in kept]
    laid = grid(outcomes, limit.measure, unit="replicate")
    drawn = _kept(outcomes, laid, limit, n_resamples)
    found = []
    for place, count in enumerate(kept):
        value, own = float(count) / n, drawn[:, place]
        ends = np.quantile(own, [(1 - level) / 2, (1 + level) / 2]) if own.size else [math.nan] * 2
        if not own.size or ends[0] == ends[1]:
            why = "one replicate" if worlds.unit == "none" else "all resamples equal"
            found.append(nothing(worlds.n_units, value, why))
            continue
        doubt = f"a bootstrap of fewer than {FEW} replicates" if worlds.n_units < FEW else ""
        found.append(
            Estimate(value, float(ends[0]), float(ends[1]), worlds.n_units,
                     "percentile bootstrap of replicates", None, float(own.std(ddof=1)), doubt)
        )  # fmt: skip
    return found


def _kept(outcomes: pd.DataFrame, laid: Grid, limit: Limit, n_resamples: int) -> Floats:
    """Share of worlds within the limit in resamples of replicates, [n_resamples, n_regimes]."""
    year = is_year(limit.measure)
    whole = laid.present if year else np.isfinite(laid.values)
    usable = whole.all(axis=(0, 1))
    n = int(usable.sum())
    if n < 2:
        return np.empty((0, len(laid.regimes)))
    values = laid.values[:, :, usable]
    values = np.where(np.isnan(values), 0.0, 1.0) if year else values
    counts = resample_counts(n, n_resamples, SEED)
    if year or is_bounded(outcomes, limit.measure):
        by_world = np.einsum("rn,gwn->rgw", counts, values) / n
    else:
        of_counts = median.resampled  # type: ignore[attr-defined]
        by_world = np.stack(
            [
                np.stack([of_counts(counts, world[:, None]) for world in regime], axis=-1)
                for regime in values
            ],
            axis=1,
        )
    return np.asarray(limit.kept(by_world).mean(axis=2))
