"""Survival to the first catastrophe: Kaplan and Meier by hand and by SciPy."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from conftest import Opener
from enough_fingers import Run, measures
from enough_fingers.product_limit import ProductLimit
from enough_fingers.survival import first_year, survival, survival_differences, waiting_times
from files import Contents, Event

NAN = math.nan
ENDED, CATASTROPHIC = 4, 2


def limit(
    duration: list[float], observed: list[int], unit: list[int] | None = None
) -> ProductLimit:
    of = np.arange(len(duration)) if unit is None else np.asarray(unit)
    return ProductLimit(
        np.asarray(duration, dtype=float), np.asarray(observed, dtype=bool), of, int(of.max()) + 1
    )


#: 1, 2+, 3, 3+, 5 (plus: censored): S = 4/5 after 1, then ·2/3 after 3, then 0 after 5.
HAND = limit([1, 2, 3, 3, 5], [1, 0, 1, 0, 1])


def test_kaplan_meier_by_hand() -> None:
    at = np.array([0.5, 1, 2.5, 3, 4, 5])
    assert HAND.evaluated(at)[0] == pytest.approx([1, 4 / 5, 4 / 5, 8 / 15, 8 / 15, 0])
    assert list(HAND.at_risk(at)) == [5, 5, 3, 3, 1, 1]
    # 1 + 2·4/5 + 2·8/15, and until 4: 1 + 2·4/5 + 8/15
    assert HAND.mean(10.0)[0] == pytest.approx(1 + 8 / 5 + 16 / 15)
    assert HAND.mean(4.0)[0] == pytest.approx(1 + 8 / 5 + 8 / 15)
    # Greenwood: S²·(1/(5·4) + 1/(3·2)) after 3
    assert HAND.variance(np.array([3.0]))[0] == pytest.approx((8 / 15) ** 2 * (1 / 20 + 1 / 6))


def test_weights_are_as_good_as_repeating_replicates() -> None:
    weights = np.array([[2.0, 0, 1, 1, 1]])
    repeated = limit([1, 1, 3, 3, 5], [1, 1, 1, 0, 1])
    at = np.array([1.0, 3, 4])
    assert HAND.evaluated(at, weights) == pytest.approx(repeated.evaluated(at))
    assert HAND.mean(4.0, weights) == pytest.approx(repeated.mean(4.0))


def test_pseudo_values_are_the_replicates_own_where_nothing_is_censored() -> None:
    whole = limit([1, 2, 4, 8], [1, 1, 1, 1])
    share, area = whole.pseudo_values(3.0)
    assert share == pytest.approx([0, 0, 1, 1])
    assert area == pytest.approx([1, 2, 3, 3])


def test_the_curve_is_scipys_with_the_same_band() -> None:
    rng = np.random.default_rng(1)
    duration, limits = rng.exponential(3, 200), rng.uniform(0, 6, 200)
    observed = duration <= limits
    own = limit(np.minimum(duration, limits).tolist(), observed.astype(int).tolist())
    sample = stats.CensoredData.right_censored(own.duration, ~observed)
    at = np.array([0.5, 1, 2, 4])
    curve = stats.ecdf(sample).sf
    assert own.evaluated(at)[0] == pytest.approx(curve.evaluate(at))
    band: Any = curve.confidence_interval(method="linear")
    half = (band.high.evaluate(at) - band.low.evaluate(at)) / 2
    assert np.sqrt(own.variance(at)) == pytest.approx(half / stats.norm.ppf(0.975))


#: Ten years from 2024; closed has it in 2025 and 2027, open in 2026; one open run ends in 2030.
def ten_years(opened: Opener, **changes: object) -> Run:
    contents: dict[str, object] = {
        "replicates": 4,
        "outcomes": {
            "first_catastrophe_year": [2025.0, 2027, NAN, NAN, NAN, 2026, NAN, NAN],
            "ended_year": [NAN, NAN, NAN, NAN, NAN, NAN, NAN, 2030],
        },
        "times": [2024 + year for year in range(10)],
    }
    return opened(Contents(**(contents | changes)))  # type: ignore[arg-type]


def at(table: pd.DataFrame, regime: str, year: float) -> pd.Series:
    return table[(table["regime"] == regime) & (table["year"] == year)].iloc[0]


def test_survival_per_regime(opened: Opener) -> None:
    table = survival(ten_years(opened), years=[2024.5, 2026, 2030.5, 2034])
    assert [at(table, "closed", year)["value"] for year in (2024.5, 2026, 2034)] == [1, 0.75, 0.5]
    row = at(table, "open", 2030.5)
    assert (row["value"], row["count"], row["at_risk"], row["n"]) == (0.75, 1, 2, 4)
    # before the first event: the chance of four without it is .05
    assert at(table, "closed", 2024.5)["low"] ** 4 == pytest.approx(0.05)
    assert at(table, "closed", 2024.5)["high"] == 1


def test_where_nothing_is_censored_it_is_the_catastrophe_curve(opened: Opener) -> None:
    run = ten_years(opened)
    years = [2025.0, 2026.5, 2034.0]
    curve = measures.catastrophe_curve(run.outcomes, years)
    table = survival(run, years=years)
    for ends in (("value", "value"), ("low", "high"), ("high", "low")):
        mine = table[table["regime"] == "closed"][ends[0]].to_numpy()
        theirs = curve[curve["regime"] == "closed"][ends[1]].to_numpy()
        assert mine == pytest.approx(1 - theirs, abs=1e-6)


def test_many_events_have_scipys_log_log_band(opened: Opener) -> None:
    rng = np.random.default_rng(2)
    wait = rng.exponential(10, 80)
    first = [2024 + float(w) if w < 10 else NAN for w in wait]
    run = ten_years(
        opened, regimes=["closed"], replicates=80, outcomes={"first_catastrophe_year": first}
    )
    sample = stats.CensoredData.right_censored(np.minimum(wait, 10), wait >= 10)
    band: Any = stats.ecdf(sample).sf.confidence_interval(method="log-log")
    row = survival(run, years=[2030]).iloc[0]
    assert row["method"] == "Greenwood, log-log"
    assert (row["low"], row["high"]) == pytest.approx(
        (float(band.low.evaluate(6)), float(band.high.evaluate(6)))
    )


def test_restricted_mean_and_median(opened: Opener) -> None:
    table = waiting_times(ten_years(opened))
    restricted = table[table["statistic"] == "restricted mean"]
    closed = restricted[restricted["regime"] == "closed"].iloc[0]
    # 1, 3, 10, 10
    assert (closed["n"], closed["until"]) == (4, 10)
    assert closed["value"] == pytest.approx(6)
    assert closed["standard_error"] == pytest.approx(np.std([1, 3, 10, 10], ddof=1) / 2)
    medians = table[table["statistic"] == "median"]
    assert list(medians["value"]) == [3, math.inf]
    assert list(medians["high"]) == [math.inf, math.inf]


def test_differences_are_paired(opened: Opener) -> None:
    run = ten_years(opened)
    table = survival_differences(run, "closed", until=5.0).set_index("statistic")
    # by 2029: closed in replicates 0 and 1, open in 1: 0 happened alone in one of four pairs
    share = table.loc["difference of survival"]
    assert (share["value"], share["method"], share["n"]) == (0.25, "Bonett-Price", 4)
    # min(time, 5): closed 1 3 5 5, open 5 2 5 5
    area = table.loc["difference of restricted means"]
    assert area["value"] == pytest.approx(np.mean([4, -1, 0, 0]))
    assert area["standard_error"] == pytest.approx(np.std([4, -1, 0, 0], ddof=1) / 2)
    with pytest.raises(ValueError, match='no regime "opne" here; there are closed, open'):
        survival_differences(run, "opne")


def test_censored_replicates_are_compared_by_pseudo_values(opened: Opener) -> None:
    # by 2034 one open run was lost in 2030: Student's over pseudo-values
    table = survival_differences(ten_years(opened), "closed").set_index("statistic")
    row = table.loc["difference of survival"]
    assert row["method"] == "Student"
    # S of open is 3/4 all the same, for nothing came after 2030
    assert row["value"] == pytest.approx(0.75 - 0.5)


def test_a_run_that_another_kind_ended_is_censored(opened: Opener) -> None:
    run = ten_years(
        opened,
        events=[
            Event(run=0, time=2025.0, kind=1, flags=CATASTROPHIC | ENDED),
            Event(run=1, time=2027.0, kind=0, flags=CATASTROPHIC),
            Event(run=5, time=2026.0, kind=0, flags=CATASTROPHIC),
        ],
        outcomes={
            "first_catastrophe_year": [2025.0, 2027, NAN, NAN, NAN, 2026, NAN, NAN],
            "ended_year": [2025.0, NAN, NAN, NAN, NAN, NAN, NAN, NAN],
        },
    )
    misuse = run.events[(run.events["kind"] == "misuse") & run.events["catastrophic"]]
    when = first_year(run, misuse)
    assert list(when.dropna().index) == [1, 5]
    table = survival(run, when, years=[2034])
    # three of four were still followed in 2027: S = 2/3, not 3/4
    assert at(table, "closed", 2034)["value"] == pytest.approx(2 / 3)
    any_kind = survival(run, years=[2034])
    assert at(any_kind, "closed", 2034)["value"] == 0.5


def test_several_worlds_in_a_replicate_are_drawn_together(opened: Opener) -> None:
    run = ten_years(
        opened,
        regimes=["closed", "closed"],
        factors={"count": [1.0, 2.0]},
        outcomes={"first_catastrophe_year": [2025.0, 2027, NAN, NAN] * 2},
    )
    row = survival(run, years=[2026]).iloc[0]
    assert (row["value"], row["n"], row["at_risk"]) == (0.75, 4, 6)
    assert row["method"] == "percentile bootstrap of replicates"
    assert "fewer than 30" in row["approximate"]


def test_intervals_cover_also_under_censoring() -> None:
    # 400 samples of 40 waiting times, mean 10, half of them lost early; S(5) = e^−0.5. A share of
    # .93 has a standard error of .013: .93 − 3·.013.
    from enough_fingers.survival import _closed_form

    rng = np.random.default_rng(3)
    hits = np.zeros(2)
    for _ in range(400):
        wait, lost = rng.exponential(10, 40), rng.uniform(0, 20, 40)
        own = ProductLimit(np.minimum(wait, lost), wait <= lost, np.arange(40), 40)
        _, low, high, _, _ = _closed_form(own, np.array([0.5, 5.0]), 0.95)
        truth = np.exp(-np.array([0.05, 0.5]))
        hits += (low <= truth) & (truth <= high)
    assert (hits / 400 > 0.89).all()
