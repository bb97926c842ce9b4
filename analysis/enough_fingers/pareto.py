"""Which regimes no other clearly dominates, by harm and one freedom, beyond chance.

A regime is *clearly dominated* where some other has clearly less harm and clearly no less of the
freedom, or no more harm and clearly more of the freedom. "Clearly" is beyond chance, with all
comparisons of a regime taken together (`robustness.told_apart`); "no less" and "no more" also where
the two are equal in every replicate. All others form the Pareto set.

It is no ranking, and regimes of the set are not said to be equal: another measure of harm, another
freedom or another belief gives another set, and few replicates give a larger one.
"""

from __future__ import annotations

import re

import numpy as np
import numpy.typing as npt
import pandas as pd

from enough_fingers.distributions import Floats
from enough_fingers.layout import Grid, grid
from enough_fingers.resampling import SEED, resample_counts
from enough_fingers.robustness import told_apart

N_RESAMPLES = 400
# At most so many numbers in a batch of resampled medians.
_BATCH = 4_000_000
Truths = npt.NDArray[np.bool_]


def pareto_set(
    outcomes: pd.DataFrame, harm: str = "harm_musd", *, n_resamples: int = N_RESAMPLES,
    seed: int = SEED,
) -> pd.DataFrame:  # fmt: skip
    """The regimes that no other clearly dominates, for each exercisable freedom.

    Harm is compared by medians and freedom by means, as `measures.harm_and_freedom` has them, over
    the replicates that every regime has.

    Args:
        outcomes: `Run.outcomes`.
        harm: The measure of harm.
        n_resamples: Of the bootstrap.
        seed: Of the bootstrap.

    Returns:
        One row a freedom and regime: freedom ("0", "1a", …), regime, in_set, dominated_by (names of
        those that clearly dominate it, with commas), n.
    """
    measures = [name for name in outcomes.attrs["outcomes"] if _freedom(name)]
    laid = grid(outcomes, harm)
    lower, same_harm, n = _compared(laid, median=True, n_resamples=n_resamples, seed=seed)
    rows = []
    for measure in measures:
        more, same, _ = _compared(
            grid(outcomes, measure), median=False, n_resamples=n_resamples, seed=seed
        )
        # [row, column]: the row clearly dominates the column.
        dominates = (lower | same_harm) & (more | same) & (lower | more)
        for place, regime in enumerate(laid.regimes):
            by = [laid.regimes[other] for other in np.flatnonzero(dominates[:, place])]
            rows.append(
                {
                    "freedom": _freedom(measure),
                    "regime": regime,
                    "in_set": not by,
                    "dominated_by": ", ".join(by),
                    "n": n,
                }
            )
    return pd.DataFrame(rows)


def _freedom(measure: str) -> str:
    match = re.fullmatch(r"freedom_([0-9][a-z]?)_exercisable", measure)
    return match.group(1) if match else ""


def _compared(
    laid: Grid, *, median: bool, n_resamples: int, seed: int
) -> tuple[Truths, Truths, int]:
    """Which regime has clearly less (by medians) or clearly more (by means) than which.

    Returns:
        [n_regimes, n_regimes] of that, and of whether the two are equal everywhere; units behind.
    """
    samples = laid.replicates(*range(len(laid.regimes)))
    n = samples[0].shape[0]
    same = np.array([[np.array_equal(a, b) for b in samples] for a in samples])
    if n < 2:
        return np.zeros_like(same), same, n
    if median:
        loss = np.array([float(np.median(values)) for values in samples])
        drawn = [_medians(values, n_resamples, seed) for values in samples]
    else:
        means = [values.mean(axis=1) for values in samples]
        counts = resample_counts(n, n_resamples, seed)
        loss = -np.array([float(unit.mean()) for unit in means])
        drawn = [-(counts @ unit) / n for unit in means]
    return told_apart(loss, np.stack(drawn, axis=1), n), same, n


def _medians(values: Floats, n_resamples: int, seed: int) -> Floats:
    """Medians of all cells over resampled units, the same units for every regime."""
    n = values.shape[0]
    index = np.random.default_rng([seed, 8]).integers(0, n, (n_resamples, n))
    size = max(1, _BATCH // values.size)
    parts = [
        np.median(values[index[start : start + size]].reshape(-1, values.size), axis=1)
        for start in range(0, n_resamples, size)
    ]
    return np.concatenate(parts)
