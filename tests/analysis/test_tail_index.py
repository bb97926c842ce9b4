"""Tail indices on samples of known laws, against theory and SciPy."""

from __future__ import annotations

import math
import warnings

import numpy as np
import pytest
from scipy import stats

from conftest import Opener
from enough_fingers import Run
from enough_fingers.generalised_pareto import fit_generalised_pareto, refitted
from enough_fingers.tail_index import (
    NoMeanWarning,
    Tail,
    check_mean,
    choose_threshold,
    tail_of,
)
from enough_fingers.tail_tables import severity_cap, stability, tail_of_events, tail_of_harm
from files import Contents, Event

GPD = "generalised Pareto"


def pareto(alpha: float, n: int, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).pareto(alpha, n) + 1


def test_hill_is_the_mean_of_logarithms_over_the_threshold() -> None:
    values = np.exp(np.arange(1.0, 13))  # over e² = values[1]: logarithms 1 to 10 above it
    tail = tail_of(values, threshold=float(values[1]))
    assert (tail.n_over, tail.n_values, tail.n) == (10, 12, 12)
    assert tail.index == pytest.approx(5.5)
    assert tail.standard_error == pytest.approx(5.5 / math.sqrt(10))
    # 2kξ̂/ξ is χ² with 2k degrees of freedom
    assert tail.low == pytest.approx(2 * 10 * 5.5 / stats.chi2.ppf(0.975, 20))
    assert tail.high == pytest.approx(2 * 10 * 5.5 / stats.chi2.ppf(0.025, 20))


def test_the_bootstrap_draws_replicates_not_values() -> None:
    # Every replicate holds one value five times: the bootstrap is as wide as five times fewer
    # values make it, √5 times; the other interval believes in independence.
    single = pareto(1.0, 60)
    values, unit = np.repeat(single, 5), np.repeat(np.arange(60), 5)
    tail = tail_of(values, unit, threshold=1.0)
    assert (tail.n, tail.n_over) == (60, 300)
    alone = tail_of(single, threshold=1.0)
    assert tail.index == pytest.approx(alone.index)
    assert (tail.bootstrap_low, tail.bootstrap_high) == pytest.approx(
        (alone.bootstrap_low, alone.bootstrap_high)
    )
    assert "share its draws" in tail.approximate
    assert alone.approximate == ""
    assert tail.high - tail.low < 0.6 * (tail.bootstrap_high - tail.bootstrap_low)


@pytest.mark.parametrize("xi", [-0.2, 0.0, 0.4, 1.2])
def test_the_generalised_pareto_fit_is_scipys(xi: float) -> None:
    excess = stats.genpareto.rvs(xi, scale=3, size=300, random_state=np.random.default_rng(2))
    shape, scale = fit_generalised_pareto(excess)
    other, _, other_scale = stats.genpareto.fit(excess, floc=0)
    # SciPy's simplex stops at about 1e-4
    assert shape == pytest.approx(other, abs=2e-3)
    assert scale == pytest.approx(other_scale, rel=2e-3)
    own = stats.genpareto.logpdf(excess, shape, scale=scale).sum()
    assert own >= stats.genpareto.logpdf(excess, other, scale=other_scale).sum() - 1e-6


def test_the_bootstrap_of_the_generalised_pareto_fit_is_that_of_refitting() -> None:
    rng = np.random.default_rng(3)
    excess = stats.genpareto.rvs(0.5, scale=2, size=200, random_state=rng)
    shape, scale = fit_generalised_pareto(excess)
    weights = rng.multinomial(200, np.full(200, 1 / 200), size=5).astype(float)
    again = [fit_generalised_pareto(np.repeat(excess, row.astype(int)))[0] for row in weights]
    assert refitted(excess, shape / scale, weights) == pytest.approx(again, abs=1e-3)


def test_known_laws_lie_within_their_intervals() -> None:
    # Seeded samples; each interval misses one time in twenty, so wide bounds: 4 standard errors.
    for alpha in (0.7, 1.5, 3.0):
        tail = tail_of(pareto(alpha, 4000), threshold=2.0)
        assert tail.index == pytest.approx(1 / alpha, abs=4 * tail.standard_error)
        law = tail_of(pareto(alpha, 4000), threshold=2.0, estimator=GPD)
        assert law.index == pytest.approx(1 / alpha, abs=4 * law.standard_error)
        # of a Pareto law σ = ξ·u
        assert law.scale == pytest.approx(2 / alpha, abs=4 * law.scale_error)
    # a lognormal law has an index of 0 in the end, and Hill's falls towards it, slowly
    values = np.random.default_rng(4).lognormal(0, 1, 100_000)
    far, near = (tail_of(values, threshold=float(np.quantile(values, q))) for q in (0.999, 0.9))
    assert 0 < far.index < near.index < 0.6
    law = tail_of(values, threshold=float(np.quantile(values, 0.999)), estimator=GPD)
    assert law.high > 0


