"""Config → program → file → loader → report, on a small run of the real thing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from enough_fingers import Run, measures, open_run
from enough_fingers.__main__ import main

pytestmark = pytest.mark.program


@pytest.fixture(scope="module")
def run(real_file: Path) -> Run:
    return open_run(real_file)


def test_a_real_run_opens_whole(run: Run) -> None:
    assert run.complete
    assert set(run.regimes) == {"closed", "hosted-monitored", "open-weights-permissive"}
    assert (run.runs["status"] == "done").all()
    assert len(run.outcomes) == 18
    assert run.config
    assert run.schema


def test_every_column_says_its_unit_and_meaning(run: Run) -> None:
    for frame in (run.outcomes, run.events):
        units, meanings = frame.attrs["units"], frame.attrs["long_name"]
        assert units
        assert all(units.values())
        assert all(meanings[name] and meanings[name] != name for name in units)
    for name, quantity in run.series.data_vars.items():
        assert quantity.attrs["units"], name
        assert quantity.dims == ("regime", "world", "replicate", "time")


def test_outcomes_can_be_worked_out_from_the_events(run: Run) -> None:
    events, outcomes = run.events, run.outcomes
    harm = events[~events["averted"]]
    by_run = harm.astype({"severity_musd": "f8"}).groupby("run")["severity_musd"]
    total = by_run.sum().reindex(outcomes.index, fill_value=0)
    np.testing.assert_allclose(outcomes["harm_musd"], total, rtol=1e-9)
    np.testing.assert_allclose(
        outcomes["largest_event_musd"], by_run.max().reindex(outcomes.index, fill_value=0)
    )
    averted = events[events["averted"]].groupby("run").size()
    assert (outcomes["averted_events"] == averted.reindex(outcomes.index, fill_value=0)).all()
    catastrophic = harm[harm["catastrophic"]].groupby("run")
    count = catastrophic.size().reindex(outcomes.index, fill_value=0)
    assert (outcomes["catastrophes"] == count).all()
    first = catastrophic["time"].min().reindex(outcomes.index)
    np.testing.assert_array_equal(outcomes["first_catastrophe_year"], first)


def test_harm_by_kind_domain_and_route_add_up(run: Run) -> None:
    outcomes = run.outcomes
    for split in ("harm_domain_", "harm_route_"):
        parts = [name for name in outcomes.attrs["outcomes"] if name.startswith(split)]
        assert parts
        assert (outcomes[parts].sum(axis=1) <= outcomes["harm_musd"] * (1 + 1e-9)).all()
    routes = [name for name in outcomes.attrs["outcomes"] if name.startswith("harm_route_")]
    np.testing.assert_allclose(outcomes[routes].sum(axis=1), outcomes["harm_musd"], rtol=1e-9)


def test_freedoms_and_their_parts_are_shares_in_order(run: Run) -> None:
    outcomes = run.outcomes
    for freedom in ("0", "1a", "1b", "2", "3"):
        granted, possible, exercisable = (
            outcomes[f"freedom_{freedom}_{stage}"]
            for stage in ("granted", "possible", "exercisable")
        )
        assert (exercisable <= np.minimum(granted, possible) + 1e-6).all()
        assert exercisable.between(0, 1).all()


def test_every_belief_in_the_file_has_a_range_and_a_meaning(run: Run) -> None:
    beliefs = run.provenance["assumed"]
    assert beliefs
    for belief in beliefs:
        assert belief["pointer"].startswith("/")
        assert belief["meaning"]
        assert {"value", "unit", "low", "high"} <= set(belief)
    assert run.provenance["command"]


def test_common_random_numbers_bought_something(run: Run) -> None:
    names = [name for name in ("actions", "attempts") if name in run.outcomes]
    assert names
    table = measures.relative(run.outcomes, names[0], run.regimes[0], n_resamples=50)
    assert (table["variance_reduction"] > 1).any()


def test_a_real_run_makes_a_report(real_file: Path, tmp_path: Path) -> None:
    assert main(["report", str(real_file), "-o", str(tmp_path)]) == 0
    html = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "What was assumed" in html
    assert html.count("<svg") == html.count("<desc ") >= 20
    assert (tmp_path / "outcomes.csv").stat().st_size > 0


def test_every_parameter_has_a_meaning_and_a_source(run: Run) -> None:
    parameters = run.parameters
    assert len(parameters) > 200
    assert parameters.index.is_unique
    assert (parameters["meaning"] != "").all()
    assert (parameters["source"] == "assume").sum() == len(run.provenance["assumed"])
    # Every number stands within its range, where one is declared.
    ranged = parameters.dropna(subset=["low", "high"])
    assert (ranged["value"].astype(float) >= ranged["low"]).all()
    assert (ranged["value"].astype(float) <= ranged["high"]).all()
    assert not parameters["varied"].any()
