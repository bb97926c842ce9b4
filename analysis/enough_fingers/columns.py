"""Columns of a results file: what the file itself says about them, and holding values to it.

Names, units, meanings, categories and bounds come from the file's attributes and are never listed
here, so a new column in the C++ declarations needs no change in Python.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from enough_fingers.errors import DamagedFileError

if TYPE_CHECKING:
    from enough_fingers.sources import Source

_SHARE = (0.0, 1.0)
# A mean of shares may pass 1 by rounding.
_SLACK = 1e-6

Values = npt.NDArray[Any]


@dataclass(frozen=True)
class Column:
    """What a source says about one column.

    Attributes:
        name: The quantity's name, the same in JSON, C++ and HDF5.
        units: Its unit; "1" for a pure number.
        long_name: Its meaning.
        valid_range: Lowest and highest value that may occur, where declared; 0 to 1 for a share.
        codes: Names of the codes of a category; empty for a quantity.
        masks: Names of the bits of a column of flags; empty otherwise.
        pointer: JSON pointer of the parameter that a factor varies; empty otherwise.
        shape: (rows,), or (runs, times) of a quantity over time.
        dtype: Type of its values as they are kept; `object` for texts.
    """

    name: str
    units: str = "1"
    long_name: str = ""
    valid_range: tuple[float, float] | None = None
    codes: dict[int, str] = field(default_factory=dict)
    masks: dict[int, str] = field(default_factory=dict)
    pointer: str = ""
    shape: tuple[int, ...] = ()
    dtype: np.dtype[Any] = field(default_factory=lambda: np.dtype("f8"))

    @property
    def is_text(self) -> bool:
        """Whether its values are texts."""
        return self.dtype.kind == "O"


def damaged(where: object, what: str) -> DamagedFileError:
    """The error for a file that contradicts itself.

    Args:
        where: The file, or what else the values come from.
        what: What is wrong with it.
    """
    return DamagedFileError(
        f"{where}: {what}. Nothing was taken from it. Restore the file from a copy, or make it "
        "anew: the same `fingers run` with --overwrite gives the same results."
    )


def text(value: object) -> str:
    """An attribute or scalar as text; HDF5 readers hand out bytes or str."""
    if isinstance(value, bytes):
        return value.decode("utf-8")
    return str(value)


def describe(
    name: str, attributes: Mapping[str, Any], shape: tuple[int, ...], dtype: np.dtype[Any]
) -> Column:
    """Collects what the attributes of a column say (see the data dictionary).

    Args:
        name: Its name.
        attributes: `units`, `long_name`, `valid_range`, `flag_values`, `flag_masks`,
            `flag_meanings`, `pointer`, each where there is one; others are left alone.
        shape: Of its values.
        dtype: Of its values; `object` for texts.

    Returns:
        The column.

    Raises:
        ValueError: When flags and their names differ in number.
    """
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
        shape=shape,
        dtype=dtype,
    )


def _pair(bounds: Any) -> tuple[float, float] | None:  # noqa: ANN401
    return None if bounds is None else (float(bounds[0]), float(bounds[1]))


def _named(attributes: Mapping[str, Any], key: str, names: list[str]) -> dict[int, str]:
    if key not in attributes:
        return {}
    codes = [int(code) for code in np.atleast_1d(attributes[key])]
    if len(codes) != len(names):
        raise ValueError(f"{key} and flag_meanings differ in length")
    return dict(zip(codes, names, strict=True))


def read_json(source: Source, name: str) -> dict[str, Any]:
    """A text of a source that holds a JSON object.

    Raises:
        DamagedFileError: When it is not there, or is none.
    """
    try:
        content = json.loads(source.text(name))
    except ValueError as error:
        raise damaged(source.name, f"/{name} cannot be read ({error})") from error
    if not isinstance(content, dict):
        raise damaged(source.name, f"/{name} is not a JSON object")
    return content


def table_columns(source: Source, group: str, length: int) -> dict[str, Column]:
    """The one-dimensional columns of a group.

    Args:
        source: Where they are.
        group: Its name.
        length: How many rows each must have.

    Returns:
        Columns by name, in the order of the file.

    Raises:
        DamagedFileError: When a column has another length.
    """
    columns = source.columns(group)
    for name, column in columns.items():
        if column.shape[:1] != (length,):
            raise damaged(
                source.name, f"/{group}/{name} has shape {column.shape}, not {length} rows"
            )
    return columns


def grid_columns(source: Source, group: str, length: int) -> dict[str, Column]:
    """The quantities [run, time] of a group; its coordinates are left out.

    Args:
        source: Where they are.
        group: Its name.
        length: How many runs each must have.

    Returns:
        Columns by name, in the order of the file.

    Raises:
        DamagedFileError: When a quantity has another shape.
    """
    described = source.columns(group)
    if "time" not in described:
        raise damaged(source.name, f"/{group}/time is not there")
    shape = (length, *described["time"].shape)
    columns = {name: column for name, column in described.items() if len(column.shape) > 1}
    for name, column in columns.items():
        if column.shape != shape:
            raise damaged(source.name, f"/{group}/{name} has shape {column.shape}, not {shape}")
    return columns


def held(values: Values, column: Column, place: str, where: str) -> Values:
    """Holds values to the declared bounds (NaN is "none", never out of bounds).

    Args:
        values: As they were read.
        column: What is declared.
        place: Group and name, for messages.
        where: The source, for messages.

    Returns:
        The same values.

    Raises:
        DamagedFileError: When a value lies outside.
    """
    if column.valid_range is not None and values.size:
        low, high = column.valid_range
        # fmin and fmax leave NaN out; an infinite bound of a float column is no bound.
        if np.fmin.reduce(values, axis=None) < low - _SLACK or (
            np.fmax.reduce(values, axis=None) > high + _SLACK
        ):
            raise damaged(where, f"{place} holds values outside {low:g} to {high:g}")
    return values


def framed(values: Values, column: Column, place: str, where: str) -> Values | pd.Categorical[str]:
    """Values the way a data frame wants them: names for codes, all held to their bounds.

    Args:
        values: As they were read.
        column: What is declared.
        place: Group and name, for messages.
        where: The source, for messages.

    Raises:
        DamagedFileError: When a value lies outside its bounds, or has no name.
    """
    if column.is_text:
        return values
    values = held(values, column, place, where)
    if not column.codes:
        return values
    return pd.Categorical.from_codes(
        positions(values, column, place, where), categories=pd.Index(list(column.codes.values()))
    )


def positions(values: Values, column: Column, place: str, where: str) -> Values:
    """Codes of a category as places in the list of its names.

    Args:
        values: Codes, as they were read.
        column: What is declared.
        place: Group and name, for messages.
        where: The source, for messages.

    Raises:
        DamagedFileError: When a code has no name.
    """
    n = len(column.codes)
    small = np.int8 if n <= np.iinfo(np.int8).max else np.int16
    if values.dtype == np.uint8 and small is np.int8 and list(column.codes) == list(range(n)):
        found: Values = values.view(np.int8)  # the codes are the places
        unknown = values.size > 0 and int(values.max()) >= n
    else:
        order = np.full(int(values.max(initial=0)) + 1, -1, dtype=small)
        for position, code in enumerate(column.codes):
            if code < order.size:
                order[code] = position
        found = order[values]
        unknown = found.size > 0 and int(found.min()) < 0
    if unknown:
        raise damaged(where, f"{place} holds codes that its dictionary does not name")
    return found
