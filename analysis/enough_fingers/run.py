"""One experiment's results as tables of pandas and xarray.

Made by `load.open_run`. Tables are read when first asked for and then kept; `select` makes a run
with less in it, of which less is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import xarray as xr

from enough_fingers.columns import damaged, table_columns, text
from enough_fingers.names import known
from enough_fingers.ragged import BLOCK_ROWS, NONE, RaggedTable, Rows, frame_attributes
from enough_fingers.selection import (
    Names,
    Numbers,
    Wanted,
    Years,
    chosen_points,
    chosen_runs,
    merged_years,
    without_unused,
)
from enough_fingers.series import by_regime, by_run, read_rows
from enough_fingers.sources import Source
from enough_fingers.structure import Factor, is_sampled, parameters_of

__all__ = ["NONE", "Run"]


@dataclass(frozen=True, repr=False)
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
        kinds: Kinds of events that `events` holds; all where None.
        years: From (included) and to (left out) of `events` and series; all where None.
        sampled: Whether worlds are a sample of ranges; worked out of the design where None.
    """

    source: Source
    complete: bool
    attributes: dict[str, Any]
    config: dict[str, Any]
    provenance: dict[str, Any]
    schema: dict[str, Any]
    design: pd.DataFrame
    factors: tuple[Factor, ...]
    runs: pd.DataFrame
    selected: npt.NDArray[np.bool_] | None = None
    kinds: tuple[str, ...] | None = None
    years: tuple[float, float] | None = None
    sampled: bool | None = None

    def __repr__(self) -> str:
        """What it holds, in a line; tables say more."""
        finished = int(self._finished().sum())
        state = "" if self.complete else ", incomplete"
        return (
            f"<Run of {self.source.name}: {len(self.regimes)} regimes, "
            f"{self.design['world'].nunique()} worlds, {finished} of {len(self.runs)} "
            f"runs{state}>"
        )

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
        described = table_columns(self.source, "runs", self._source_runs)
        names = text(self.source.attributes("runs").get("columns", "")).split()
        missing = [name for name in names if name not in described]
        if missing:
            raise damaged(self.source.name, f"/runs has no column {', '.join(missing)}")
        outcomes = {name: described[name] for name in names}
        finished = self._finished()
        rows = self.runs.index.to_numpy(np.int64)[finished]
        table = read_rows(self.source, "runs", list(outcomes.values()), rows)
        clash = set(table) & {"regime", "world", *(factor.name for factor in self.factors)}
        if clash:
            raise damaged(self.source.name, f"{sorted(clash)} names both a factor and an outcome")
        keys = self._keys()[finished]
        frame = keys.join(pd.DataFrame(table, index=keys.index))
        for name, column in outcomes.items():
            if column.valid_range is None and bool(np.isinf(frame[name]).any()):
                raise damaged(self.source.name, f"/runs/{name} holds an infinite value")
        frame.attrs = frame_attributes(outcomes)
        frame.attrs["factors"] = [factor.name for factor in self.factors]
        frame.attrs["outcomes"] = list(outcomes)
        frame.attrs["sampled"] = self._is_sampled
        return frame

    @cached_property
    def series(self) -> xr.Dataset:
        """Quantities over time of finished runs: (regime, world, replicate, time).

        A point of the design is a regime in a world, so `point` is a coordinate of both, and
        factors are coordinates of `world`; time is in calendar years. NaN where a run is not there.
        Each quantity has `units` and `long_name` and is read when its values are first asked for.

        Raises:
            ValueError: When points share regime and world, or name regimes of their own, so that
                the grid would be mostly empty: use `series_by_run`.
        """
        keys = self._keys()[self._finished()]
        sizes = (self._source_runs, len(self.runs))
        wanted = self.runs["point"] if self.selected is None else self.runs["point"][self.selected]
        design = self.design[self.design.index.isin(wanted.unique())]
        return by_regime(self.source, keys, (design, self.factors), sizes, self.years)

    @cached_property
    def series_by_run(self) -> xr.Dataset:
        """The same with the dimensions (run, time).

        Coordinates `regime`, `point` and `replicate` belong to `run`.
        """
        keys = self._keys()[self._finished()]
        return by_run(self.source, keys, self._source_runs, self.years)

    @cached_property
    def events(self) -> pd.DataFrame:
        """Every event of every finished run, with regime, point and replicate.

        Categories carry the names of their dictionary; each flag is a column of its own
        (`averted`, …). Sums of harm leave averted events out. Identities that are not there are
        `NONE`. `run` is the index of `outcomes`. `attrs` holds `units` and `long_name`.

        A large file has more events than memory holds: see `iter_events` and `read_events`.
        """
        return self.table("events").frame()

    def read_events(
        self, columns: Iterable[str] | None = None, first: int | None = None
    ) -> pd.DataFrame:
        """Some columns, or the beginning, of `events`; nothing else is read.

        Args:
            columns: Names out of the columns of `events`; all where None.
            first: Only so many events from the beginning on; all where None.

        Returns:
            As `events`.

        Raises:
            ValueError: When there is no such column.
        """
        return self.table("events").frame(columns, first)

    def iter_events(
        self, chunk_rows: int = BLOCK_ROWS, columns: Iterable[str] | None = None
    ) -> Iterator[pd.DataFrame]:
        """The events in the order of the file, in frames of bounded size: memory stays flat.

        Args:
            chunk_rows: Rows of the file that are read at once. Frames have as many, or fewer where
                some of them are not wanted; none is empty.
            columns: Names out of the columns of `events`; all where None.

        Yields:
            Frames as `events`, whose index goes on from one to the next.

        Raises:
            ValueError: When there is no such column, or `chunk_rows` is not positive.
        """
        table, start = self.table("events"), 0
        for block in table.blocks(columns, chunk_rows):
            frame = table.as_frame(block, start)
            start += len(frame)
            yield frame

    @cached_property
    def models(self) -> pd.DataFrame:
        """Every model of every finished run: who made it from what, and what became of it.

        `model` is its number within the run, which `parent`, `root` and the `model` of events and
        of `model_forms` refer to; a base has the parent `NONE`. A derivative is always as far out
        as its root.

        Raises:
            NotRecordedError: When the config did not ask for `"output": {"models": true}`.
        """
        return self.table("models").frame()

    @cached_property
    def model_forms(self) -> pd.DataFrame:
        """Every change of form of a base model after its first day, in order of run and time.

        Raises:
            NotRecordedError: When the config did not ask for `"output": {"models": true}`.
        """
        return self.table("model_forms").frame()

    def table(self, name: str) -> RaggedTable:
        """A ragged table of finished runs, to be read as a frame or in blocks.

        Args:
            name: `events`, `models`, `model_forms` or `digests`. Kinds and years that were selected
                hold for events only: a model without those it was made from would be none.

        Raises:
            NotRecordedError: When the config did not ask for this table.
        """
        rows = Rows(self.runs, self._finished())
        if name == "events":
            rows = replace(rows, kinds=self.kinds, years=self.years)
        return RaggedTable(self.source, name, rows)

    @cached_property
    def catastrophic_harm_musd(self) -> pd.Series[float]:
        """Harm of catastrophic events of every finished run, M$, by `run`; zeros where none.

        Like an outcome it is of the whole run, whatever kinds and years are selected. Reads three
        columns of the events and not the whole table.
        """
        table = RaggedTable(self.source, "events", Rows(self.runs, self._finished()))
        if not {"catastrophic", "averted"} <= set(table.columns):
            what = "/events/flags does not say which events are catastrophic"
            raise damaged(self.source.name, what)
        total = pd.Series(0.0, index=self.runs.index[self._finished()])
        for block in table.blocks(["run", "catastrophic", "averted", "severity_musd"]):
            counted = block["catastrophic"] & ~block["averted"]
            harm = pd.Series(block["severity_musd"][counted].astype(np.float64))
            total = total.add(harm.groupby(block["run"][counted]).sum(), fill_value=0.0)
        return total

    @cached_property
    def parameters(self) -> pd.DataFrame:
        """Every parameter of the config by its pointer, as it stood when the file was made.

        Columns: value, unit, low, high (plausible range; NaN where none is declared), source (or
        "assume"), meaning, and whether the design has it `varied` (then `value` is that of the
        config, and `design` has the others).

        Raises:
            NotRecordedError: When the file does not list its parameters.
        """
        return parameters_of(self.provenance, self.factors, self.source.name)

    def select(
        self,
        *,
        regimes: Names | None = None,
        points: Numbers | None = None,
        replicates: Numbers | None = None,
        worlds: Numbers | None = None,
        kinds: Names | None = None,
        years: Years | None = None,
    ) -> Run:
        """The same run with less in it; nothing is read yet, and later only what is asked for.

        Args:
            regimes: One or several names.
            points: Numbers of points: the index of `design`.
            replicates: Numbers of replicates.
            worlds: Numbers of worlds: the column `world` of `design`.
            kinds: Kinds of events. Holds for `events`, not for totals such as outcomes and series.
            years: From (included) and to (left out), calendar years; either may be None. Holds for
                `events` and the time of series; outcomes, models and their forms are of whole runs.

        Returns:
            The run. What is not said is as it was, so selections can follow one another.

        Raises:
            ValueError: When a name or number is not there (names those that are nearest), or no
                run is left.
        """
        wanted = Wanted(regimes, points, replicates, worlds)
        if kinds is not None:
            codes = self.source.columns("events")["kind"].codes
            kinds = tuple(known(kinds, self.kinds or list(codes.values()), "kind of event"))
        design = self.design[chosen_points(self.design, wanted)]
        chosen = chosen_runs(self.runs, design.index, wanted)
        runs = self.runs[chosen]
        return replace(
            self,
            design=design.assign(regime=without_unused(design["regime"])),
            runs=runs.assign(regime=without_unused(runs["regime"])),
            selected=None if self.selected is None else self.selected[chosen],
            kinds=self.kinds if kinds is None else kinds,
            years=merged_years(self.years, years),
            sampled=self._is_sampled,
        )

    @property
    def _is_sampled(self) -> bool:
        """See `is_sampled`; of the whole design, whatever is selected of it."""
        if self.sampled is not None:
            return self.sampled
        return is_sampled(self.design, self.factors, self.config)

    @property
    def _source_runs(self) -> int:
        """How many runs the source has."""
        return self.source.columns("runs")["point"].shape[0]

    def _finished(self) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Runs that the tables hold: finished, and selected."""
        finished = np.asarray(self.runs["status"] == "done", dtype=np.bool_)
        return finished if self.selected is None else finished & self.selected

    def _keys(self) -> pd.DataFrame:
        """Regime, point, replicate and factors of every run."""
        names = ["world", *(factor.name for factor in self.factors)]
        return self.runs[["regime", "point", "replicate"]].join(self.design[names], on="point")
