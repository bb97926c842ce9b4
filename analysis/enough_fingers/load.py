"""Opens a results file and hands out its tables as pandas and xarray.

`open_run` checks that the file is ours, is not newer than this package, and does not contradict
itself; the big tables are read when first asked for. The file format is described in the data
dictionary that every file carries (`Run.schema`).
"""

from __future__ import annotations

import warnings
from collections.abc import Hashable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import xarray as xr

from enough_fingers.columns import (
    Column,
    damaged,
    framed,
    grid_columns,
    held,
    read_json,
    table_columns,
    text,
)
from enough_fingers.errors import IncompleteRunWarning, NotRecordedError
from enough_fingers.sources import FileSource, Source
from enough_fingers.structure import (
    RAGGED,
    Factor,
    check_counts,
    check_is_hdf5,
    check_schema,
    is_sampled,
    read_design,
    read_runs,
)

#: "Not there" in an identity column (`agent`, `model`, `parent`, `root`, `flaw`, `cause`).
NONE = 0xFFFFFFFF


@dataclass(frozen=True)
class Run:
    """One results file. Made by `open_run`; tables are read when first asked for and then kept.

    Attributes:
        source: Where its columns come from.
        complete: False when replicates are missing or failed.
        attributes: Root attributes: title, seeds, versions, digests.
        config: The resolved config.
        provenance: What decides the numbers, with every assumed value.
        schema: The data dictionary as the file carries it.
        design: One row a point: name, regime, world and one column for each factor.
        factors: The parameters that vary over the design.
        runs: One row a run, finished or not: regime, point, replicate, status and bookkeeping.
        selected: Which of the runs the tables below hold; all where None.
    """

    source: Source = field(repr=False)
    complete: bool
    attributes: dict[str, Any]
    config: dict[str, Any]
    provenance: dict[str, Any]
    schema: dict[str, Any]
    design: pd.DataFrame = field(repr=False)
    factors: tuple[Factor, ...]
    runs: pd.DataFrame = field(repr=False)
    selected: npt.NDArray[np.bool_] | None = field(default=None, repr=False)

    @property
    def path(self) -> Path:
        """Where the file is (the first of several; the name of a source that is none)."""
        return self.paths[0] if self.paths else Path(self.source.name)

    @property
    def paths(self) -> tuple[Path, ...]:
        """All files; none where the run never was on disk."""
        return self.source.paths

    @property
    def regimes(self) -> list[str]:
        """Names of the regimes, in the order of the design."""
        return list(dict.fromkeys(self.design["regime"]))

    @cached_property
    def outcomes(self) -> pd.DataFrame:
        """One row a finished run: regime, point, replicate, world, factors, then every outcome.

        `attrs` holds `units`, `long_name` and `valid_range` by column, the names of `factors` and
        `outcomes`, and whether the worlds are `sampled`. NaN means "none" (no catastrophe, never
        seen), never "missing".
        """
        described = table_columns(self.source, "runs", len(self.runs))
        names = text(self.source.attributes("runs").get("columns", "")).split()
        missing = [name for name in names if name not in described]
        if missing:
            raise damaged(self.source.name, f"/runs has no column {', '.join(missing)}")
        outcomes = {name: described[name] for name in names}
        table = {
            name: held(values, outcomes[name], f"/runs/{name}", self.source.name)
            for name, values in self.source.read("runs", names).items()
        }
        clash = set(table) & {"regime", "world", *(factor.name for factor in self.factors)}
        if clash:
            raise damaged(self.source.name, f"{sorted(clash)} names both a factor and an outcome")
        frame = self._keys().join(pd.DataFrame(table, index=self.runs.index))
        frame = frame[self._finished()]
        for name, column in outcomes.items():
            finite = np.isfinite(frame[name]) | np.isnan(frame[name])
            if column.valid_range is None and not bool(finite.all()):
                raise damaged(self.source.name, f"/runs/{name} holds an infinite value")
        frame.attrs = _frame_attributes(outcomes)
        frame.attrs["factors"] = [factor.name for factor in self.factors]
        frame.attrs["outcomes"] = list(outcomes)
        frame.attrs["sampled"] = is_sampled(self.design, self.factors, self.config)
        return frame

    @cached_property
    def series(self) -> xr.Dataset:
        """Quantities over time of finished runs, dimensions (run, time); time in calendar years.

        Coordinates `regime`, `point` and `replicate` belong to `run`.
        """
        finished = self._finished()
        keys = self._keys()[finished]
        described = grid_columns(self.source, "series", len(self.runs))
        clock = self.source.columns("series")["time"]
        time = self.source.read("series", ["time"])["time"].astype(np.float64)
        variables = {}
        for name, column in described.items():
            values = self.source.read("series", [name])[name]
            values = held(values, column, f"/series/{name}", self.source.name)[finished]
            notes = {"units": column.units, "long_name": column.long_name}
            variables[name] = (("run", "time"), values, notes)
        coordinates = {
            "run": keys.index.to_numpy(),
            "time": ("time", time, {"units": clock.units, "long_name": clock.long_name}),
            "regime": ("run", keys["regime"].astype(object).to_numpy()),
            "point": ("run", keys["point"].to_numpy()),
            "replicate": ("run", keys["replicate"].to_numpy()),
        }
        return xr.Dataset(variables, coordinates, {"title": self.attributes.get("title", "")})

    @cached_property
    def series_by_point(self) -> xr.Dataset:
        """`series` with dimensions (point, replicate, time); NaN where a run is not there.

        Coordinate `regime` belongs to `point`, so `.groupby("regime")` and `.sel` work.
        """
        series = self.series
        index = pd.MultiIndex.from_arrays(
            [series["point"].to_numpy(), series["replicate"].to_numpy()],
            names=("point", "replicate"),
        )
        flat = series.drop_vars(["run", "regime", "point", "replicate"])
        flat = flat.assign_coords(xr.Coordinates.from_pandas_multiindex(index, "run"))
        regimes = self.design["regime"].reindex(index.levels[0]).astype(object).to_numpy()
        grid = flat.unstack("run").transpose("point", "replicate", "time")
        return grid.assign_coords(regime=("point", regimes))

    @cached_property
    def events(self) -> pd.DataFrame:
        """Every event of every finished run, with regime, point and replicate.

        Categories carry the names of their dictionary; each flag is a column of its own
        (`averted`, …). Sums of harm leave averted events out. Identities that are not there are
        `NONE`. `run` is the index of `outcomes`. `attrs` holds `units` and `long_name`.
        """
        return self._ragged("events", time="time")

    @cached_property
    def models(self) -> pd.DataFrame:
        """Every model of every finished run: who made it from what, and what became of it.

        `model` is its number within the run, which `parent`, `root` and the `model` of events and
        of `model_forms` refer to; a base has the parent `NONE`. A derivative is always as far out
        as its root.

        Raises:
            NotRecordedError: When the config did not ask for `"output": {"models": true}`.
        """
        frame = self._ragged("models", time="release_year")
        place = int(np.flatnonzero(frame.columns == "run")[0]) + 1
        frame.insert(place, "model", frame.groupby("run").cumcount().to_numpy())
        frame.attrs["units"]["model"] = "1"
        frame.attrs["long_name"]["model"] = "number of the model in the replicate"
        frame.attrs["valid_range"]["model"] = None
        return frame

    @cached_property
    def model_forms(self) -> pd.DataFrame:
        """Every change of form of a base model after its first day, in order of run and time.

        Raises:
            NotRecordedError: When the config did not ask for `"output": {"models": true}`.
        """
        return self._ragged("model_forms", time="time")

    @cached_property
    def catastrophic_harm_musd(self) -> pd.Series[float]:
        """Harm of catastrophic events of every finished run, M$, by `run`; zeros where none.

        Reads two columns of the events and not the whole table.
        """
        flagged = self.source.columns("events").get("flags")
        masks = {name: mask for mask, name in flagged.masks.items()} if flagged else {}
        if not {"catastrophic", "averted"} <= set(masks):
            raise damaged(
                self.source.name, "/events/flags does not say which events are catastrophic"
            )
        read = self.source.read("events", ["flags", "severity_musd"])
        flags, harm = read["flags"], read["severity_musd"].astype(np.float64)
        counted = ((flags & masks["catastrophic"]) != 0) & ((flags & masks["averted"]) == 0)
        rows = np.repeat(np.arange(len(self.runs)), self.runs["event_count"].to_numpy())
        total = np.bincount(rows[counted], harm[counted], minlength=len(self.runs))
        return pd.Series(total, index=self.runs.index)[self._finished()]

    def _ragged(self, name: str, time: str) -> pd.DataFrame:
        """A ragged table of finished runs, with regime, point and replicate.

        Args:
            name: Its group.
            time: The column that must hold times.
        """
        if name not in self.source.groups():
            raise NotRecordedError(
                f"{self.source.name}: has no table /{name}, for its config did not ask for one. "
                "Run it again with `--set /output/models=true`, or "
                '"output": {"models": true}.'
            )
        counts = self.runs[f"{RAGGED[name]}_count"].to_numpy()
        described = table_columns(self.source, name, int(counts.sum()))
        table: dict[str, Any] = {}
        for key, values in self.source.read(name, described).items():
            column = described[key]
            table[key] = framed(values, column, f"/{name}/{key}", self.source.name)
            for mask, flag in column.masks.items():
                table[flag] = (values & mask) != 0
        rows = np.repeat(np.arange(len(self.runs)), counts)
        if not np.array_equal(table["run"], rows):
            raise damaged(self.source.name, f"/{name}/run and the counts in /runs disagree")
        if not bool(np.isfinite(table[time]).all()):
            raise damaged(self.source.name, f"/{name}/{time} holds a value that is no time")
        keys = {key: self.runs[key].take(rows).array for key in ("regime", "point", "replicate")}
        frame = pd.DataFrame(keys | table, copy=False)
        if not bool(self._finished().all()):
            frame = frame[self._finished()[rows]].reset_index(drop=True)
        frame.attrs = _frame_attributes(described)
        return frame

    def _finished(self) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Runs that the tables hold: finished, and selected."""
        finished = np.asarray(self.runs["status"] == "done", dtype=np.bool_)
        return finished if self.selected is None else finished & self.selected

    def _keys(self) -> pd.DataFrame:
        """Regime, point, replicate and factors of every run."""
        names = ["world", *(factor.name for factor in self.factors)]
        return self.runs[["regime", "point", "replicate"]].join(self.design[names], on="point")


def open_run(path: str | Path) -> Run:
    """Opens a results file.

    Args:
        path: The HDF5 file that `fingers run` wrote.

    Returns:
        The run. When replicates are missing or failed it warns (IncompleteRunWarning) and
        `complete` is False; such replicates are left out everywhere.

    Raises:
        ForeignFileError: Not there, or not one of our files.
        NewerFileError: Written by a newer program than this package knows.
        DamagedFileError: Unreadable, or it contradicts itself.
    """
    path = Path(path)
    check_is_hdf5(path)
    run = run_of(FileSource(path))
    if not run.complete:
        _warn_incomplete(run)
    return run


def run_of(source: Source) -> Run:
    """The run that a source holds.

    Args:
        source: Where its columns come from.

    Returns:
        The run, without a warning where some of it is missing: see its `complete`.

    Raises:
        ForeignFileError: Not of this program.
        NewerFileError: Of a newer program than this package knows.
        DamagedFileError: It contradicts itself.
    """
    check_schema(source)
    for group in ("design", "runs", "series", "events"):
        if group not in source.groups():
            raise damaged(source.name, f"the group /{group} is not there")
    design, factors = read_design(source)
    runs = read_runs(source, design)
    check_counts(source, runs)
    attributes = dict(source.attributes())
    return Run(
        source=source,
        complete=bool(attributes.get("complete", 0)) and bool((runs["status"] == "done").all()),
        attributes=attributes,
        config=read_json(source, "config"),
        provenance=read_json(source, "provenance"),
        schema=read_json(source, "schema_json"),
        design=design,
        factors=factors,
        runs=runs,
    )


def _frame_attributes(columns: dict[str, Column]) -> dict[Hashable | None, Any]:
    return {
        "units": {name: column.units for name, column in columns.items()},
        "long_name": {name: column.long_name for name, column in columns.items()},
        "valid_range": {name: column.valid_range for name, column in columns.items()},
    }


def _warn_incomplete(run: Run) -> None:
    counts = run.runs["status"].value_counts()
    command = run.provenance.get("command", "the command that made it")
    warnings.warn(
        f"{run.path}: {counts['missing']} of {len(run.runs)} runs are missing and "
        f"{counts['failed']} failed; they are left out of every table and figure. `fingers "
        f"retry {run.path.name}` makes them; to make the file anew: {command} --overwrite",
        IncompleteRunWarning,
        stacklevel=3,
    )
