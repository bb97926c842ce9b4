"""Which factors turn the difference between two regimes, over the worlds of a sampled design.

The screen is a rank correlation (Spearman) of each factor with the paired difference, held
against what factors that do nothing reach by luck: the floor. For the few above it, the worlds are
cut into thirds of the factor, so that a reader sees where the sign turns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from enough_fingers.distributions import Floats
from enough_fingers.intervals import LEVEL
from enough_fingers.load import Run
from enough_fingers.resampling import SEED
from enough_fingers.robustness import Worlds

#: Fewer worlds than this say nothing about factors.
FEWEST_WORLDS = 12
SHOWN = 3
_N_PERMUTATIONS = 400
_N_RESAMPLES = 400


@dataclass(frozen=True)
class Influence:
    """What one factor does to the difference of two regimes.

    Attributes:
        factor: Its column in the design.
        pointer: JSON pointer of the parameter.
        correlation: Spearman's, with the difference regime less reference, −1 to 1.
        low: Lower end of its interval (percentile bootstrap over worlds).
        high: Upper end.
        thirds: Share of worlds in which the regime has more than the reference, in the lowest,
            middle and highest third of the factor; equal counts half.
        cuts: The factor's values between the thirds.
    """

    factor: str
    pointer: str
    correlation: float
    low: float
    high: float
    thirds: tuple[float, float, float]
    cuts: tuple[float, float]


@dataclass(frozen=True)
class Turning:
    """Where the difference of two regimes turns, by one measure.

    Attributes:
        measure: The outcome.
        regime: The one compared.
        reference: With whom.
        more: Share of worlds in which the regime has more; equal counts half.
        floor: A correlation that at most one in twenty screens of idle factors reaches.
        n_factors: How many factors were screened.
        n: Worlds.
        influences: The strongest factors above the floor, at most `SHOWN`, strongest first.
    """

    measure: str
    regime: str
    reference: str
    more: float
    floor: float
    n_factors: int
    n: int
    influences: tuple[Influence, ...]


def turning(run: Run, worlds: Worlds, reference: str, *, seed: int = SEED) -> list[Turning]:
    """Screens the factors of a run for what turns each regime's difference from a reference.

    Args:
        run: The run, for its factors.
        worlds: Estimates of one measure, from `robustness.worlds_of`.
        reference: A regime.
        seed: Of permutations and bootstrap.

    Returns:
        One a regime but the reference; none with fewer than `FEWEST_WORLDS` worlds.
    """
    names = [factor.name for factor in run.factors]
    if not names or worlds.loss.shape[1] < FEWEST_WORLDS or len(worlds.worlds) == 0:
        return []
    settings = run.design.drop_duplicates("world").set_index("world")[names]
    factors = settings.loc[worlds.worlds].to_numpy(dtype=np.float64)
    ranked = ranks(factors)
    other = worlds.regimes.index(reference)
    found = []
    for position, regime in enumerate(worlds.regimes):
        if position == other:
            continue
        difference = worlds.sign * (worlds.loss[position] - worlds.loss[other])
        correlation = correlations(ranked, ranks(difference))
        limit = floor(ranked, ranks(difference), seed)
        strongest = np.argsort(-np.abs(correlation), kind="stable")[:SHOWN]
        influences = tuple(
            _influence(run, place, factors[:, place], difference, float(correlation[place]), seed)
            for place in strongest
            if abs(correlation[place]) > limit
        )
        found.append(
            Turning(
                measure=worlds.measure,
                regime=regime,
                reference=reference,
                more=_more(difference),
                floor=limit,
                n_factors=len(names),
                n=difference.size,
                influences=influences,
            )
        )
    return found


def _influence(
    run: Run, place: int, factor: Floats, difference: Floats, correlation: float, seed: int
) -> Influence:
    low, high = correlation_interval(factor, difference, seed)
    cuts = np.quantile(factor, [1 / 3, 2 / 3])
    third = np.searchsorted(cuts, factor, side="left")
    shares = [_more(difference[third == part]) for part in range(3)]
    return Influence(
        factor=run.factors[place].name,
        pointer=run.factors[place].pointer,
        correlation=correlation,
        low=low,
        high=high,
        thirds=(shares[0], shares[1], shares[2]),
        cuts=(float(cuts[0]), float(cuts[1])),
    )


def correlation_interval(
    factor: Floats, difference: Floats, seed: int = SEED
) -> tuple[float, float]:
    """Percentile bootstrap over worlds of Spearman's correlation.

    Args:
        factor: [n].
        difference: [n].
        seed: Of the bootstrap.

    Returns:
        Lower and upper end.
    """
    index = np.random.default_rng([seed, 1]).integers(0, factor.size, (_N_RESAMPLES, factor.size))
    drawn = [float(correlations(ranks(factor[row]), ranks(difference[row]))[0]) for row in index]
    low, high = np.quantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)


def _more(difference: Floats) -> float:
    if difference.size == 0:
        return float("nan")
    return float(((difference > 0) + 0.5 * (difference == 0)).mean())


def ranks(values: Floats) -> Floats:
    """Ranks down the first axis, ties at their mean, centred on 0 and of unit length.

    Args:
        values: [n] or [n, n_columns].

    Returns:
        [n, n_columns]; a column that does not vary is all 0.
    """
    columns = values[:, None] if values.ndim == 1 else values
    ranked = np.column_stack([_ranked(column) for column in columns.T])
    ranked -= ranked.mean(axis=0)
    length = np.sqrt((ranked**2).sum(axis=0))
    return np.asarray(ranked / np.where(length > 0, length, 1.0))


def _ranked(column: Floats) -> Floats:
    ordered = np.sort(column)
    below = np.searchsorted(ordered, column, side="left")
    return np.asarray((below + np.searchsorted(ordered, column, side="right") + 1) / 2)


def correlations(factors: Floats, difference: Floats) -> Floats:
    """Spearman's correlation of each column of ranks with another; both from `ranks`."""
    return np.asarray(factors.T @ difference[:, 0])


def floor(factors: Floats, difference: Floats, seed: int = SEED) -> float:
    """The correlation that the strongest of as many idle factors passes once in twenty screens.

    Args:
        factors: Ranks [n, n_factors].
        difference: Ranks [n, 1].
        seed: Of the permutations.

    Returns:
        The 95 % point of the largest absolute correlation after the worlds were shuffled.
    """
    rng = np.random.default_rng([seed, 2])
    shuffled = np.column_stack([rng.permutation(difference[:, 0]) for _ in range(_N_PERMUTATIONS)])
    return float(np.quantile(np.abs(factors.T @ shuffled).max(axis=0), LEVEL))


def pointers(found: Sequence[Turning]) -> list[str]:
    """The parameters named in any of the findings, each once, in order."""
    return list(dict.fromkeys(i.pointer for turn in found for i in turn.influences))
