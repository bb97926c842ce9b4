"""Writes converted tables as text (CSV, JSON lines), as Parquet and as NetCDF, a block at a time.

pyarrow and h5netcdf are imported where they are needed: `pip install "enough-fingers[convert]"`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pandas as pd
import xarray as xr

from enough_fingers import optional
from enough_fingers.errors import MissingLibraryError
from enough_fingers.exported import Block, Field, Table
from enough_fingers.ragged import NONE

#: Ending of the files of each form.
ENDINGS = {"csv": "csv", "json": "jsonl", "parquet": "parquet", "netcdf": "nc"}
#: Rows that are written at once. As text they take many times the memory.
BLOCK_ROWS = {"csv": 1 << 16, "json": 1 << 16, "parquet": 1 << 20, "netcdf": 1 << 17}
_PACKED = {"compression": "gzip", "compression_opts": 2, "shuffle": True}
_CHUNK_ROWS = 1 << 17


class Writer(Protocol):
    """Writes one table: the next block can be prepared in one thread while another writes."""

    def prepare(self, block: Block) -> Any:  # noqa: ANN401
        """Rows in the form in which they are written."""
        ...

    def write(self, prepared: Any) -> None:  # noqa: ANN401
        """Writes the next rows."""
        ...

    def close(self) -> None:
        """Writes what is left, and closes the file."""
        ...


def writer(form: str, path: Path, table: Table, about: Mapping[str, str]) -> Writer:
    """Begins a file.

    Args:
        form: "csv", "json", "parquet" or "netcdf".
        path: The file.
        table: Its columns.
        about: What the file shall say of itself, by name, where its form has a place for that.

    Raises:
        MissingLibraryError: When a library is not installed; says how to install it.
    """
    make: dict[str, Callable[[], Writer]] = {
        "csv": lambda: _CsvWriter(path, table),
        "json": lambda: _JsonWriter(path, table),
        "parquet": lambda: _ParquetWriter(path, table, about),
        "netcdf": lambda: _NetcdfWriter(path, table, about),
    }
    return make[form]()


def package(name: str) -> Any:  # noqa: ANN401
    """Imports a library that converting needs.

    Raises:
        MissingLibraryError: When it is not installed; says how to install it, or do without.
    """
    try:
        return optional.package(name, "convert")
    except MissingLibraryError as error:
        raise MissingLibraryError(
            f"{error}; `fingers export` writes CSV and JSON without it"
        ) from error


def arrow(values: Any, field: Field) -> Any:  # noqa: ANN401
    """A column as pyarrow has it: what is NaN or `NONE` ("none") is null.

    Args:
        values: An array, or a pandas.Categorical.
        field: What it is.
    """
    pa = package("pyarrow")
    if field.type == "category":
        codes = np.asarray(values.codes)
        names = pa.array([str(name) for name in values.categories], pa.string())
        return pa.DictionaryArray.from_arrays(pa.array(codes, mask=_mask(codes < 0)), names)
    if field.type == "text":
        return pa.array([str(value) for value in values], pa.string())
    array = np.asarray(values)
    if array.dtype.kind == "f":
        return pa.array(array, from_pandas=True)
    if array.dtype == np.uint32:
        return pa.array(array, mask=_mask(array == NONE))
    return pa.array(array)


def _mask(nothing: Any) -> Any:  # noqa: ANN401
    return nothing if bool(nothing.any()) else None


def _arrow_type(field: Field) -> Any:  # noqa: ANN401
    pa = package("pyarrow")
    if field.type == "category":
        codes = pa.int8() if len(field.categories) <= np.iinfo(np.int8).max else pa.int16()
        return pa.dictionary(codes, pa.string())
    return {
        "text": pa.string(), "flag": pa.bool_(), "u1": pa.uint8(), "u2": pa.uint16(),
        "u4": pa.uint32(), "u8": pa.uint64(), "i8": pa.int64(), "f4": pa.float32(),
        "f8": pa.float64(),
    }[field.type]  # fmt: skip


class _TextWriter:
    """Lines of text, put together a column at a time, which pyarrow does fast."""

    def __init__(self, path: Path, table: Table, nothing: str = "", infinity: str = "{}") -> None:
        """Begins a file; `nothing` stands for none, `infinity` is how "inf" is written."""
        self._pa, self._compute = package("pyarrow"), package("pyarrow.compute")
        self._fields = table.fields
        self._nothing = nothing
        self._infinity = {word: infinity.format(word) for word in ("inf", "-inf")}
        self._file = path.open("wb")

    def quoted(self, value: str) -> str:
        """A text as a field of a line."""
        raise NotImplementedError

    def frame(self) -> list[str]:
        """What stands before each column of a line, and after the last."""
        raise NotImplementedError

    def prepare(self, block: Block) -> Any:  # noqa: ANN401
        pieces: list[Any] = []
        frame = self.frame()
        for before, field in zip(frame, self._fields, strict=False):
            pieces += [before, self._rendered(block[field.name], field)]
        lines = self._compute.binary_join_element_wise(
            *(self._pa.scalar(p) if isinstance(p, str) else p for p in pieces),
            frame[-1], "", null_handling="replace", null_replacement=self._nothing,
        )  # fmt: skip
        if len(lines) == 0:
            return b""
        first, last = lines.offset, lines.offset + len(lines)
        ends = np.frombuffer(lines.buffers()[1], dtype=np.int32)
        return lines.buffers()[2][int(ends[first]) : int(ends[last])]

    def write(self, prepared: Any) -> None:  # noqa: ANN401
        self._file.write(prepared)

    def close(self) -> None:
        self._file.close()

    def _rendered(self, values: Any, field: Field) -> Any:  # noqa: ANN401
        """A column as texts; null where none."""
        string = self._pa.string()
        found = arrow(values, field)
        if field.type == "category":
            names = self._pa.array([self.quoted(name) for name in found.dictionary.to_pylist()])
            return self._pa.DictionaryArray.from_arrays(found.indices, names).cast(string)
        if field.type == "text":
            return self._pa.array([self.quoted(text) for text in found.to_pylist()], string)
        texts = found.cast(string)
        if found.type not in (self._pa.float32(), self._pa.float64()):
            return texts
        for word, other in self._infinity.items():
            texts = self._compute.if_else(self._compute.equal(texts, word), other, texts)
        return texts


class _CsvWriter(_TextWriter):
    """RFC 4180: commas, CRLF, quotes only where a field needs them, an empty field for none."""

    def __init__(self, path: Path, table: Table) -> None:
        super().__init__(path, table)
        names = ",".join(self.quoted(field.name) for field in self._fields)
        self._file.write(f"{names}\r\n".encode())

    def quoted(self, value: str) -> str:
        if any(mark in value for mark in ',"\r\n'):
            return '"' + value.replace('"', '""') + '"'
        return value

    def frame(self) -> list[str]:
        return ["", *[","] * (len(self._fields) - 1), "\r\n"]


class _JsonWriter(_TextWriter):
    """One object a line (https://jsonlines.org), its members in the order of the columns."""

    def __init__(self, path: Path, table: Table) -> None:
        super().__init__(path, table, "null", '"{}"')

    def quoted(self, value: str) -> str:
        return json.dumps(value, ensure_ascii=False)

    def frame(self) -> list[str]:
        names = [json.dumps(field.name) + ":" for field in self._fields]
        return ["{" + names[0], *("," + name for name in names[1:]), "}\n"]


class _ParquetWriter:
    """Parquet with zstd; unit and meaning stand in the metadata of each column."""

    def __init__(self, path: Path, table: Table, about: Mapping[str, str]) -> None:
        pa, parquet = package("pyarrow"), package("pyarrow.parquet")
        self._pa, self._fields = pa, table.fields
        self._schema = parquet_schema(table, about)
        self._writer = parquet.ParquetWriter(path, self._schema, compression="zstd")

    def prepare(self, block: Block) -> Any:  # noqa: ANN401
        columns = [
            arrow(block[field.name], field).cast(kind.type)
            for field, kind in zip(self._fields, self._schema, strict=True)
        ]
        return self._pa.Table.from_arrays(columns, schema=self._schema)

    def write(self, prepared: Any) -> None:  # noqa: ANN401
        self._writer.write_table(prepared)

    def close(self) -> None:
        self._writer.close()


def parquet_schema(table: Table, about: Mapping[str, str]) -> Any:  # noqa: ANN401
    """The schema of a table, with `unit` and `long_name` of each column and `about` as metadata."""
    pa = package("pyarrow")
    return pa.schema(
        [
            pa.field(
                field.name,
                _arrow_type(field),
                metadata={"unit": field.unit, "long_name": field.meaning},
            )
            for field in table.fields
        ],
        metadata=dict(about),
    )


def write_grid(file: Any, name: str, variable: xr.Variable, notes: Mapping[str, str]) -> None:  # noqa: ANN401
    """Writes a variable of any dimensions to a netCDF file.

    Args:
        file: An open file of h5netcdf, with its dimensions.
        name: What to call it.
        variable: Its dimensions and values.
        notes: Its attributes.
    """
    import h5py

    values = variable.values
    is_text = values.dtype.kind in "OU"
    packed: dict[str, Any] = {}
    if values.dtype.kind == "f" and values.ndim > 1:
        packed = {"fillvalue": np.nan, **_PACKED}
    kind = h5py.string_dtype() if is_text else values.dtype
    written = file.create_variable(name, variable.dims, kind, **packed)
    if values.size:
        written[...] = values.astype(object) if is_text else values
    written.attrs.update(notes)


class _NetcdfWriter:
    """netCDF-4 by the CF conventions; a table is one dimension, which grows by each block."""

    def __init__(self, path: Path, table: Table, about: Mapping[str, str]) -> None:
        self._fields, self._dimension = table.fields, table.row
        self._file = package("h5netcdf").File(path, "w")
        self._file.dimensions[self._dimension] = None
        self._rows, self._begun = 0, False
        self._file.attrs.update(about)

    def _begin(self, field: Field, chunk: int) -> None:
        import h5py

        # Names of categories and yes or no are numbers with their names beside them.
        special = {"category": "i2", "flag": "i1", "text": h5py.string_dtype()}
        kind = np.dtype(special.get(field.type, field.type))
        packed = {} if field.type == "text" else _PACKED
        fill = {"u4": np.uint32(NONE), "f4": np.float32(np.nan), "f8": np.nan}.get(field.type)
        variable = self._file.create_variable(
            field.name, (self._dimension,), kind, fillvalue=fill, chunks=(chunk,), **packed
        )
        variable.attrs.update({"units": field.unit, "long_name": field.meaning})
        names = field.categories if field.type == "category" else ("false", "true")
        if field.type in ("category", "flag"):
            variable.attrs["flag_values"] = np.arange(len(names), dtype=kind)
            variable.attrs["flag_meanings"] = " ".join(name.replace(" ", "_") for name in names)

    def prepare(self, block: Block) -> Block:
        return block

    def write(self, prepared: Block) -> None:
        block = prepared
        count = len(next(iter(block.values())))
        self._begin_all(max(1, min(count, _CHUNK_ROWS)))
        first, self._rows = self._rows, self._rows + count
        self._file.resize_dimension(self._dimension, self._rows)
        for field in self._fields:
            values = block[field.name]
            if isinstance(values, pd.Categorical):
                order = [field.categories.index(str(name)) for name in values.categories]
                values = np.asarray(order, dtype=np.int16)[np.asarray(values.codes)]
            elif field.type == "text":
                values = np.asarray([str(value) for value in values], dtype=object)
            self._file.variables[field.name][first : self._rows] = values

    def close(self) -> None:
        self._begin_all(1)  # of a table without rows
        self._file.close()

    def _begin_all(self, chunk: int) -> None:
        """A chunk is no longer than the first block, or small tables would be large files."""
        if not self._begun:
            self._begun = True
            for field in self._fields:
                self._begin(field, chunk)
