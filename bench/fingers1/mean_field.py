"""FINGERS-1 in the limit of many actors: expected attempts and events, month by month.

The defence follows its own expectation; a hosted actor's chance of not being banned yet falls with
each attempt. Propensity and skill are independent, so each is averaged over by itself, at the
midpoints of equally likely classes.
"""

from __future__ import annotations

from statistics import NormalDist

import numpy as np

KINDS = {"dense": (0.2, 0.005, 100.0), "sparse": (0.002, 0.00005, 10_000.0)}


def mean_field(setting: str, months: int = 60, classes: int = 20_000) -> tuple[float, float]:
    """Attempts and events per actor and month."""
    malicious_rate, honest_rate, learning = KINDS[setting]
    normal = NormalDist()
    z = np.array([normal.inv_cdf((i + 0.5) / classes) for i in range(classes)])
    skill = 0.5 * np.exp(z)
    spread = np.exp(0.5 * z - 0.125)
    rate = np.stack(
        [np.minimum(0.5, malicious_rate * spread), np.minimum(0.5, honest_rate * spread)]
    )
    share = np.array([[0.1], [0.9]]) / classes
    free = np.ones_like(rate)  # chance that a hosted actor is not banned
    defence, attempts, events = 5.0, 0.0, 0.0
    for month in range(months):
        chance = rate / (1 + 0.1 * (defence - 5))
        open_attempts = float((share * chance).sum()) / 8  # of one model
        hosted_attempts = 0.9 * float((share * chance * free).sum()) / 8
        free *= 1 - 0.2 * chance
        new_events = 0.0
        for model in range(8):
            x = skill + 0.25 * model + 0.03 * month - defence
            success = float(np.mean(1 / (1 + np.exp(-x))))
            new_events += success * (hosted_attempts if model % 2 == 1 else open_attempts)
        attempts += 4 * (open_attempts + hosted_attempts)
        events += new_events
        defence += learning * new_events * 2**-1.5
    return attempts / months, events / months
