"""What the Python peers of FINGERS-1 share: its numbers, their options, their line of JSON."""

from __future__ import annotations

import argparse
import json
import resource
import time
from collections.abc import Callable
from dataclasses import dataclass

N_MODELS = 8
FIRST_DEFENCE = 5.0


@dataclass(frozen=True)
class Setting:
    """Monthly propensities of malicious and honest actors, and how fast the defence learns."""

    malicious_rate: float
    honest_rate: float
    learning: float


SETTINGS = {"dense": Setting(0.2, 0.005, 100.0), "sparse": Setting(0.002, 0.00005, 10_000.0)}


@dataclass(frozen=True)
class Outcome:
    """What a run made: attempts and events in all, and what it took [s of processor]."""

    n_attempts: int
    n_events: int
    setup_s: float
    step_s: float


Run = Callable[[int, Setting, int, int], Outcome]


def timed(make: Callable[[], object], step: Callable[[object], tuple[int, int]]) -> Outcome:
    """Makes a model and runs it, with the processor time of both."""
    began = time.process_time()
    model = make()
    made = time.process_time()
    n_attempts, n_events = step(model)
    return Outcome(n_attempts, n_events, made - began, time.process_time() - made)


def main(implementation: str, run: Run) -> None:
    """Reads the options, runs every replicate with its own seed, and prints one line of JSON."""
    parser = argparse.ArgumentParser(description=f"FINGERS-1 in {implementation}")
    parser.add_argument("--agents", type=int, default=10_000)
    parser.add_argument("--setting", choices=sorted(SETTINGS), default="dense")
    parser.add_argument("--months", type=int, default=60)
    parser.add_argument("--replicates", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    outcomes = [
        run(options.agents, SETTINGS[options.setting], options.months, options.seed + r)
        for r in range(options.replicates)
    ]
    step_s = sum(outcome.step_s for outcome in outcomes)
    report = {
        "implementation": implementation,
        "agents": options.agents,
        "setting": options.setting,
        "threads": 1,
        "months": options.months,
        "setup_ns_per_agent": 1e9
        * sum(outcome.setup_s for outcome in outcomes)
        / (options.agents * options.replicates),
        "step_cpu_s": step_s,
        "agent_steps_per_cpu_s": options.agents * options.months * options.replicates / step_s,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024e-6,
        "attempts": [outcome.n_attempts for outcome in outcomes],
        "events": [outcome.n_events for outcome in outcomes],
    }
    print(json.dumps(report))
