"""One hash over every text of a file: HDF5 guards numbers by checksums, but not its texts."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import h5py
import numpy as np

from enough_fingers.columns import damaged
from enough_fingers.sources import reading

_HASH = "texts_sha256"


def check_texts(path: Path) -> None:
    """Holds the texts of a file to the hash that it has of them; older files have none.

    Args:
        path: The file.

    Raises:
        DamagedFileError: When a text is another than was written, or cannot be read.
    """
    with reading(path) as file:
        declared = file.attrs.get(_HASH)
        if declared is not None and declared != texts_sha256(file):
            raise damaged(path, "its texts are not those whose SHA-256 the file names")


def texts_sha256(file: h5py.File) -> str:
    """SHA-256 over every text of variable length, as docs/data-dictionary.md has it.

    Args:
        file: An open file.

    Returns:
        64 hexadecimal digits.
    """
    digest = hashlib.sha256()
    for path, attribute, texts in _texts_of(file):
        pieces: list[bytes | int] = [path, attribute, len(texts), *texts]
        digest.update(b"".join(map(_framed, pieces)))
    return digest.hexdigest()


def _framed(piece: bytes | int) -> bytes:
    """A number has 8 bytes, little-endian; a text comes after its length."""
    if isinstance(piece, int):
        return piece.to_bytes(8, "little")
    return len(piece).to_bytes(8, "little") + piece


def _texts_of(file: h5py.File) -> Iterator[tuple[bytes, bytes, list[bytes]]]:
    """Path, name of the attribute (none: of a dataset) and texts, in order of names."""
    yield from _attributes_of(file, "/")
    for name in _sorted(file):
        yield from _texts_at(file[name], f"/{name}")
        if isinstance(file[name], h5py.Group):
            for inner in _sorted(file[name]):
                yield from _texts_at(file[name][inner], f"/{name}/{inner}")


def _texts_at(
    item: h5py.Group | h5py.Dataset, path: str
) -> Iterator[tuple[bytes, bytes, list[bytes]]]:
    yield from _attributes_of(item, path)
    if isinstance(item, h5py.Dataset) and _is_text(item.dtype):
        values = np.asarray(item[()], dtype=object).reshape(-1)
        yield _raw(path), b"", [_raw(value) for value in values]


def _attributes_of(
    item: h5py.Group | h5py.Dataset, path: str
) -> Iterator[tuple[bytes, bytes, list[bytes]]]:
    for name in _sorted(item.attrs):
        if (path, name) != ("/", _HASH) and _is_text(item.attrs.get_id(name).dtype):
            yield _raw(path), _raw(name), [_raw(item.attrs[name])]


def _sorted(names: Iterable[str]) -> list[str]:
    return sorted(names, key=_raw)


def _is_text(kind: np.dtype[np.generic]) -> bool:
    """Whether these are texts of variable length: others lie where HDF5 has checksums."""
    about = h5py.check_string_dtype(kind)
    return about is not None and about.length is None


def _raw(value: bytes | str) -> bytes:
    return value.encode("utf-8", "surrogateescape") if isinstance(value, str) else value
