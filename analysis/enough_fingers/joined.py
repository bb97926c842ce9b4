"""Several files of one experiment read as if they were one: shards, segments, longer batches.

Runs that any of the files has are put in the order of a file that was made at once: by point, then
replicate. A run that is done in one file and missing or failed in another is taken from where it is
done; one that is done twice must be the same, by the hash that the program took of all it recorded.
"""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from enough_fingers.columns import Column, Values, damaged
from enough_fingers.errors import ForeignFileError
from enough_fingers.sources import Source
from enough_fingers.structure import (
    RAGGED,
    check_schema,
    ragged_rows,
    read_design,
    read_runs,
    replicates_of,
)

# What two files of one experiment have in common, whatever they hold of it.
_SAME = (
    "schema_version",
    "results_version",
    "seed_design",
    "seed_population",
    "seed_dynamics",
    "rng",
)
# A done run is taken before a failed one, that before one that is missing.
_RANK = {"done": 0, "failed": 1, "missing": 2}
# Rows that are put together at once.
_BLOCK_ROWS = 1 << 20
_LISTED = 3

_Row = dict[Hashable, Any]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class _Pieces:
    """Rows of one part that stand together both there and in the whole.

    Attributes:
        source: First row of each piece in the part.
        target: First row of each piece in the whole, rising.
        count: Rows of each piece, none of them 0.
    """

    source: Integers
    target: Integers
    count: Integers

    def within(self, start: int, stop: int) -> _Pieces:
        """What lies between two rows of the whole; `target` then counts from `start`."""
        first = int(np.searchsorted(self.target + self.count, start, side="right"))
        last = int(np.searchsorted(self.target, stop, side="left"))
        target, count = self.target[first:last], self.count[first:last]
        skipped = np.maximum(start - target, 0)
        count = np.minimum(target + count, stop) - target - skipped
        return _Pieces(self.source[first:last] + skipped, target + skipped - start, count)


