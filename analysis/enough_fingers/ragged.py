"""Ragged tables (events, models, …): any number of rows a run, read in blocks of bounded size.

Only rows of the chosen runs are read, as slices; what is between two slices is read with them where
it is so little that it lies in the same chunk of the file.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from enough_fingers.columns import Column, Values, damaged, framed, table_columns
from enough_fingers.errors import NotRecordedError
from enough_fingers.names import known
from enough_fingers.sources import Source
from enough_fingers.structure import RAGGED

#: Rows that are read at once where a table is not read whole.
BLOCK_ROWS = 1 << 20
# Rows of a chunk of a file, as the store writes it.
_CHUNK_ROWS = 1 << 17
# Slices that are no further apart are read as one.
_GAP_ROWS = 1 << 16
# The column that holds the time of a row.
_TIMES = {"events": "time", "models": "release_year", "model_forms": "time", "digests": "time"}
# Columns that name a row of a table within the run, and that table (see the data dictionary).
_REFERENCES = {
    "events": {"cause": "events", "model": "models", "root": "models"},
    "models": {"parent": "models", "root": "models"},
    "model_forms": {"model": "models"},
}
#: "Not there" in an identity column (`agent`, `model`, `parent`, `root`, `flaw`, `cause`).
NONE = 0xFFFFFFFF
_KEYS = ("regime", "point", "replicate")

Block = dict[str, Any]


@dataclass(frozen=True)
class Rows:
    """Which rows of a ragged table are wanted.

    Attributes:
        runs: `Run.runs`, or some of its rows.
        chosen: Which of them.
        kinds: Names of the kinds of events; all where None.
        years: From (included) and to (left out); all where None.
    """

    runs: pd.DataFrame = field(repr=False)
    chosen: npt.NDArray[np.bool_] = field(repr=False)
    kinds: tuple[str, ...] | None = None
    years: tuple[float, float] | None = None


class RaggedTable:
    """A ragged table of a source, or those of its rows that are wanted."""

    def __init__(self, source: Source, name: str, rows: Rows) -> None:
        """Looks up the columns; reads no rows.

        Args:
            source: Where the table is.
            name: Its group.
            rows: Those that are wanted.

        Raises:
            NotRecordedError: When the config did not ask for this table.
        """
        if name not in source.groups():
            switch = "digests" if name == "digests" else "models"
            raise NotRecordedError(
                f"{source.name}: has no table /{name}, for its config did not ask for one. "
                f"Run it again with `--set /output/{switch}=true`, or "
                f'"output": {{"{switch}": true}}.'
            )
        self._source, self._name, self._rows = source, name, rows
        described = source.columns(name)
        if "run" not in described:
            raise damaged(source.name, f"/{name}/run is not there")
        self.described = table_columns(source, name, described["run"].shape[0])
        flagged = [column for column in self.described.values() if column.masks]
        self._flags = {flag: (c, mask) for c in flagged for mask, flag in c.masks.items()}

    @property
    def columns(self) -> list[str]:
        """Names of the columns that `frame` has where none are named."""
        names = [*_KEYS]
        for name, column in self.described.items():
            names += [name, *column.masks.values()]
            if name == "run" and self._name == "models":
                names.append(self.row)
        return names

    @property
    def row(self) -> str:
        """Name of the column that numbers the rows within their run, which can be asked for."""
        return RAGGED[self._name]

    @property
    def attrs(self) -> dict[Hashable | None, Any]:
        """`units`, `long_name` and `valid_range` by column."""
        described = dict(self.described)
        if self._name == "models":
            meaning = "number of the model in the replicate"
            described["model"] = Column("model", long_name=meaning)
        return frame_attributes(described)

    def frame(self, columns: Iterable[str] | None = None, first: int | None = None) -> pd.DataFrame:
        """The rows as a data frame.

        Args:
            columns: Names out of `columns`; all where None.
            first: Only so many rows from the beginning on; all where None.

        Raises:
            ValueError: When there is no such column.
            DamagedFileError: When the table contradicts itself.
        """
        names = self._asked(columns)
        filtered = self._rows.kinds is not None or self._rows.years is not None
        most = BLOCK_ROWS if filtered else self._length
        if first is not None:
            most = min(most, max(1, first if not filtered else 1 << 16))
        blocks: list[Block] = []
        missing = self._length if first is None else first
        for block in self.blocks(names, most):
            blocks.append({name: values[:missing] for name, values in block.items()})
            missing -= _length_of(block)
            if missing <= 0:
                break
        if not blocks:
            blocks = [self._block(0, 0, names)]
        return self.as_frame(_joined(blocks))

    def as_frame(self, block: Block, start: int = 0) -> pd.DataFrame:
        """A block as a data frame whose index counts from `start`; arrays are not copied."""
        index = pd.RangeIndex(start, start + _length_of(block))
        frame = pd.DataFrame(block, index=index, copy=False)
        frame.attrs = self.attrs
        return frame

    def blocks(self, columns: Iterable[str] | None, most: int = BLOCK_ROWS) -> Iterator[Block]:
        """The wanted rows in order, a block at a time; none of them empty.

        Args:
            columns: Names out of `columns`; all where None.
            most: Rows that are read at once.

        Yields:
            Columns by name, categories as pandas.Categorical.

        Raises:
            ValueError: When there is no such column, or `most` is not positive.
            DamagedFileError: When the table contradicts itself.
        """
        if most < 1:
            raise ValueError(f"a block of {most} rows is none; give at least 1")
        names = self._asked(columns)
        for start, stop in self._slices(most):
            block = self._block(start, stop, names)
            if _length_of(block):
                yield block

    def _asked(self, columns: Iterable[str] | None) -> list[str]:
        if columns is None:
            return self.columns
        names = list(dict.fromkeys([*self.columns, self.row]))
        return known(columns, names, f"column of {self._name}")

    @cached_property
    def _starts(self) -> npt.NDArray[np.int64]:
        """First row of each chosen run that has rows."""
        return self._of_chosen("start")

    @cached_property
    def _counts(self) -> npt.NDArray[np.int64]:
        return self._of_chosen("count")

    @cached_property
    def _places(self) -> npt.NDArray[np.int64]:
        """Place in `runs` of each chosen run that has rows."""
        counts = self._rows.runs[f"{RAGGED[self._name]}_count"].to_numpy()
        return np.flatnonzero(self._rows.chosen & (counts > 0))

    def _of_chosen(self, what: str) -> npt.NDArray[np.int64]:
        column = self._rows.runs[f"{RAGGED[self._name]}_{what}"]
        return column.to_numpy(np.int64)[self._places]

    @property
    def _length(self) -> int:
        return max(1, int(self._counts.sum()))

    def _slices(self, most: int) -> Iterator[tuple[int, int]]:
        """Rows to read, from and up to, none longer than `most`."""
        starts, ends = self._starts, self._starts + self._counts
        far = np.flatnonzero(starts[1:] - ends[:-1] > _GAP_ROWS)
        firsts = np.concatenate([starts[:1], starts[far + 1]])
        lasts = np.concatenate([ends[far], ends[-1:]])
        # Cut where chunks of the file end, so that none is inflated twice.
        aligned = most if most % _CHUNK_ROWS == 0 else 0
        for first, last in zip(firsts.tolist(), lasts.tolist(), strict=True):
            start = first
            while start < last:
                stop = min(start + most - (start % aligned if aligned else 0), last)
                yield start, stop
                start = stop

    def _block(self, start: int, stop: int, names: list[str]) -> Block:
        """Columns of those of the rows that are wanted."""
        span = self._span(start, stop)
        needed = self._needed(names)
        wanted = self._source.read(self._name, needed, start, stop) if needed else {}
        if not span.is_whole:
            kept = span.row - start
            wanted = {name: values[kept] for name, values in wanted.items()}
        self._check(wanted, span)
        self._check_references(wanted, span)
        chosen = self._filter(wanted)
        if chosen is not None:
            wanted = {name: values[chosen] for name, values in wanted.items()}
            span = span.only(chosen)
        return {name: self._column(name, wanted, span) for name in names}

    def _span(self, start: int, stop: int) -> _Span:
        """The runs of the rows from one up to another."""
        first = int(np.searchsorted(self._starts + self._counts, start, side="right"))
        last = int(np.searchsorted(self._starts, stop, side="left"))
        low = np.maximum(self._starts[first:last], start)
        high = np.minimum(self._starts[first:last] + self._counts[first:last], stop)
        return _Span(self._places[first:last], low, high - low, start, stop)

    def _needed(self, names: list[str]) -> list[str]:
        """Columns to read for those that are asked for and for the filter."""
        needed = [name for name in names if name in self.described]
        needed += [self._flags[name][0].name for name in names if name in self._flags]
        if self._rows.kinds is not None:
            needed.append("kind")
        if self._rows.years is not None:
            needed.append(_TIMES[self._name])
        return list(dict.fromkeys(needed))

    def _check(self, read: dict[str, Values], span: _Span) -> None:
        """Holds the runs of the rows to the counts in /runs, and times to being some."""
        where, time = self._source.name, _TIMES[self._name]
        if "run" in read:
            runs = self._rows.runs.index.to_numpy(np.uint32)[span.place]
            if not np.array_equal(read["run"], runs):
                raise damaged(where, f"/{self._name}/run and the counts in /runs disagree")
        if time in read and not bool(np.isfinite(read[time]).all()):
            raise damaged(where, f"/{self._name}/{time} holds a value that is no time")

    def _check_references(self, read: dict[str, Values], span: _Span) -> None:
        """Holds columns that name rows within the run to how many of them the run has."""
        for name, table in _REFERENCES[self._name].items():
            if name not in read or table not in self._source.groups():
                continue
            there = self._rows.runs[f"{RAGGED[table]}_count"].to_numpy()[span.place]
            strange = (read[name] >= there) & (read[name] != NONE)
            if bool(strange.any()):
                what = f"/{self._name}/{name} names a row that /{table} does not have"
                raise damaged(self._source.name, what)

    def _filter(self, read: dict[str, Values]) -> npt.NDArray[np.bool_] | None:
        """Which rows are of the wanted kinds and years; None for all."""
        wanted = None
        if self._rows.kinds is not None:
            codes = self.described["kind"].codes
            asked = [code for code, name in codes.items() if name in self._rows.kinds]
            wanted = np.isin(read["kind"], asked)
        if self._rows.years is not None:
            time = read[_TIMES[self._name]]
            within = (time >= self._rows.years[0]) & (time < self._rows.years[1])
            wanted = within if wanted is None else wanted & within
        return wanted

    def _column(self, name: str, read: dict[str, Values], span: _Span) -> Any:  # noqa: ANN401
        """A column of the block, by name."""
        if name in _KEYS:
            return self._rows.runs[name].array.take(span.place)
        if name in self._flags:
            column, mask = self._flags[name]
            return (read[column.name] & mask) != 0
        if name == self.row:
            first = self._rows.runs[f"{self.row}_start"].to_numpy(np.int64)[span.place]
            return (span.row - first).astype(np.uint32)
        return framed(read[name], self.described[name], f"/{self._name}/{name}", self._source.name)


class _Span:
    """Rows from one up to another, and which run each belongs to; worked out when asked for."""

    def __init__(self, places: Values, low: Values, counts: Values, start: int, stop: int) -> None:
        self._places, self._low, self._counts = places, low, counts
        self._start, self._stop = start, stop
        self._chosen: npt.NDArray[np.bool_] | None = None

    @property
    def is_whole(self) -> bool:
        """Whether every row belongs to a wanted run."""
        return int(self._counts.sum()) == self._stop - self._start

    def only(self, chosen: npt.NDArray[np.bool_]) -> _Span:
        """Some of the rows."""
        some = _Span(self._places, self._low, self._counts, self._start, self._stop)
        some._chosen = chosen
        return some

    @cached_property
    def place(self) -> npt.NDArray[np.int32]:
        """Place of the run of each row in the table of runs."""
        place = np.repeat(self._places.astype(np.int32), self._counts)
        return place if self._chosen is None else place[self._chosen]

    @cached_property
    def row(self) -> npt.NDArray[np.int64]:
        """Each row's place in the table."""
        if self.is_whole:
            row = np.arange(self._start, self._stop)
        else:
            before = np.cumsum(self._counts) - self._counts
            row = np.arange(self._counts.sum()) + np.repeat(self._low - before, self._counts)
        return row if self._chosen is None else row[self._chosen]