def test_a_cut_tail_is_known_as_one() -> None:
    # α = 0.7, cut at 1000: without the cap in mind Hill's index is too low
    rng = np.random.default_rng(5)
    values = stats.truncpareto.rvs(0.7, 1000.0, size=4000, random_state=rng)
    tail = tail_of(values, threshold=1.0, cap=1000.0)
    assert tail.low < 1 / 0.7 < tail.high
    assert tail.standard_error > tail_of(values, threshold=1.0).standard_error
    assert tail_of(values, threshold=1.0).high < 1 / 0.7
    # of 4000 uncut values 4000·1000^−0.7 = 32 would lie beyond
    assert tail.beyond_cap == pytest.approx(32, rel=0.3)
    assert tail.moments.startswith("the mean exists, but is decided by the cap of 1,000")
    # a cap that is far away changes nothing
    same = tail_of(values, threshold=1.0, cap=1e30)
    assert (same.index, same.low) == pytest.approx(
        (tail_of(values, threshold=1.0).index, tail_of(values, threshold=1.0).low), rel=0.01
    )


def test_a_tail_even_up_to_its_cap_has_no_finite_index() -> None:
    # logarithms 1/11 to 10/11 of the way, and more of them high up: no exponent above 0 fits
    values = np.exp(np.append(np.arange(1, 11) / 11, 0.95))
    tail = tail_of(values, threshold=1.0, cap=math.e, n_resamples=0)
    assert math.isinf(tail.index)
    assert math.isinf(tail.high)
    assert tail.low == pytest.approx(math.sqrt(11 / 12) / stats.norm.ppf(0.975))
    far = tail_of(pareto(4.0, 500), threshold=1.0, cap=1e60, n_resamples=0)
    assert far.index == pytest.approx(tail_of(pareto(4.0, 500), threshold=1.0).index)


def test_a_truncated_tail_is_the_maximum_of_its_likelihood() -> None:
    rng = np.random.default_rng(6)
    values = stats.truncpareto.rvs(0.7, 50.0, size=500, random_state=rng)
    tail = tail_of(values, threshold=1.0, cap=50.0)

    def likelihood(alpha: float) -> float:
        return float(stats.truncpareto.logpdf(values, alpha, 50.0).sum())

    best, step = 1 / tail.index, 1e-3
    assert likelihood(best) > max(likelihood(best - step), likelihood(best + step))
    # its curvature is the information behind the standard error, of α: that of ξ times α²
    bend = (likelihood(best + step) - 2 * likelihood(best) + likelihood(best - step)) / step**2
    assert tail.standard_error * best**2 == pytest.approx(1 / math.sqrt(-bend), rel=1e-3)


def test_which_moments_there_are() -> None:
    def moments(alpha: float, cap: float = math.inf) -> str:
        return tail_of(pareto(alpha, 3000), threshold=1.0, cap=cap, n_resamples=0).moments

    assert moments(4.0) == ""
    assert moments(1.5).startswith("the variance does not exist: tail index 0.6")
    assert moments(0.5).startswith("the mean does not exist")
    assert tail_of(pareto(1.0, 3000), threshold=1.0).moments.startswith("the mean may not exist")
    assert "only because values are cut at 1×10¹²" in moments(0.5, cap=1e12)


def test_a_mean_that_may_not_exist_is_warned_of() -> None:
    with pytest.warns(NoMeanWarning, match="harm: the mean does not exist.*truncated mean"):
        check_mean(pareto(0.5, 3000), "harm")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert check_mean(np.random.default_rng(7).normal(10, 1, 3000), "harm").moments == ""
        check_mean(np.minimum(pareto(0.5, 3000), 100.0), "harm", cap=100.0)