class JoinedSource:
    """Several sources of one experiment; a `Source` itself."""

    def __init__(self, parts: Sequence[Source]) -> None:
        """Holds the parts to each other and finds where each run stands.

        Args:
            parts: At least one.

        Raises:
            ForeignFileError: When they are of different experiments; says in what they differ.
            DamagedFileError: When a part contradicts itself, or two hold different results of the
                same run.
        """
        for part in parts:
            check_schema(part)
        self._parts = tuple(parts)
        # The batch of most replicates asks for all that shorter ones hold.
        self._lead = max(parts, key=replicates_of)
        for part in parts:
            _check_same_experiment(self._lead, part)
        design, _ = read_design(self._lead)
        self._runs = _joined_runs(parts, design)
        self._pieces = {
            group: self._pieces_of(group) for group in ("runs", "series", *self._ragged())
        }
        complete = int(self._is_complete(len(design)))
        sizes = {f"n_{name}": self._length(name) for name in self._ragged()}
        self._attributes = {
            **self._lead.attributes(),
            **sizes,
            "n_runs": len(self._runs),
            "complete": complete,
        }

    @property
    def name(self) -> str:
        """The first file and how many others."""
        others = len(self._parts) - 1
        return f"{self._parts[0].name} and {others} other{'s' if others != 1 else ''}"

    @property
    def paths(self) -> tuple[Path, ...]:
        """All files."""
        return tuple(path for part in self._parts for path in part.paths)

    def groups(self) -> tuple[str, ...]:
        """Names of the groups that can be joined."""
        return tuple(
            name for name in self._lead.groups() if name == "design" or name in self._pieces
        )

    def attributes(self, group: str = "") -> Mapping[str, Any]:
        """See `Source`; numbers of rows, and whether it is complete, are those of the whole."""
        return self._lead.attributes(group) if group else self._attributes

    def text(self, name: str) -> str:
        """See `Source`."""
        return self._lead.text(name)

    def columns(self, group: str) -> dict[str, Column]:
        """See `Source`."""
        columns = self._lead.columns(group)
        if group not in self._pieces:
            return columns
        length = self._length(group)
        return {
            # The time of the series is no column of runs.
            name: column
            if (group, name) == ("series", "time")
            else replace(column, shape=(length, *column.shape[1:]))
            for name, column in columns.items()
        }

    def read(
        self, group: str, names: Iterable[str], start: int = 0, stop: int | None = None
    ) -> dict[str, Values]:
        """See `Source`."""
        names = list(names)
        if group not in self._pieces or (group, names) == ("series", ["time"]):
            return self._lead.read(group, names, start, stop)
        stop = self._length(group) if stop is None else min(stop, self._length(group))
        columns = self.columns(group)
        missing = [name for name in names if name not in columns]
        if missing:
            raise damaged(self.name, f"/{group} has no column {', '.join(missing)}")
        rows = max(0, stop - start)
        table = {
            name: np.empty((rows, *columns[name].shape[1:]), columns[name].dtype) for name in names
        }
        numbered = {name: self._numbered(group, name, start, stop) for name in names}
        stored = [name for name in names if numbered[name] is None]
        for begin in range(start, stop, _BLOCK_ROWS):
            end = min(begin + _BLOCK_ROWS, stop)
            self._fill({name: table[name][begin - start : end - start] for name in stored},
                       group, begin, end)  # fmt: skip
        return {name: table[name] if (own := numbered[name]) is None else own for name in names}

    def _fill(self, table: dict[str, Values], group: str, start: int, stop: int) -> None:
        """Writes rows of the whole from each part that has some of them."""
        if not table:
            return
        for part, pieces in zip(self._parts, self._pieces[group], strict=True):
            found = pieces.within(start, stop)
            if not found.count.size:
                continue
            low, high = int(found.source[0]), int((found.source + found.count)[-1])
            for name, values in part.read(group, table, low, high).items():
                for at, to, count in zip(
                    found.source - low, found.target, found.count, strict=True
                ):
                    table[name][to : to + count] = values[at : at + count]

    def _numbered(self, group: str, name: str, start: int, stop: int) -> Values | None:
        """Columns that number runs and rows: they are those of the whole; None for any other."""
        if name == "run" and group in ("runs", "series"):
            return np.arange(start, stop, dtype=np.uint32)
        if name == "run":
            ends = self._ends(RAGGED[group])
            starts = ends - self._runs[f"{RAGGED[group]}_count"].to_numpy(np.int64)
            rows = np.clip(np.minimum(ends, stop) - np.maximum(starts, start), 0, None)
            numbers: Values = np.repeat(np.arange(len(ends), dtype=np.uint32), rows)
            return numbers
        row = name.removesuffix("_start")
        if group == "runs" and row != name and row in RAGGED.values():
            starts = self._ends(row) - self._runs[f"{row}_count"].to_numpy(np.int64)
            return np.asarray(starts[start:stop], dtype=np.uint64)
        return None

    def _ends(self, row: str) -> Integers:
        return np.cumsum(self._runs[f"{row}_count"].to_numpy(np.int64))

    def _ragged(self) -> tuple[str, ...]:
        return tuple(name for name in RAGGED if name in self._lead.groups())

    def _length(self, group: str) -> int:
        if group in RAGGED:
            return int(self._runs[f"{RAGGED[group]}_count"].sum())
        return len(self._runs)

    def _pieces_of(self, group: str) -> list[_Pieces]:
        """For each part, where its rows stand in the whole."""
        n = len(self._runs)
        if group in RAGGED:
            row = RAGGED[group]
            count = self._runs[f"{row}_count"].to_numpy(np.int64)
            source, target = self._runs[f"{row}_start"].to_numpy(np.int64), np.cumsum(count) - count
        else:
            source, target = self._runs["row"].to_numpy(np.int64), np.arange(n)
            count = np.ones(n, np.int64)
        taken = self._runs["part"].to_numpy()
        return [
            _together(source[chosen], target[chosen], count[chosen])
            for number in range(len(self._parts))
            for chosen in [(taken == number) & (count > 0)]
        ]

    def _is_complete(self, n_points: int) -> bool:
        """Whether all runs are there that the longest of the batches asks for."""
        if bool((self._runs["status"] == "missing").any()):
            return False
        wholes = [part for part in self._parts if part.attributes().get("complete")]
        asked = n_points * replicates_of(self._lead)
        return len(self._runs) >= asked or any(
            int(part.attributes().get("n_runs", 0)) == len(self._runs) for part in wholes
        )


def _together(source: Integers, target: Integers, count: Integers) -> _Pieces:
    """Joins pieces that follow each other in both the part and the whole."""
    gap = (source[1:] != (source + count)[:-1]) | (target[1:] != (target + count)[:-1])
    first = np.flatnonzero(np.concatenate([[True], gap])) if count.size else np.zeros(0, np.int64)
    total = np.add.reduceat(count, first) if count.size else count
    return _Pieces(source[first], target[first], total)


