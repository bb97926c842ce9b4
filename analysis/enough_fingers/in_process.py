"""Runs a config in this process, for loops of calibration and optimisation: no file, no copy.

This needs the extension of `bindings/` (`pip install ./bindings` from a checkout). What comes out
is what the program `fingers` writes for the same config, bit for bit.
"""

from __future__ import annotations

import json
import os
import warnings
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from enough_fingers.columns import Column, Values, describe
from enough_fingers.errors import ConfigError, IncompleteRunWarning, Mistake, NoEngineError
from enough_fingers.load import Run, run_of
from enough_fingers.sources import ArraySource

#: A config: the path of its file, the name of a built-in one, or the config itself.
Config = str | Path | Mapping[str, Any]


def run(
    config: Config,
    *,
    replicates: int | None = None,
    seed: int | None = None,
    changes: Mapping[str, Any] | None = None,
    threads: int = 0,
    folder: str | Path = ".",
) -> Run:
    """Runs every replicate of every point of a config in this process.

    Other Python threads go on meanwhile. Ctrl-C ends the runs that have begun and raises
    KeyboardInterrupt.

    Args:
        config: A path, the name of a built-in config, or the config as a mapping.
        replicates: Instead of those of its experiment.
        seed: Instead of its seeds.
        changes: New values by JSON pointer, applied last: {"/population/developers/count": 5000}.
        threads: How many runs at once; all processors where 0. The result does not depend on it.
        folder: Where the `base` and the `points_file` of a config that is a mapping are sought.

    Returns:
        The run, as `open_run` gives it; its arrays are those of the simulation, not copies, and
        cannot be written to. Where runs failed it warns (IncompleteRunWarning), `complete` is
        False, and they are left out everywhere.

    Raises:
        ConfigError: The config has mistakes; the error lists all, each with its place.
        NoEngineError: The extension is not installed.
        ValueError: The experiment asks for a precision (`until`), for which a file is needed.
    """
    engine = _engine()
    text, path = _text_and_path(config, Path(folder))
    checked = engine.Checked(
        text,
        path,
        seed=None if seed is None else str(seed),
        replicates=None if replicates is None else str(replicates),
        set=[f"{pointer}={json.dumps(value)}" for pointer, value in (changes or {}).items()],
    )
    if checked.mistakes:
        raise ConfigError([Mistake(**mistake) for mistake in checked.mistakes])
    if checked.asks_for_precision:
        raise ValueError(
            'the experiment asks for a precision ("until"); in memory say how many replicates: '
            "run(config, replicates=100), or use `fingers run`, which writes a file"
        )
    found = checked.run(threads)
    if found["failures"]:
        row, reason = found["failures"][0]
        warnings.warn(
            f"{len(found['failures'])} runs failed and are left out, first run {row}: {reason}",
            IncompleteRunWarning,
            stacklevel=2,
        )
    return run_of(_source(found))


def has_engine() -> bool:
    """Whether the extension is installed."""
    try:
        _engine()
    except NoEngineError:
        return False
    return True


def _engine() -> ModuleType:
    try:
        import enough_fingers_engine
    except ImportError as error:
        raise NoEngineError(
            "running in this process needs the extension: `pip install ./bindings` in a checkout "
            f"of Enough Fingers; or run the program `fingers` and open its file ({error})"
        ) from error
    engine: ModuleType = enough_fingers_engine
    return engine


def _text_and_path(config: Config, folder: Path) -> tuple[str | None, str]:
    if isinstance(config, Mapping):
        return json.dumps(config), os.fspath(folder / "config")
    return None, os.fspath(config)


def _source(found: Mapping[str, Any]) -> ArraySource:
    """What the extension hands over as a source of columns; the names are those of a file."""
    groups = {name: _columns(columns) for name, columns in found["groups"].items()}
    design = found["design"]
    n_points = len(design["name"])
    for name, meaning in _DESIGN_TEXTS.items():
        if name in design:
            values = np.empty(n_points, dtype=object)
            values[:] = design[name]
            about = describe(name, {"long_name": meaning}, values.shape, values.dtype)
            groups["design"][name] = (values, about)
    factors = [name for name, (_, column) in groups["design"].items() if column.pointer]
    own = json.loads(found["texts"]["schema_json"])
    counts = {f"n_{table}": len(_first(groups[table])) for table in _tables(groups)}
    return ArraySource(
        attributes={**found["attributes"], **counts},
        texts=found["texts"],
        groups=groups,
        group_attributes={
            "runs": {"columns": " ".join(outcome["name"] for outcome in own["outcomes"])},
            "design": {
                "columns": " ".join(factors),
                **{key: design[key] for key in ("kind", "random_numbers", "crossed")},
            },
        },
        name="a run in memory",
    )


_DESIGN_TEXTS = {
    "name": "name of the design point",
    "setting": "the named setting that the point tries",
    "block": "block of the sample, or the move since the step before",
}


def _tables(groups: Iterable[str]) -> list[str]:
    return [name for name in groups if name not in ("design", "runs", "series")]


def _first(columns: Mapping[str, tuple[Values, Column]]) -> Values:
    return next(iter(columns.values()))[0]


def _columns(columns: Iterable[Mapping[str, Any]]) -> dict[str, tuple[Values, Column]]:
    return {column["name"]: (column["values"], _column(column)) for column in columns}


def _column(column: Mapping[str, Any]) -> Column:
    """What is said about a column, in the words of a file's attributes."""
    values = column["values"]
    attributes = {key: column[key] for key in ("units", "long_name", "pointer")}
    names = column["flags"] or column["names"]
    if names:
        attributes["flag_meanings"] = " ".join(name.replace(" ", "_") for name in names)
        codes = range(len(names))
        if column["flags"]:
            attributes |= {"flag_masks": [1 << bit for bit in codes]}
        else:
            attributes |= {"flag_values": list(codes)}
        attributes["valid_range"] = (
            0,
            (1 << len(names)) - 1 if column["flags"] else len(names) - 1,
        )
    return describe(column["name"], attributes, values.shape, values.dtype)
