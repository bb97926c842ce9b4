"""Quantities over time as xarray, each read when its values are first asked for.

Each variable knows where its runs stand in the source; xarray asks it for values when they are
needed, so that a large file is opened at once, and of what is selected only that is read.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import xarray as xr
from xarray.backends import BackendArray
from xarray.core import indexing

from enough_fingers.columns import Column, Values, grid_columns, held
from enough_fingers.sources import Source
from enough_fingers.structure import Factor

# A grid may be so many times larger than what is in it, unless it is small.
_MOST_EMPTY = 8
_SMALL = 4096
# Rows no further apart are read as one: a chunk of a file holds so many runs, of a quantity over
# time and of an outcome.
_GAP_ROWS, _GAP_OUTCOMES = 512, 65536
_NOWHERE = -1


class _Lazy(BackendArray):
    """One quantity over time, its runs laid out in any shape."""

    def __init__(
        self, source: Source, column: Column, rows: npt.NDArray[np.int64], times: slice
    ) -> None:
        self._source, self._column, self._rows, self._times = source, column, rows, times
        n_times = len(range(*times.indices(column.shape[1])))
        self.shape = (*rows.shape, n_times)
        self.dtype = column.dtype if column.dtype.kind == "f" else np.dtype("f8")

    def __getitem__(self, key: indexing.ExplicitIndexer) -> Any:  # noqa: ANN401
        return indexing.explicit_indexing_adapter(
            key, self.shape, indexing.IndexingSupport.OUTER, self._read
        )

    def _read(self, key: tuple[Any, ...]) -> Values:
        """Values of some of the runs; NaN where there is none."""
        rows = self._rows
        for axis in reversed(range(rows.ndim)):
            rows = rows[(slice(None),) * axis + (key[axis],)]
        values = np.full((*rows.shape, self.shape[-1]), np.nan, self.dtype)
        wanted, place = np.unique(rows, return_inverse=True)
        place = place.reshape(rows.shape)
        there = rows != _NOWHERE
        if wanted.size and wanted[0] == _NOWHERE:
            wanted, place = wanted[1:], place - 1
        found = read_rows(self._source, "series", [self._column], wanted)[self._column.name]
        values[there] = found[:, self._times][place[there]]
        return np.asarray(values[..., key[-1]])


def read_rows(
    source: Source, group: str, columns: Iterable[Column], rows: npt.NDArray[np.int64]
) -> dict[str, Values]:
    """Some rows of columns, held to their bounds.

    Args:
        source: Where they are.
        group: Their group.
        columns: What is declared.
        rows: Which, rising, each once.

    Returns:
        Values by column, in the order of `rows`.

    Raises:
        DamagedFileError: When a value lies outside the declared bounds, or cannot be read.
    """
    described = {column.name: column for column in columns}
    parts: dict[str, list[Values]] = {name: [] for name in described}
    flat = all(len(column.shape) == 1 for column in described.values())
    gap = _GAP_OUTCOMES if flat else _GAP_ROWS
    for near in np.split(rows, np.flatnonzero(np.diff(rows) > gap) + 1):
        first, last = (int(near[0]), int(near[-1]) + 1) if near.size else (0, 0)
        for name, values in source.read(group, described, first, last).items():
            wanted = values if near.size == last - first else values[near - first]
            parts[name].append(held(wanted, described[name], f"/{group}/{name}", source.name))
    return {
        name: found[0] if len(found) == 1 else np.concatenate(found)
        for name, found in parts.items()
    }


def by_run(
    source: Source, keys: pd.DataFrame, n_runs: int, years: tuple[float, float] | None
) -> xr.Dataset:
    """Every quantity with the dimensions (run, time).

    Args:
        source: Where they are.
        keys: Regime, point and replicate of the wanted runs; its index holds their numbers.
        n_runs: How many runs the source has.
        years: From (included) and to (left out); all where None.

    Returns:
        The quantities; nothing of them is read yet.
    """
    coordinates = {
        "run": keys.index.to_numpy(),
        "regime": ("run", keys["regime"].astype(object).to_numpy()),
        "point": ("run", keys["point"].to_numpy()),
        "replicate": ("run", keys["replicate"].to_numpy()),
    }
    rows = keys.index.to_numpy(np.int64)
    return _dataset(source, (("run",), rows), coordinates, n_runs, years)


def by_regime(
    source: Source,
    keys: pd.DataFrame,
    design: tuple[pd.DataFrame, tuple[Factor, ...]],
    sizes: tuple[int, int],
    years: tuple[float, float] | None,
) -> xr.Dataset:
    """Every quantity with the dimensions (regime, world, replicate, time).

    Args:
        source: Where they are.
        keys: Regime, point, replicate and world of the wanted runs; its index holds their numbers.
        design: Wanted points of the design, and the factors.
        sizes: How many runs the source has, and how many the tables could hold.
        years: From (included) and to (left out); all where None.

    Returns:
        The quantities; nothing of them is read yet.

    Raises:
        ValueError: When two points share regime and world, or most of the grid would be empty.
    """
    points, factors = design
    regimes = list(dict.fromkeys(points["regime"].astype(str)))
    worlds, world = np.unique(points["world"].to_numpy(), return_inverse=True)
    replicates, replicate = np.unique(keys["replicate"].to_numpy(), return_inverse=True)
    place = np.full((len(regimes), len(worlds)), _NOWHERE, dtype=np.int64)
    regime = points["regime"].astype(str).map(regimes.index).to_numpy(np.int64)
    _check_fills(len(regimes) * len(worlds) * len(replicates), sizes[1])
    place[regime, world] = points.index.to_numpy()
    if np.count_nonzero(place != _NOWHERE) < len(points):
        raise ValueError(
            "two points of this design have the same regime and the same values of all factors, so "
            "they have no place of their own in `series`; use `series_by_run`"
        )
    at = pd.Index(points.index).get_indexer(pd.Index(keys["point"]))
    rows = np.full((*place.shape, len(replicates)), _NOWHERE, dtype=np.int64)
    rows[regime[at], world[at], replicate] = keys.index.to_numpy()
    first = points.drop_duplicates("world").set_index("world").loc[worlds]
    notes = {factor.name: {"units": factor.units, "pointer": factor.pointer} for factor in factors}
    coordinates: dict[str, Any] = {
        "regime": regimes,
        "world": worlds,
        "replicate": replicates,
        "point": (
            ("regime", "world"),
            place,
            {"long_name": f"point; {_NOWHERE} where there is none"},
        ),
        **{name: ("world", first[name].to_numpy(), about) for name, about in notes.items()},
    }
    return _dataset(source, (("regime", "world", "replicate"), rows), coordinates, sizes[0], years)


def _check_fills(cells: int, n_runs: int) -> None:
    if cells > max(_MOST_EMPTY * n_runs, _SMALL):
        raise ValueError(
            f"laid out by regime, world and replicate, {n_runs} runs would take {cells} places: "
            "the points of this design name regimes of their own; use `series_by_run`, or `select` "
            "some regimes"
        )


def _dataset(
    source: Source,
    layout: tuple[tuple[str, ...], npt.NDArray[np.int64]],
    coordinates: dict[str, Any],
    n_runs: int,
    years: tuple[float, float] | None,
) -> xr.Dataset:
    dims, rows = layout
    described = grid_columns(source, "series", n_runs)
    clock = source.columns("series")["time"]
    time = source.read("series", ["time"])["time"].astype(np.float64)
    first, last = (0, len(time)) if years is None else np.searchsorted(time, years)
    times = slice(int(first), int(last))
    variables = {}
    for name, column in described.items():
        variables[name] = xr.Variable(
            (*dims, "time"), _kept(_Lazy(source, column, rows, times)), _notes(column)
        )
    coordinates["time"] = ("time", time[times], _notes(clock))
    return xr.Dataset(variables, coordinates, {"title": source.attributes().get("title", "")})


def _kept(lazy: _Lazy) -> Any:  # noqa: ANN401
    """What xarray makes of a file of its own: read at first use, then kept."""
    wrap: Any = indexing
    return wrap.MemoryCachedArray(wrap.CopyOnWriteArray(wrap.LazilyIndexedArray(lazy)))


def _notes(column: Column) -> dict[str, str]:
    return {"units": column.units, "long_name": column.long_name}
