"""Converts a run to CSV, JSON, Parquet or NetCDF, with a data dictionary beside it.

Rows are read and written in blocks, so that memory stays flat however large the file is. The files
and their columns are those of `fingers export` (see docs/exports.md), whatever the form.
"""

from __future__ import annotations

import json
import math
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from enough_fingers.exported import Table, dictionary, tables_of
from enough_fingers.names import known
from enough_fingers.run import Run
from enough_fingers.structure import read_design
from enough_fingers.writers import BLOCK_ROWS, ENDINGS, package, write_grid, writer

_ABOUT = (
    "title", "license", "software", "uuid", "schema", "schema_version", "results_version",
    "config_sha256",
)  # fmt: skip


def export(
    run: Run,
    folder: str | Path,
    to: str,
    *,
    tables: Iterable[str] | None = None,
    overwrite: bool = False,
) -> list[Path]:
    """Writes the tables of a run, one file each, and what they are.

    Beside the tables stand `dictionary.csv` and `dictionary.json` (table, column, unit, type,
    meaning, categories), `config.json`, `provenance.json` and `about.json`. "None" (NaN, or an
    identity that is not there) is an empty field in CSV, `null` in JSON and Parquet and the fill
    value in NetCDF; runs that are missing or failed stand in `runs` alone.

    Args:
        run: The run; `Run.select` it first to write less.
        folder: Where to; it is made where it is not there.
        to: "csv", "json" (one object a line), "parquet" or "netcdf".
        tables: Which tables; all that there are where None: design, runs, outcomes, series, events,
            models, model_forms, parameters.
        overwrite: Whether files that are there may be replaced.

    Returns:
        The files that were written.

    Raises:
        ValueError: When there is no such form or table, or files are there already.
        MissingLibraryError: When a library is not installed; says how to install it.
        OSError: When they cannot be written. Nothing is left of them then.
    """
    (form,) = known(to, list(ENDINGS), "form")
    chosen = tables_of(run, tables)
    folder = Path(folder)
    names = [f"{table.name}.{ENDINGS[form]}" for table in chosen]
    texts = _texts(run, tables_of(run), None if tables is None else [t.name for t in chosen])
    there = [name for name in [*names, *texts] if (folder / name).exists()]
    if there and not overwrite:
        raise ValueError(
            f"{folder}: holds {', '.join(there[:3])} already; give another folder, or --overwrite "
            "to replace what is there"
        )
    with _new_files(folder) as fresh:
        for table, name in zip(chosen, names, strict=True):
            _write_table(run, table, fresh / name, form)
        for name, content in texts.items():
            (fresh / name).write_text(content, encoding="utf-8", newline="")
        return [_moved(fresh / name, folder / name) for name in [*names, *texts]]


def _moved(fresh: Path, to: Path) -> Path:
    fresh.replace(to)
    return to


@contextmanager
def _new_files(folder: Path) -> Iterator[Path]:
    """A folder beside the files to come, so that they appear whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=".export-", dir=folder))
    try:
        yield fresh
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _write_table(run: Run, table: Table, path: Path, form: str) -> None:
    about = _about_texts(run)
    if form == "netcdf":
        about = {"Conventions": "CF-1.10", **about}
        if table.name == "series":
            _write_series(run, path, about)
            return
    elif form == "parquet":
        about |= {name: run.source.text(name) for name in ("config", "provenance")}
    file = writer(form, path, table, about)
    blocks = table.blocks(BLOCK_ROWS[form])
    try:
        for prepared in _ahead(file.prepare(block) for block in blocks):
            file.write(prepared)
    finally:
        file.close()


def _ahead(items: Iterator[Any]) -> Iterator[Any]:
    """The same items; each is made in a thread of its own while the one before is used."""
    end = object()
    with ThreadPoolExecutor(max_workers=1) as reader:
        coming = reader.submit(next, items, end)
        while (item := coming.result()) is not end:
            coming = reader.submit(next, items, end)
            yield item


def _write_series(run: Run, path: Path, about: dict[str, str]) -> None:
    """Series keep their dimensions; a quantity is read and written at a time."""
    try:
        series = run.series
    except ValueError:  # no grid: a row a run
        series = run.series_by_run
    beside = " ".join(str(name) for name in series.coords if name not in series.dims)
    with package("h5netcdf").File(path, "w") as file:
        file.dimensions = dict(series.sizes)
        file.attrs.update(about)
        for name in series.variables:
            # Of a copy, so that what is read does not stay in the run.
            notes = dict(series[name].attrs)
            if name in series.data_vars and beside:
                notes["coordinates"] = beside
            write_grid(file, str(name), series[name].copy().variable, notes)


def _about_texts(run: Run) -> dict[str, str]:
    attributes = run.attributes
    return {name: str(attributes[name]) for name in _ABOUT if name in attributes}


def _texts(run: Run, tables: list[Table], asked: list[str] | None) -> dict[str, str]:
    """The files beside the tables, by name."""
    words = dictionary(tables)
    rows = words.to_dict(orient="records")
    for row in rows:
        row["categories"] = row["categories"] or None
    as_json = [json.dumps(row["categories"]) if row["categories"] else "" for row in rows]
    about = {name: run.attributes[name] for name in _ABOUT if name in run.attributes}
    about["complete"] = run.complete
    about["selection"] = ({} if asked is None else {"tables": asked}) | _selection(run)
    return {
        "dictionary.csv": words.assign(categories=as_json).to_csv(
            index=False, lineterminator="\r\n"
        ),
        "dictionary.json": json.dumps(rows, indent=1, ensure_ascii=False) + "\n",
        "config.json": run.source.text("config"),
        "provenance.json": run.source.text("provenance"),
        "about.json": json.dumps(about, indent=2, ensure_ascii=False) + "\n",
    }


def _selection(run: Run) -> dict[str, object]:
    """What is selected of a run, by name; nothing where all of it is there."""
    design, _ = read_design(run.source)
    regimes = list(dict.fromkeys(design["regime"].astype(str)))
    replicates = np.unique(run.source.read("runs", ["replicate"])["replicate"]).tolist()
    points = design.index[design["regime"].isin(run.regimes)].tolist()
    kept = {
        "regimes": (run.regimes, regimes),
        "replicates": (np.unique(run.runs["replicate"]).tolist(), replicates),
        "points": (run.design.index.tolist(), points),
    }
    chosen: dict[str, object] = {name: one for name, (one, all_) in kept.items() if one != all_}
    if run.kinds is not None:
        chosen["kinds"] = list(run.kinds)
    if run.years is not None:
        chosen["years"] = [None if math.isinf(year) else year for year in run.years]
    return chosen
