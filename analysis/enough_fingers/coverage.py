"""How often each interval covers what it should: the tables of docs/intervals.md.

`python -m enough_fingers coverage` makes them. What can be summed exactly is; the rest is simulated
with NumPy's default generator, seeded. Nothing here runs the model: the samples come from laws
whose true value is known.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from enough_fingers.break_even import fieller, mean_doubts
from enough_fingers.discovery import correlation_interval
from enough_fingers.distributions import Floats, binomial, normal_quantile, ranks_of_quantile
from enough_fingers.intervals import (
    LEVEL,
    Estimate,
    mean,
    paired_interval,
    probability_interval,
    wilson,
)
from enough_fingers.resampling import (
    SEED,
    bootstrap,
    quantile_of,
    ratio_of,
    resample_counts,
    truncated_mean,
)
from enough_fingers.robustness import told_apart

#: Under this at a nominal 95 % an interval has to say that it is approximate.
ENOUGH = 0.93
SIZES = (10, 30, 100, 300, 1000, 3000)
# Of the bootstraps within the simulations, to keep them short.
_N_RESAMPLES = 400


@dataclass(frozen=True)
class Covered:
    """How often an interval covered.

    Attributes:
        share: Of the repetitions.
        approximate: Share of the repetitions in which it said that it is approximate.
        none: Share of the repetitions in which it was withheld; they do not count above.
    """

    share: float
    approximate: float = 0.0
    none: float = 0.0

    def __str__(self) -> str:
        """As ".944", "**.871** (a 99%)", ".948 (a 99%, w 4%)" with what was withheld, or "none"."""
        if self.none == 1:
            return "none"
        text = f"{self.share:.3f}".replace("0.", ".", 1)
        text = f"**{text}**" if self.share < ENOUGH else text
        said = [f"{letter} {share:.0%}"
                for letter, share in (("a", self.approximate), ("w", self.none))
                if share >= 0.005]  # fmt: skip
        return f"{text} ({', '.join(said)})" if said else text


@dataclass(frozen=True)
class Coverages:
    """One table.

    Attributes:
        title: What was measured.
        header: One text a column.
        rows: Texts of the first columns, then what was measured.
    """

    title: str
    header: Sequence[str]
    rows: Sequence[tuple[Sequence[str], Sequence[Covered | float]]]

    def markdown(self) -> str:
        """The table, with its title."""
        lines = [f"**{self.title}**", "", "| " + " | ".join(self.header) + " |"]
        lines.append("|---" * len(self.header) + "|")
        for texts, cells in self.rows:
            shown = [f"{cell:,.0f}" if isinstance(cell, float) else str(cell) for cell in cells]
            lines.append("| " + " | ".join([*texts, *shown]) + " |")
        return "\n".join(lines) + "\n"


@dataclass(frozen=True)
class Law:
    """A distribution of one outcome, with its true mean."""

    name: str
    draw: Callable[[np.random.Generator, tuple[int, ...]], Floats]
    mean: float


def _lognormal(sigma: float) -> Law:
    return Law(
        f"lognormal, sigma {sigma:g}",
        lambda rng, shape: rng.lognormal(0.0, sigma, shape),
        math.exp(sigma**2 / 2),
    )


def _capped_lognormal(sigma: float, share: float = 1.0) -> Law:
    """min(x, its 95 % point), and 0 but in a share: what the report prints of harm."""
    cap = math.exp(sigma * normal_quantile(0.9))

    def draw(rng: np.random.Generator, shape: tuple[int, ...]) -> Floats:
        values = np.minimum(rng.lognormal(0.0, sigma, shape), cap)
        return np.asarray(np.where(rng.random(shape) < share, values, 0.0))

    below = 0.5 * (1 + math.erf((math.log(cap) / sigma - sigma) / math.sqrt(2)))
    value = share * (math.exp(sigma**2 / 2) * below + 0.05 * cap)
    name = f"lognormal, sigma {sigma:g}, cut at its 95 % point"
    return Law(name + (f", else 0 in {1 - share:.0%}" if share < 1 else ""), draw, value)


def _pareto(alpha: float, cap: float, name: str) -> Law:
    def draw(rng: np.random.Generator, shape: tuple[int, ...]) -> Floats:
        return np.asarray(np.minimum((1 - rng.random(shape)) ** (-1 / alpha), cap))

    # the integral of P(X > x) from 0 to the cap
    return Law(
        f"Pareto, alpha {alpha:g}, cut at {name}", draw, 1 + (cap ** (1 - alpha) - 1) / (1 - alpha)
    )


def _poisson(rate: float) -> Law:
    return Law(
        f"count, {rate:g} expected",
        lambda rng, shape: rng.poisson(rate, shape).astype(np.float64),
        rate,
    )


LAWS = (
    Law("normal", lambda rng, shape: rng.normal(0.0, 1.0, shape), 0.0),
    Law("exponential", lambda rng, shape: rng.exponential(1.0, shape), 1.0),
    _lognormal(1.0),
    _lognormal(1.5),
    _lognormal(2.5),
    _capped_lognormal(2.5),
    _capped_lognormal(1.5, 0.1),
    _pareto(0.7, 1e4, "10⁴ times its least"),
    _pareto(0.7, 0.05 ** (-1 / 0.7), "its 95 % point"),
    _pareto(1.2, 1e4, "10⁴ times its least"),
    _pareto(1.2, 0.05 ** (-1 / 1.2), "its 95 % point"),
    _poisson(0.01),
    _poisson(0.1),
    _poisson(1.0),
)
#: The laws whose ratios and differences are tried.
CAPPED = (LAWS[5], LAWS[6], LAWS[8])


def _wald(count: int, n: int) -> tuple[float, float]:
    half = normal_quantile(LEVEL) * math.sqrt(count * (n - count) / n**3)
    return count / n - half, count / n + half


def probabilities(sizes: Sequence[int] = (10, 30, 100, 300, 1000, 10000)) -> Coverages:
    """Exact coverage of a probability's interval, beside Wilson's alone and Wald's."""
    chances = (0.001, 0.01, 0.05, 0.1, 0.3, 0.5)
    methods: dict[str, Callable[[int, int], tuple[float, float]]] = {
        "as printed": probability_interval,
        "Wilson's alone": wilson,
        "Wald's (never printed)": _wald,
    }
    rows = []
    for name, interval in methods.items():
        for n in sizes:
            ends = np.array([interval(count, n) for count in range(n + 1)])
            covered = [Covered(_inside(ends, p)) for p in chances]
            rows.append(([name, f"{n}"], [*covered, Covered(_least(ends))]))
    header = ["interval", "n", *(f"p = {p:g}" for p in chances), "least over all p"]
    return Coverages("Probabilities (exact sums)", header, rows)


