"""Intervals against hand-computed numbers and SciPy."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from enough_fingers.intervals import (
    bootstrap,
    median,
    paired_probability_difference,
    probability,
    quantile,
    ratio_of_means,
    truncated_mean,
    variance_reduction,
)

SAMPLE = np.random.default_rng(3).lognormal(2, 1.5, 40)
OTHER = SAMPLE * np.random.default_rng(4).lognormal(0.2, 0.3, 40)


@pytest.mark.parametrize(("count", "n"), [(1, 10), (5, 10), (37, 100), (299, 300)])
def test_wilson_agrees_with_scipy(count: int, n: int) -> None:
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


def test_paired_difference_of_probabilities_by_hand() -> None:
    # 12 pairs: 3 only first, 1 only second, so with half a pair in each cell of n + 2 = 14:
    # (3.5 - 1.5) / 14 = 1/7, half width 1.959964 * sqrt((5/14 - 1/49) / 14) = 0.303968
    first = np.array([1, 1, 1, 0, 1, 1, 0, 0, 0, 0, 0, 0], dtype=np.bool_)
    second = np.array([0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0], dtype=np.bool_)
    estimate = paired_probability_difference(first, second)
    assert estimate.value == pytest.approx(2 / 12)
    assert estimate.low == pytest.approx(1 / 7 - 0.303968, abs=1e-5)
    assert estimate.high == pytest.approx(1 / 7 + 0.303968, abs=1e-5)


def test_pairs_that_never_differ_still_have_an_interval() -> None:
    same = np.zeros(50, dtype=np.bool_)
    estimate = paired_probability_difference(same, same)
    assert estimate.value == 0
    assert estimate.low < 0 < estimate.high


def test_quantile_is_numpys() -> None:
    rows = np.random.default_rng(1).normal(size=(5, 11))
    assert np.allclose(median(rows), np.median(rows, axis=-1))
    for share in (0.0, 0.1, 0.9, 1.0):
        assert np.allclose(quantile(share)(rows), np.quantile(rows, share, axis=-1))


def test_truncated_mean_by_hand() -> None:
    assert truncated_mean(10)(np.array([1.0, 2.0, 1e9])) == pytest.approx(13 / 3)


def test_bootstrap_agrees_with_scipys_percentile_bootstrap() -> None:
    ours = bootstrap((SAMPLE,), median, n_resamples=500, seed=11)
    theirs = stats.bootstrap(
        (SAMPLE,),
        lambda x, axis: np.median(x, axis=axis),
        n_resamples=500,
        method="percentile",
        rng=np.random.default_rng([11, 0]),
    ).confidence_interval
    assert ours.value == pytest.approx(np.median(SAMPLE))
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high))


def test_bootstrap_of_a_ratio_keeps_pairs_together() -> None:
    ours = bootstrap((OTHER, SAMPLE), ratio_of_means, n_resamples=500, seed=11)
    theirs = stats.bootstrap(
        (OTHER, SAMPLE),
        lambda x, y, axis: x.mean(axis=axis) / y.mean(axis=axis),
        paired=True,
        n_resamples=500,
        method="percentile",
        rng=np.random.default_rng([11, 0]),
    ).confidence_interval
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high))


def test_a_ratio_over_what_may_be_nothing_has_no_upper_end() -> None:
    rare = np.array([1.0] + [0.0] * 5)
    estimate = bootstrap((np.arange(1.0, 7.0), rare), ratio_of_means)
    assert estimate.value == pytest.approx(21)
    assert 0 < estimate.low < 21
    assert estimate.high == math.inf


def test_nothing_over_nothing_is_no_ratio() -> None:
    estimate = bootstrap((np.array([0.0, 1.0]), np.zeros(2)), ratio_of_means)
    assert (estimate.value, estimate.high) == (math.inf, math.inf)


def test_bootstrap_draws_replicates_not_cells() -> None:
    # Cells of a replicate are copies: twice the cells must not make the interval narrower.
    one = bootstrap((SAMPLE,), truncated_mean(50))
    copies = bootstrap((np.column_stack([SAMPLE, SAMPLE]),), truncated_mean(50))
    assert (copies.value, copies.low, copies.high) == pytest.approx((one.value, one.low, one.high))
    assert copies.n == 40


def test_bootstrap_is_seeded() -> None:
    first, again = bootstrap((SAMPLE,), median, seed=1), bootstrap((SAMPLE,), median, seed=1)
    assert first == again
    assert first != bootstrap((SAMPLE,), median, seed=2)


def test_bootstrap_covers_a_median_about_as_often_as_it_says() -> None:
    # 400 repetitions at a coverage of .95 have a standard error of .011; three of them: .917.
    # Percentile intervals of a median lean low for n = 60, hence the floor of .90.
    rng = np.random.default_rng(5)
    inside = 0
    for repetition in range(400):
        sample = rng.lognormal(0, 2, 60)
        estimate = bootstrap((sample,), median, n_resamples=300, seed=repetition)
        inside += estimate.low <= 1 <= estimate.high
    assert 0.90 <= inside / 400 <= 0.985


@pytest.mark.parametrize("sample", [np.array([3.0]), np.full(20, 3.0)])
def test_too_few_or_equal_replicates_get_a_value_but_no_interval(
    sample: np.ndarray[tuple[int], np.dtype[np.float64]],
) -> None:
    estimate = bootstrap((sample,), median)
    assert estimate.value == 3.0
    assert math.isnan(estimate.low)
    assert estimate.method.startswith("none")


def test_no_replicate_says_nothing() -> None:
    assert math.isnan(bootstrap((np.empty(0),), median).value)


def test_variance_reduction_by_hand() -> None:
    # Var x = 1, Var y = 4, x - y = -x: Var 1; (1 + 4) / 1 = 5
    x = np.array([1.0, 2.0, 3.0])
    assert variance_reduction(x, 2 * x) == pytest.approx(5)
    assert variance_reduction(x, x + 7) == math.inf
    assert math.isnan(variance_reduction(np.ones(3), np.ones(3)))
