"""Every source gives a run the same tables; arrays in memory are handed on and never copied."""

from __future__ import annotations

from pathlib import Path

import h5py
import numpy as np
import pandas as pd
import pytest
import xarray as xr

from enough_fingers import DamagedFileError, Run, open_run
from enough_fingers.columns import Column, describe
from enough_fingers.load import run_of
from enough_fingers.sources import ArraySource, FileSource
from files import Contents, Event, Model, write_run_file

CONTENTS = Contents(
    outcomes={"harm_musd": [1.0, 2.0, 3.0, 4.0], "ended_year": [np.nan, 2025, np.nan, 2024]},
    factors={"count": [1e3, 1e5]},
    events=(Event(0, kind=2, severity_musd=5), Event(1, flags=2), Event(3, flags=3)),
    models=(Model(0), Model(3)),
)


def arrays_of(path: Path, **changed: np.ndarray) -> ArraySource:
    """What a program in the same process would hand over: arrays and the attributes of columns."""
    source = FileSource(path)
    groups = {}
    with h5py.File(path) as file:
        for group in source.groups():
            columns = {}
            for name, column in source.columns(group).items():
                attributes = dict(file[group][name].attrs)
                values = changed.get(f"{group}/{name}", source.read(group, [name])[name])
                columns[name] = (values, describe(name, attributes, (), column.dtype))
            groups[group] = columns
    texts = {name: source.text(name) for name in ("config", "provenance", "schema_json")}
    about = {name: source.attributes(name) for name in ("design", "runs")}
    return ArraySource(source.attributes(), texts, groups, about, name="handed over")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return write_run_file(tmp_path / "run.h5", CONTENTS)


def assert_same_tables(one: Run, other: Run) -> None:
    for name in ("design", "runs", "outcomes", "events", "models"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name))
        assert getattr(one, name).attrs == getattr(other, name).attrs
    xr.testing.assert_identical(one.series, other.series)
    assert (one.config, one.provenance, one.factors) == (
        other.config,
        other.provenance,
        other.factors,
    )


def test_arrays_in_memory_give_the_tables_of_the_file(path: Path) -> None:
    assert_same_tables(run_of(arrays_of(path)), open_run(path))


def test_arrays_in_memory_are_not_copied(path: Path) -> None:
    harm = np.array([5.0, 1.0, 1.0], dtype="f4")
    kinds = np.array([2, 0, 0], dtype="u1")
    for array in (harm, kinds):
        array.flags.writeable = False
    source = arrays_of(path, **{"events/severity_musd": harm, "events/kind": kinds})
    assert source.read("events", ["severity_musd"])["severity_musd"].base is harm
    events = run_of(source).events
    assert np.shares_memory(events["severity_musd"].to_numpy(), harm)
    assert np.shares_memory(events["kind"].array.codes, kinds)


def test_a_run_of_arrays_has_no_file(path: Path) -> None:
    run = run_of(arrays_of(path))
    assert run.paths == ()
    assert str(run.path) == "handed over"
    assert open_run(path).paths == (path,)


def test_rows_are_read_by_slices(path: Path) -> None:
    for source in (FileSource(path), arrays_of(path)):
        read = source.read("events", ["severity_musd", "run"], 1, 3)
        assert list(read) == ["severity_musd", "run"]
        assert list(read["run"]) == [1, 3]
        assert list(source.read("series", ["harm_musd"], 2)["harm_musd"][0]) == [6, 7, 8]


def test_shapes_and_types_come_from_the_arrays(path: Path) -> None:
    for source in (FileSource(path), arrays_of(path)):
        assert source.columns("events")["severity_musd"].shape == (3,)
        assert source.columns("events")["severity_musd"].dtype == np.dtype("f4")
        assert source.columns("design")["setting"].is_text
        assert "event" not in source.columns("events")  # a dimension without values


def test_what_is_not_there_is_said(path: Path) -> None:
    for source in (FileSource(path), arrays_of(path)):
        with pytest.raises(DamagedFileError, match="/events has no column harm"):
            source.read("events", ["harm"])
        with pytest.raises(DamagedFileError, match="/acts is not there"):
            source.columns("acts")
        with pytest.raises(DamagedFileError, match="/notes is not there"):
            source.text("notes")


def test_a_column_needs_a_name_only() -> None:
    column = Column("harm_musd")
    assert (column.units, column.valid_range, column.codes) == ("1", None, {})
