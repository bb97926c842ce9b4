"""How often intervals of tails, waiting times and frontiers cover: more of docs/intervals.md."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from enough_fingers.coverage import Coverages, Covered, _share
from enough_fingers.distributions import Floats
from enough_fingers.frontier import _band, few_for_band
from enough_fingers.intervals import FEW, Estimate, mean
from enough_fingers.product_limit import ProductLimit
from enough_fingers.rates import rate, shares
from enough_fingers.resampling import SEED
from enough_fingers.survival import _closed_form
from enough_fingers.tail_index import Tail, tail_of

SIZES = (10, 30, 100)
# Of the bootstraps within the simulations, to keep them short.
_N_RESAMPLES = 300
_Draw = Callable[[np.random.Generator, int, float], Floats]


def _clumps(rng: np.random.Generator, n: int, expected: float) -> Floats:
    """Counts of clumps of 3 events on average, geometric."""
    size = rng.poisson(expected / 3, n)
    return np.array([rng.geometric(1 / 3, clumps).sum() for clumps in size], dtype=np.float64)


_COUNTS: dict[str, _Draw] = {
    "independent events": lambda rng, n, m: rng.poisson(m, n).astype(np.float64),
    "rates of replicates gamma, shape 2": lambda rng, n, m: rng.poisson(
        m * rng.gamma(2, 0.5, n)
    ).astype(np.float64),
    "rates of replicates gamma, shape 0.5": lambda rng, n, m: rng.poisson(
        m * rng.gamma(0.5, 2, n)
    ).astype(np.float64),
    "clumps of 3 on average": _clumps,
}


def rates(repetitions: int, sizes: Sequence[int] = SIZES) -> Coverages:
    """Garwood's interval of a rate, widened for clumping."""
    rows: list[tuple[list[str], list[Covered]]] = []
    for number, (name, draw) in enumerate(_COUNTS.items()):
        for expected in (0.1, 1.0, 10.0):
            covered = []
            for n in sizes:
                rng = np.random.default_rng([SEED, 20, number, round(10 * expected), n])
                years = np.full(n, 10.0)
                found = [rate(draw(rng, n, expected), years) for _ in range(repetitions)]
                covered.append(_share(found, expected / 10))
            rows.append(([name, f"{expected:g}"], covered))
    header = ["events", "a replicate", *(f"{n}" for n in sizes)]
    return Coverages("Rates of events and return periods, by number of replicates", header, rows)


def clumped_shares(repetitions: int, sizes: Sequence[int] = SIZES) -> Coverages:
    """Korn and Graubard's interval of a share of events, whose chances differ by replicate."""
    rows: list[tuple[list[str], list[Covered]]] = []
    for number, (first, second) in enumerate(((1, 1), (1, 9), (1, 99))):
        for alike in (True, False):
            truth, covered = first / (first + second), []
            for n in sizes:
                rng = np.random.default_rng([SEED, 21, number, n])
                total = rng.poisson(40, (repetitions, n)).astype(np.float64)
                chance = rng.beta(first, second, total.shape)
                chance = np.full(total.shape, truth) if alike else chance
                over = rng.binomial(total.astype(np.int64), chance).astype(np.float64)
                hits = 0
                for events, own in zip(total, over, strict=True):
                    _, low, high = shares(own[:, None], events)
                    hits += bool(low[0] <= truth <= high[0])
                covered.append(Covered(hits / repetitions))
            name = (
                "the same in all replicates" if alike else f"of replicates beta({first}, {second})"
            )
            rows.append(([f"{truth:g}", name], covered))
    header = ["share", "chances", *(f"{n}" for n in sizes)]
    title = "Shares of some 40 events a replicate, by number of replicates"
    return Coverages(title, header, rows)


#: Estimator, exponent and cap.
_TAILS = (
    ("Hill", 0.7, math.inf),
    ("Hill", 0.7, 1000.0),
    ("Hill", 1.2, math.inf),
    ("Hill", 3.0, math.inf),
    ("generalised Pareto", 0.7, math.inf),
    ("generalised Pareto", 1.2, math.inf),
    ("generalised Pareto", 3.0, math.inf),
)