def _joined_runs(parts: Sequence[Source], design: pd.DataFrame) -> pd.DataFrame:
    """One row a run of the whole: where it stands, and its number of rows in each ragged table."""
    counted = [f"{row}_{what}" for row in ragged_rows(parts[0]) for what in ("start", "count")]
    tables = []
    for number, part in enumerate(parts):
        table = read_runs(part, design)
        hashes = part.read("runs", ["identity", "content_xxh3"])
        table = table[["regime", "point", "replicate", "status", *counted]].assign(
            **hashes, part=number, row=np.arange(len(table))
        )
        tables.append(table)
    runs = pd.concat(tables, ignore_index=True)
    runs["rank"] = runs["status"].astype(str).map(_RANK)
    runs = runs.sort_values(["point", "replicate", "rank", "part"], kind="stable")
    _check_twice(runs, parts)
    return runs.drop_duplicates(["point", "replicate"]).reset_index(drop=True)


def _check_twice(runs: pd.DataFrame, parts: Sequence[Source]) -> None:
    """A run that stands in two parts is the same run, with the same results where it is done."""
    by_run = runs.groupby(["point", "replicate"], observed=True)
    # Where a run stands twice, its first row is that which is kept.
    other = runs["identity"] != by_run["identity"].transform("first")
    if bool(other.any()):
        one, two = _two(runs, other)
        raise ForeignFileError(
            f"{parts[one['part']].name} and {parts[two['part']].name}: are of different "
            f"experiments: {_run_name(two)} was run with other parameters or seeds. Open them one "
            "by one."
        )
    done = runs[runs["status"] == "done"]
    first = done.groupby(["point", "replicate"], observed=True)["content_xxh3"].transform("first")
    other = done["content_xxh3"] != first
    if bool(other.any()):
        one, two = _two(done, other)
        raise damaged(
            f"{parts[one['part']].name} and {parts[two['part']].name}",
            f"hold different results of the same run ({_run_name(two)}), so one of them is wrong; "
            "`fingers verify` tells which",
        )


def _two(runs: pd.DataFrame, differs: pd.Series[bool]) -> tuple[_Row, _Row]:
    """The first row that differs, after that from which it differs."""
    two = runs[differs].iloc[0]
    same = (runs["point"] == two["point"]) & (runs["replicate"] == two["replicate"])
    return runs[same].iloc[0].to_dict(), two.to_dict()


def _run_name(run: _Row) -> str:
    return f"{run['regime']}, point {run['point']}, replicate {run['replicate']}"


def _check_same_experiment(lead: Source, part: Source) -> None:
    """Two parts differ in nothing that decides their numbers, but in how many replicates."""
    differs = list(islice(_differences(lead, part), _LISTED))
    if differs:
        raise ForeignFileError(
            f"{lead.name} and {part.name}: are of different experiments: {'; '.join(differs)}. "
            "Files of one experiment can be opened together; open these one by one."
        )


def _differences(lead: Source, part: Source) -> Iterator[str]:
    ours, theirs = lead.attributes(), part.attributes()
    if part is lead:
        return
    for name in _SAME:
        if ours.get(name) != theirs.get(name):
            yield f"{name} is {ours.get(name)} in the first and {theirs.get(name)} in the second"
    if lead.text("schema_json") != part.text("schema_json"):
        yield "they have other columns, and so were written by different programs"
    if ours.get("uuid") == theirs.get("uuid"):
        return
    designs = [read_design(source)[0] for source in (lead, part)]
    if not designs[0].equals(designs[1]):
        yield (
            f"the first has {len(designs[0])} points ({_regimes(designs[0])}), the second "
            f"{len(designs[1])} ({_regimes(designs[1])}), or factors have other values"
        )
    model, other = (_model_config(source) for source in (lead, part))
    for key in sorted({*model, *other}):
        if model.get(key) != other.get(key):
            one, two = (values.get(key, "not there") for values in (model, other))
            yield f"{key} is {one} in the first and {two} in the second"


def _model_config(source: Source) -> dict[str, Any]:
    """What of the config decides the numbers, by pointer."""
    content = json.loads(source.text("model_config"))
    return content if isinstance(content, dict) else {}


def _regimes(design: pd.DataFrame) -> str:
    return ", ".join(dict.fromkeys(design["regime"].astype(str)))
