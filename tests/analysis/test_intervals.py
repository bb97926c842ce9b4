"""Intervals in closed form: against SciPy, by hand, and by exact sums."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from enough_fingers.intervals import (
    fewest_for_quantile,
    mean,
    mean_doubt,
    order_statistics,
    paired_probability_difference,
    probability,
    probability_interval,
    share,
    variance_reduction,
)


@pytest.mark.parametrize(("count", "n"), [(11, 30), (37, 100), (289, 300)])
def test_many_counts_have_scipys_wilson_interval(count: int, n: int) -> None:
    estimate = probability(count, n)
    expected = stats.binomtest(count, n).proportion_ci(method="wilson")
    assert (estimate.low, estimate.high) == pytest.approx((expected.low, expected.high), rel=1e-9)
    assert (estimate.value, estimate.count, estimate.n) == (count / n, count, n)


def test_none_of_n_gives_an_upper_bound_and_all_of_n_a_lower_one() -> None:
    none, every = probability(0, 300), probability(300, 300)
    assert (none.low, none.high) == pytest.approx((0, 0.0099360), abs=1e-6)
    assert (every.low, every.high) == pytest.approx((1 - 0.0099360, 1), abs=1e-6)
    assert "bound" in none.method


def test_none_of_none_says_nothing() -> None:
    assert math.isnan(probability(0, 0).value)


def test_few_counts_have_the_exact_interval_with_narrower_tails() -> None:
    estimate = probability(3, 50)
    expected = stats.binomtest(3, 50).proportion_ci(0.96, method="exact")
    assert (estimate.low, estimate.high) == pytest.approx((expected.low, expected.high), rel=1e-9)
    assert estimate.method == "Clopper-Pearson"
    assert probability(10, 50).method == "Clopper-Pearson"
    assert probability(11, 50).method == "Wilson"


def test_a_count_that_is_not_whole_gets_the_wider_interval() -> None:
    low, high = probability_interval(2.5, 50)
    assert low == probability_interval(2, 50)[0]
    assert high == probability_interval(3, 50)[1]
    assert probability_interval(0.5, 50)[0] == 0


@pytest.mark.parametrize("n", [1, 2, 10, 29, 50, 90, 200])
def test_the_interval_of_a_probability_covers_at_least_93_of_100(n: int) -> None:
    # An exact sum at both sides of every end, where alone the coverage drops.
    ends = np.array([probability_interval(count, n) for count in range(n + 1)])
    points = np.unique(np.concatenate([ends * (1 - 1e-9), ends * (1 + 1e-9)]))
    points = points[(points > 0) & (points < 1)][:, None]
    inside = (ends[:, 0] <= points) & (points <= ends[:, 1])
    chances = stats.binom.pmf(np.arange(n + 1), n, points)
    assert (chances * inside).sum(axis=1).min() >= 0.93


def test_standard_errors_of_probabilities() -> None:
    assert probability(20, 100).standard_error == pytest.approx(0.04)
    # (1/2)/101 instead of 0: luck is never nothing
    assert probability(0, 100).standard_error == pytest.approx(
        math.sqrt(0.5 / 101 * 100.5 / 101 / 100)
    )


def test_a_share_over_cells_counts_units() -> None:
    happened = np.array([[True, True], [True, False], [False, False], [False, False]])
    estimate = share(happened)
    assert (estimate.value, estimate.n, estimate.count) == (0.375, 4, None)
    assert (estimate.low, estimate.high) == probability_interval(1.5, 4)
    # unit means 1, .5, 0, 0
    assert estimate.standard_error == pytest.approx(np.std([1, 0.5, 0, 0], ddof=1) / 2)


def test_paired_difference_of_probabilities_by_hand() -> None:
    # 12 pairs: 3 only first, 1 only second, so with one more of each among n + 2 = 14:
    # (4 - 2) / 14 = 1/7, half width 1.959964 * sqrt((6/14 - 1/49) / 14) = 0.334664
    first = np.array([1, 1, 1, 0, 1, 1, 0, 0, 0, 0, 0, 0], dtype=np.bool_)
    second = np.array([0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0], dtype=np.bool_)
    estimate = paired_probability_difference(first, second)
    assert estimate.value == pytest.approx(2 / 12)
    assert estimate.low == pytest.approx(1 / 7 - 0.334664, abs=1e-5)
    assert estimate.high == pytest.approx(1 / 7 + 0.334664, abs=1e-5)
    assert estimate.standard_error == pytest.approx(math.sqrt((4 / 12 - 1 / 36) / 12))


def test_pairs_that_never_differ_still_have_an_interval() -> None:
    same = np.zeros(50, dtype=np.bool_)
    estimate = paired_probability_difference(same, same)
    assert estimate.value == 0
    assert estimate.low < 0 < estimate.high


def test_variance_reduction_by_hand() -> None:
    # Var x = 1, Var y = 4, x - y = -x: Var 1; (1 + 4) / 1 = 5
    x = np.array([1.0, 2.0, 3.0])
    assert variance_reduction(x, 2 * x) == pytest.approx(5)
    assert variance_reduction(x, x + 7) == math.inf
    assert math.isnan(variance_reduction(np.ones(3), np.ones(3)))


def test_a_mean_has_students_interval() -> None:
    # the numbers of tests/engine/intervals_test.cpp
    values = np.array([1, 2, 4, 8, 16, 32, 3, 5, 7, 11.0])
    estimate = mean(values)
    expected = stats.t.interval(0.95, 9, loc=8.9, scale=stats.sem(values))
    assert (estimate.low, estimate.high) == pytest.approx(expected, rel=1e-7)
    assert estimate.standard_error == pytest.approx(stats.sem(values))
    assert estimate.method == "Student"
    assert mean(values, least=3.0, most=12.0).low == 3.0
    assert mean(values, least=3.0, most=12.0).high == 12.0


def test_a_mean_counts_units_not_cells() -> None:
    values = np.random.default_rng(1).normal(size=40)
    one, copies = mean(values), mean(np.column_stack([values, values]))
    assert (one.low, one.high) == pytest.approx((copies.low, copies.high))
    assert copies.n == 40


@pytest.mark.parametrize("n", [1, 20])
def test_equal_replicates_have_no_interval_of_their_mean(n: int) -> None:
    estimate = mean(np.full(n, 3.0))
    assert estimate.value == 3.0
    assert math.isnan(estimate.low)
    assert estimate.method.startswith("none")
    assert mean(np.empty(0)).n == 0


def test_means_of_few_or_skewed_replicates_are_approximate() -> None:
    rng = np.random.default_rng(2)
    assert "fewer than 30" in mean(rng.normal(size=29)).approximate
    assert mean(rng.normal(size=100)).approximate == ""
    assert "skewed" in mean(rng.lognormal(0, 2.5, 100)).approximate


def test_the_rule_on_skewness_is_cochrans() -> None:
    # k ones of 1000: 25 G1^2 = 25 (1 - 2p)^2 / (p (1 - p)) passes 1000 between k = 24 and 25
    ones = np.arange(1000)
    assert mean_doubt((ones < 23).astype(np.float64))
    assert not mean_doubt((ones < 25).astype(np.float64))
    # at .99 it is 25 (2.5758/1.95996)^2 = 43.2, passed between 39 and 40
    assert mean_doubt((ones < 38).astype(np.float64), 0.99)
    assert not mean_doubt((ones < 41).astype(np.float64), 0.99)
    assert mean_doubt(np.where(ones < 23, 1e200, 0.0))


def test_a_quantile_lies_between_order_statistics() -> None:
    # Of 20 values the median is between the 6th and the 15th: P(B <= 5) = .0207 for B of 20, 1/2
    values = np.random.default_rng(3).permutation(np.arange(1.0, 21.0))
    estimate = order_statistics(values, 0.5)
    assert (estimate.value, estimate.low, estimate.high) == (10.5, 6, 15)
    assert estimate.standard_error == pytest.approx(9 / 2 / 1.959964)
    assert estimate.method == "order statistics"


@pytest.mark.parametrize(("at", "fewest"), [(0.5, 6), (0.9, 36)])
def test_a_quantile_beyond_the_sample_says_how_many_it_needs(at: float, fewest: int) -> None:
    assert fewest_for_quantile(at) == fewest
    few = order_statistics(np.arange(fewest - 1.0), at)
    assert few.method == f"none (needs {fewest} replicates)"
    assert math.isnan(few.low)
    assert order_statistics(np.arange(float(fewest)), at).low >= 0