def tail_indices(repetitions: int, sizes: Sequence[int] = (20, 50, 100, 500)) -> Coverages:
    """Tail indices of independent values: exact for a Pareto tail, large-sample theory else."""
    rows: list[tuple[list[str], list[Covered]]] = []
    for number, (estimator, alpha, cap) in enumerate(_TAILS):
        covered = []
        for n in sizes:
            rng = np.random.default_rng([SEED, 22, number, n])
            found = [
                tail_of(_pareto(rng, alpha, cap, n), threshold=1.0, cap=cap, estimator=estimator,
                        n_resamples=0)
                for _ in range(repetitions)
            ]  # fmt: skip
            covered.append(_share([_estimate(tail) for tail in found], 1 / alpha))
        name = "Pareto" if math.isinf(cap) else "Pareto, truncated at 1,000"
        rows.append(([estimator, f"{name}, ξ = {1 / alpha:.2g}"], covered))
    header = ["index by", "law", *(f"{n}" for n in sizes)]
    return Coverages("Tail indices, by number of values over the threshold", header, rows)


def _pareto(rng: np.random.Generator, alpha: float, cap: float, n: int) -> Floats:
    beyond = 0.0 if math.isinf(cap) else cap**-alpha
    return np.asarray((1 - rng.random(n) * (1 - beyond)) ** (-1 / alpha))


def _estimate(tail: Tail) -> Estimate:
    return Estimate(tail.index, tail.low, tail.high, tail.n, "", approximate=tail.approximate)


def clumped_tails(repetitions: int, sizes: Sequence[int] = SIZES) -> Coverages:
    """Tail indices by bootstrap of replicates, beside the theory that believes in independence."""
    rows: list[tuple[list[str], list[Covered]]] = []
    for number, estimator in enumerate(("Hill", "generalised Pareto")):
        own: list[Covered] = []
        theory: list[Covered] = []
        for n in sizes:
            rng = np.random.default_rng([SEED, 23, number, n])
            found = []
            for _ in range(repetitions):
                # each value stands three times in its replicate
                values = np.repeat(rng.pareto(1.0, (n, 4)) + 1, 3, axis=1).reshape(-1)
                found.append(tail_of(values, np.repeat(np.arange(n), 12), threshold=1.0,
                                     estimator=estimator, n_resamples=_N_RESAMPLES))  # fmt: skip
            few = f"fewer than {FEW} replicates" if n < FEW else ""
            own.append(_share([replace(_estimate(tail), low=tail.bootstrap_low,
                                       high=tail.bootstrap_high, approximate=few)
                               for tail in found], 1.0))  # fmt: skip
            theory.append(_share([_estimate(tail) for tail in found], 1.0))
        rows.append(([estimator, "bootstrap of replicates"], own))
        rows.append(([estimator, "theory of independent values"], theory))
    header = ["index by", "interval", *(f"{n}" for n in sizes)]
    title = "Tail indices of values that come in threes, four a replicate, by number of replicates"
    return Coverages(title, header, rows)


