"""Exceedance and return periods, against counts by hand."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from conftest import Opener
from enough_fingers import Run, open_run
from enough_fingers.clusters import choose_levels, clusters_of
from enough_fingers.lifetimes import ends, horizon, lived_years, start
from enough_fingers.tails import exceedance_of_events, exceedance_of_harm, return_periods
from files import Contents, Event

NAN = math.nan
AVERTED = 1


def two_regimes(opened: Opener) -> Run:
    """Closed has events of 1, 10 and 100 in its two replicates; open an averted one and a 5."""
    return opened(
        Contents(
            outcomes={
                "harm_musd": [11.0, 100, 5, 0],
                "ended_year": [NAN, 2024.75, NAN, NAN],
            },
            events=[
                Event(run=0, severity_musd=1.0),
                Event(run=0, severity_musd=10.0),
                Event(run=1, severity_musd=100.0),
                Event(run=2, severity_musd=1000.0, flags=AVERTED),
                Event(run=2, severity_musd=5.0),
            ],
        )
    )


def at(table: pd.DataFrame, regime: str, x: float) -> pd.Series:
    rows = table[(table["regime"] == regime) & (table["x"] == x)]
    assert len(rows) == 1
    return rows.iloc[0]


def test_runs_last_to_the_horizon_or_to_their_end(opened: Opener) -> None:
    run = two_regimes(opened)
    assert (start(run), horizon(run)) == (2024.0, 2025.5)
    assert list(ends(run)) == [2025.5, 2024.75, 2025.5, 2025.5]
    assert list(lived_years(run)) == [1.5, 0.75, 1.5, 1.5]


def test_the_config_and_the_series_tell_the_same_years(real_file: Path) -> None:
    run = open_run(real_file)
    series = run.series["time"].to_numpy()
    assert start(run) == series.min()
    assert horizon(run) == pytest.approx(series.max() + 1 / 12)
    # of those that nothing ended; recorded times are kept to half a minute
    assert lived_years(run).to_numpy() == pytest.approx(
        run.outcomes["lived_years"].to_numpy(), abs=1e-4
    )


def test_exceedance_of_events_counts_those_that_did_harm(opened: Opener) -> None:
    table = exceedance_of_events(two_regimes(opened), levels=[1, 10, 50])
    assert list(table[table["regime"] == "closed"]["value"]) == [2 / 3, 1 / 3, 1 / 3]
    assert list(table[table["regime"] == "closed"]["count"]) == [2, 1, 1]
    assert set(table[table["regime"] == "open"]["events"]) == {1}
    assert at(table, "open", 10)["value"] == 0
    assert at(table, "open", 10)["high"] == pytest.approx(0.95)
    assert (table["low"] <= table["value"]).all()
    assert (table["value"] <= table["high"]).all()
    assert set(table["n"]) == {2}


def test_exceedance_of_harm_is_a_probability_over_replicates(opened: Opener) -> None:
    table = exceedance_of_harm(two_regimes(opened).outcomes, levels=[20, 100])
    row = at(table, "closed", 20)
    assert (row["value"], row["count"], row["n"], row["units"]) == (0.5, 1, 2, "M$")
    assert at(table, "closed", 100)["value"] == 0


def test_return_periods_are_years_lived_over_events(opened: Opener) -> None:
    table = return_periods(two_regimes(opened), levels=[5, 50, 500])
    row = at(table, "closed", 5)
    assert (row["count"], row["exposure_years"], row["value"]) == (2, 2.25, 1.125)
    assert row["rate_per_year"] == 2 / 2.25
    # one event in each replicate of 1.5 and 0.75 years: less clumped than Poisson's
    assert row["dispersion"] == 1
    assert row["low"] == pytest.approx(2.25 / (stats.chi2.ppf(0.975, 6) / 2))
    assert row["high"] == pytest.approx(2.25 / (stats.chi2.ppf(0.025, 4) / 2))
    assert row["bootstrap_low"] <= row["value"] <= row["bootstrap_high"]
    never = at(table, "closed", 500)
    assert math.isinf(never["value"])
    assert math.isinf(never["high"])
    assert never["low"] == pytest.approx(2.25 / -math.log(0.05))


def test_events_of_one_kind_keep_the_years_of_all_replicates(opened: Opener) -> None:
    run = two_regimes(opened)
    table = return_periods(run, run.events[run.events["run"] == 1], levels=[50], n_resamples=0)
    assert at(table, "closed", 50)["exposure_years"] == 2.25
    assert math.isnan(at(table, "closed", 50)["bootstrap_low"])
    assert at(table, "open", 50)["count"] == 0


def test_replicates_are_units_also_over_several_worlds(opened: Opener) -> None:
    run = opened(
        Contents(
            regimes=["closed", "closed", "open", "open"],
            factors={"count": [1.0, 2, 1, 2]},
            outcomes={"harm_musd": [1.0] * 8},
            events=[Event(run=0, severity_musd=2.0), Event(run=2, severity_musd=2.0)],
        )
    )
    found = clusters_of(run.outcomes)
    assert (found.unit, found.labels.size) == ("replicate", 2)
    assert [list(part) for part in found.sums(np.arange(8.0))] == [[0 + 2, 1 + 3], [4 + 6, 5 + 7]]
    # runs 0 and 2 are replicate 0 of two worlds: both events fall into one unit
    row = at(return_periods(run, levels=[1]), "closed", 1)
    assert (row["count"], row["n"], row["exposure_years"]) == (2, 2, 6)
    assert row["dispersion"] == pytest.approx(2 * (1 + 1) / 2)


def test_levels_are_even_in_logarithm_and_exceeded() -> None:
    levels = choose_levels([0, 1, 10, 100], 3)
    assert levels[-1] < 100
    assert levels[1] ** 2 == pytest.approx(levels[0] * levels[2])
    assert choose_levels([0.0, NAN]).size == 0
    assert list(choose_levels([7, 7])) == [7]


def test_exceedance_of_a_known_law(opened: Opener) -> None:
    # Pareto with exponent 0.7 in 40 replicates of 50: P(X > x) = x^−0.7. Of 5 levels all should
    # lie within their 95 % but for luck; 2 of 5 outside has a chance of .02.
    rng = np.random.default_rng(4)
    events = [
        Event(run=run, severity_musd=float(x)) for run in range(40) for x in rng.pareto(0.7, 50) + 1
    ]
    run = opened(
        Contents(
            regimes=["closed"],
            replicates=40,
            outcomes={"harm_musd": [1.0] * 40},
            events=events,
        )
    )
    table = exceedance_of_events(run, levels=[2, 5, 20, 100, 1000])
    truth = table["x"] ** -0.7
    assert ((table["low"] <= truth) & (truth <= table["high"])).sum() >= 4
