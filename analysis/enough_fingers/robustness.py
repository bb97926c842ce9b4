"""Regimes under several rules for deciding without probabilities, one measure at a time.

A *world* is one combination of factor values. A rule boils the worlds down to one number a regime;
which rule is right is a matter of view, and the places they give differ (McPhail et al. 2018). So
all rules stand beside each other, and no function here merges rules or measures.

A *place* counts from 1. Regimes that chance cannot tell apart share places: a regime's places run
from one more than the number of those clearly before it to n less those clearly behind it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from enough_fingers.distributions import Floats, normal_quantile, student_quantile
from enough_fingers.intervals import LEVEL
from enough_fingers.layout import Grid, better_of, default_cap, grid, is_bounded, is_year
from enough_fingers.resampling import SEED, resample_counts
from enough_fingers.wording import number

N_RESAMPLES = 500
#: With fewer units than this places cover under 93 %.
FEW_FOR_PLACES = 20
#: Weights of the kindest world in Hurwicz's rule.
OPTIMISM = (0.25, 0.5, 0.75)
_ALPHABET = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
# Two numbers nearer than this share of the larger are one number.
_SAME = 1e-9
# At most so many numbers in a batch of resamples.
_BATCH = 4_000_000


@dataclass(frozen=True)
class Rule:
    """A rule: from losses [..., n_regimes, n_worlds] to one loss a regime [..., n_regimes].

    Attributes:
        name: What it looks at, in few words.
        of: The rule itself.
        regret: Whether its number is a regret (a distance from the least loss of each world) and
            so keeps its sign whichever way the measure is wanted.
    """

    name: str
    of: Callable[[Floats], Floats]
    regret: bool = False


def _regret(loss: Floats) -> Floats:
    return np.asarray(loss - loss.min(axis=-2, keepdims=True))


def _hurwicz(optimism: float) -> Rule:
    def of(loss: Floats) -> Floats:
        return np.asarray(optimism * loss.min(axis=-1) + (1 - optimism) * loss.max(axis=-1))

    return Rule(f"Hurwicz, optimism {optimism:g}", of)


def rules(optimism: Sequence[float] = OPTIMISM) -> list[Rule]:
    """The rules, in the order in which they are shown.

    Args:
        optimism: Weights of the kindest world in Hurwicz's rule, 0 to 1.

    Returns:
        Mean over worlds (Laplace), worst world (Wald's maximin), largest regret (Savage), regret at
        the 90 % point of worlds, and Hurwicz's rule for each optimism.
    """
    return [
        Rule("Mean over worlds", lambda loss: np.asarray(loss.mean(axis=-1))),
        Rule("Worst world", lambda loss: np.asarray(loss.max(axis=-1))),
        Rule("Largest regret", lambda loss: np.asarray(_regret(loss).max(axis=-1)), regret=True),
        Rule(
            "Regret, 90 % point",
            lambda loss: np.asarray(np.quantile(_regret(loss), 0.9, axis=-1)),
            regret=True,
        ),
        *(_hurwicz(weight) for weight in optimism),
    ]


@dataclass(frozen=True)
class Worlds:
    """One measure by regime and world, estimated over the replicates.

    Attributes:
        measure: The outcome.
        statistic: What was estimated: a probability, a mean or a truncated mean with its cap.
        regimes: Names.
        loss: [n_regimes, n_worlds]; less is wanted (a measure of which more is wanted is negated).
        sign: 1, or -1 where negated; loss times sign is the measure.
        drawn: Makes resamples: (first, how many) gives losses [how many, n_regimes, n_worlds].
        unit: What resamples draw anew, "replicate" or "world"; "none" with fewer than 2.
        n_units: How many of them there are.
        worlds: Numbers of the worlds, as in `Run.design`.
    """

    measure: str
    statistic: str
    regimes: list[str]
    loss: Floats
    sign: float
    drawn: Callable[[int, int], Floats]
    unit: str
    n_units: int
    worlds: npt.NDArray[np.int64]


def worlds_of(outcomes: pd.DataFrame, measure: str, *, seed: int = SEED) -> Worlds | None:
    """Estimates a measure in every world under every regime.

    Args:
        outcomes: `Run.outcomes`.
        measure: One of its outcome columns.
        seed: Of the bootstrap.

    Returns:
        The estimates, from replicates that finished under every regime and worlds that have some;
        None where nothing is left, or where it is a matter of view which way the measure is wanted.
    """
    better = better_of(measure)
    if better is None:
        return None
    laid = grid(outcomes, measure, unit="replicate")
    values, statistic = _per_replicate(outcomes, laid)
    usable: npt.NDArray[np.bool_] = np.all(laid.present & np.isfinite(values), axis=0)
    sampled = grid(outcomes, measure).unit == "world"
    # A year is turned into whether it happened: of what should come late, less is wanted.
    sign = -1.0 if better == "higher" and not is_year(measure) else 1.0
    numbers = np.unique(outcomes["world"].to_numpy())
    if sampled:
        kept = usable.any(axis=1)
        numbers = numbers[kept]
        weights = usable[kept][None]
        sums = np.where(weights, values[:, kept], 0.0).sum(axis=2)
        loss = sign * sums / np.maximum(1, weights.sum(axis=2))
        n, draw = int(kept.sum()), _redraw_worlds(loss, seed)
    else:
        whole = usable.all(axis=0)
        chosen = sign * values[:, :, whole]
        n, draw = int(whole.sum()), _redraw_replicates(chosen, seed)
        loss = chosen.mean(axis=2) if n else np.empty((len(laid.regimes), 0))
    if n == 0:
        return None
    unit = "none" if n < 2 else "world" if sampled else "replicate"
    return Worlds(measure, statistic, laid.regimes, loss, sign, draw, unit, n, numbers)


def _per_replicate(outcomes: pd.DataFrame, laid: Grid) -> tuple[Floats, str]:
    if is_year(laid.measure):
        return np.where(np.isnan(laid.values), 0.0, 1.0), "probability"
    if is_bounded(outcomes, laid.measure):
        return laid.values, "mean"
    cap = default_cap(outcomes, laid.measure)
    return np.minimum(laid.values, cap), f"mean of min(x, {number(cap)})"


def _redraw_replicates(values: Floats, seed: int) -> Callable[[int, int], Floats]:
    n_regimes, n_worlds, n = values.shape
    flat = values.reshape(-1, n).T

    def drawn(start: int, rows: int) -> Floats:
        means = resample_counts(n, rows, seed, start) @ flat / n
        return np.asarray(means.reshape(rows, n_regimes, n_worlds))

    return drawn


def _redraw_worlds(loss: Floats, seed: int) -> Callable[[int, int], Floats]:
    n = loss.shape[1]

    def drawn(start: int, rows: int) -> Floats:
        index = np.random.default_rng([seed, start]).integers(0, n, (rows, n))
        return np.asarray(loss[:, index].swapaxes(0, 1))

    return drawn


def places(
    worlds: Worlds,
    chosen: Sequence[Rule] | None = None,
    *,
    n_resamples: int = N_RESAMPLES,
    level: float = LEVEL,
) -> pd.DataFrame:
    """The places of the regimes under each rule, by one measure.

    Two regimes are told apart when the difference of their numbers leaves the band that the
    bootstrap gives the largest difference of a regime from any other, in standard errors (Mogstad
    et al. 2024, "Inference for ranks"): at the stated level a regime's true place lies between
    `first` and `last`. With few replicates a worst world or a regret holds some luck, the same for
    all regimes.

    Args:
        worlds: From `worlds_of`.
        chosen: Rules; all of `rules()` when not given.
        n_resamples: Of the bootstrap.
        level: Nominal coverage of one regime's places under one rule.

    Returns:
        One row a rule and regime: measure, statistic, rule, regime, value (in the measure's
        unit; a regret in the measure's unit too), order (by value alone, ties at their mean), first
        and last place, letters (from `letters`), unit, n.
    """
    rows = []
    for rule in rules() if chosen is None else chosen:
        loss = rule.of(worlds.loss)
        before = told_apart(loss, _resampled(worlds, rule, n_resamples), worlds.n_units, level)
        first = 1 + before.sum(axis=0)
        shared = letters(loss, before)
        last = loss.size - before.sum(axis=1)
        order = _order(loss)
        shown = loss if rule.regret else worlds.sign * loss
        rows += [
            {
                "measure": worlds.measure,
                "statistic": worlds.statistic,
                "rule": rule.name,
                "regime": regime,
                "value": float(shown[place]) + 0.0,
                "order": float(order[place]),
                "first": int(first[place]),
                "last": int(last[place]),
                "letters": shared[place],
                "unit": worlds.unit,
                "n": worlds.n_units,
            }
            for place, regime in enumerate(worlds.regimes)
        ]
    return pd.DataFrame(rows)


def _resampled(worlds: Worlds, rule: Rule, n_resamples: int) -> Floats | None:
    if worlds.unit == "none":
        return None
    size = max(1, _BATCH // worlds.loss.size)
    parts = [
        rule.of(worlds.drawn(start, min(size, n_resamples - start)))
        for start in range(0, n_resamples, size)
    ]
    return np.concatenate(parts)


def told_apart(
    loss: Floats, resampled: Floats | None, n_units: int, level: float = LEVEL
) -> npt.NDArray[np.bool_]:
    """Which regime is clearly before which: [n, n], row before column.

    A bootstrap of few units is too narrow: its errors are those of n instead of n - 1, and its
    tails end with what was drawn. So the band is widened as Student's interval of one mean is.

    Args:
        loss: [n]; less comes first.
        resampled: [n_resamples, n], or None where nothing could be drawn anew; then equal numbers
            and none other share a place.
        n_units: How many units could be drawn.
        level: Nominal coverage of one regime's comparisons with all others together.

    Returns:
        True where the row's loss is smaller by more than chance.
    """
    apart = loss[:, None] - loss[None, :]
    scale = np.maximum(np.abs(loss)[:, None], np.abs(loss)[None, :])
    differ = np.abs(apart) > _SAME * scale
    if resampled is None:
        return np.asarray(differ & (apart < 0))
    error, reach = np.zeros_like(apart), np.zeros_like(loss)
    for row in range(loss.size):
        drawn = resampled[:, [row]] - resampled
        error[row] = drawn.std(axis=0, ddof=1)
        moves = error[row] > _SAME * scale[row]
        if moves.any():
            excess = np.abs(drawn - apart[row])[:, moves] / error[row, moves]
            reach[row] = np.quantile(excess.max(axis=1), level)
    widened = student_quantile(level, n_units - 1) / normal_quantile(level)
    widened *= math.sqrt(n_units / (n_units - 1))
    # The wider of the two bands, so that both regimes of a pair say the same.
    band = widened * error * np.maximum(reach[:, None], reach[None, :])
    return np.asarray(differ & (apart < -band))


def letters(loss: Floats, before: npt.NDArray[np.bool_]) -> list[str]:
    """Letters for groups of neighbours that chance cannot tell apart; a regime may have several.

    Args:
        loss: [n]; less comes first.
        before: From `told_apart`.

    Returns:
        One text a regime, such as "ab"; capitals after 26 groups.
    """
    order = np.argsort(_order(loss), kind="stable")
    apart = (before | before.T)[np.ix_(order, order)]
    found = [""] * loss.size
    last, group = -1, 0
    for start in range(loss.size):
        end = start
        while end + 1 < loss.size and not apart[start : end + 1, end + 1].any():
            end += 1
        if end > last:
            for place in range(start, end + 1):
                found[order[place]] += _ALPHABET[group % len(_ALPHABET)]
            last, group = end, group + 1
    return found


def _order(loss: Floats) -> Floats:
    scale = _SAME * np.maximum(np.abs(loss)[:, None], np.abs(loss)[None, :])
    apart = loss[:, None] - loss[None, :]
    smaller = (apart > scale).sum(axis=1)
    same = (np.abs(apart) <= scale).sum(axis=1)
    return np.asarray(smaller + (same + 1) / 2, dtype=np.float64)


def worlds_first(worlds: Worlds) -> pd.DataFrame:
    """In how many of the worlds each regime comes first by this measure.

    The estimates of a world hold luck, so regimes that are alike share the worlds between them.

    Args:
        worlds: From `worlds_of`.

    Returns:
        One row a regime: measure, regime, alone, shared (counts of worlds), n (worlds).
    """
    loss = worlds.loss
    least = loss.min(axis=0)
    first = loss <= least + _SAME * np.abs(least)
    alone = first & (first.sum(axis=0) == 1)
    return pd.DataFrame(
        {
            "measure": worlds.measure,
            "regime": worlds.regimes,
            "alone": alone.sum(axis=1),
            "shared": first.sum(axis=1),
            "n": loss.shape[1],
        }
    )
