"""Which factors an outcome depends on most, by extra trees through EMA Workbench.

A score is the share of the variance over worlds that splits at a factor take off, so that scores of
all factors add up to 1 whether or not any of them matters (Jaxa-Rozen and Kwakkel 2018, Environ.
Model. Softw. 107: 245-255). Idle factors have scores too. So every forest gets some dummies, which
nothing depends on, and what they score is the floor.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from enough_fingers.cases import FEWEST_CASES
from enough_fingers.distributions import Floats, normal_quantile
from enough_fingers.intervals import LEVEL
from enough_fingers.load import Run
from enough_fingers.optional import package, quietly
from enough_fingers.point_values import PointValues, decided_by_one, point_values
from enough_fingers.resampling import SEED

N_SEEDS = 10
N_RESAMPLES = 25
_N_DUMMIES = 4
_METHOD = "extra trees; interval: bootstrap of worlds with another forest each time, normal"


def feature_scores(
    run: Run, outcomes: Sequence[str], *, regime: str = "", difference: str = "",
    transform: str = "", n_seeds: int = N_SEEDS, n_resamples: int = N_RESAMPLES, seed: int = SEED,
) -> pd.DataFrame:  # fmt: skip
    """Scores every factor for each outcome, as a mean over replicates in every world.

    Args:
        run: A run with at least 20 worlds.
        outcomes: Names of outcomes.
        regime: Whose outcomes; may be left out where there is one regime.
        difference: A regime whose values in the same world and replicate are taken off.
        transform: As for `point_values`; "log" for heavy tails.
        n_seeds: Forests of all worlds, for the mean score and, with 4 dummies each, the floor.
        n_resamples: Forests of resampled worlds, for the interval.
        seed: Of forests, dummies and resamples.

    Returns:
        One row an outcome and factor, the highest score first: outcome, units, regime, reference,
        transform, factor, pointer, value, low, high, n (worlds), replicates, floor (95 % point of
        the scores of dummies), method, approximate.

    Raises:
        ValueError: When a name is unknown, or there are fewer than 20 worlds.
        MissingRunsError: When a run is missing or failed.
        MissingLibraryError: When EMA Workbench is not installed.
    """
    parts = []
    for outcome in outcomes:
        points = point_values(
            run, outcome, regime=regime, difference=difference, transform=transform
        )
        if len(points.points) < FEWEST_CASES:
            raise ValueError(
                f"{run.path}: {len(points.points)} worlds are too few for scores; at least "
                f"{FEWEST_CASES} are needed"
            )
        parts.append(_scored(points, n_seeds, n_resamples, seed))
    return pd.concat(parts, ignore_index=True)


def _scored(points: PointValues, n_seeds: int, n_resamples: int, seed: int) -> pd.DataFrame:
    names = [factor.name for factor in points.factors]
    inputs = points.points[names].astype(np.float64).reset_index(drop=True)
    values = points.values.mean(axis=1)
    n = values.size
    rng = np.random.default_rng([seed, 7])
    forests = [_forest(inputs, values, rng) for _ in range(n_seeds)]
    value = np.mean([scores for scores, _ in forests], axis=0)
    idle = np.concatenate([dummies for _, dummies in forests])
    drawn = []
    for _ in range(n_resamples):
        index = rng.integers(0, n, n)
        drawn.append(_forest(inputs.iloc[index], values[index], rng)[0])
    half = normal_quantile(LEVEL) * np.std(drawn, axis=0, ddof=1)
    table = pd.DataFrame(
        points.keys()
        | {
            "factor": names,
            "pointer": [factor.pointer for factor in points.factors],
            "value": value,
            "low": np.maximum(0.0, value - half),
            "high": np.minimum(1.0, value + half),
            "n": n,
            "replicates": points.n_replicates,
            "floor": float(np.quantile(idle, LEVEL)),
            "method": _METHOD,
            "approximate": decided_by_one(values),
        }
    )
    return table.sort_values("value", ascending=False, kind="stable", ignore_index=True)


def _forest(
    inputs: pd.DataFrame, values: Floats, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """Scores of the factors, in their order, and those of dummies."""
    dummies = {f"dummy {place}": rng.random(len(inputs)) for place in range(_N_DUMMIES)}
    together = pd.concat([inputs.reset_index(drop=True), pd.DataFrame(dummies)], axis="columns")
    scoring = package("ema_workbench.analysis.feature_scoring")
    with quietly():
        found, _ = scoring.get_ex_feature_scores(
            together, values, mode=scoring.RuleInductionType.REGRESSION,
            random_state=int(rng.integers(2**31)),
        )  # fmt: skip
    scores = found[1]
    return (
        np.asarray(scores.loc[list(inputs.columns)], dtype=np.float64),
        np.asarray(scores.loc[list(dummies)], dtype=np.float64),
    )
