"""Quantiles and tails, against SciPy."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from enough_fingers.distributions import (
    binomial,
    clopper_pearson,
    normal_quantile,
    ranks_of_quantile,
    student_quantile,
)


@pytest.mark.parametrize("level", [0.5, 0.95, 0.999])
def test_quantiles_are_scipys(level: float) -> None:
    assert normal_quantile(level) == pytest.approx(stats.norm.ppf(0.5 + level / 2), rel=1e-9)
    for degrees in [*range(1, 40), 100, 10_000]:
        expected = stats.t.ppf(0.5 + level / 2, degrees)
        assert student_quantile(level, degrees) == pytest.approx(expected, rel=2e-6)


@pytest.mark.parametrize(("count", "n"), [(0, 5), (5, 5), (1, 10), (37, 100), (300, 300_000)])
def test_the_exact_interval_is_scipys(count: int, n: int) -> None:
    expected = stats.binomtest(count, n).proportion_ci(0.95, method="exact")
    assert clopper_pearson(count, n, 0.95) == pytest.approx((expected.low, expected.high), rel=1e-9)


@pytest.mark.parametrize(("n", "p"), [(1, 0.5), (30, 0.01), (5000, 0.3), (5000, 1 - 1e-5)])
def test_binomial_probabilities_are_scipys(n: int, p: float) -> None:
    assert np.allclose(binomial(n, p), stats.binom.pmf(np.arange(n + 1), n, p), atol=1e-12)


@pytest.mark.parametrize("at", [0.1, 0.5, 0.9])
def test_ranks_leave_at_most_half_of_the_rest_at_each_end(at: float) -> None:
    for n in range(1, 120):
        ranks = ranks_of_quantile(n, at, 0.95)
        # the largest rank that is too high with at most .025, and the smallest that is too low
        low = max(r for r in range(n + 1) if r == 0 or stats.binom.cdf(r - 1, n, at) <= 0.025)
        high = min(r for r in range(1, n + 2) if stats.binom.sf(r - 1, n, at) <= 0.025)
        assert ranks == ((low, high) if low >= 1 and high <= n else None)
