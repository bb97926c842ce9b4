"""A made-up experiment with every outcome that the report looks at."""

from __future__ import annotations

import math

import numpy as np

from files import Contents

REGIMES = (
    "closed",
    "hosted",
    "hosted-monitored",
    "hosted-finetune-monitored",
    "structured-access",
    "gated-weights",
    "staged-release",
    "open-weights-community-licence",
    "open-weights-permissive",
    "full-source",
    "full-source-compute-commons",
    "selective-defence",
    "slow-down",
    "adaptive-ratchet",
)


def experiment(n_regimes: int = 3, replicates: int = 12, **changes: object) -> Contents:
    """Heavy-tailed harm, paired by replicate; ten years; the made-up numbers favour no regime."""
    rng = np.random.default_rng(1)
    n = n_regimes * replicates
    luck = np.tile(rng.lognormal(10, 2, replicates), n_regimes)
    harm = luck * rng.lognormal(0, 0.3, n)
    wait = np.tile(rng.exponential(20, replicates), n_regimes) + rng.exponential(1, n)
    first = np.where(wait < 10, 2024 + wait, math.nan)
    freedom = np.repeat(np.linspace(0, 0.9, n_regimes), replicates)
    outcomes = {
        "harm_musd": harm,
        "discounted_harm_musd": 0.8 * harm,
        "catastrophes": (wait < 10).astype(float),
        "first_catastrophe_year": first,
        "ended_year": np.full(n, math.nan),
        "surveillance_share": rng.beta(2, 5, n),
        "benefit": rng.lognormal(12, 0.3, n),
        **{f"freedom_{name}_exercisable": freedom for name in ("0", "1a", "2", "3")},
        "freedom_1b_exercisable": np.zeros(n),
    }
    return Contents(
        regimes=REGIMES[:n_regimes],
        replicates=replicates,
        outcomes={name: list(values) for name, values in outcomes.items()},
        times=[2024 + month / 12 for month in range(120)],
        **changes,  # type: ignore[arg-type]
    )


def worlds(
    n_regimes: int = 3, n_worlds: int = 2, replicates: int = 6, **changes: object
) -> Contents:
    """The same over a grid: harm grows with the factor `count`, faster for later regimes."""
    levels = [float(10**world) for world in range(1, n_worlds + 1)]
    return _over({"count": levels}, n_regimes, replicates, changes)


def hypercube(n_regimes: int, n_worlds: int, n_factors: int, replicates: int = 2) -> Contents:
    """The same over a sampled design; the first factor turns the sign of the difference."""
    rng = np.random.default_rng(2)
    factors = {
        f"factor_{place}": list((rng.permutation(n_worlds) + 0.5) / n_worlds)
        for place in range(n_factors)
    }
    return _over(factors, n_regimes, replicates, {})


def _over(
    factors: dict[str, list[float]], n_regimes: int, replicates: int, changes: dict[str, object]
) -> Contents:
    first = np.asarray(next(iter(factors.values())))
    n_worlds = len(first)
    base = experiment(n_regimes * n_worlds, replicates)
    strength = np.repeat(np.arange(n_regimes), n_worlds * replicates)
    drive = np.tile(np.repeat(first / first.mean() - 1, replicates), n_regimes)
    outcomes = {name: np.asarray(values) for name, values in base.outcomes.items()}
    for name in ("harm_musd", "discounted_harm_musd"):
        outcomes[name] = outcomes[name] * np.exp(strength * drive)
    for name in [name for name in outcomes if name.startswith("freedom")]:
        outcomes[name] = np.minimum(1.0, 0.3 * strength + 0.01 * np.abs(drive))
    return Contents(
        regimes=[REGIMES[place] for place in range(n_regimes) for _ in range(n_worlds)],
        replicates=replicates,
        factors={name: [*values] * n_regimes for name, values in factors.items()},
        outcomes={name: list(values) for name, values in outcomes.items()},
        times=base.times,
        **changes,  # type: ignore[arg-type]
    )
