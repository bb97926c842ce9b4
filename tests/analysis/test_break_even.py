"""The value of one catastrophe at which two regimes come to the same."""

from __future__ import annotations

import math

import numpy as np
import pytest

from conftest import Opener
from enough_fingers.break_even import (
    OTHER_HARM,
    BreakEven,
    break_even,
    fieller,
    turning_point,
    with_other_harm,
)
from enough_fingers.tables_rules import break_even_text
from files import Contents, Event

CATASTROPHIC = 2


def found(opened: Opener, harm: list[float], number: list[float], events: list[Event]) -> BreakEven:
    run = opened(
        Contents(
            replicates=len(harm) // 2,
            outcomes={"harm_musd": harm, "catastrophes": number},
            events=events,
        )
    )
    return break_even(with_other_harm(run, run.outcomes), "open", "closed")


def test_break_even_is_more_other_harm_over_fewer_catastrophes(opened: Opener) -> None:
    # closed: one catastrophe of 1000 in replicate 1, other harm 1 2 3 4
    # open: none, other harm 3 4 5 6, the last cut at the cap of 5.7; so ΔH = 7.7/4, ΔN = −1/4
    even = found(
        opened,
        harm=[1.0, 1002, 3, 4, 3, 4, 5, 6],
        number=[0.0, 1, 0, 0, 0, 0, 0, 0],
        events=[Event(run=1, severity_musd=1000.0, flags=CATASTROPHIC)],
    )
    assert even.cap_musd == 5.7
    assert even.other_harm_musd[0] == pytest.approx(7.7 / 4)
    assert even.catastrophes[0] == -0.25
    assert even.value_musd == pytest.approx(7.7)
    assert even.low_musd < 7.7 < even.high_musd
    assert "above it open comes to less" in break_even_text(even)


def test_averted_catastrophes_are_not_harm(opened: Opener) -> None:
    run = opened(
        Contents(
            outcomes={"harm_musd": [5.0, 6, 7, 8], "catastrophes": [0.0] * 4},
            events=[Event(run=0, severity_musd=1000.0, flags=CATASTROPHIC | 1)],
        )
    )
    assert list(with_other_harm(run, run.outcomes)[OTHER_HARM]) == [5, 6, 7, 8]


def test_there_is_none_where_one_regime_has_less_of_both(opened: Opener) -> None:
    even = found(
        opened,
        harm=[11.0, 12, 13, 14, 1, 2, 3, 4],
        number=[1.0, 1, 1, 1, 0, 0, 0, 0],
        events=[Event(run=i, severity_musd=1.0, flags=CATASTROPHIC) for i in range(4)],
    )
    assert math.isnan(even.value_musd)
    assert math.isnan(even.low_musd)
    # four pairs that all differ alike are few
    assert break_even_text(even) == (
        "none: open has no more of either; chance alone could turn that"
    )


def test_many_pairs_that_differ_leave_no_doubt(opened: Opener) -> None:
    rng = np.random.default_rng(6)
    number = [float(rng.random() < 0.7) for _ in range(60)]
    even = found(
        opened,
        harm=[*rng.uniform(10, 12, 60), *rng.uniform(1, 2, 60)],
        number=[*number, *[0.0] * 60],
        events=[
            Event(run=i, severity_musd=1.0, flags=CATASTROPHIC) for i in range(60) if number[i]
        ],
    )
    assert even.approximate == ""
    assert break_even_text(even) == "none: open has no more of either"


def test_what_chance_could_turn_is_said_where_pairs_never_differ(opened: Opener) -> None:
    # No pair differs in catastrophes: they could all the same, once in some replicates.
    even = found(opened, harm=[11.0, 12, 13, 14, 1, 2, 3, 5], number=[0.0] * 8, events=[])
    assert even.approximate
    assert break_even_text(even) == (
        "none: open has no more of either; chance alone could turn that"
    )


@pytest.mark.parametrize(
    ("harm", "number", "value"),
    [(2.0, -0.25, 8.0), (-2.0, 0.5, 4.0), (2.0, 0.25, math.nan), (0.0, -1.0, math.nan)],
)
def test_the_sign_must_turn(harm: float, number: float, value: float) -> None:
    assert turning_point(harm, number) == pytest.approx(value, nan_ok=True)


def test_fiellers_ends_are_where_the_difference_is_just_told_from_nothing() -> None:
    rng = np.random.default_rng(4)
    harm, number = rng.normal(5, 3, 80), rng.normal(-0.5, 0.4, 80)
    for end in fieller(harm, number):
        total = harm + end * number
        error = total.std(ddof=1) / math.sqrt(80)
        # Student's, 79 degrees
        assert abs(total.mean()) / error == pytest.approx(1.990450, rel=1e-6)


def test_fieller_has_no_upper_end_where_the_number_may_not_differ() -> None:
    rng = np.random.default_rng(4)
    low, high = fieller(rng.normal(5, 3, 80), rng.normal(-0.05, 0.4, 80))
    assert 0 < low < high == math.inf


def test_fieller_covers_as_often_as_it_says() -> None:
    # True value 10; 600 repetitions at .95 have a standard error of .009, three of them .027.
    rng = np.random.default_rng(8)
    inside = 0
    for _ in range(600):
        low, high = fieller(rng.normal(5, 3, 200), rng.normal(-0.5, 0.5, 200))
        inside += low <= 10 <= high
    assert inside / 600 == pytest.approx(0.95, abs=0.027)