def test_few_values_give_no_index_and_say_why() -> None:
    tail = tail_of([1.0, 2, 3])
    assert math.isnan(tail.index)
    assert "fewer than 10 values" in tail.approximate
    assert tail.moments == ""
    assert choose_threshold(np.empty(0)) == 0
    assert choose_threshold(np.arange(1.0, 101)) == 90
    assert choose_threshold(np.arange(1.0, 41)) == 30
    with pytest.raises(ValueError, match='no estimator "hill"; there are "Hill"'):
        tail_of([1.0], estimator="hill")
    with pytest.raises(ValueError, match="the cap 1 lies below the threshold 2"):
        tail_of([1.0], threshold=2.0, cap=1.0)


def test_the_table_of_thresholds_is_flat_over_a_pareto_tail() -> None:
    values = stats.genpareto.rvs(0.5, scale=2, size=20_000, random_state=np.random.default_rng(8))
    table = stability(values, over=[4000, 1000, 400])
    law = table[table["statistic"] == GPD]
    assert list(law["n_over"]) == [4000, 1000, 400]
    assert law["value"].to_numpy() == pytest.approx(0.5, abs=0.2)
    modified = table[table["statistic"] == "modified scale"]
    # σ = 2 + 0.5·u over any u, so σ − ξ·u = 2
    assert ((modified["low"] < 2) & (2 < modified["high"])).all()
    excess = table[table["statistic"] == "mean excess"]
    # (σ + ξu)/(1 − ξ) = 4 + u; its variance does not exist, so only roughly
    assert excess["value"].to_numpy() == pytest.approx(4 + excess["threshold"].to_numpy(), rel=0.4)
    assert stability([1.0, 2.0]).empty


def heavy(opened: Opener, alpha: float, **changes: object) -> Run:
    rng = np.random.default_rng(9)
    events = [
        Event(run=run, severity_musd=float(x))
        for run in range(40)
        for x in np.minimum(rng.pareto(alpha, 20) + 1, 1e6)
    ]
    harm = [float(x) for x in rng.pareto(alpha, 40) + 1]
    return opened(
        Contents(replicates=20, outcomes={"harm_musd": harm}, events=events, **changes)  # type: ignore[arg-type]
    )


def test_tails_of_events_per_regime_know_the_cap_of_the_config(opened: Opener) -> None:
    run = heavy(opened, 0.6, config={"domains": {"cyber": {"cap_musd": 1e6}}})
    assert severity_cap(run, run.events) == 1e6
    with pytest.warns(NoMeanWarning, match="severities of events: of closed the mean exists only"):
        table = tail_of_events(run, threshold=1.0)
    assert list(table["estimator"]) == ["Hill", GPD] * 2
    assert set(table["n"]) == {20}
    assert set(table["cap"]) == {1e6}
    hill = table[table["estimator"] == "Hill"]
    assert ((hill["low"] < 1 / 0.6) & (1 / 0.6 < hill["high"])).all()


def test_a_cap_that_varies_is_the_largest_and_one_that_is_not_there_infinite(
    opened: Opener,
) -> None:
    events = [Event(run=0, severity_musd=5.0)]
    varied = opened(
        Contents(
            regimes=["closed", "closed"],
            replicates=1,
            factors={"cap": [1e3, 1e5]},
            pointers={"cap": "/domains/cyber/cap_musd"},
            outcomes={"harm_musd": [1.0, 1]},
            events=events,
        )
    )
    assert severity_cap(varied, varied.events) == 1e5
    plain = opened(Contents(events=events, outcomes={"harm_musd": [1.0] * 4}))
    assert math.isinf(severity_cap(plain, plain.events))


def test_tails_of_harm_per_regime(opened: Opener) -> None:
    run = heavy(opened, 0.5)
    with pytest.warns(NoMeanWarning, match="harm_musd: of closed"):
        table = tail_of_harm(run.outcomes, threshold=1.0)
    assert list(table["n_over"]) == [20] * 4


@pytest.mark.parametrize(
    ("estimator", "bound"), [("Hill", 0.93 - 3 * 0.009), (GPD, 0.93 - 3 * 0.009)]
)
def test_the_intervals_of_an_index_cover(estimator: str, bound: float) -> None:
    # 800 samples of 100 values over the threshold, α = 1.2; a share of .93 has a standard error
    # of .009
    rng = np.random.default_rng(10)
    found: list[Tail] = [
        tail_of(rng.pareto(1.2, 100) + 1, threshold=1.0, estimator=estimator, n_resamples=0)
        for _ in range(800)
    ]
    assert np.mean([tail.low <= 1 / 1.2 <= tail.high for tail in found]) > bound