def survivals(repetitions: int, sizes: Sequence[int] = (20, 100, 300)) -> Coverages:
    """Kaplan and Meier's estimate at a time, and the restricted mean until then."""
    rows: list[tuple[list[str], list[Covered]]] = []
    for number, (truth, lost) in enumerate(
        (truth, lost) for truth in (0.99, 0.9, 0.5) for lost in (False, True)
    ):
        hazard = -math.log(truth)
        share: list[Covered] = []
        area: list[Covered] = []
        for n in sizes:
            rng = np.random.default_rng([SEED, 24, number, n])
            made = [_lives(rng, hazard, lost, n) for _ in range(repetitions)]
            share.append(_share([_at_one(waited) for waited in made], truth))
            means = [
                mean(waited.pseudo_values(1.0)[1]) for waited in made[: max(1, repetitions // 4)]
            ]
            area.append(_share(means, (1 - truth) / hazard))
        name = "half lost by then" if lost else "none lost"
        rows.append((["survival", f"S = {truth:g}", name], share))
        rows.append((["restricted mean", f"mean {(1 - truth) / hazard:.3g}", name], area))
    header = ["of", "true", "censored", *(f"{n}" for n in sizes)]
    return Coverages("Survival and restricted means at one time, by n", header, rows)


def _lives(rng: np.random.Generator, hazard: float, lost: bool, n: int) -> ProductLimit:
    wait = rng.exponential(1 / hazard, n)
    followed = np.minimum(rng.uniform(0, 2, n), 1.5) if lost else np.full(n, 1.5)
    return ProductLimit(np.minimum(wait, followed), wait <= followed, np.arange(n), n)


def _at_one(waited: ProductLimit) -> Estimate:
    value, low, high, method, doubt = _closed_form(waited, np.ones(1), 0.95)
    return Estimate(float(value[0]), float(low[0]), float(high[0]), waited.n_units, method[0],
                    approximate=doubt)  # fmt: skip


def curves(repetitions: int, sizes: Sequence[int] = SIZES) -> Coverages:
    """Shares seen or fixed by a time, by bootstrap of replicates with twelve flaws each."""
    rows: list[tuple[list[str], list[Covered]]] = []
    for number, shape in enumerate((4.0, 1.0)):
        # P(by 1) where speeds are gamma with mean 1
        truth, covered = 1 - (1 + 1 / shape) ** -shape, []
        for n in sizes:
            rng = np.random.default_rng([SEED, 25, number, n])
            found = []
            for _ in range(repetitions):
                speed = np.repeat(rng.gamma(shape, 1 / shape, n), 12)
                # few different times keep it short, and leave the share by 1 as it is
                wait = np.ceil(10 * rng.exponential(1, 12 * n) / speed) / 10
                last = np.repeat(rng.uniform(0.5, 3, n).round(1), 12)
                limit = ProductLimit(np.minimum(wait, last), wait <= last,
                                     np.repeat(np.arange(n), 12), n)  # fmt: skip
                curve = limit.happened([1.0], n_resamples=_N_RESAMPLES)
                found.append(
                    Estimate(
                        float(curve.value[0]),
                        float(curve.low[0]),
                        float(curve.high[0]),
                        n,
                        "",
                        approximate=curve.approximate,
                    )
                )
            covered.append(_share(found, truth))  # fmt: skip
        rows.append(([f"gamma, shape {shape:g}", f"{truth:.3g}"], covered))
    header = ["speeds of replicates", "true share", *(f"{n}" for n in sizes)]
    return Coverages("Shares seen or fixed by a time, by number of replicates", header, rows)


def frontiers(repetitions: int, sizes: Sequence[int] = SIZES) -> Coverages:
    """The band of a break-even frontier at one value of the first factor."""
    at = np.arange(6.0)
    laws: dict[str, Callable[[np.random.Generator, tuple[int, int]], npt.NDArray[np.float64]]] = {
        "normal": lambda rng, shape: rng.normal(0, 1, shape),
        "exponential": lambda rng, shape: rng.exponential(1, shape) - 1,
    }
    rows: list[tuple[list[str], list[Covered]]] = []
    for number, (name, draw) in enumerate(laws.items()):
        covered = []
        for n in sizes:
            rng = np.random.default_rng([SEED, 26, number, n])
            found = []
            few = few_for_band(n)
            for _ in range(repetitions):
                # the difference is y − 2.5; half of the noise is common to all worlds
                noise = draw(rng, (1, n)) + draw(rng, (6, n))
                low, high, _ = _band(at[:, None] - 2.5 + noise, at, 0.95, _N_RESAMPLES)
                found.append(Estimate(2.5, low, high, n, "", approximate=few))
            covered.append(_share(found, 2.5))
        rows.append(([name], covered))
    header = ["noise of a difference", *(f"{n}" for n in sizes)]
    return Coverages("Break-even frontiers, by number of replicates", header, rows)