def _inside(ends: Floats, p: float) -> float:
    inside = (ends[:, 0] <= p) & (p <= ends[:, 1])
    return float(binomial(len(ends) - 1, p)[inside].sum())


def _least(ends: Floats) -> float:
    """The least coverage over all probabilities up to 1/2: it drops at ends of intervals only."""
    points = np.unique(ends[(ends > 1e-9) & (ends <= 0.5)])
    if points.size > 500:  # rare events are the hard ones; further up every tenth end will do
        points = np.concatenate([points[:200], points[200::10]])
    sides = np.concatenate([points * (1 - 1e-9), points * (1 + 1e-9)])
    return min(_inside(ends, float(p)) for p in sides)


def differences(sizes: Sequence[int] = (20, 100, 300, 1000)) -> Coverages:
    """Exact coverage of paired differences of probabilities, beside Agresti and Min's."""
    pairs = ((0.002, 0), (0.01, 0), (0.01, 0.01), (0.05, 0), (0.05, 0.02), (0.2, 0.1), (0.5, 0.0))

    def agresti_min(first: int, second: int, n: int) -> tuple[float, float]:
        a, b = (first + 0.5) / (n + 2), (second + 0.5) / (n + 2)
        half = normal_quantile(LEVEL) * math.sqrt((a + b - (a - b) ** 2) / (n + 2))
        return a - b - half, a - b + half

    rows = []
    methods: dict[str, Callable[[int, int, int], tuple[float, float]]] = {
        "as printed": paired_interval,
        "Agresti-Min": agresti_min,
    }
    for name, interval in methods.items():
        for n in sizes:
            covered = [Covered(_pairs_inside(interval, n, *pair)) for pair in pairs]
            rows.append(([name, f"{n}"], covered))
    header = ["interval", "n", *(f"{a:g} − {b:g}" for a, b in pairs)]
    title = "Paired differences of probabilities (exact sums); headings: shares of pairs in which "
    return Coverages(title + "only the first, and only the second, happened", header, rows)


