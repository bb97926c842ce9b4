"""FINGERS-1 in Numba: the population from NumPy, a compiled loop over actors, one thread."""

from __future__ import annotations

import math

import numba
import numpy as np
from common import FIRST_DEFENCE, N_MODELS, Outcome, Setting, main, timed


@numba.njit(cache=False)
def seed_numba(seed: int) -> None:
    """Seeds the generator of compiled code."""
    np.random.seed(seed)


@numba.njit(cache=False)
def simulate(rate, ease, ai, months, learning, first_defence):  # noqa: ANN001, ANN201
    """All months; answers attempts and the columns of events."""
    n = len(rate)
    banned = np.zeros(n, dtype=np.bool_)
    month_of, actor, severity_of = [0], [0], [0.0]
    defence = first_defence
    n_attempts = 0
    for month in range(months):
        effort = 1 / (1 + 0.1 * (defence - first_defence))
        n_seen = 0
        for i in range(n):
            if banned[i] or np.random.random() >= rate[i] * effort:
                continue
            n_attempts += 1
            x = ease[i] + 0.03 * month - defence
            if np.random.random() < 1 / (1 + math.exp(-x)):
                severity = (1 - np.random.random()) ** (-1 / 1.5)
                month_of.append(month)
                actor.append(i)
                severity_of.append(severity)
                if severity >= 2:
                    n_seen += 1
            if ai[i] % 2 == 1 and np.random.random() < 0.2:
                banned[i] = True
        defence += learning * n_seen / n
    return n_attempts, month_of[1:], actor[1:], severity_of[1:]


def make(n: int, setting: Setting, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rates, ease and models of all actors."""
    rng = np.random.default_rng(seed)
    ai = rng.integers(0, N_MODELS, n, dtype=np.uint8)
    typical = np.where(rng.random(n) < 0.1, setting.malicious_rate, setting.honest_rate)
    rate = np.minimum(0.5, typical * np.exp(0.5 * rng.standard_normal(n) - 0.125))
    rate[(ai % 2 == 1) & (rng.random(n) >= 0.9)] = 0
    return rate, rng.lognormal(np.log(0.5), 1.0, n) + 0.25 * ai, ai


def run(n: int, setting: Setting, months: int, seed: int) -> Outcome:
    """Makes and runs one world; the compiler has been called before."""
    simulate(np.zeros(1), np.zeros(1), np.zeros(1, dtype=np.uint8), 1, 1.0, FIRST_DEFENCE)
    seed_numba(seed)

    def step(actors: tuple[np.ndarray, np.ndarray, np.ndarray]) -> tuple[int, int]:
        n_attempts, month_of, _, _ = simulate(*actors, months, setting.learning, FIRST_DEFENCE)
        return n_attempts, len(month_of)

    return timed(lambda: make(n, setting, seed), step)


if __name__ == "__main__":
    main(f"Numba {numba.__version__}", run)
