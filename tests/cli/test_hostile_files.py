"""Files that are cut, foreign, newer, changed or made to swell: every command refuses them.

A refusal is a message, with exit code 3 (or 65), within 20 s; never a crash, and never a number
that the whole file does not have. What Python answers is in tests/analysis/test_damage.py.
"""

from __future__ import annotations

import shutil
import subprocess
import zlib
from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import pytest
from cli_program import ROOT, Program, program

REAL = ROOT / "tests" / "data" / "models-v1.h5"
COMMANDS: dict[str, tuple[str, ...]] = {
    "info": ("info", "x.h5"),
    "info --digest": ("info", "x.h5", "--digest"),
    "verify": ("verify", "x.h5"),
    "missing": ("missing", "x.h5"),
    "merge": ("merge", "x.h5", "-o", "merged.h5"),
    "repeat": ("repeat", "x.h5", "--point", "0", "--replicate", "0"),
    "export": ("export", "x.h5", "--to", "csv", "-o", "tables"),
}
REFUSALS = (3, 65)
pytest_plugins = ("cli_fixtures",)


def answer(folder: Path, words: tuple[str, ...]) -> subprocess.CompletedProcess[bytes]:
    """What a command says of `x.h5`, with nothing left of the command before."""
    for rest in ("tables", "merged.h5.parts"):
        shutil.rmtree(folder / rest, ignore_errors=True)
    for file in folder.glob("merged*"):
        file.unlink()
    return subprocess.run(
        [program(), *words], cwd=folder, capture_output=True, check=False, timeout=20
    )


def hdf5(change: Callable[[h5py.File], None]) -> Callable[[Path], None]:
    """A change of what the file holds, made through the library."""

    def act(path: Path) -> None:
        with h5py.File(path, "r+") as file:
            change(file)

    return act


def cut(share: float) -> Callable[[Path], None]:
    return lambda path: path.write_bytes(REAL.read_bytes()[: int(share * REAL.stat().st_size)])  # type: ignore[func-returns-value]


def content(value: bytes) -> Callable[[Path], None]:
    return lambda path: path.write_bytes(value)  # type: ignore[func-returns-value]


def other_hdf5(path: Path) -> None:
    with h5py.File(path, "w") as file:
        file["rain"] = [1.0, 2.0]


def bomb(file: h5py.File) -> None:
    """A chunk that swells to 64 MB, in the place of one of a few bytes."""
    dataset = file["events/kind"]
    dataset.id.write_direct_chunk((0,), zlib.compress(bytes(64 << 20), 9))


def shorter(name: str) -> Callable[[h5py.File], None]:
    def act(file: h5py.File) -> None:
        values = file[name][:-1]
        kept = dict(file[name].attrs.items())
        del file[name]
        made = file.create_dataset(name, data=values, chunks=True, compression="gzip")
        for key in kept.keys() - {"DIMENSION_LIST", "REFERENCE_LIST", "CLASS", "NAME"}:
            made.attrs[key] = kept[key]

    return act


def put(name: str, at: int, value: int) -> Callable[[h5py.File], None]:
    return lambda file: file[name].__setitem__(at, value)


#: What is done to a file, and which commands need not look at that part of it.
HOSTILE: dict[str, tuple[Callable[[Path], None], tuple[str, ...]]] = {
    "empty": (content(b""), ()),
    "text": (content(b"time,kind\n1,2\n"), ()),
    "PNG": (content(b"\x89PNG\r\n\x1a\n" + bytes(100)), ()),
    "signature alone": (content(b"\x89HDF\r\n\x1a\n"), ()),
    "another HDF5 file": (other_hdf5, ()),
    **{f"cut at {share:.0%}": (cut(share), ()) for share in (0.01, 0.3, 0.6, 0.9, 0.999)},
    "newer": (hdf5(lambda f: f.attrs.__setitem__("schema_version", np.uint32(2))), ()),
    "far newer": (hdf5(lambda f: f.attrs.__setitem__("schema_version", np.uint64(2**63))), ()),
    "bomb": (hdf5(bomb), ("info", "missing", "repeat")),
    "short column": (hdf5(shorter("events/kind")), ("info", "missing", "repeat")),
    "short runs": (hdf5(shorter("runs/status")), ()),
    "no such status": (hdf5(put("runs/status", 0, 9)), ()),
    "no such kind": (hdf5(put("events/kind", 0, 200)), ("info", "missing", "repeat")),
    "no such point": (hdf5(put("runs/point", 5, 4_000_000_000)), ("repeat",)),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_file_is_refused_in_words(fingers: Program, what: str) -> None:
    act, blind = HOSTILE[what]
    path = Path(shutil.copy(REAL, fingers.folder / "x.h5"))
    act(path)
    wrong = {}
    for name, words in COMMANDS.items():
        said = answer(fingers.folder, words)
        fine = said.returncode in REFUSALS and (said.stderr or said.stdout)
        if not fine and not (name in blind and said.returncode == 0):
            wrong[name] = (said.returncode, said.stderr[:200])
    assert not wrong


def numbers_of(info: subprocess.CompletedProcess[bytes]) -> list[bytes]:
    """What `info` counts; texts have no checksum in HDF5, and show in the content digest only."""
    counts = (b"points", b"runs", b"missing", b"failed", b"events", b"models", b"actions")
    return [line for line in info.stdout.splitlines() if line.startswith(counts)]


def test_a_changed_byte_of_metadata_never_crashes_and_changes_no_number(fingers: Program) -> None:
    whole = REAL.read_bytes()
    path = fingers.folder / "x.h5"
    shutil.copy(REAL, path)
    numbers = numbers_of(answer(fingers.folder, COMMANDS["info"]))
    chunks = np.zeros(len(whole), bool)
    with h5py.File(REAL) as file:

        def mark(_: str, thing: object) -> None:
            if isinstance(thing, h5py.Dataset) and thing.chunks:
                for i in range(thing.id.get_num_chunks()):
                    chunk = thing.id.get_chunk_info(i)
                    chunks[chunk.byte_offset : chunk.byte_offset + chunk.size] = True

        file.visititems(mark)
    metadata = np.flatnonzero(~chunks)
    refused = 0
    for place in metadata[:: len(metadata) // 60]:
        changed = bytearray(whole)
        changed[place] ^= 0xFF
        path.write_bytes(changed)
        verified = answer(fingers.folder, COMMANDS["verify"])
        said = answer(fingers.folder, COMMANDS["info"])
        assert {verified.returncode, said.returncode} <= {0, *REFUSALS}, (place, verified, said)
        refused += verified.returncode != 0
        if verified.returncode == 0 and said.returncode == 0:
            assert numbers_of(said) == numbers, place
    assert refused > 5