def _pairs_inside(
    interval: Callable[[int, int, int], tuple[float, float]], n: int, first: float, second: float
) -> float:
    total, negligible = 0.0, 1e-9
    for a, chance in enumerate(binomial(n, first)):
        if chance < negligible:
            continue
        rest = binomial(n - a, second / (1 - first)) if second and a < n else np.ones(1)
        for b, other in enumerate(rest):
            if chance * other >= negligible / n:
                low, high = interval(a, b, n)
                total += chance * other if low <= first - second <= high else 0.0
    return float(total)


def _share(estimates: Sequence[Estimate], truth: float) -> Covered:
    made = [one for one in estimates if not math.isnan(one.low)]
    if not made:
        return Covered(math.nan, none=1.0)
    return Covered(
        float(np.mean([one.low <= truth <= one.high for one in made])),
        float(np.mean([one.approximate != "" for one in made])),
        1 - len(made) / len(estimates),
    )


def means(repetitions: int, sizes: Sequence[int] = SIZES) -> Coverages:
    """Student's interval of a mean, and of a mean of paired differences, under each law."""
    rows = []
    for number, law in enumerate(LAWS):
        covered = []
        for n in sizes:
            rng = np.random.default_rng([SEED, 1, number, n])
            found = [mean(law.draw(rng, (n,))) for _ in range(repetitions)]
            covered.append(_share(found, law.mean))
        rows.append(([law.name], covered))
    return Coverages("Means, by n", ["law", *(f"{n}" for n in sizes)], rows)


def mean_differences(repetitions: int, sizes: Sequence[int] = SIZES) -> Coverages:
    """The same of a paired difference, whose two sides share half of what moves them."""
    rows = []
    for number, law in enumerate(CAPPED):
        covered = []
        for n in sizes:
            rng = np.random.default_rng([SEED, 2, number, n])
            found = []
            for _ in range(repetitions):
                first, second, common = law.draw(rng, (3, n))
                shared = rng.random(n) < 0.5
                found.append(mean(np.where(shared, common, first) * 1.5
                                  - np.where(shared, common, second)))  # fmt: skip
            covered.append(_share(found, 0.5 * law.mean))
        rows.append(([law.name], covered))
    header = ["law", *(f"{n}" for n in sizes)]
    return Coverages("Paired differences of means, 1.5 x against x, by n", header, rows)


def quantiles(repetitions: int, sizes: Sequence[int] = (10, 30, 100, 300)) -> Coverages:
    """Medians and 90 % points: one cell exactly, two cells by simulation."""
    rows: list[tuple[list[str], list[Covered]]] = []
    for name, at in (("median", 0.5), ("90 % point", 0.9)):
        exact, cells = [], []
        for n in sizes:
            ranks = ranks_of_quantile(n, at, LEVEL)
            chances = binomial(n, at)
            exact.append(
                Covered(float(chances[ranks[0] : ranks[1]].sum()))
                if ranks
                else Covered(math.nan, none=1.0)
            )
            rng = np.random.default_rng([SEED, 3, n, round(10 * at)])
            found = []
            for _ in range(repetitions):
                common, own = rng.normal(size=(n, 1)), rng.normal(size=(n, 2))
                values = np.exp((common + own) / math.sqrt(2))
                found.append(quantile_of(values, at, n_resamples=_N_RESAMPLES))
            cells.append(_share(found, math.exp(normal_quantile(2 * at - 1)) if at > 0.5 else 1.0))
        rows.append(([name, "order statistics, any continuous law (exact)"], exact))
        rows.append(([name, "bootstrap, units of two settings, lognormal"], cells))
    return Coverages("Quantiles, by n", ["of", "interval", *(f"{n}" for n in sizes)], rows)


def ratios(repetitions: int, sizes: Sequence[int] = (10, 30, 50, 100, 300)) -> Coverages:
    """Ratios of truncated means, by bootstrap of pairs."""
    rows = []
    for number, law in enumerate(CAPPED):
        covered = []
        for n in sizes:
            rng = np.random.default_rng([SEED, 4, number, n])
            found = [
                ratio_of(*law.draw(rng, (2, n)), n_resamples=_N_RESAMPLES)
                for _ in range(repetitions)
            ]
            covered.append(_share([one for one in found if math.isfinite(one.value)], 1.0))
        rows.append(([law.name], covered))
    return Coverages("Ratios of means, by n", ["law", *(f"{n}" for n in sizes)], rows)


