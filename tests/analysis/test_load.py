"""The loader hands out what the file says, and refuses what it cannot trust."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

import enough_fingers
from conftest import Opener
from enough_fingers import (
    DamagedFileError,
    ForeignFileError,
    IncompleteRunWarning,
    NewerFileError,
    NotRecordedError,
    open_run,
)
from files import Contents, Event, Model, write_run_file

FOUR = {"harm_musd": [1.0, 2.0, 3.0, 4.0], "first_catastrophe_year": [np.nan, 2025, np.nan, 2024]}


def test_outcomes_have_one_row_a_run_with_its_keys(opened: Opener) -> None:
    outcomes = opened(Contents(outcomes=FOUR)).outcomes
    assert list(outcomes.columns) == ["regime", "point", "replicate", "world", *FOUR]
    assert list(outcomes["regime"]) == ["closed", "closed", "open", "open"]
    assert list(outcomes["replicate"]) == [0, 1, 0, 1]
    assert list(outcomes["harm_musd"]) == [1.0, 2.0, 3.0, 4.0]
    assert outcomes.index.name == "run"


def test_units_meanings_and_bounds_come_from_the_file(opened: Opener) -> None:
    attributes = opened(Contents(outcomes=FOUR)).outcomes.attrs
    assert attributes["units"]["harm_musd"] == "M$"
    assert attributes["long_name"]["harm_musd"] == "meaning of harm_musd"
    assert attributes["valid_range"]["harm_musd"] == (0.0, 1e12)
    assert attributes["outcomes"] == list(FOUR)


def test_factors_of_the_design_are_columns_of_the_outcomes(opened: Opener) -> None:
    run = opened(Contents(outcomes=FOUR, factors={"count": [1e3, 1e5]}))
    assert [(f.name, f.pointer, f.units) for f in run.factors] == [
        ("count", "/population/count", "agents")
    ]
    assert list(run.outcomes["count"]) == [1e3, 1e3, 1e5, 1e5]
    assert run.outcomes.attrs["factors"] == ["count"]


def test_regimes_keep_the_order_of_the_design(opened: Opener) -> None:
    run = opened(Contents(regimes=("z", "a"), outcomes=FOUR))
    assert run.regimes == ["z", "a"]
    assert list(run.outcomes["regime"].cat.categories) == ["z", "a"]


def test_events_name_their_categories_and_flags_and_join_their_run(opened: Opener) -> None:
    events = (Event(0, kind=2, domain=2, severity_musd=5), Event(3, flags=3))
    frame = opened(Contents(outcomes=FOUR, events=events)).events
    assert list(frame["kind"]) == ["attack", "misuse"]
    assert list(frame["domain"]) == ["bio", "cyber"]
    assert list(frame["regime"]) == ["closed", "open"]
    assert list(frame["run"]) == [0, 3]
    assert list(frame["averted"]) == [False, True]
    assert list(frame["catastrophic"]) == [False, True]
    assert list(frame["ended_the_run"]) == [False, False]
    assert frame["agent"].iloc[0] == enough_fingers.NONE
    assert frame.attrs["units"]["severity_musd"] == "M$"


def test_a_run_without_events_gives_an_empty_table(opened: Opener) -> None:
    frame = opened(Contents(outcomes=FOUR)).events
    assert len(frame) == 0
    assert list(frame["kind"].cat.categories) == ["misuse", "loss_of_control", "attack", "diffuse"]


def test_models_are_numbered_within_their_run(opened: Opener) -> None:
    models = (Model(0), Model(0, 2025.5, parent=0, agent_kind=0), Model(1), Model(3), Model(3))
    run = opened(Contents(outcomes=FOUR, models=models, status=[0, 2, 1, 0]))
    assert list(run.models["run"]) == [0, 0, 3, 3]  # of finished runs
    assert list(run.models["model"]) == [0, 1, 0, 1]
    assert list(run.models["agent_kind"]) == ["lab", "developer", "lab", "lab"]
    assert list(run.models["parent"]) == [enough_fingers.NONE, 0, *[enough_fingers.NONE] * 2]
    assert list(run.models["regime"]) == ["closed", "closed", "open", "open"]
    assert set(run.models.attrs["units"]) >= {"model", "parent", "release_year"}
    assert run.models is run.models
    assert list(run.runs["model_count"]) == [2, 1, 0, 2]


def test_models_that_were_not_recorded_say_how_to_have_them(opened: Opener) -> None:
    run = opened(Contents(outcomes=FOUR))
    with pytest.raises(NotRecordedError, match=r"/models.*--set /output/models=true"):
        _ = run.models
    with pytest.raises(NotRecordedError, match="/model_forms"):
        _ = run.model_forms


def test_series_have_a_dimension_for_each_part_of_the_design(opened: Opener) -> None:
    contents = Contents(
        regimes=("closed", "closed", "open", "open"),
        factors={"count": [10.0, 20.0, 10.0, 20.0]},
        outcomes={"harm_musd": list(range(8))},
        status=[0, 1, 0, 0, 0, 0, 0, 0],
    )
    series = opened(contents).series
    assert series["harm_musd"].dims == ("regime", "world", "replicate", "time")
    assert series["harm_musd"].attrs == {"units": "M$", "long_name": "meaning of harm_musd"}
    assert list(series["time"].values) == [2024.0, 2024.5, 2025.0]
    assert list(series["regime"].values) == ["closed", "open"]
    assert series["point"].values.tolist() == [[0, 1], [2, 3]]
    assert list(series["count"].values) == [10.0, 20.0]
    assert series["count"].dims == ("world",)
    of_open = series["harm_musd"].sel(regime="open", world=1, replicate=0)
    assert list(of_open.values) == [18, 19, 20]  # run 6
    assert np.isnan(series["harm_musd"].sel(regime="closed", world=0, replicate=1).values).all()
    assert series["harm_musd"].isnull().sum() == 3


def test_series_by_run_have_a_row_a_run(opened: Opener) -> None:
    series = opened(Contents(outcomes=FOUR)).series_by_run
    assert series["harm_musd"].dims == ("run", "time")
    assert series["harm_musd"].attrs["units"] == "M$"
    assert list(series.where(series["regime"] == "open", drop=True)["run"].values) == [2, 3]
    assert list(series["harm_musd"].sel(run=1).values) == [3, 4, 5]


def test_a_grid_that_would_be_mostly_empty_is_refused(opened: Opener) -> None:
    n = 80
    contents = Contents(
        regimes=[f"regime-{place}" for place in range(n)],
        factors={"count": list(range(n))},
        outcomes={"harm_musd": [0.0] * n},
        replicates=1,
    )
    run = opened(contents)
    with pytest.raises(ValueError, match=r"80 runs would take 6400 places.*series_by_run"):
        _ = run.series
    assert run.series_by_run.sizes["run"] == n
    few = run.select(regimes=["regime-3", "regime-5"]).series
    assert few["point"].values.tolist() == [[3, -1], [-1, 5]]


def test_points_that_share_regime_and_world_have_no_grid(opened: Opener) -> None:
    run = opened(Contents(regimes=("closed", "closed"), outcomes=FOUR))
    with pytest.raises(ValueError, match=r"same regime and the same values.*series_by_run"):
        _ = run.series


def test_parameters_say_value_unit_range_source_and_meaning(opened: Opener) -> None:
    run = opened(Contents(outcomes=FOUR, factors={"count": [1e3, 1e5]},
                          pointers={"count": "/population/developers/count"}))  # fmt: skip
    parameters = run.parameters
    assert parameters.index.name == "pointer"
    assert list(parameters.columns) == [
        "value", "unit", "low", "high", "source", "meaning", "varied"
    ]  # fmt: skip
    count = parameters.loc["/population/developers/count"]
    assert (count["value"], count["unit"], count["low"], count["high"]) == (
        20000,
        "agents",
        2e3,
        1e5,
    )
    assert count["source"] == "assume"
    assert count["meaning"] == "community developers"
    assert list(parameters["varied"]) == [True, False]


def test_parameters_that_were_not_recorded_say_so(opened: Opener) -> None:
    run = opened(Contents(outcomes=FOUR))
    del run.provenance["parameters"]
    with pytest.raises(NotRecordedError, match=r"does not list its parameters.*fingers explain"):
        _ = run.parameters


def test_a_run_says_in_a_line_what_it_holds(opened: Opener) -> None:
    run = opened(Contents(outcomes=FOUR, status=[0, 1, 0, 0]))
    assert repr(run).endswith("2 regimes, 1 worlds, 3 of 4 runs, incomplete>")


def test_tables_are_read_once_and_kept(opened: Opener) -> None:
    run = opened(Contents(outcomes=FOUR))
    assert run.outcomes is run.outcomes
    assert run.complete
    assert run.config["seed"] == 7
    assert len(run.provenance["assumed"]) == 2


def test_an_unfinished_file_warns_and_leaves_missing_and_failed_runs_out(tmp_path: Path) -> None:
    events = (Event(0), Event(1), Event(3))
    contents = Contents(outcomes=FOUR, status=[0, 1, 2, 0], events=events)
    path = write_run_file(tmp_path / "part.h5", contents)
    with pytest.warns(IncompleteRunWarning, match=r"1 of 4 runs are missing and 1 failed.*fingers"):
        run = open_run(path)
    assert not run.complete
    assert list(run.outcomes.index) == [0, 3]
    assert list(run.series_by_run["run"].values) == [0, 3]
    assert list(run.events["run"]) == [0, 3]
    assert list(run.runs["status"]) == ["done", "missing", "failed", "done"]


def test_a_path_that_leads_nowhere_says_so(tmp_path: Path) -> None:
    with pytest.raises(ForeignFileError, match="no such file"):
        open_run(tmp_path / "nothing.h5")
    with pytest.raises(ForeignFileError, match="is a folder"):
        open_run(tmp_path)


def test_a_run_still_in_parts_says_so(tmp_path: Path) -> None:
    (tmp_path / "run.h5.parts").mkdir()
    with pytest.raises(ForeignFileError, match=r"parts of it.*--resume"):
        open_run(tmp_path / "run.h5")


def test_a_file_of_others_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("harm: none", encoding="utf-8")
    with pytest.raises(ForeignFileError, match="not an HDF5 file"):
        open_run(tmp_path / "notes.txt")
    with h5py.File(tmp_path / "other.h5", "w") as file:
        file.attrs["schema"] = "openPMD"
    with pytest.raises(ForeignFileError, match=r"not of Enough Fingers.*openPMD"):
        open_run(tmp_path / "other.h5")


def test_a_newer_file_is_refused(tmp_path: Path) -> None:
    path = write_run_file(tmp_path / "new.h5", Contents(outcomes=FOUR))
    with h5py.File(path, "r+") as file:
        file.attrs["schema_version"] = 2
    with pytest.raises(NewerFileError, match="Install the enough_fingers"):
        open_run(path)


def test_a_file_cut_off_is_damaged(tmp_path: Path) -> None:
    path = write_run_file(tmp_path / "cut.h5", Contents(outcomes=FOUR))
    path.write_bytes(path.read_bytes()[:-500])
    with pytest.raises(DamagedFileError, match="Restore the file from a copy"):
        open_run(path)


def replace(file: h5py.File, name: str, values: Any) -> None:  # noqa: ANN401
    attributes = dict(file[name].attrs)
    attributes = {k: v for k, v in attributes.items() if k in ("units", "long_name")}
    dtype = file[name].dtype
    del file[name]
    dataset = file.create_dataset(name, data=np.asarray(values, dtype=dtype))
    dataset.attrs.update(attributes)


FRAME_DAMAGES: dict[str, Callable[[h5py.File], object]] = {
    "not 4 rows": lambda f: replace(f, "runs/harm_musd", [1.0]),
    "/design does not have": lambda f: replace(f, "runs/point", [0, 0, 1, 7]),
    "not in order": lambda f: replace(f, "runs/replicate", [0, 0, 0, 1]),
    "unknown status": lambda f: replace(f, "runs/status", [0, 0, 0, 9]),
    "event_start and event_count": lambda f: replace(f, "runs/event_start", [0, 5, 0, 1]),
    "n_events = 3 but holds 2": lambda f: f.attrs.__setitem__("n_events", 3),
    "n_runs = 9 but holds 4": lambda f: f.attrs.__setitem__("n_runs", 9),
    "/events is not there": lambda f: f.__delitem__("events"),
    "/config is not there": lambda f: f.__delitem__("config"),
    "not a JSON object": lambda f: replace(f, "provenance", "[]"),
    "cannot be read": lambda f: replace(f, "config", "{"),
    "no column status": lambda f: f.__delitem__("runs/status"),
    "model_start and model_count": lambda f: replace(f, "runs/model_start", [1, 5, 0, 1]),
    "/models/release_year has shape": lambda f: replace(f, "models/release_year", [2024.5]),
    "no column model_count": lambda f: f.__delitem__("runs/model_count"),
    "setting is not there": lambda f: f.__delitem__("design/setting"),
    "has shape": lambda f: replace(f, "series/harm_musd", np.zeros((3, 3))),
}


@pytest.mark.parametrize("message", FRAME_DAMAGES)
def test_a_file_that_contradicts_itself_is_refused_on_opening(tmp_path: Path, message: str) -> None:
    events, models = (Event(1), Event(3)), (Model(1), Model(3))
    contents = Contents(outcomes=FOUR, events=events, models=models)
    path = write_run_file(tmp_path / "bad.h5", contents)
    with h5py.File(path, "r+") as file:
        FRAME_DAMAGES[message](file)
    with pytest.raises(DamagedFileError, match=message):
        open_run(path)


TABLE_DAMAGES: dict[str, tuple[str, Any]] = {
    "/events/run and the counts": ("events/run", [0, 3]),
    "does not name": ("events/kind", [0, 9]),
    "no time": ("events/time", [2024.0, np.nan]),
    "/models/run and the counts": ("models/run", [0, 3]),
    "/models/release_year holds": ("models/release_year", [2024.0, np.nan]),
    "outside 0 to 1e\\+12": ("series/harm_musd", -np.ones((4, 3))),
    "harm_musd holds values outside": ("runs/harm_musd", [1, 2, 3, -4]),
    "infinite value": ("runs/first_catastrophe_year", [1, 2, 3, np.inf]),
}


@pytest.mark.parametrize("message", TABLE_DAMAGES)
def test_a_table_out_of_bounds_is_refused_when_it_is_read(tmp_path: Path, message: str) -> None:
    events, models = (Event(1), Event(3)), (Model(1), Model(3))
    contents = Contents(outcomes=FOUR, events=events, models=models)
    path = write_run_file(tmp_path / "bad.h5", contents)
    name, values = TABLE_DAMAGES[message]
    with h5py.File(path, "r+") as file:
        file[name][...] = values
    run = open_run(path)
    with pytest.raises(DamagedFileError, match=message):
        _ = (run.outcomes, run.series.load(), run.events, run.models)


def test_flipped_bytes_in_a_chunk_never_give_a_number(tmp_path: Path) -> None:
    contents = Contents(replicates=500, outcomes={"harm_musd": list(np.arange(1000.0))})
    path = write_run_file(tmp_path / "flip.h5", contents)
    with h5py.File(path) as file:
        chunk = file["runs/harm_musd"].id.get_chunk_info(0)
    content = bytearray(path.read_bytes())
    content[chunk.byte_offset + chunk.size // 2] ^= 0xFF
    path.write_bytes(bytes(content))
    run = open_run(path)
    with pytest.raises(DamagedFileError, match="cannot be read"):
        _ = run.outcomes


def test_a_file_replaced_after_opening_is_noticed(tmp_path: Path) -> None:
    path = write_run_file(tmp_path / "run.h5", Contents(outcomes=FOUR))
    run = open_run(path)
    with h5py.File(path, "r+") as file:
        file.attrs["uuid"] = "another"
    with pytest.raises(DamagedFileError, match="replaced"):
        _ = run.outcomes
