"""Where a run's columns come from: a file, or arrays in memory; several files are in `joined`.

`Run` asks a source only for what stands in the `Source` protocol, so that the same tables come from
a file of any size, from files of many machines, and from a program that hands over its arrays.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

import h5py
import numpy as np

from enough_fingers.chunks import read_slices
from enough_fingers.columns import Column, Values, damaged, describe, text
from enough_fingers.errors import RunFileError

# netCDF's mark for a dimension that has no coordinate: such a dataset holds no data.
_BARE_DIMENSION = "This is a netCDF dimension but not a netCDF variable"
# Attributes that say something of a column (the others tie netCDF's dimensions together).
_TOLD = (
    "units", "long_name", "valid_range", "flag_values", "flag_masks", "flag_meanings", "pointer",
    "NAME",
)  # fmt: skip
#: Rows from which on a reading is long enough to be shared among processors.
LONG = 1 << 18
# Attributes of the root that differ where the file is another, or was gone on with.
_MARKS = ("uuid", "complete", "n_runs", "n_events")


class Source(Protocol):
    """What `Run` needs of the place that its columns come from.

    Groups are those of the data dictionary (`design`, `runs`, `series`, `events`, …), rows are
    sorted as it says.
    """

    @property
    def name(self) -> str:
        """What to call it in messages."""
        ...

    @property
    def paths(self) -> tuple[Path, ...]:
        """The files, none where it is not on disk."""
        ...

    def groups(self) -> tuple[str, ...]:
        """Names of its groups."""
        ...

    def attributes(self, group: str = "") -> Mapping[str, Any]:
        """Attributes of a group as plain Python values; of the root where none is named."""
        ...

    def text(self, name: str) -> str:
        """A text of the root: `config`, `provenance`, `schema_json`, …."""
        ...

    def columns(self, group: str) -> dict[str, Column]:
        """The columns of a group in its order, with their shapes; the dimensions are left out."""
        ...

    def read(
        self, group: str, names: Iterable[str], start: int = 0, stop: int | None = None
    ) -> dict[str, Values]:
        """Columns of a group as they are kept, from one row up to another (to the end: None).

        The arrays are not to be written to.

        Raises:
            DamagedFileError: When they cannot be read, or are not those that were described.
        """
        ...


class FileSource:
    """One HDF5 file. It is opened for each reading and closed again."""

    def __init__(self, path: Path) -> None:
        """Remembers the path and what the file says of itself, which each reading checks.

        Args:
            path: The file.

        Raises:
            DamagedFileError: When it cannot be read.
        """
        self._path = path
        self._columns: dict[str, dict[str, Column]] = {}
        with reading(path) as file:
            self._root = _plain_attributes(file)
            self._groups = tuple(key for key in file if isinstance(file[key], h5py.Group))

    @property
    def name(self) -> str:
        """The path."""
        return str(self._path)

    @property
    def paths(self) -> tuple[Path, ...]:
        """The path, alone."""
        return (self._path,)

    def groups(self) -> tuple[str, ...]:
        """Names of its groups."""
        return self._groups

    def attributes(self, group: str = "") -> Mapping[str, Any]:
        """See `Source`."""
        if not group:
            return self._root
        with self._reading() as file:
            return _plain_attributes(self._group(file, group))

    def text(self, name: str) -> str:
        """See `Source`."""
        with self._reading() as file:
            if name not in file:
                raise damaged(self._path, f"/{name} is not there")
            return text(file[name][()])

    def columns(self, group: str) -> dict[str, Column]:
        """See `Source`."""
        if group not in self._columns:
            with self._reading() as file:
                found = self._group(file, group)
                # `items()` would leave out what cannot be read.
                described = [_described(name, found[name]) for name in found]
                self._columns[group] = {column.name: column for column in described if column}
        return dict(self._columns[group])

    def read(
        self, group: str, names: Iterable[str], start: int = 0, stop: int | None = None
    ) -> dict[str, Values]:
        """See `Source`."""
        with self._reading() as file:
            found, names = self._group(file, group), list(names)
            if stop is not None and stop - start >= LONG:
                return self._read_long(found, names, start, stop)
            return {name: self._read_one(found, name, start, stop) for name in names}

    def _read_long(
        self, group: h5py.Group, names: list[str], start: int, stop: int
    ) -> dict[str, Values]:
        for name in names:
            if name not in group:
                raise damaged(self._path, f"{group.name} has no column {name}")
            if len(group[name]) < stop:
                raise damaged(self._path, f"{group.name}/{name} has not {stop} rows")
        return read_slices(group, names, start, stop)

    def _read_one(self, group: h5py.Group, name: str, start: int, stop: int | None) -> Values:
        if name not in group:
            raise damaged(self._path, f"{group.name} has no column {name}")
        dataset = group[name]
        if h5py.check_string_dtype(dataset.dtype) is not None:
            return np.asarray(dataset.asstr()[start:stop], dtype=object)
        values: Values = dataset[start:stop]
        if stop is not None and len(values) != max(0, stop - start):
            raise damaged(self._path, f"{dataset.name} has not {stop} rows")
        return values

    def _group(self, file: h5py.File, name: str) -> h5py.Group:
        if name not in self._groups:
            raise damaged(self._path, f"the group /{name} is not there")
        return file[name]

    @contextmanager
    def _reading(self) -> Iterator[h5py.File]:
        """A file replaced since it was opened would mix two experiments under one set of keys."""
        with reading(self._path) as file:
            if any(_plain(file.attrs.get(key)) != self._root.get(key) for key in _MARKS):
                raise damaged(self._path, "was replaced by another file since it was opened")
            yield file


class ArraySource:
    """Arrays in memory, handed out as they are: nothing is copied, and nothing is written to."""

    def __init__(
        self,
        attributes: Mapping[str, Any],
        texts: Mapping[str, str],
        groups: Mapping[str, Mapping[str, tuple[Values, Column]]],
        group_attributes: Mapping[str, Mapping[str, Any]] | None = None,
        name: str = "arrays in memory",
    ) -> None:
        """Takes the arrays; shapes and types of the columns are taken from them.

        Args:
            attributes: Of the root: `schema`, `schema_version`, `uuid`, `n_runs`, `complete`, ….
            texts: `config`, `provenance` and `schema_json`, as JSON.
            groups: For each group its columns in order: the array, and what is said about it
                (`columns.describe` makes a Column of the attributes that a file would hold). Texts
                are arrays of `object`. `series` holds `time` and arrays [run, time].
            group_attributes: `columns` of `runs` and of `design` (names between blanks), `kind` of
                `design`.
            name: What to call it in messages.
        """
        self._attributes = dict(attributes)
        self._texts = dict(texts)
        self._arrays = {
            group: {key: values for key, (values, _) in columns.items()}
            for group, columns in groups.items()
        }
        self._columns = {
            group: {
                key: replace(column, shape=values.shape, dtype=values.dtype)
                for key, (values, column) in columns.items()
            }
            for group, columns in groups.items()
        }
        self._group_attributes = dict(group_attributes or {})
        self._name = name

    @property
    def name(self) -> str:
        """What to call it in messages."""
        return self._name

    @property
    def paths(self) -> tuple[Path, ...]:
        """None."""
        return ()

    def groups(self) -> tuple[str, ...]:
        """Names of its groups."""
        return tuple(self._columns)

    def attributes(self, group: str = "") -> Mapping[str, Any]:
        """See `Source`."""
        return self._group_attributes.get(group, {}) if group else self._attributes

    def text(self, name: str) -> str:
        """See `Source`."""
        if name not in self._texts:
            raise damaged(self._name, f"/{name} is not there")
        return self._texts[name]

    def columns(self, group: str) -> dict[str, Column]:
        """See `Source`."""
        if group not in self._columns:
            raise damaged(self._name, f"the group /{group} is not there")
        return dict(self._columns[group])

    def read(
        self, group: str, names: Iterable[str], start: int = 0, stop: int | None = None
    ) -> dict[str, Values]:
        """See `Source`; the arrays are views of those that were handed over."""
        arrays, asked = self._arrays.get(group, {}), list(names)
        missing = [name for name in asked if name not in arrays]
        if missing:
            raise damaged(self._name, f"/{group} has no column {', '.join(missing)}")
        return {name: arrays[name][start:stop] for name in asked}


@contextmanager
def reading(path: Path) -> Iterator[h5py.File]:
    """Opens a file for reading; whatever HDF5 cannot read comes out as DamagedFileError."""
    try:
        with h5py.File(path, "r") as file:
            yield file
    except RunFileError:
        raise
    except (OSError, RuntimeError, LookupError, ValueError, TypeError, MemoryError) as error:
        raise damaged(path, f"cannot be read ({error})") from error


def _described(name: str, dataset: h5py.Dataset) -> Column | None:
    """A column; None for a dimension of netCDF that holds no data."""
    attributes = {key: dataset.attrs[key] for key in dataset.attrs if key in _TOLD}
    if text(attributes.get("NAME", "")).startswith(_BARE_DIMENSION):
        return None
    is_text = h5py.check_string_dtype(dataset.dtype) is not None
    dtype = np.dtype(object) if is_text else dataset.dtype
    return describe(name, attributes, dataset.shape, dtype)


def _plain_attributes(item: h5py.Group) -> dict[str, Any]:
    return {name: _plain(value) for name, value in item.attrs.items()}


def _plain(value: object) -> Any:  # noqa: ANN401
    """An HDF5 attribute as a plain Python value."""
    if isinstance(value, bytes):
        return value.decode("utf-8")
    if isinstance(value, np.generic | np.ndarray):
        return value.tolist()
    return value
