"""A damaged, foreign, newer or unfinished file gives an error that says what to do, never a number.

Each row of the table takes a small real file, breaks it in one way, and says what is answered.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pandas as pd
import pytest
import xarray as xr

from conftest import ROOT
from enough_fingers import (
    DamagedFileError,
    ForeignFileError,
    NewerFileError,
    NotRecordedError,
    Run,
    RunFileError,
    open_run,
)
from files import TEXT

REAL = ROOT / "tests" / "data" / "models-v1.h5"
FRAMES = ("design", "runs", "outcomes", "events", "models", "model_forms")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copy(REAL, tmp_path / "run.h5"))


def read_all(path: Path) -> Run:
    """Opens a file and reads every number in it."""
    run = open_run(path)
    for name in FRAMES:
        getattr(run, name)
    run.series.load()
    _ = (run.parameters, run.catastrophic_harm_musd)
    return run


def put(file: h5py.File, name: str, values: Any) -> None:  # noqa: ANN401
    """Replaces a dataset, with its attributes."""
    attributes = {
        key: value
        for key, value in file[name].attrs.items()
        if key not in ("DIMENSION_LIST", "REFERENCE_LIST", "CLASS", "NAME")
    }
    dtype = TEXT if isinstance(values, str) else file[name].dtype
    group = file[name].parent
    del file[name]
    file.create_dataset(name, data=values, dtype=dtype).attrs.update(attributes)
    assert name.split("/")[-1] in group


def change(name: str, at: Any, value: Any) -> Callable[[h5py.File], None]:  # noqa: ANN401
    """Sets some values of a dataset."""

    def act(file: h5py.File) -> None:
        values = file[name][:]
        assert np.any(values[at] != value), "nothing would change"
        values[at] = value
        file[name][...] = values

    return act


def shorten(name: str) -> Callable[[h5py.File], None]:
    """Takes the last row away."""
    return lambda file: put(file, name, file[name][:-1])


def delete(name: str) -> Callable[[h5py.File], None]:
    """Takes a dataset or a group away."""
    return lambda file: file.__delitem__(name)


def attribute(name: str, key: str, value: object) -> Callable[[h5py.File], None]:
    """Changes an attribute; those of the root have the name "/"."""
    return lambda file: file[name].attrs.__setitem__(key, value)


def edit(name: str, old: str, new: str) -> Callable[[h5py.File], None]:
    """Changes a text."""

    def act(file: h5py.File) -> None:
        content = file[name][()].decode()
        assert old in content
        put(file, name, content.replace(old, new, 1))

    return act


MUTATIONS: dict[str, tuple[Callable[[h5py.File], None], type[RunFileError], str]] = {
    # Files of others, and of newer programs.
    "another schema": (attribute("/", "schema", "openPMD"), ForeignFileError, "not of Enough Fing"),
    "newer": (attribute("/", "schema_version", 2), NewerFileError, "Install the enough_fingers"),
    "no version": (attribute("/", "schema_version", 0), DamagedFileError, "no schema version"),
    # Things that are not there.
    "no runs": (delete("runs"), DamagedFileError, "group /runs is not there"),
    "no design": (delete("design"), DamagedFileError, "group /design is not there"),
    "no series": (delete("series"), DamagedFileError, "group /series is not there"),
    "no models": (delete("models"), DamagedFileError, "group /models is not there"),
    "no config": (delete("config"), DamagedFileError, "/config is not there"),
    "no outcome": (delete("runs/harm_musd"), DamagedFileError, "/runs/harm_musd is not there"),
    "no status": (delete("runs/status"), DamagedFileError, "/runs has no column status"),
    "no column": (delete("events/kind"), DamagedFileError, "/events/kind is not there"),
    "no runs of events": (delete("events/run"), DamagedFileError, "/events/run is not there"),
    "no quantity": (delete("series/harm_musd"), DamagedFileError, "/series/harm_musd is not there"),
    "no time": (delete("series/time"), DamagedFileError, "/series/time is not there"),
    "no points": (delete("design/setting"), DamagedFileError, "/design/setting is not there"),
    "no model": (delete("models/parent"), DamagedFileError, "/models/parent is not there"),
    # Wrong lengths.
    "short outcome": (shorten("runs/harm_musd"), DamagedFileError, "not 6 rows"),
    "short runs": (shorten("runs/point"), DamagedFileError, "rows"),
    "short events": (shorten("events/kind"), DamagedFileError, "not 712 rows"),
    "short models": (shorten("models/parent"), DamagedFileError, "not 96 rows"),
    "short forms": (shorten("model_forms/form"), DamagedFileError, "not 42 rows"),
    "short series": (shorten("series/harm_musd"), DamagedFileError, "has shape"),
    "short time": (shorten("series/time"), DamagedFileError, "has shape"),
    "short design": (shorten("design/name"), DamagedFileError, "rows"),
    "fewer events": (attribute("/", "n_events", 711), DamagedFileError, "says n_events = 711"),
    "more runs": (attribute("/", "n_runs", 7), DamagedFileError, "says n_runs = 7 but holds 6"),
    # Numbers that name what is not there.
    "no such point": (change("runs/point", -1, 2), DamagedFileError, "/design does not have"),
    "no such status": (change("runs/status", 0, 3), DamagedFileError, "unknown status"),
    "a run twice": (change("runs/replicate", 1, 0), DamagedFileError, "not in order of point"),
    "another start": (change("runs/event_start", 1, 7), DamagedFileError, "event_count disagree"),
    "another count": (change("runs/event_count", 0, 7), DamagedFileError, "event_count disagree"),
    "another run": (change("events/run", 0, 1), DamagedFileError, "/runs disagree"),
    "no such run": (change("models/run", -1, 99), DamagedFileError, "/runs disagree"),
    "no such kind": (change("events/kind", 5, 6), DamagedFileError, "outside 0 to 5"),
    "no such form": (change("model_forms/form", 0, 200), DamagedFileError, "outside 0 to 5"),
    "no such mark": (change("events/flags", 0, 16), DamagedFileError, "outside 0 to 15"),
    "no such cause": (change("events/cause", 0, 9999), DamagedFileError, "/events does not have"),
    "no such model": (change("events/model", 0, 4000), DamagedFileError, "/models does not have"),
    "no such parent": (change("models/parent", 3, 96), DamagedFileError, "/models does not have"),
    "form of none": (change("model_forms/model", 0, 77), DamagedFileError, "/models does not have"),
    # Values that cannot be.
    "a share of 2": (change("runs/freedom_0_granted", 0, 2.0), DamagedFileError, "outside 0 to 1"),
    "infinite year": (change("runs/ended_year", 0, np.inf), DamagedFileError, "an infinite value"),
    "more than all": (change("series/openness", (0, 0), 1.5), DamagedFileError, "outside 0 to 1"),
    "no time of event": (change("events/time", 3, np.nan), DamagedFileError, "that is no time"),
    "no time of birth": (change("models/release_year", 0, np.inf), DamagedFileError, "is no time"),
    # Texts, which HDF5 does not guard.
    "another unit": (
        attribute("events/severity_musd", "units", "G$"),
        DamagedFileError,
        "/events/severity_musd and /schema_json disagree on its unit",
    ),
    "another meaning": (
        attribute("runs/harm_musd", "long_name", "all charm"),
        DamagedFileError,
        "disagree on its meaning",
    ),
    "another category": (
        attribute("events/kind", "flag_meanings", "misuse capture exploit a b c"),
        DamagedFileError,
        "disagree on its categories",
    ),
    "too few categories": (
        attribute("events/kind", "flag_meanings", "misuse capture"),
        DamagedFileError,
        "differ in length",
    ),
    "another type": (
        edit("schema_json", '"agent", "type": "u4"', '"agent", "type": "u8"'),
        DamagedFileError,
        "disagree on its type",
    ),
    "another order": (
        attribute("runs", "columns", "benefit harm_musd"),
        DamagedFileError,
        "/runs and /schema_json list other columns",
    ),
    "another config": (edit("config", "0.7", "0.8"), DamagedFileError, "whose SHA-256 the file"),
    "broken config": (edit("config", "{", "["), DamagedFileError, "/config cannot be read"),
    "another regime": (
        lambda file: put(file, "design/setting", ["watched", "open-never"]),
        DamagedFileError,
        r"regimes that /config lacks: \['open-never'\]",
    ),
    "another value": (
        edit(
            "provenance",
            '"/labs/frontier/zipf", "value": 0.4',
            '"/labs/frontier/zipf", "value": 0.5',
        ),
        DamagedFileError,
        "/provenance",
    ),
    "a dictionary of nothing": (
        lambda file: put(file, "schema_json", '{"tables": [{"name": "events"}]}'),
        DamagedFileError,
        "/schema_json is no data dictionary",
    ),
}


@pytest.mark.parametrize("what", MUTATIONS)
def test_a_file_broken_in_one_way_is_refused(copy: Path, what: str) -> None:
    mutate, error, message = MUTATIONS[what]
    with h5py.File(copy, "r+") as file:
        mutate(file)
    with pytest.raises(error, match=message) as raised:
        read_all(copy)
    assert raised.type is error
    assert str(copy) in str(raised.value)
    assert any(way in str(raised.value) for way in ("Restore", "Install", "Give the")), raised.value


def test_the_real_file_is_whole() -> None:
    run = read_all(REAL)
    assert run.complete
    assert [len(getattr(run, name)) for name in FRAMES] == [2, 6, 6, 712, 96, 42]


def same(run: Run, other: Run) -> bool:
    try:
        for name in FRAMES:
            pd.testing.assert_frame_equal(getattr(run, name), getattr(other, name))
        xr.testing.assert_identical(run.series, other.series)
    except AssertionError:
        return False
    return True


def test_a_flipped_bit_is_noticed_or_changes_no_number(copy: Path) -> None:
    whole, content = read_all(REAL), REAL.read_bytes()
    chance = random.Random(7)
    noticed = 0
    for _ in range(30):
        flipped = bytearray(content)
        flipped[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        copy.write_bytes(flipped)
        try:
            run = read_all(copy)
        except RunFileError:
            noticed += 1
        else:
            assert same(run, whole)
    assert noticed > 10


@pytest.mark.parametrize(
    "name", ["runs/harm_musd", "series/openness", "events/kind", "models/root"]
)
def test_a_flipped_byte_in_a_chunk_is_noticed(copy: Path, name: str) -> None:
    with h5py.File(copy) as file:
        chunk = file[name].id.get_chunk_info(0)
    content = bytearray(copy.read_bytes())
    content[chunk.byte_offset + chunk.size // 2] ^= 0x10
    copy.write_bytes(content)
    with pytest.raises(DamagedFileError, match="cannot be read"):
        read_all(copy)


@pytest.mark.parametrize("share", [0.0, 0.00001, 0.01, 0.5, 0.99, 0.99999])
def test_a_file_cut_off_anywhere_is_refused(copy: Path, share: float) -> None:
    content = copy.read_bytes()
    copy.write_bytes(content[: int(share * len(content))])
    with pytest.raises(RunFileError, match=r"empty|not an HDF5 file|cannot be read"):
        read_all(copy)


def test_a_column_that_cannot_be_read_is_not_left_out(copy: Path) -> None:
    # The header of a dataset is damaged: h5py's own loop over a group passes over it in silence.
    content = copy.read_bytes()
    name = content.rindex(b"capability_oom")
    with h5py.File(copy) as file:
        header = h5py.h5o.get_info(file["events/capability_oom"].id).addr
    assert name != header
    flipped = bytearray(content)
    flipped[header + 40] ^= 0xFF
    copy.write_bytes(flipped)
    with h5py.File(copy) as file:
        assert dict(file["events"].items())["capability_oom"] is None
    with pytest.raises(DamagedFileError, match="cannot be read"):
        read_all(copy)


def test_paths_that_are_no_results_file_say_what_they_are(tmp_path: Path, copy: Path) -> None:
    parts = tmp_path / "mine.h5.parts"
    parts.mkdir()
    with pytest.raises(ForeignFileError, match=r"parts of a batch.*`fingers merge mine.h5`"):
        open_run(parts)
    with pytest.raises(ForeignFileError, match=r"only parts of it.*--resume"):
        open_run(tmp_path / "mine.h5")
    with pytest.raises(ForeignFileError, match=r"no such file\. Did you mean .*run.h5"):
        open_run(tmp_path / "runs.h5")
    for content, said in {b"CDF\x01": "NetCDF file of the classic", b"PAR1": "a Parquet file",
                          b"": "is empty", b"time,kind": "not an HDF5 file"}.items():  # fmt: skip
        (tmp_path / "other").write_bytes(content)
        with pytest.raises(ForeignFileError, match=said):
            open_run(tmp_path / "other")


def test_a_netcdf_file_of_others_is_foreign(tmp_path: Path) -> None:
    path = tmp_path / "weather.nc"
    xr.Dataset({"rain": ("day", [1.0, 2.0])}).to_netcdf(path, engine="h5netcdf")
    with pytest.raises(ForeignFileError, match=r"not of Enough Fingers.*its schema is \"none\""):
        open_run(path)


def test_tables_that_were_not_asked_for_say_how_to_have_them() -> None:
    run = open_run(ROOT / "tests" / "data" / "factors-v1.h5")
    with pytest.raises(NotRecordedError, match="--set /output/models=true"):
        _ = run.models
