"""Which factors turn a difference, where the answer is known."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from conftest import Opener
from enough_fingers import Run
from enough_fingers.discovery import Turning, correlations, floor, ranks, turning
from enough_fingers.robustness import worlds_of
from files import Contents


def hypercube(n: int = 90, idle: int = 40, seed: int = 2) -> Contents:
    """Open has more harm than closed where the factor `turns` is above 0.5; all else is idle."""
    rng = np.random.default_rng(seed)
    columns = {"turns": (rng.permutation(n) + 0.5) / n}
    columns |= {f"idle_{i}": (rng.permutation(n) + 0.5) / n for i in range(idle)}
    luck = rng.normal(0, 0.05, n)
    harm = [np.full(n, 2.0), 1.5 + columns["turns"] + luck]
    return Contents(
        regimes=["closed"] * n + ["open"] * n,
        replicates=1,
        factors={name: [*values, *values] for name, values in columns.items()},
        outcomes={"harm_musd": [float(x) for row in harm for x in row]},
    )


def screened(run: Run) -> list[Turning]:
    worlds = worlds_of(run.outcomes, "harm_musd")
    assert worlds is not None
    return turning(run, worlds, "closed")


def test_the_one_factor_that_turns_the_sign_is_named_and_no_other(opened: Opener) -> None:
    (found,) = screened(opened(hypercube()))
    assert [influence.factor for influence in found.influences] == ["turns"]
    (influence,) = found.influences
    assert influence.low < influence.correlation < influence.high
    assert influence.correlation > 0.9
    assert influence.thirds[0] == 0
    assert influence.thirds[2] == 1
    assert influence.cuts == pytest.approx((1 / 3, 2 / 3), abs=0.02)
    assert (found.n, found.n_factors) == (90, 41)


def test_idle_factors_are_named_in_about_one_screen_of_twenty() -> None:
    # 200 screens of 20 idle factors: .05 has a standard error of .015, three of them .046.
    rng = np.random.default_rng(6)
    named = 0
    for screen in range(200):
        factors = ranks(rng.normal(size=(60, 20)))
        difference = ranks(rng.normal(size=60))
        named += np.abs(correlations(factors, difference)).max() > floor(
            factors, difference, seed=screen
        )
    assert named / 200 == pytest.approx(0.05, abs=0.046)


def test_correlations_are_spearmans_with_ties() -> None:
    rng = np.random.default_rng(3)
    x, y = rng.integers(0, 6, 50).astype(float), rng.integers(0, 4, 50).astype(float)
    expected = stats.spearmanr(x, y).statistic
    assert correlations(ranks(x), ranks(y))[0] == pytest.approx(expected)


def test_a_factor_that_does_not_vary_has_no_influence() -> None:
    assert correlations(ranks(np.ones(9)), ranks(np.arange(9.0)))[0] == 0


def test_too_few_worlds_say_nothing(opened: Opener) -> None:
    assert screened(opened(hypercube(n=8, idle=1))) == []
