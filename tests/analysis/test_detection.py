"""When harm is seen, traced and fixed, against counts by hand."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from conftest import Opener
from enough_fingers import Run
from enough_fingers.detection import durations, shares_by_time, times_to
from enough_fingers.product_limit import ProductLimit
from files import Contents, Event

NAN = math.nan
AVERTED, OPEN = 1, 8
MISUSE, DIFFUSE = 0, 3


def diffuse(run: int, began: float, ended: float, **more: float) -> Event:
    """An episode of diffuse harm of a flaw."""
    flags = OPEN if ended == 2034.0 else 0
    return Event(run=run, time=ended, kind=DIFFUSE, domain=0, began_at=began, flags=flags,
                 **({"flaw": 1} | more))  # type: ignore[arg-type]  # fmt: skip


def ten_years(opened: Opener, events: list[Event], **changes: object) -> Run:
    contents: dict[str, object] = {
        "outcomes": {"harm_musd": [1.0] * 4},
        "times": [2024 + year for year in range(10)],
    }
    return opened(Contents(events=events, **(contents | changes)))  # type: ignore[arg-type]


#: Closed, two replicates, diffuse flaws from 2026 on unless said:
#: seen after 1 year and fixed after 2; seen after 3, still open; unseen and out of use after 4;
#: unseen and still open in 2034; one that began in 2030, unseen.
FLAWS = [
    diffuse(0, 2026, 2028, seen_at=2027, attributed=1, attributed_at=2027.5, fixed_at=2028),
    diffuse(0, 2026, 2030),
    diffuse(0, 2030, 2034),
    diffuse(1, 2026, 2034, seen_at=2029),
    diffuse(1, 2026, 2034),
]


def values(table: pd.DataFrame, regime: str = "closed", kind: str = "diffuse") -> list[float]:
    own = table[(table["regime"] == regime) & (table["kind"] == kind)]
    return [float(value) for value in own["value"]]


def test_shares_seen_are_of_all_flaws_and_censored_by_the_run_alone(opened: Opener) -> None:
    run = ten_years(opened, FLAWS)
    table = shares_by_time(run, "seen", months=[0, 12, 36, 48.5])
    # 1 of 5 after a year, 1 of the 4 left after three; the flaw that went out of use stays among
    # them, that of 2030 is followed for four years
    assert values(table) == pytest.approx([0, 1 / 5, 1 - 4 / 5 * 3 / 4, 2 / 5])
    row = table[table["regime"] == "closed"].iloc[0]
    assert (row["events"], row["count"], row["censored"], row["n"]) == (5, 2, 3, 2)
    assert "fewer than 30" in row["approximate"]
    # nobody saw one at once: a bound as of 5 independent ones, never "0 %"
    assert row["high"] == pytest.approx(1 - 0.05**0.2)
    nothing = table[table["regime"] == "open"]
    assert nothing["value"].isna().all()
    assert set(nothing["events"]) == {0}


def test_nothing_is_said_beyond_what_was_followed(opened: Opener) -> None:
    table = shares_by_time(ten_years(opened, FLAWS), "seen", months=[96, 97])
    assert values(table) == [pytest.approx(2 / 5), pytest.approx(NAN, nan_ok=True)]


def test_shares_attributed_and_fixed(opened: Opener) -> None:
    run = ten_years(opened, FLAWS)
    assert values(shares_by_time(run, "attributed", months=[17, 18])) == pytest.approx([0, 0.2])
    assert values(shares_by_time(run, "fixed", months=[23, 24])) == pytest.approx([0, 0.2])


def test_patches_may_be_counted_from_the_day_a_flaw_was_seen(opened: Opener) -> None:
    table = shares_by_time(ten_years(opened, FLAWS), "fixed", since="seen", months=[11, 12, 60])
    assert values(table) == pytest.approx([0, 0.5, 0.5])
    assert set(table[table["regime"] == "closed"]["events"]) == {2}
    with pytest.raises(ValueError, match="seen does not come after attributed"):
        shares_by_time(ten_years(opened, []), "seen", since="attributed")


def test_a_run_that_ends_early_censors_what_was_open(opened: Opener) -> None:
    run = ten_years(
        opened,
        [diffuse(0, 2026, 2027), diffuse(1, 2026, 2029, seen_at=2028)],
        outcomes={"ended_year": [2027.0, NAN, NAN, NAN]},
    )
    # after two years only the second was still followed
    assert values(shares_by_time(run, "seen", months=[24])) == [1.0]


def test_sudden_events_are_seen_at_once_or_never(opened: Opener) -> None:
    events = [
        Event(run=0, kind=MISUSE, time=2025.0, seen_at=2025.0),
        Event(run=0, kind=MISUSE, time=2025.5),
        Event(run=1, kind=MISUSE, time=2026.0, seen_at=2026.0, attributed=1),
        Event(run=1, kind=MISUSE, time=2027.0, seen_at=2027.0, flags=AVERTED),
        Event(run=1, kind=DIFFUSE, time=2027.0, began_at=2026.0),  # a sum that stands for no flaw
    ]
    run = ten_years(opened, events)
    table = shares_by_time(run, "seen", months=[0, 60])
    assert values(table, kind="misuse") == pytest.approx([2 / 3, 2 / 3])
    assert "diffuse" not in set(table["kind"])
    # known at once, without a time of its own
    assert values(shares_by_time(run, "attributed", months=[0]), kind="misuse") == pytest.approx(
        [1 / 3]
    )
    # no event of this kind is ever fixed: nothing is said of fixes
    assert shares_by_time(run, "fixed").empty


def test_groups_may_be_by_any_category_or_none(opened: Opener) -> None:
    run = ten_years(opened, FLAWS)
    table = shares_by_time(run, "seen", months=[12], by=())
    assert list(table["value"].dropna()) == pytest.approx([0.2])
    by_domain = shares_by_time(run, "seen", months=[12], by=("kind", "domain"))
    assert set(by_domain["domain"]) == {"none"}


def test_time_to_half(opened: Opener) -> None:
    # seen after 1, 2 and 3 years of three; half of them after 2
    flaws = [diffuse(run, 2026, 2034, seen_at=2027 + run) for run in range(2)]
    run = ten_years(opened, [*flaws, diffuse(1, 2026, 2034, seen_at=2029)])
    row = times_to(run, "seen").iloc[0]
    assert (row["value"], row["units"], row["events"]) == (24, "month", 3)
    assert row["low"] == 12
    assert row["high"] == 24
    never = times_to(ten_years(opened, FLAWS), "seen").iloc[0]
    assert math.isinf(never["value"])


def test_intervals_of_a_curve_draw_replicates() -> None:
    # Replicates in which all or none of 10 flaws are seen: the standard error is that of 40
    # replicates and not of 400 flaws, √(.5·.5/40) = .079
    seen = np.repeat(np.arange(40) % 2 == 0, 10)
    limit = ProductLimit(np.where(seen, 1.0, 5.0), seen, np.repeat(np.arange(40), 10), 40)
    curve = limit.happened([2.0], n_resamples=2000)
    assert curve.value[0] == 0.5
    assert curve.standard_error[0] == pytest.approx(0.079, abs=0.005)
    assert curve.approximate == ""


def test_the_bootstrap_of_a_curve_covers() -> None:
    # 300 samples of 40 replicates with 12 flaws each, seen after Exp(1) years times a factor that
    # they share, followed for 3 years. A share of .93 has a standard error of .015: .93 − 3·.015.
    rng = np.random.default_rng(8)
    # P(seen by 1) where the factor is gamma with shape 4 and mean 1: 1 − (1 + 1/4)^−4
    truth, hits = 1 - 1.25**-4, 0
    for _ in range(300):
        speed = np.repeat(rng.gamma(4, 0.25, 40), 12)
        wait = np.ceil(10 * rng.exponential(1, 480) / speed) / 10  # few different times: faster
        limit = ProductLimit(np.minimum(wait, 3), wait <= 3, np.repeat(np.arange(40), 12), 40)
        curve = limit.happened([1.0], n_resamples=300)
        hits += bool(curve.low[0] <= truth <= curve.high[0])
    assert hits / 300 > 0.885


def test_durations_have_one_group_a_regime_and_kind(opened: Opener) -> None:
    found = list(durations(ten_years(opened, FLAWS), "seen"))
    assert [key for key, _ in found] == [
        {"regime": "closed", "kind": "diffuse"},
        {"regime": "open", "kind": "diffuse"},
    ]
    assert [limit.n_units for _, limit in found] == [2, 2]
    assert sorted(found[0][1].duration) == pytest.approx([1, 3, 4, 8, 8])
