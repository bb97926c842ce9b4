"""The frame of a results file: is it ours, and do its tables fit together?

Everything here is small (one row a run or a point) and is read when a file is opened, so that a
damaged file is refused before a number is taken from it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import numpy.typing as npt
import pandas as pd

from enough_fingers.columns import damaged, framed, grid_columns, read_json, table_columns, text
from enough_fingers.errors import ForeignFileError, NewerFileError, NotRecordedError
from enough_fingers.sources import Source

SCHEMA = "enough-fingers"
SCHEMA_VERSION = 1
_STATUS = ("done", "missing", "failed")
# Designs whose values are drawn from ranges; of these, those whose points are drawn one by one.
_DRAWN = ("latin_hypercube", "sobol", "saltelli", "morris")
_SAMPLES = ("latin_hypercube", "sobol")
# Where a point stands among those that are read together (Saltelli, Morris).
_BLOCK = ("base_row", "step", "block")
# What /runs says about a run besides what came out of it.
_BOOKKEEPING = ("point", "replicate", "identity", "status")

#: The ragged tables and the name of their rows; all but the first only where the config asks.
RAGGED = {
    "events": "event",
    "models": "model",
    "model_forms": "model_form",
    "digests": "digest",
}


@dataclass(frozen=True)
class Factor:
    """A parameter that the design varies.

    Attributes:
        name: Its column in `Run.design` and `Run.outcomes`.
        pointer: JSON pointer of the parameter.
        units: Its unit.
    """

    name: str
    pointer: str
    units: str


def check_is_hdf5(path: Path) -> None:
    """Tells a path that leads nowhere, to parts of a run or to another kind of file."""
    parts = path.with_name(path.name + ".parts")
    if path.suffix == ".parts" and path.is_dir():
        whole = path.with_suffix("")
        raise ForeignFileError(
            f"{path}: is the folder of the parts of a batch. `fingers merge {whole.name}` makes a "
            "file of them; so does `fingers run` with --resume, which first makes the runs that "
            "are missing. To look at what is there, open all its .h5 files together: "
            f'open_run(sorted(Path("{path}").glob("*.h5"))).'
        )
    if path.is_dir():
        raise ForeignFileError(f"{path}: is a folder; give the .h5 file that `fingers run` wrote.")
    if not path.exists() and parts.is_dir():
        raise ForeignFileError(
            f"{path}: is not there yet, only parts of it ({parts}). The run goes on, or was "
            "killed; then go on with the same `fingers run` and --resume."
        )
    if not path.exists():
        near = get_close_matches(path.name, _h5_files(path.parent), n=1)
        hint = f" Did you mean {path.with_name(near[0])}?" if near else ""
        raise ForeignFileError(f"{path}: there is no such file.{hint}")
    if not h5py.is_hdf5(path):
        raise ForeignFileError(
            f"{path}: is {_kind_of(path)}. Give the .h5 file that `fingers run` wrote; a copy that "
            "was cut off or changed in transit must be made again."
        )


def _h5_files(folder: Path) -> list[str]:
    return [file.name for file in folder.glob("*.h5")] if folder.is_dir() else []


def _kind_of(path: Path) -> str:
    """What a file that is not HDF5 is, as far as its beginning shows."""
    with path.open("rb") as file:
        beginning = file.read(4)
    if not beginning:
        return "empty"
    if beginning.startswith(b"CDF"):
        return "a NetCDF file of the classic format, not an HDF5 file"
    if beginning == b"PAR1":
        return "a Parquet file, not an HDF5 file"
    return "not an HDF5 file"


def check_schema(source: Source) -> None:
    """Refuses files of others and of newer programs."""
    attributes = source.attributes()
    if attributes.get("schema") != SCHEMA:
        other = str(attributes.get("schema", "")) or "none"
        raise ForeignFileError(
            f"{source.name}: is an HDF5 file, but not of Enough Fingers (its schema is "
            f'"{other}", not "{SCHEMA}"). Give the .h5 file that `fingers run` wrote.'
        )
    version = int(str(attributes.get("schema_version", "0")).split(".")[0])
    if version > SCHEMA_VERSION:
        raise NewerFileError(
            f"{source.name}: has schema version {version}; this package knows {SCHEMA_VERSION}. "
            "Install the enough_fingers that came with the program which wrote it."
        )
    if version < 1:
        raise damaged(source.name, "has no schema version")


def read_design(source: Source) -> tuple[pd.DataFrame, tuple[Factor, ...]]:
    """Reads the points: one row each with name, regime, world and factors.

    Points with the same value of every factor are one world, numbered from 0; but every draw is a
    world of its own, for draws of switches and whole numbers can meet. Of designs that stand in
    blocks also `base_row`, `step` and `block` (see the data dictionary).
    """
    described = source.columns("design")
    for name in ("name", "setting"):
        if name not in described:
            raise damaged(source.name, f"/design/{name} is not there")
    n_points = described["setting"].shape[0]
    table_columns(source, "design", n_points)
    table = {
        name: framed(values, described[name], f"/design/{name}", source.name)
        for name, values in source.read("design", described).items()
    }
    factors = tuple(
        Factor(name, column.pointer, column.units)
        for name, column in described.items()
        if column.pointer
    )
    regimes = list(dict.fromkeys(table["setting"]))
    world = number_worlds([table[factor.name] for factor in factors], n_points)
    n_draws = n_points // max(1, len(regimes))
    kind = text(source.attributes("design").get("kind", ""))
    if kind in _DRAWN and np.unique(world).size < n_draws:
        world = np.arange(n_points, dtype=np.int64) % n_draws
    frame = pd.DataFrame(
        {
            "name": table["name"],
            "regime": pd.Categorical(table["setting"], categories=regimes),
            "world": world,
            **{name: table[name] for name in _BLOCK if name in table},
            **{factor.name: table[factor.name] for factor in factors},
        }
    )
    return frame.rename_axis(index="point"), factors


def number_worlds(factors: list[Any], n_points: int) -> npt.NDArray[np.int64]:
    """Numbers the combinations of factor values, from 0; one value a point in each of `factors`."""
    if not factors:
        return np.zeros(n_points, dtype=np.int64)
    columns = np.column_stack([np.asarray(values, dtype=np.float64) for values in factors])
    return np.asarray(np.unique(columns, axis=0, return_inverse=True)[1].reshape(-1))


def is_sampled(design: pd.DataFrame, factors: tuple[Factor, ...], config: dict[str, Any]) -> bool:
    """Whether the worlds are a sample of ranges, drawn one by one, and not settings of a plan.

    The config says so; where it does not, or lists points, a design with fewer combinations than
    its factors have is one. Worlds of Saltelli's and Morris's designs share their values in groups:
    they are a plan, and intervals that drew them one by one would be too narrow.
    """
    experiment = config.get("experiment")
    kind = experiment.get("design") if isinstance(experiment, dict) else None
    if kind not in (None, "csv") or design.empty:
        return kind in _SAMPLES
    combinations = math.prod(design[factor.name].nunique() for factor in factors)
    return int(design["world"].nunique()) < combinations


def read_runs(source: Source, design: pd.DataFrame) -> pd.DataFrame:
    """Reads what /runs says about each run besides what came out of it."""
    described = source.columns("runs")
    rows = ragged_rows(source)
    asked = [*_BOOKKEEPING, *(f"{row}_{part}" for row in rows for part in ("start", "count"))]
    missing = [name for name in asked if name not in described]
    if missing:
        raise damaged(source.name, f"/runs has no column {', '.join(missing)}")
    table_columns(source, "runs", described["point"].shape[0])
    table = source.read("runs", asked)
    _check_runs(table, len(design), source.name)
    for row in rows:
        _check_starts(table[f"{row}_start"], table[f"{row}_count"], row, source.name)
    status = pd.Categorical.from_codes(table.pop("status").astype(np.int64), pd.Index(_STATUS))
    frame = pd.DataFrame({"status": status, **table}).rename_axis(index="run")
    frame.insert(0, "regime", design["regime"].take(frame["point"].to_numpy()).array)
    return frame


def ragged_rows(source: Source) -> list[str]:
    """Names of the rows of the ragged tables that a source has."""
    return [row for name, row in RAGGED.items() if name in source.groups()]


def _check_runs(table: dict[str, Any], n_points: int, where: str) -> None:
    point = table["point"].astype(np.int64)
    replicate = table["replicate"].astype(np.int64)
    if point.size and int(point.max()) >= n_points:
        raise damaged(where, "/runs/point names a point that /design does not have")
    step = np.diff(point)
    if bool(np.any((step < 0) | ((step == 0) & (np.diff(replicate) <= 0)))):
        raise damaged(where, "/runs is not in order of point and replicate, each once")
    if table["status"].size and int(table["status"].max()) >= len(_STATUS):
        raise damaged(where, "/runs/status holds an unknown status")


def _check_starts(starts: npt.NDArray[Any], counts: npt.NDArray[Any], row: str, where: str) -> None:
    ends = np.cumsum(counts.astype(np.uint64))
    some = counts > 0  # a run without rows starts nowhere
    if not np.array_equal(starts[some], (ends - counts)[some]):
        raise damaged(where, f"/runs/{row}_start and {row}_count disagree")


def check_counts(source: Source, runs: pd.DataFrame) -> None:
    """Holds the lengths of all tables to what /runs and the root attributes say."""
    attributes = source.attributes()
    lengths = {"n_runs": len(runs)}
    for name, row in RAGGED.items():
        if name in source.groups():
            lengths[f"n_{name}"] = int(runs[f"{row}_count"].sum())
            table_columns(source, name, lengths[f"n_{name}"])
    grid_columns(source, "series", len(runs))
    for name, found in lengths.items():
        if name in attributes and int(attributes[name]) != found:
            raise damaged(source.name, f"says {name} = {attributes[name]} but holds {found}")


def replicates_of(source: Source) -> int:
    """How many replicates of each point a batch asks for; 0 where its provenance does not say."""
    design = read_json(source, "provenance").get("design")
    return int(design.get("replicates", 0)) if isinstance(design, dict) else 0


def parameters_of(
    provenance: Mapping[str, Any], factors: Sequence[Factor], where: str
) -> pd.DataFrame:
    """The parameters that a provenance lists, by pointer; see `Run.parameters`."""
    listed = provenance.get("parameters")
    if not isinstance(listed, list):
        raise NotRecordedError(
            f"{where}: does not list its parameters. The config is in `config`; `fingers explain` "
            "prints each of its values with unit, range and source."
        )
    varied = {factor.pointer for factor in factors}
    frame = pd.DataFrame(
        {
            "value": pd.Series([row.get("value") for row in listed], dtype=object),
            "unit": pd.Series([row.get("unit", "") for row in listed], dtype=object),
            "low": pd.Series([row.get("low") for row in listed], dtype=np.float64),
            "high": pd.Series([row.get("high") for row in listed], dtype=np.float64),
            "source": pd.Series([row.get("source", "") for row in listed], dtype=object),
            "meaning": pd.Series([row.get("meaning", "") for row in listed], dtype=object),
        }
    )
    pointers = [str(row.get("pointer", "")) for row in listed]
    frame["varied"] = [pointer in varied for pointer in pointers]
    return frame.set_axis(pd.Index(pointers, name="pointer"))
