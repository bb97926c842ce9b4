"""FINGERS-1 as a user of Mesa writes it: an agent is an object, a month asks each of them.

`peer_mesa.py do …` goes through the agents in order, `peer_mesa.py shuffle_do …` in random order.
"""

from __future__ import annotations

import math
import sys

import mesa
from common import FIRST_DEFENCE, N_MODELS, Outcome, Setting, main, timed


class Actor(mesa.Agent):
    """Somebody with a propensity, a skill and a model."""

    def __init__(self, model: Fingers1) -> None:
        super().__init__(model)
        rng = model.random
        self.ai = rng.randrange(N_MODELS)
        self.hosted = self.ai % 2 == 1
        malicious = rng.random() < 0.1
        self.skill = rng.lognormvariate(math.log(0.5), 1.0)
        setting = model.setting
        typical = setting.malicious_rate if malicious else setting.honest_rate
        self.rate = min(0.5, typical * math.exp(0.5 * rng.gauss(0, 1) - 0.125))
        self.has_access = not self.hosted or rng.random() < 0.9
        self.banned = False

    def step(self) -> None:
        """Attempts or not."""
        if not self.has_access or self.banned:
            return
        model = self.model
        rng = model.random
        if rng.random() >= self.rate * model.effort:
            return
        model.n_attempts += 1
        ease = self.skill + 0.25 * self.ai + 0.03 * model.month - model.defence
        if rng.random() < 1 / (1 + math.exp(-ease)):
            severity = rng.paretovariate(1.5)
            model.events.append((model.month, self.unique_id, self.ai, severity))
            if severity >= 2:
                model.n_seen += 1
        if self.hosted and rng.random() < 0.2:
            self.banned = True


class Fingers1(mesa.Model):
    """The world."""

    def __init__(self, n: int, setting: Setting, seed: int, order: str) -> None:
        super().__init__(seed=seed)
        self.setting = setting
        self.order = order
        self.defence = FIRST_DEFENCE
        self.month = 0
        self.n_attempts = 0
        self.n_seen = 0
        self.events: list[tuple[int, int, int, float]] = []
        Actor.create_agents(self, n)

    def step(self) -> None:
        """Runs one month."""
        self.effort = 1 / (1 + 0.1 * (self.defence - FIRST_DEFENCE))
        self.n_seen = 0
        if self.order == "do":
            self.agents.do("step")
        else:
            self.agents.shuffle_do("step")
        self.defence += self.setting.learning * self.n_seen / len(self.agents)
        self.month += 1


def run(n: int, setting: Setting, months: int, seed: int) -> Outcome:
    """Makes and runs one world."""

    def step(model: Fingers1) -> tuple[int, int]:
        for _ in range(months):
            model.step()
        return model.n_attempts, len(model.events)

    return timed(lambda: Fingers1(n, setting, seed, ORDER), step)


if __name__ == "__main__":
    ORDER = sys.argv.pop(1)
    main(f"Mesa {mesa.__version__} {ORDER}", run)
