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


def metadata_of(path: Path) -> np.ndarray:
    """Places of the bytes that are not those of chunks."""
    chunks = np.zeros(path.stat().st_size, bool)
    with h5py.File(path) as file:

        def mark(_: str, thing: object) -> None:
            if isinstance(thing, h5py.Dataset) and thing.chunks:
                for i in range(thing.id.get_num_chunks()):
                    chunk = thing.id.get_chunk_info(i)
                    chunks[chunk.byte_offset : chunk.byte_offset + chunk.size] = True

        file.visititems(mark)
    return np.flatnonzero(~chunks)


def test_a_flipped_bit_of_metadata_is_refused_or_changes_nothing(tiny: Program) -> None:
    # All bytes of a file, in the process itself: tests/engine/flips_test.cpp.
    path = tiny.folder / "x.h5"
    tiny("run", "tiny.json", "-o", "x.h5", "--progress", "never")
    (tiny.folder / "x.run.json").unlink()  # it has the SHA-256 of the whole file
    whole = path.read_bytes()
    digest = answer(tiny.folder, COMMANDS["info --digest"]).stdout.splitlines()[0]
    chance = np.random.default_rng(1)
    refused = 0
    for place in chance.choice(metadata_of(path), 60, replace=False):
        changed = bytearray(whole)
        changed[place] ^= 1 << chance.integers(8)
        path.write_bytes(changed)
        verified = answer(tiny.folder, COMMANDS["verify"])
        assert verified.returncode in (0, *REFUSALS), (place, verified)
        refused += verified.returncode != 0
        if verified.returncode == 0:
            said = answer(tiny.folder, COMMANDS["info --digest"])
            assert (said.returncode, said.stdout.splitlines()[0]) == (0, digest), (place, said)
        else:
            assert verified.stderr, place
    assert refused > 20


def test_verify_says_that_an_older_file_has_no_hash_of_texts(fingers: Program) -> None:
    shutil.copy(REAL, fingers.folder / "x.h5")
    said = fingers("verify", "x.h5")
    assert "hold what was recorded" in said.out
    assert "older than the hash of texts" in said.err


def test_verify_finds_a_changed_letter_of_the_provenance(tiny: Program) -> None:
    tiny("run", "tiny.json", "-o", "x.h5", "--progress", "never")
    (tiny.folder / "x.run.json").unlink()
    path = tiny.folder / "x.h5"
    assert "older" not in tiny("verify", "x.h5").err
    with h5py.File(path) as file:
        content = file["provenance"][()]
    changed = bytearray(path.read_bytes())
    place = bytes(changed).index(content[:60])
    changed[place + 40] ^= 1
    path.write_bytes(changed)
    for words in (("verify", "x.h5"), ("verify", "--quick", "x.h5")):
        assert "texts of the file" in tiny(*words, code=3).out
    assert "SHA-256" in tiny("info", "x.h5", code=3).err
    assert "SHA-256" in tiny("export", "x.h5", "--to", "csv", "-o", "tables", code=3).err
    assert "SHA-256" in tiny("merge", "x.h5", "-o", "merged.h5", code=3).err
