"""What looking again and again does to intervals, and what a stop by their width does.

`experiment.until` adds replicates until intervals are narrow enough (engine/precision.hpp). Here
batches are made up whose true value is known, and looked at as it looks: at 200, 300, 450, …
replicates, up to 20,000.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from enough_fingers.coverage import LAWS, Coverages, Covered
from enough_fingers.intervals import LEVEL, Estimate, mean, paired_interval, probability_interval
from enough_fingers.resampling import SEED

MINIMUM, MAXIMUM = 200, 20_000
# What one look knows, at a level: an interval, and perhaps a doubt.
_Look = Callable[[int, float], Estimate]


def schedule(minimum: int = MINIMUM, maximum: int = MAXIMUM) -> list[int]:
    """The numbers of replicates at which engine/precision.cpp looks."""
    looks = []
    n = minimum
    while n < maximum:
        looks.append(n)
        n += max(1, n // 2)
    return [*looks, maximum]


@dataclass(frozen=True)
class Case:
    """Batches of one kind.

    Attributes:
        name: What is estimated.
        truth: Its true value.
        half_width: What is asked for.
        batch: Makes a batch: what each look at it sees.
    """

    name: str
    truth: float
    half_width: float
    batch: Callable[[np.random.Generator, Sequence[int]], _Look]


def _probability(p: float, half_width: float) -> Case:
    def batch(rng: np.random.Generator, looks: Sequence[int]) -> _Look:
        counts = np.cumsum(rng.binomial(np.diff([0, *looks]), p))
        by_look = dict(zip(looks, (int(count) for count in counts), strict=True))

        def look(n: int, level: float) -> Estimate:
            low, high = probability_interval(by_look[n], n, level)
            return Estimate(by_look[n] / n, low, high, n, "")

        return look

    return Case(f"probability {p:g}", p, half_width, batch)


def _difference(first: float, second: float, half_width: float) -> Case:
    def batch(rng: np.random.Generator, looks: Sequence[int]) -> _Look:
        steps = rng.multinomial(np.diff([0, *looks]), [first, second, 1 - first - second])
        counts = np.cumsum(steps, axis=0)
        by_look = {n: (int(row[0]), int(row[1])) for n, row in zip(looks, counts, strict=True)}

        def look(n: int, level: float) -> Estimate:
            low, high = paired_interval(*by_look[n], n, level)
            return Estimate(0.0, low, high, n, "")

        return look

    return Case(f"paired difference {first:g} − {second:g}", first - second, half_width, batch)


def _mean(number: int, half_width: float) -> Case:
    law = LAWS[number]

    def batch(rng: np.random.Generator, looks: Sequence[int]) -> _Look:
        values = law.draw(rng, (looks[-1],))
        return lambda n, level: mean(values[:n], level=level)

    return Case(f"mean, {law.name}", law.mean, half_width, batch)


CASES = (
    _probability(0.3, 0.03),
    _probability(0.05, 0.025),
    _probability(0.01, 0.005),
    _probability(0.01, 0.01),
    _probability(0.003, 0.002),
    _difference(0.1, 0.1, 0.03),
    _difference(0.01, 0.01, 0.005),
    _difference(0.05, 0.02, 0.01),
    _difference(0.01, 0.0, 0.005),
    _mean(0, 0.1),
    _mean(1, 0.1),
    _mean(2, 0.2),
    _mean(3, 0.5),
)


@dataclass
class _Tally:
    missed: int = 0
    covered: int = 0
    file_covered: int = 0
    replicates: int = 0


def looks(repetitions: int, cases: Sequence[Case] = CASES) -> Coverages:
    """How often intervals miss at some look, and how often they cover where the batch stops.

    Args:
        repetitions: Batches of each case.
        cases: What is estimated.

    Returns:
        For ordinary intervals and for those of the rule: the share of batches in which all looks
        covered that did not call themselves approximate, the coverage at the stop, and the
        replicates until then; at last how often an ordinary interval covers of the file that the
        rule leaves.
    """
    planned = schedule()
    levels = (LEVEL, 1 - (1 - LEVEL) / len(planned))
    rows = []
    for number, case in enumerate(cases):
        rng = np.random.default_rng([SEED, 9, number])
        tallies = (_Tally(), _Tally())
        for _ in range(repetitions):
            look = case.batch(rng, planned)
            for tally, level in zip(tallies, levels, strict=True):
                _tally(case, look, planned, level, tally)
        ordinary, rule = tallies
        share = 1 / repetitions
        cells: list[Covered | float] = [
            Covered(1 - ordinary.missed * share),
            Covered(1 - rule.missed * share),
            Covered(ordinary.covered * share),
            ordinary.replicates * share,
            Covered(rule.covered * share),
            rule.replicates * share,
            Covered(rule.file_covered * share),
        ]
        rows.append(([case.name, f"{case.half_width:g}"], cells))
    header = [
        "what",
        "half-width asked for",
        "ordinary intervals cover at all looks",
        "those of `until` do",
        "ordinary ones at a stop by their width",
        "replicates",
        "those of `until` at its stop",
        "replicates",
        "an ordinary one of that file",
    ]
    return Coverages("Looking at 200, 300, 450, … 20,000 replicates", header, rows)


def _tally(case: Case, look: _Look, planned: Sequence[int], level: float, tally: _Tally) -> None:
    seen = [look(n, level) for n in planned]
    covers = [one.low <= case.truth <= one.high for one in seen]
    # An interval that says that it is approximate promises nothing, and stops nothing.
    promised = [kept for kept, one in zip(covers, seen, strict=True) if not one.approximate]
    narrow = [(one.high - one.low) / 2 <= case.half_width and not one.approximate for one in seen]
    stop = next((place for place, enough in enumerate(narrow) if enough), len(planned) - 1)
    tally.missed += not all(promised)
    tally.covered += covers[stop]
    tally.replicates += planned[stop]
    last = look(planned[stop], LEVEL)
    tally.file_covered += last.low <= case.truth <= last.high
