"""Models as a real run records them: who made what from what, and how far out it was when."""

from __future__ import annotations

import hashlib
import json
import subprocess
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from enough_fingers import NONE, Run, open_run

pytestmark = pytest.mark.program

#: From least to most, as the file names them.
FORMS = ("internal", "hosted", "hosted_finetune", "gated_weights", "open_weights", "full_source")


def _run(program: Path, folder: Path, name: str, *more: str) -> Path:
    """A small world of few people, in which models are recorded."""
    config = {
        "schema_version": 1,
        "base": "baseline",
        "seed": 7,
        "output": {"models": True},
        "population": {
            "developers": {"count": 2000},
            "auditors": {"count": 50},
            "bad_actors": {"count": 300},
        },
        "experiment": {
            "regimes": ["closed", "staged-release", "open-weights-permissive"],
            "replicates": 3,
        },
    }
    (folder / "lineage.json").write_text(json.dumps(config), encoding="utf-8")
    made = folder / f"{name}.h5"
    command = [str(program), "run", str(folder / "lineage.json"), "-o", str(made), *more]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}\n{done.stderr}"
    return made


@pytest.fixture(scope="module")
def run(program: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    return open_run(_run(program, tmp_path_factory.mktemp("lineage"), "lineage"))


@pytest.fixture(scope="module")
def models(run: Run) -> pd.DataFrame:
    """By run and number."""
    return run.models.set_index(["run", "model"])


def _of(models: pd.DataFrame, frame: pd.DataFrame, column: str) -> pd.DataFrame:
    """The models that a column of a frame names, one a row."""
    return models.loc[list(zip(frame["run"], frame[column], strict=True))]


def test_every_run_has_models_with_units_and_meanings(run: Run) -> None:
    assert set(run.models["run"]) == set(run.outcomes.index)
    for frame in (run.models, run.model_forms):
        units, meanings = frame.attrs["units"], frame.attrs["long_name"]
        assert all(units.values())
        assert all(meanings[name] and meanings[name] != name for name in units)
    assert set(run.models["release_form"].cat.categories) == set(FORMS)
    assert run.models["alignment"].between(0, 1).all()


def test_parents_are_there_and_older_and_roots_are_their_own(
    run: Run, models: pd.DataFrame
) -> None:
    frame = run.models
    base = frame["parent"] == NONE
    assert (base == (frame["agent_kind"] == "lab")).all()
    assert (base == (frame["root"] == frame["model"])).all()
    roots = _of(models, frame, "root")
    assert (roots["parent"] == NONE).all()
    np.testing.assert_array_equal(roots["maker"], frame["maker"])
    made = frame[~base]
    assert len(made) > 100
    assert (made["parent"] < made["model"]).all()
    parents = _of(models, made, "parent")
    assert (parents["release_year"].to_numpy() <= made["release_year"].to_numpy()).all()
    np.testing.assert_array_equal(parents["root"], made["root"])
    published = made.groupby("run").size().reindex(run.outcomes.index, fill_value=0)
    assert (published == run.outcomes["derivatives"]).all()


def test_events_point_to_models_that_were_out(run: Run, models: pd.DataFrame) -> None:
    events = run.events[run.events["model"] != NONE]
    assert len(events) > 100
    named = _of(models, events, "model")
    np.testing.assert_array_equal(named["root"], events["root"])
    month = 1 / 12
    assert (named["release_year"].to_numpy() < events["time"].to_numpy() + month).all()


def test_forms_change_in_time_and_weights_stay_out(run: Run, models: pd.DataFrame) -> None:
    forms = run.model_forms
    changed = _of(models, forms, "model")
    assert (changed["parent"] == NONE).all()
    assert (forms.groupby("run")["time"].diff().dropna() >= 0).all()
    assert (forms["time"].to_numpy() >= changed["release_year"].to_numpy()).all()
    rank = {form: i for i, form in enumerate(FORMS)}
    first = run.models[["run", "model", "release_form"]].rename(columns={"release_form": "form"})
    course = pd.concat([first, forms[["run", "model", "form"]]])
    course["rank"] = course["form"].astype(object).map(rank)
    before = course.groupby(["run", "model"])["rank"].shift()
    steps = course.assign(before=before).dropna()
    assert (steps["rank"] != steps["before"]).all()
    out = steps["before"] >= rank["gated_weights"]
    assert (steps["rank"] > steps["before"])[out].all()
    staged = forms[(forms["regime"] == "staged-release") & (forms["form"] == "open_weights")]
    delay = staged["time"].to_numpy() - _of(models, staged, "model")["release_year"].to_numpy()
    assert len(staged) > 5
    np.testing.assert_allclose(delay, 1, atol=1e-5)


def test_a_service_that_is_withdrawn_is_internal_from_that_day(
    run: Run, models: pd.DataFrame
) -> None:
    withdrawn = models[models["withdrawn_at"].notna()]
    services = withdrawn[withdrawn["parent"] == NONE]
    assert len(services) > 0
    last = run.model_forms.groupby(["run", "model"])[["time", "form"]].last()
    last = last.reindex(services.index).dropna()
    gone = last[last["form"] == "internal"]
    assert len(gone) > 0
    np.testing.assert_allclose(gone["time"], services.loc[gone.index, "withdrawn_at"], atol=1e-3)
    made = run.models[run.models["parent"] != NONE]
    root_gone = _of(models, made, "root")["withdrawn_at"].to_numpy()
    late = made["release_year"].to_numpy() > root_gone + 1 / 12  # that month's were under way
    assert not late.any()


def test_recording_models_changes_no_other_number(run: Run, program: Path, tmp_path: Path) -> None:
    plain = open_run(_run(program, tmp_path, "plain", "--set", "/output/models=false"))
    pd.testing.assert_frame_equal(plain.outcomes, run.outcomes)
    pd.testing.assert_frame_equal(plain.events, run.events)
    assert not set(plain.runs["identity"]) & set(run.runs["identity"])
    left_out = open_run(_run(program, tmp_path, "null", "--set", "/output/models=null"))
    assert list(plain.runs["identity"]) == list(left_out.runs["identity"])


def test_bytes_with_models_do_not_depend_on_threads(program: Path, tmp_path: Path) -> None:
    digests = {
        hashlib.sha256(
            _run(program, tmp_path, f"t{n}", "--threads", str(n)).read_bytes()
        ).hexdigest()
        for n in (1, 2)
    }
    assert len(digests) == 1
