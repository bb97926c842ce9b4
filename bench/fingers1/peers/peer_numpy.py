"""FINGERS-1 in NumPy.

`peer_numpy.py plain …` asks all actors in every month; `peer_numpy.py skips …` puts them in classes
of like rate and goes from candidate to candidate by geometric gaps.
"""

from __future__ import annotations

import sys
from itertools import pairwise

import numpy as np
from common import FIRST_DEFENCE, N_MODELS, Outcome, Setting, main, timed


class Actors:
    """Columns of all actors."""

    def __init__(self, n: int, setting: Setting, seed: int) -> None:
        self.rng = rng = np.random.default_rng(seed)
        self.n = n
        self.ai = rng.integers(0, N_MODELS, n, dtype=np.uint8)
        malicious = rng.random(n) < 0.1
        skill = rng.lognormal(np.log(0.5), 1.0, n)
        typical = np.where(malicious, setting.malicious_rate, setting.honest_rate)
        self.rate = np.minimum(0.5, typical * np.exp(0.5 * rng.standard_normal(n) - 0.125))
        self.hosted = self.ai % 2 == 1
        self.rate[self.hosted & (rng.random(n) >= 0.9)] = 0
        self.ease = skill + 0.25 * self.ai
        self.events: list[np.ndarray] = []

    def sort_into_classes(self) -> None:
        """By falling rate, cut where it has fallen by a fifth."""
        order = np.argsort(-self.rate, kind="stable")
        for name in ("ai", "rate", "hosted", "ease"):
            setattr(self, name, getattr(self, name)[order])
        self.identity = order
        n_active = int(np.count_nonzero(self.rate))
        kind = np.floor(np.log(self.rate[:n_active]) / np.log(0.8)).astype(np.int64)
        begins = [0, *(np.flatnonzero(np.diff(kind)) + 1).tolist(), n_active]
        self.classes = list(pairwise(begins))
        self.most = [float(self.rate[begin]) for begin, _ in self.classes]

    def ask_all(self, effort: float) -> np.ndarray:
        """Places of those who attempt: a uniform for each actor."""
        return np.flatnonzero(self.rng.random(self.n) < self.rate * effort)

    def skip(self, effort: float) -> np.ndarray:
        """Places of those who attempt, from candidate to candidate."""
        found = []
        for (begin, end), most in zip(self.classes, self.most, strict=True):
            chance = most * effort
            last, rows = begin - 1, []
            while last < end:
                left = (end - last) * chance
                gaps = self.rng.geometric(chance, int(left + 3 * np.sqrt(left) + 4))
                rows.append(last + np.cumsum(gaps))
                last = int(rows[-1][-1])
            places = np.concatenate(rows) if len(rows) > 1 else rows[0]
            places = places[: np.searchsorted(places, end)]
            keep = self.rng.random(len(places)) * most < self.rate[places]
            found.append(places[keep])
        return np.concatenate(found)

    def attempt(self, who: np.ndarray, month: int, defence: float) -> int:
        """Lets them attempt; answers how many events were seen."""
        rng = self.rng
        x = self.ease[who] + 0.03 * month - defence
        winners = who[rng.random(len(who)) < 1 / (1 + np.exp(-x))]
        severity = 1 + rng.pareto(1.5, len(winners))
        event = np.empty(len(winners), dtype="u1,u4,u1,f4")
        event["f0"], event["f1"], event["f2"], event["f3"] = (
            month,
            winners,
            self.ai[winners],
            severity,
        )
        self.events.append(event)
        caught = who[self.hosted[who] & (rng.random(len(who)) < 0.2)]
        self.rate[caught] = 0
        return int(np.count_nonzero(severity >= 2))


def run(n: int, setting: Setting, months: int, seed: int) -> Outcome:
    """Makes and runs one world."""

    def make() -> Actors:
        actors = Actors(n, setting, seed)
        if WAY == "skips":
            actors.sort_into_classes()
        return actors

    def step(actors: Actors) -> tuple[int, int]:
        defence, n_attempts = FIRST_DEFENCE, 0
        for month in range(months):
            effort = 1 / (1 + 0.1 * (defence - FIRST_DEFENCE))
            who = actors.skip(effort) if WAY == "skips" else actors.ask_all(effort)
            n_attempts += len(who)
            defence += setting.learning * actors.attempt(who, month, defence) / n
        return n_attempts, sum(len(event) for event in actors.events)

    return timed(make, step)


if __name__ == "__main__":
    WAY = sys.argv.pop(1)
    main("NumPy" if WAY == "plain" else "NumPy with skips", run)
