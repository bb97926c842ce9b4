"""Rates and shares of events in clumps, against SciPy, and how often their intervals cover."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from enough_fingers.rates import dispersion, rate, shares


def test_a_rate_of_independent_events_has_garwoods_interval() -> None:
    # 3 events in 40 years: χ²(6)/2 and χ²(8)/2 over 40
    found = rate(np.array([1.0, 0, 1, 1]), np.full(4, 10.0))
    assert (found.value, found.count, found.n, found.method) == (0.075, 3, 4, "Garwood")
    assert found.low == pytest.approx(stats.chi2.ppf(0.025, 6) / 2 / 40)
    assert found.high == pytest.approx(stats.chi2.ppf(0.975, 8) / 2 / 40)


def test_nothing_seen_gives_a_bound_and_never_a_rate_of_zero_for_certain() -> None:
    found = rate(np.zeros(5), np.full(5, 10.0))
    assert (found.value, found.low, found.count) == (0, 0, 0)
    # the rate at which no event in 50 years has a chance of .05
    assert math.exp(-50 * found.high) == pytest.approx(0.05)
    assert math.isnan(rate(np.empty(0), np.empty(0)).value)


def test_dispersion_is_the_variance_between_replicates_over_poissons() -> None:
    # 0 0 4 4 in 10 years each: mean 2, 4/3·Σ4 = 16/3 against a total of 8, times n: 2/3·… by hand
    counts, years = np.array([0.0, 0, 4, 4]), np.full(4, 10.0)
    assert dispersion(counts, years) == pytest.approx(4 / 3 * 16 / 8)
    assert dispersion(np.array([2.0, 2, 2, 2]), years) == 1
    assert list(dispersion(np.array([[0.0, 0], [0, 4]]), np.ones(2))) == [1, 4]


def test_clumps_widen_the_interval_as_fewer_events_in_less_time_would() -> None:
    counts, years = np.tile([0.0, 0, 4, 4], 10), np.full(40, 10.0)
    found = rate(counts, years)
    wide = float(dispersion(counts, years)) * (stats.t.ppf(0.975, 39) / stats.norm.ppf(0.975)) ** 2
    n, time = 80 / wide, 400 / wide
    assert found.low == pytest.approx(stats.chi2.ppf(0.025, 2 * n) / 2 / time, rel=1e-6)
    assert found.high == pytest.approx(stats.chi2.ppf(0.975, 2 * n + 2) / 2 / time, rel=1e-6)
    assert "clumping" in found.method


def test_shares_of_independent_events_are_clopper_and_pearsons() -> None:
    over, total = np.array([[1.0], [1], [1], [1]]), np.full(4, 10.0)
    value, low, high = shares(over, total)
    exact = stats.binomtest(4, 40).proportion_ci(method="exact")
    assert value[0] == 0.1
    assert (low[0], high[0]) == pytest.approx((exact.low, exact.high))


def test_shares_of_none_and_all_have_one_sided_bounds() -> None:
    value, low, high = shares(np.array([[0.0, 5], [0, 5]]), np.full(2, 5.0))
    assert (value[0], low[0], value[1], high[1]) == (0, 0, 1, 1)
    assert high[0] == pytest.approx(1 - 0.05**0.1)
    assert low[1] == pytest.approx(0.05**0.1)
    assert np.isnan(shares(np.zeros((2, 1)), np.zeros(2))[0]).all()


@pytest.mark.parametrize(("clumping", "mean"), [("none", 0.5), ("gamma", 5.0), ("gamma", 50.0)])
def test_a_rates_interval_covers(clumping: str, mean: float) -> None:
    # 400 samples of 30 replicates: a share of .93 has a standard error of .013, so .93 − 3·.013
    rng = np.random.default_rng(5)
    years, hits = np.full(30, 10.0), 0
    for _ in range(400):
        own = mean * (rng.gamma(2.0, 0.5, 30) if clumping == "gamma" else np.ones(30))
        found = rate(rng.poisson(own).astype(float), years)
        hits += found.low <= mean / 10 <= found.high
    assert hits / 400 > 0.89


def test_a_shares_interval_covers_where_replicates_differ() -> None:
    # shares of replicates ~ Beta(2, 6), mean 1/4; the same bound
    rng = np.random.default_rng(6)
    hits = 0
    for _ in range(400):
        total = rng.poisson(40, 30).astype(float)
        over = rng.binomial(total.astype(int), rng.beta(2, 6, 30)).astype(float)
        _, low, high = shares(over[:, None], total)
        hits += bool(low[0] <= 0.25 <= high[0])
    assert hits / 400 > 0.89
