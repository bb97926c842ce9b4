"""The tables that are converted: their columns with unit and meaning, and their rows in blocks.

Their layout is that of `fingers export`: keys first, a column a mark, names instead of codes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from enough_fingers.columns import Column
from enough_fingers.names import known
from enough_fingers.run import Run
from enough_fingers.series import read_rows
from enough_fingers.structure import RAGGED

_KEYS = ("run", "regime", "point", "replicate")
# Runs whose quantities over time are read at once.
_SERIES_RUNS = 256

Block = Mapping[str, Any]


@dataclass(frozen=True)
class Field:
    """A column of a converted table.

    Attributes:
        name: Its name.
        unit: Its unit; "1" for a pure number.
        meaning: What it is.
        type: `u1`, `u4`, `u8`, `f4`, `f8`, by the width of the number in the results file;
            `category`, `flag` or `text`.
        categories: Names of a category, in order.
    """

    name: str
    unit: str
    meaning: str
    type: str
    categories: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """A table to be converted.

    Attributes:
        name: Its name, and that of its file.
        row: What a row of it is, in one word: the dimension of its columns.
        fields: Its columns, in order.
        blocks: Its rows in order, in blocks of so many rows or fewer: arrays by column, categories
            as pandas.Categorical. Each call begins anew.
    """

    name: str
    row: str
    fields: tuple[Field, ...]
    blocks: Callable[[int], Iterator[Block]]


def tables_of(run: Run, names: Iterable[str] | None = None) -> list[Table]:
    """The tables of a run, or some of them.

    Args:
        run: The run; what is selected of it is what the tables hold.
        names: Which tables; all that there are where None.

    Returns:
        The tables, without their rows.

    Raises:
        ValueError: When there is no such table.
    """
    makers: dict[str, Callable[[Run], Table]] = {
        "design": _design,
        "runs": _runs,
        "failures": _failures,
        "outcomes": _outcomes,
        "series": _series,
        **{name: partial(_ragged, name=name) for name in RAGGED},
        "parameters": _parameters,
    }
    groups = run.source.groups()
    there = [
        name for name in makers if (name not in RAGGED and name != "failures") or name in groups
    ]
    asked = there if names is None else known(names, there, "table")
    return [makers[name](run) for name in asked]


def dictionary(tables: Iterable[Table]) -> pd.DataFrame:
    """One row a column of the tables: table, column, unit, type, meaning, categories.

    The table of parameters says of itself what its columns are, and is left out.
    """
    rows = [
        (table.name, field.name, field.unit, field.type, field.meaning, list(field.categories))
        for table in tables
        if table.name != "parameters"
        for field in table.fields
    ]
    return pd.DataFrame(rows, columns=["table", "column", "unit", "type", "meaning", "categories"])


def _field(column: Column, name: str = "") -> Field:
    kind = "category" if column.codes else "text" if column.is_text else column.dtype.str[1:]
    names = tuple(column.codes.values())
    return Field(name or column.name, column.units, column.long_name, kind, names)


def _regime(run: Run) -> Field:
    setting = run.source.columns("design")["setting"]
    return Field("regime", "1", setting.long_name, "category", tuple(run.regimes))


def _keys(run: Run) -> list[Field]:
    columns = run.source.columns("runs")
    return [
        Field("run", "1", "row of the run in /runs", "u4"),
        _regime(run),
        _field(columns["point"]),
        _field(columns["replicate"]),
    ]


def _key_values(runs: pd.DataFrame) -> dict[str, Any]:
    return {
        "run": runs.index.to_numpy(np.uint32),
        "regime": runs["regime"].array,
        "point": runs["point"].to_numpy(),
        "replicate": runs["replicate"].to_numpy(),
    }


def _factors(run: Run) -> list[Field]:
    columns = run.source.columns("design")
    return [_field(columns[factor.name]) for factor in run.factors]


def _design(run: Run) -> Table:
    columns = run.source.columns("design")
    blocks = [name for name in ("base_row", "step", "block") if name in run.design]
    fields = [
        Field("point", "1", "number of the design point", "u4"),
        _field(columns["name"]),
        _regime(run),
        *(_field(columns[name]) for name in blocks),
        *_factors(run),
    ]

    def rows(most: int) -> Iterator[Block]:
        design = run.design
        yield {"point": design.index.to_numpy(np.uint32)} | {
            field.name: design[field.name].array
            if field.categories
            else design[field.name].to_numpy()
            for field in fields[1:]
        }

    return Table("design", "point", tuple(fields), rows)


def _runs(run: Run) -> Table:
    columns = run.source.columns("runs")
    counts = [str(name) for name in run.runs if str(name).endswith(("_start", "_count"))]
    status = columns["status"]
    names = tuple(run.runs["status"].cat.categories)
    fields = [
        *_keys(run),
        _field(columns["identity"]),
        Field("status", status.units, status.long_name, "category", names),
        *(_field(columns[name]) for name in counts),
    ]
    if "content_xxh3" in columns:
        fields.append(_field(columns["content_xxh3"]))

    def rows(most: int) -> Iterator[Block]:
        table = _key_values(run.runs) | {"status": run.runs["status"].array}
        for field in fields[len(_KEYS) :]:
            if field.name == "content_xxh3":
                hashes = read_rows(run.source, "runs", [columns[field.name]], _places(run.runs))
                table |= hashes
            elif field.name != "status":
                table[field.name] = run.runs[field.name].to_numpy()
        yield table

    return Table("runs", "run", tuple(fields), rows)


def _places(runs: pd.DataFrame) -> Any:  # noqa: ANN401
    return runs.index.to_numpy(np.int64)


def _failures(run: Run) -> Table:
    fields = [*_keys(run), Field("reason", "1", "what the run failed of", "text")]

    def rows(most: int) -> Iterator[Block]:
        read = run.source.read("failures", ["run", "reason"])
        failed = run.runs.index.isin(read["run"])
        reasons = dict(zip(read["run"].tolist(), read["reason"], strict=True))
        runs = run.runs[failed]
        texts = np.asarray([reasons[number] for number in runs.index], dtype=object)
        yield _key_values(runs) | {"reason": texts}

    return Table("failures", "failure", tuple(fields), rows)


def _outcomes(run: Run) -> Table:
    columns = run.source.columns("runs")
    names = str(run.source.attributes("runs").get("columns", "")).split()
    fields = [*_keys(run), *_factors(run), *(_field(columns[name]) for name in names)]

    def rows(most: int) -> Iterator[Block]:
        outcomes = run.outcomes
        yield _key_values(outcomes) | {
            field.name: outcomes[field.name].to_numpy() for field in fields[len(_KEYS) :]
        }

    return Table("outcomes", "run", tuple(fields), rows)


def _series(run: Run) -> Table:
    columns = run.source.columns("series")
    quantities = [column for column in columns.values() if len(column.shape) > 1]
    fields = [*_keys(run), _field(columns["time"]), *map(_field, quantities)]

    def rows(most: int) -> Iterator[Block]:
        series = run.series_by_run
        time = series["time"].to_numpy()
        finished = run.runs.loc[series["run"].to_numpy()]
        runs = max(1, min(_SERIES_RUNS, most // max(1, time.size)))
        for first in range(0, len(finished), runs):
            some = finished.iloc[first : first + runs]
            place = np.repeat(np.arange(len(some)), time.size)
            table = {name: values.take(place) for name, values in _key_values(some).items()}
            table["time"] = np.tile(time, len(some))
            values = read_rows(run.source, "series", quantities, _places(some))
            within = _within(run, columns["time"].shape[0])
            yield table | {name: found[:, within].reshape(-1) for name, found in values.items()}

    return Table("series", "run_time", tuple(fields), rows)


def _within(run: Run, n_times: int) -> slice:
    """Which of the times of the source are selected."""
    if run.years is None:
        return slice(0, n_times)
    time = run.source.read("series", ["time"])["time"]
    first, last = np.searchsorted(time, run.years)
    return slice(int(first), int(last))


def _ragged(run: Run, name: str) -> Table:
    table = run.table(name)
    fields = [*_keys(run), Field(table.row, "1", "number of the row in its run, from 0", "u4")]
    for column in table.described.values():
        if column.masks:
            fields += [
                Field(flag, "1", f"{column.long_name}: {flag}", "flag")
                for flag in column.masks.values()
            ]
        elif column.name != "run":
            fields.append(_field(column))
    names = [field.name for field in fields]
    return Table(name, table.row, tuple(fields), partial(table.blocks, names))


def _parameters(run: Run) -> Table:
    meanings = {
        "pointer": "JSON pointer of the parameter in the config",
        "value": "value of the config, as JSON",
        "unit": "unit of value, low and high",
        "low": "low end of the plausible range",
        "high": "high end of the plausible range",
        "source": 'where the value comes from; "assume": nowhere',
        "meaning": "what the parameter is",
    }
    fields = tuple(
        Field(name, "1", meaning, "f8" if name in ("low", "high") else "text")
        for name, meaning in meanings.items()
    )

    def rows(most: int) -> Iterator[Block]:
        table = run.parameters.reset_index()
        values = [
            value if isinstance(value, str) else json.dumps(value) for value in table["value"]
        ]
        table["value"] = pd.Series(values, dtype=object)
        yield {name: table[name].to_numpy() for name in meanings}

    return Table("parameters", "parameter", fields, rows)
