"""One hash over every text of a file: HDF5 guards numbers by checksums, but not its texts."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

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
        pieces = [path, attribute, len(texts), *texts]
        digest.update(b"".join(map(_framed, pieces)))
    return digest.hexdigest()


def _framed(piece: bytes | int) -> bytes:
    """A number has 8 bytes, little-endian; a text comes after its length."""
    if isinstance(piece, int):
        return piece.to_bytes(8, "little")
    return len(piece).to_bytes(8, "little") + piece


def _texts_of(file: h5py.File) -> Iterator[tuple[bytes, bytes, list[bytes]]]:
    """Path, name of the attribute (none: of a dataset) and texts, in order of names."""
    yield from _attributes_of(file.id, b"/")
    for name in sorted(file.id):
        member = h5py.h5o.open(file.id, name)
        yield from _texts_at(member, b"/" + name)
        if isinstance(member, h5py.h5g.GroupID):
            for inner in sorted(member):
                yield from _texts_at(h5py.h5o.open(member, inner), b"/" + name + b"/" + inner)


def _texts_at(item: Any, path: bytes) -> Iterator[tuple[bytes, bytes, list[bytes]]]:  # noqa: ANN401
    yield from _attributes_of(item, path)
    if isinstance(item, h5py.h5d.DatasetID) and _is_text(item.get_type()):
        values = np.empty(item.shape, dtype=object)
        if values.size:
            item.read(h5py.h5s.ALL, h5py.h5s.ALL, values, item.get_type())
        yield path, b"", [_raw(value) for value in values.reshape(-1)]


def _attributes_of(item: Any, path: bytes) -> Iterator[tuple[bytes, bytes, list[bytes]]]:  # noqa: ANN401
    found = {}
    for index in range(h5py.h5a.get_num_attrs(item)):
        attribute = h5py.h5a.open(item, index=index)
        if _is_text(attribute.get_type()) and (path, attribute.name) != (b"/", _HASH.encode()):
            value = np.empty((), dtype=object)
            attribute.read(value, mtype=attribute.get_type())
            found[attribute.name] = _raw(value.item())
    for name in sorted(found):
        yield path, name, [found[name]]


def _is_text(kind: Any) -> bool:  # noqa: ANN401
    return isinstance(kind, h5py.h5t.TypeStringID) and kind.is_variable_str()


def _raw(value: bytes | str | None) -> bytes:
    if isinstance(value, str):
        return value.encode("utf-8", "surrogateescape")
    return value or b""
