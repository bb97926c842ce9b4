"""Columns of the HDF5 file: what the file itself says about them, and reading them with checks.

Names, units, meanings, categories and bounds come from the file's attributes and are never listed
here, so a new column in the C++ declarations needs no change in Python.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import numpy.typing as npt
import pandas as pd

from enough_fingers.errors import DamagedFileError, RunFileError

# netCDF's mark for a dimension that has no coordinate: such a dataset holds no data.
_BARE_DIMENSION = "This is a netCDF dimension but not a netCDF variable"
_SHARE = (0.0, 1.0)
# A mean of shares may pass 1 by rounding.
_SLACK = 1e-6


@dataclass(frozen=True)
class Column:
    """What the file says about one column.

    Attributes:
        name: The quantity's name, the same in JSON, C++ and HDF5.
        units: Its unit; "1" for a pure number.
        long_name: Its meaning.
        valid_range: Lowest and highest value that may occur, where declared; 0 to 1 for a share.
        codes: Names of the codes of a category; empty for a quantity.
        masks: Names of the bits of a column of flags; empty otherwise.
        pointer: JSON pointer of the parameter that a factor varies; empty otherwise.
    """

    name: str
    units: str
    long_name: str
    valid_range: tuple[float, float] | None
    codes: dict[int, str]
    masks: dict[int, str]
    pointer: str


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


def damaged(path: Path, what: str) -> DamagedFileError:
    """The error for a file that contradicts itself."""
    return DamagedFileError(
        f"{path}: {what}. Nothing was taken from it. Restore the file from a copy, or make it "
        "anew: the same `fingers run` with --overwrite gives the same results."
    )


def text(value: object) -> str:
    """An attribute or scalar as text; HDF5 readers hand out bytes or str."""
    if isinstance(value, bytes):
        return value.decode("utf-8")
    return str(value)


def read_json(file: h5py.File, name: str, path: Path) -> dict[str, Any]:
    """A scalar text dataset that holds a JSON object."""
    if name not in file:
        raise damaged(path, f"/{name} is not there")
    content = json.loads(text(file[name][()]))
    if not isinstance(content, dict):
        raise damaged(path, f"/{name} is not a JSON object")
    return content


def describe(name: str, dataset: h5py.Dataset) -> Column:
    """Collects what the attributes of a dataset say."""
    attributes = dataset.attrs
    names = text(attributes["flag_meanings"]).split() if "flag_meanings" in attributes else []
    bounds = attributes.get("valid_range")
    units = text(attributes.get("units", "1"))
    return Column(
        name=name,
        units=units,
        long_name=text(attributes.get("long_name", name)),
        valid_range=_SHARE if bounds is None and units == "share" else _pair(bounds),
        codes=_named(attributes, "flag_values", names),
        masks=_named(attributes, "flag_masks", names),
        pointer=text(attributes.get("pointer", "")),
    )


def _pair(bounds: Any) -> tuple[float, float] | None:  # noqa: ANN401
    return None if bounds is None else (float(bounds[0]), float(bounds[1]))


def _named(attributes: Any, key: str, names: list[str]) -> dict[int, str]:  # noqa: ANN401
    if key not in attributes:
        return {}
    codes = [int(code) for code in np.atleast_1d(attributes[key])]
    if len(codes) != len(names):
        raise ValueError(f"{key} and flag_meanings differ in length")
    return dict(zip(codes, names, strict=True))


def group_columns(group: h5py.Group, length: int, path: Path) -> dict[str, Column]:
    """Describes the one-dimensional columns of a group.

    Args:
        group: Where the columns are.
        length: How many rows each must have.
        path: The file, for messages.

    Returns:
        Columns by name, in the order of the file.

    Raises:
        DamagedFileError: When a column has another length.
    """
    columns = {}
    for name, dataset in group.items():
        if not isinstance(dataset, h5py.Dataset) or _is_bare_dimension(dataset):
            continue
        if dataset.shape[:1] != (length,):
            raise damaged(path, f"{dataset.name} has shape {dataset.shape}, not {length} rows")
        columns[name] = describe(name, dataset)
    return columns


def grid_columns(group: h5py.Group, length: int, path: Path) -> dict[str, Column]:
    """Describes the quantities [run, time] of a group; its coordinates are left out.

    Args:
        group: Where the quantities are.
        length: How many runs each must have.
        path: The file, for messages.

    Returns:
        Columns by name, in the order of the file.

    Raises:
        DamagedFileError: When a quantity has another shape.
    """
    shape = (length, len(group["time"]))
    columns = {}
    for name, dataset in group.items():
        if not isinstance(dataset, h5py.Dataset) or dataset.ndim < 2:
            continue
        if dataset.shape != shape:
            raise damaged(path, f"{dataset.name} has shape {dataset.shape}, not {shape}")
        columns[name] = describe(name, dataset)
    return columns


def _is_bare_dimension(dataset: h5py.Dataset) -> bool:
    return text(dataset.attrs.get("NAME", "")).startswith(_BARE_DIMENSION)


def read_values(group: h5py.Group, column: Column, path: Path) -> npt.NDArray[Any]:
    """Reads a column and holds it to its declared bounds (NaN is "none", never out of bounds)."""
    values: npt.NDArray[Any] = group[column.name][:]
    if column.valid_range is not None and values.size:
        low, high = column.valid_range
        # An infinite bound of a float column is no bound; NaN compares false and so passes.
        if bool(np.any((values < low - _SLACK) | (values > high + _SLACK))):
            raise damaged(
                path,
                f"{group.name}/{column.name} holds values outside {low:g} to {high:g}",
            )
    return values


def read_frame_column(
    group: h5py.Group, column: Column, path: Path
) -> npt.NDArray[Any] | pd.Categorical[str]:
    """Reads a column the way a data frame wants it: names for codes, text as str."""
    dataset = group[column.name]
    if h5py.check_string_dtype(dataset.dtype) is not None:
        return np.asarray(dataset.asstr()[:], dtype=object)
    values = read_values(group, column, path)
    if not column.codes:
        return values
    order = np.full(int(values.max(initial=0)) + 1, -1, dtype=np.int64)
    for position, code in enumerate(column.codes):
        if code < order.size:
            order[code] = position
    positions = order[values]
    if bool(np.any(positions < 0)):
        raise damaged(path, f"{dataset.name} holds codes that its dictionary does not name")
    return pd.Categorical.from_codes(positions, categories=pd.Index(list(column.codes.values())))
