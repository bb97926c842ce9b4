"""Columns read in threads are those that HDF5 itself reads, and damage in them is noticed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pandas as pd
import pytest

from enough_fingers import DamagedFileError, open_run, sources
from enough_fingers.chunks import read_slices
from files import Contents, Event, write_run_file

N = 1050  # the last of eleven chunks is half full
PACKED: dict[str, dict[str, Any]] = {
    "u1": {"shuffle": False, "compression": 2},
    "u4": {"shuffle": True, "compression": 2},
    "u8": {"shuffle": True, "compression": 9},
    "f4": {"shuffle": True, "compression": 2},
    "f8": {"shuffle": False, "compression": 2},
}
OTHERS: dict[str, dict[str, Any]] = {
    "plain": {},
    "checked": {"fletcher32": True, "compression": 2},
    "lzf": {"compression": "lzf"},
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    chance = np.random.default_rng(3)
    with h5py.File(tmp_path / "columns.h5", "w") as file:
        for dtype, packing in PACKED.items():
            values = chance.integers(0, 200, N).astype(dtype)
            file.create_dataset(dtype, data=values, chunks=(100,), **packing)
        for name, packing in OTHERS.items():
            chunks = None if name == "plain" else (100,)
            file.create_dataset(name, data=chance.normal(size=N), chunks=chunks, **packing)
        few = file.create_dataset("some", shape=(N,), dtype="f4", chunks=(100,), compression=2)
        few[300:350] = 1  # chunks that were never written have no place in the file
        file["f4"][7] = np.nan
    return tmp_path / "columns.h5"


@pytest.mark.parametrize(("start", "stop"), [(0, N), (0, 200), (99, 301), (250, 1049), (1000, N)])
def test_any_slice_is_what_hdf5_reads(path: Path, start: int, stop: int) -> None:
    names = [*PACKED, *OTHERS, "some"]
    with h5py.File(path) as file:
        read = read_slices(file, names, start, stop)
        for name in names:
            np.testing.assert_array_equal(read[name], file[name][start:stop])
            assert read[name].dtype == file[name].dtype


@pytest.mark.parametrize("name", list(PACKED))
def test_a_flipped_bit_is_noticed(path: Path, name: str) -> None:
    with h5py.File(path) as file:
        chunks = [file[name].id.get_chunk_info(place) for place in (0, 5, 10)]
    content = path.read_bytes()
    for chunk in chunks:
        flipped = bytearray(content)
        flipped[chunk.byte_offset + chunk.size // 2] ^= 0x04
        path.write_bytes(flipped)
        with h5py.File(path) as file, pytest.raises(ValueError, match=r"damaged|another length"):
            read_slices(file, [name], 0, N)


def test_a_run_read_in_threads_has_the_same_tables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    events = [Event(place // 250, time=2024 + place / 1e3, kind=place % 3) for place in range(1000)]
    path = write_run_file(
        tmp_path / "run.h5", Contents(outcomes={"harm_musd": [0.0] * 4}, events=events)
    )
    with h5py.File(path, "r+") as file:  # in chunks of 64 rows
        for name, dataset in list(file["events"].items()):
            if name == "event":
                continue
            about, values = dict(dataset.attrs), dataset[:]
            del file["events"][name]
            packed = file["events"].create_dataset(
                name, data=values, chunks=(64,), shuffle=True, compression=2
            )
            packed.attrs.update(about)
    slow = open_run(path).events
    monkeypatch.setattr(sources, "LONG", 128)
    run = open_run(path)
    pd.testing.assert_frame_equal(run.events, slow)
    part = run.select(points=1, replicates=[0])
    expected = slow[slow["run"] == 2].reset_index(drop=True)
    pd.testing.assert_frame_equal(part.events, expected.assign(regime=part.events["regime"]))
    with h5py.File(path) as file:
        chunk = file["events/time"].id.get_chunk_info(9)
    content = bytearray(path.read_bytes())
    content[chunk.byte_offset + 20] ^= 1
    path.write_bytes(content)
    with pytest.raises(DamagedFileError, match="cannot be read"):
        _ = open_run(path).events
