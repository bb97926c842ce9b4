"""Estimates by drawing anew: against SciPy, by hand, and by simulation."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from enough_fingers.resampling import (
    bootstrap,
    median,
    quantile,
    quantile_of,
    ratio_of,
    ratio_of_means,
    ratios_of,
    truncated_mean,
)

SAMPLE = np.random.default_rng(3).lognormal(2, 1.5, 40)
OTHER = SAMPLE * np.random.default_rng(4).lognormal(0.2, 0.3, 40)


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
    assert math.isnan(estimate.standard_error)
    assert estimate.method.startswith("none")


def test_no_replicate_says_nothing() -> None:
    assert math.isnan(bootstrap((np.empty(0),), median).value)


def test_the_standard_error_is_that_of_the_resamples() -> None:
    # Of a mean it is s/sqrt(n) but for n instead of n - 1 and the luck of 2000 resamples: 1.6 %
    # is a standard error of a standard deviation, so four of them and 1/80 are 8 %.
    estimate = bootstrap((SAMPLE,), truncated_mean(50))
    expected = np.minimum(SAMPLE, 50).std(ddof=1) / math.sqrt(40)
    assert estimate.standard_error == pytest.approx(expected, rel=0.08)


def test_a_quantile_of_units_with_cells_is_approximate_when_few_lie_beyond_it() -> None:
    cells = np.random.default_rng(8).lognormal(0, 1, (60, 2))
    middle, end = quantile_of(cells, 0.5), quantile_of(cells, 0.9)
    assert (middle.method, middle.approximate) == ("percentile bootstrap", "")
    assert "beyond the quantile" in end.approximate
    assert quantile_of(cells[:, 0], 0.9).method == "order statistics"


def test_a_ratio_of_few_or_skewed_replicates_is_approximate() -> None:
    rng = np.random.default_rng(9)
    assert "fewer than 50" in ratio_of(OTHER, SAMPLE).approximate
    assert ratio_of(*rng.uniform(1, 2, (2, 50))).approximate == ""
    assert "skewed" in ratio_of(*rng.lognormal(0, 2.5, (2, 50))).approximate


def test_many_ratios_at_once_are_the_ratios_one_by_one() -> None:
    rng = np.random.default_rng(5)
    pairs = [tuple(rng.lognormal(0, 1, (2, n))) for n in (60, 60, 59)]
    pairs += [(np.ones(60), np.ones(60)), (np.ones(1), np.full(1, 2.0)), (np.ones(0), np.ones(0))]
    pairs.append(tuple(rng.lognormal(0, 1, (2, 60, 3))))
    together = ratios_of(pairs, n_resamples=300, seed=4)
    assert [estimate.n for estimate in together] == [60, 60, 59, 60, 1, 0, 60]
    for pair, estimate in zip(pairs, together, strict=True):
        alone = bootstrap(pair, ratio_of_means, n_resamples=300, seed=4)
        for name in ("value", "low", "high", "standard_error"):
            np.testing.assert_allclose(getattr(estimate, name), getattr(alone, name), rtol=1e-12)
        assert estimate.method == alone.method
    # The batches of one size do not mix: the second pair is not the first.
    assert together[0].value != together[1].value