def bootstrapped_means(repetitions: int, sizes: Sequence[int] = (10, 30, 100, 300)) -> Coverages:
    """What the percentile bootstrap would do where Student's interval is printed."""
    rows = []
    for number, law in enumerate((LAWS[0], *CAPPED)):
        covered = []
        for n in sizes:
            rng = np.random.default_rng([SEED, 5, number, n])
            found = [
                bootstrap((law.draw(rng, (n,)),), truncated_mean(math.inf),
                          n_resamples=_N_RESAMPLES)
                for _ in range(repetitions)
            ]  # fmt: skip
            covered.append(_share(found, law.mean))
        rows.append(([law.name], covered))
    title = "For comparison: means by percentile bootstrap (not printed), by n"
    return Coverages(title, ["law", *(f"{n}" for n in sizes)], rows)


def break_evens(repetitions: int, sizes: Sequence[int] = (30, 100, 300, 1000)) -> Coverages:
    """Fieller's interval of the value of one catastrophe at which two regimes come to the same."""
    cases = {
        "harm normal, every second pair differs": (0.5, 0.0, LAWS[0]),
        "harm cut at its 95 % point, 1 pair in 5 differs": (0.2, 0.05, LAWS[5]),
        "the same, 1 pair in 50 differs": (0.02, 0.0, LAWS[5]),
    }
    rows = []
    for number, (name, (fewer, more, law)) in enumerate(cases.items()):
        covered = []
        for n in sizes:
            rng = np.random.default_rng([SEED, 6, number, n])
            found = []
            for _ in range(repetitions):
                harm = law.draw(rng, (n,)) - law.draw(rng, (n,)) + law.mean + 1
                u = rng.random(n)
                count = (u > 1 - more).astype(np.float64) - (u < fewer)
                low, high = fieller(harm, count)
                doubt = mean_doubts(harm, count)
                # Two NaN say that no value is left, which is a miss.
                low, high = (2.0, 1.0) if math.isnan(low) else (low, high)
                found.append(Estimate(0.0, low, high, n, "Fieller", approximate=doubt))
            covered.append(_share(found, (law.mean + 1) / (fewer - more)))
        rows.append(([name], covered))
    return Coverages("Break-even values, by n", ["case", *(f"{n}" for n in sizes)], rows)


def rank_correlations(repetitions: int, sizes: Sequence[int] = (12, 30, 100)) -> Coverages:
    """Spearman's correlation of a factor with a difference, by bootstrap of worlds."""
    rows = []
    for true in (0.0, 0.3, 0.7):
        # of a normal pair: Spearman's from Pearson's (Pearson 1907)
        pearson = 2 * math.sin(math.pi * true / 6)
        covered = []
        for n in sizes:
            rng = np.random.default_rng([SEED, 7, round(10 * true), n])
            hits = 0
            for repetition in range(repetitions):
                x, own = rng.normal(size=(2, n))
                y = pearson * x + math.sqrt(1 - pearson**2) * own
                low, high = correlation_interval(x, y, repetition)
                hits += low <= true <= high
            covered.append(Covered(hits / repetitions))
        rows.append(([f"{true:g}"], covered))
    header = ["true correlation", *(f"{n}" for n in sizes)]
    return Coverages("Rank correlations, by number of worlds", header, rows)


def regime_places(repetitions: int, sizes: Sequence[int] = (10, 30, 100)) -> Coverages:
    """Places of five regimes: in how many cases a regime's true place lies between those shown."""
    cases = {"all alike": np.zeros(5), "a step of .3 sd between neighbours": 0.3 * np.arange(5)}
    rows = []
    for number, (name, true) in enumerate(cases.items()):
        before, behind = (np.array([np.sum(true < t) for t in true]),
                          np.array([np.sum(true > t) for t in true]))  # fmt: skip
        covered = []
        for n in sizes:
            rng = np.random.default_rng([SEED, 8, number, n])
            counts = resample_counts(n, _N_RESAMPLES, SEED)
            hits = 0.0
            for _ in range(repetitions):
                sample = true + rng.normal(size=(n, 5)) + rng.normal(size=(n, 1))
                apart = told_apart(sample.mean(axis=0), counts @ sample / n, n)
                first, last = apart.sum(axis=0), 4 - apart.sum(axis=1)
                hits += float(np.mean((first <= before) & (4 - behind <= last)))
            covered.append(Covered(hits / repetitions))
        rows.append(([name], covered))
    return Coverages("Places, by n", ["five regimes", *(f"{n}" for n in sizes)], rows)