def _length_of(block: Block) -> int:
    return len(next(iter(block.values()), ()))


def _joined(blocks: list[Block]) -> Block:
    if len(blocks) == 1:
        return blocks[0]
    joined: Block = {}
    for name, first in blocks[0].items():
        # Taken out one by one, so that no column is held twice for long.
        parts = [block.pop(name) if at else first for at, block in enumerate(blocks)]
        if isinstance(first, np.ndarray):
            joined[name] = np.concatenate(parts)
        else:
            joined[name] = pd.concat([pd.Series(part) for part in parts], ignore_index=True).array
    return joined


class Shared(dict[str, Any]):
    """What `attrs` says of each column; not to be written to.

    pandas copies `attrs` in depth whenever a column is taken; of a hundred columns described in
    words that takes longer than the work on the column.
    """

    def __deepcopy__(self, memo: dict[int, Any]) -> Shared:
        """Itself."""
        return self


def frame_attributes(columns: dict[str, Column]) -> dict[Hashable | None, Any]:
    """What `attrs` of a data frame says about its columns."""
    return {
        "units": Shared({name: column.units for name, column in columns.items()}),
        "long_name": Shared({name: column.long_name for name, column in columns.items()}),
        "valid_range": Shared({name: column.valid_range for name, column in columns.items()}),
    }
