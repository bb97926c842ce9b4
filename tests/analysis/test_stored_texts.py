"""A changed text is noticed where a file has a hash of its texts; older files have none."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import h5py
import numpy as np
import pytest

from conftest import ROOT
from enough_fingers import DamagedFileError, open_run
from enough_fingers.stored_texts import texts_sha256

REAL = ROOT / "tests" / "data" / "models-v1.h5"


@pytest.fixture
def hashed(tmp_path: Path) -> Path:
    """A file with the hash that the program writes, taken by the code under test."""
    path = Path(shutil.copy(REAL, tmp_path / "run.h5"))
    with h5py.File(path, "r+") as file:
        file.attrs["texts_sha256"] = texts_sha256(file)
    open_run(path)
    return path


def test_the_hash_is_that_of_the_data_dictionary(tmp_path: Path) -> None:
    text = h5py.string_dtype()
    with h5py.File(tmp_path / "small.h5", "w", track_order=True) as file:
        file.attrs["title"] = "schön"
        file.attrs["n_runs"] = 3
        file.attrs["texts_sha256"] = "not of itself"
        file["config"] = "{}"
        group = file.create_group("a")
        group.create_dataset("name", data=["one", ""], dtype=text)
        group["x"] = [1.0]
        group["x"].attrs["units"] = "yr"
        group["x"].attrs["NAME"] = np.bytes_("x")  # of fixed length: HDF5 has a checksum for it
        found = texts_sha256(file)
    content = b""
    for path, attribute, texts in [
        ("/", "title", ["schön"]),
        ("/a/name", "", ["one", ""]),
        ("/a/x", "units", ["yr"]),
        ("/config", "", ["{}"]),
    ]:
        pieces: list[str | int] = [path, attribute, len(texts), *texts]
        for piece in pieces:
            if isinstance(piece, str):
                content += len(piece.encode()).to_bytes(8, "little") + piece.encode()
            else:
                content += piece.to_bytes(8, "little")
    assert found == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize(
    "text", [b"Agents of every kind", b"enough-fingers 0.1.0", b"CC-BY-4.0", b"model_config"]
)
def test_a_changed_letter_is_noticed(hashed: Path, text: bytes) -> None:
    content = bytearray(hashed.read_bytes())
    place = content.find(text)
    if place < 0:
        with h5py.File(hashed) as file:
            place = content.find(file["model_config"][()][:40])
    assert place > 0
    content[place + 3] ^= 1
    hashed.write_bytes(content)
    with pytest.raises(DamagedFileError):
        open_run(hashed)


def test_a_changed_source_of_a_parameter_is_noticed(hashed: Path) -> None:
    with h5py.File(hashed, "r+") as file:
        content = file["provenance"][()].decode()
        assert "calibrated" in content or "assumed" in content
        changed = content.replace('"meaning": "', '"meaning": "x', 1)
        changed = changed if changed != content else content.replace(" of ", " by ", 1)
        assert changed != content
        file["provenance"][()] = changed
    with pytest.raises(DamagedFileError, match="its texts are not those whose SHA-256"):
        open_run(hashed)


def test_an_older_file_has_no_hash_and_opens() -> None:
    with h5py.File(REAL) as file:
        assert "texts_sha256" not in file.attrs
    assert open_run(REAL).complete
