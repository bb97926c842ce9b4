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
