"""Opens results files: from a path, or several, to a `Run`.

`open_run` checks that a file is ours, is not newer than this package, and does not contradict
itself; the big tables are read when first asked for. The file format is described in the data
dictionary that every file carries (`Run.schema`).
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from pathlib import Path

from enough_fingers.columns import damaged, read_json
from enough_fingers.errors import IncompleteRunWarning
from enough_fingers.integrity import check_config, check_dictionary, check_parameters
from enough_fingers.joined import JoinedSource
from enough_fingers.run import NONE, Run
from enough_fingers.sources import FileSource, Source
from enough_fingers.stored_texts import check_texts
from enough_fingers.structure import (
    check_counts,
    check_is_hdf5,
    check_schema,
    read_design,
    read_runs,
)

__all__ = ["NONE", "Run", "open_run", "run_of"]


def open_run(path: str | Path | Iterable[str | Path]) -> Run:
    """Opens a results file, or several of one experiment as if they were one.

    Several files are shards that `fingers merge` made files of, segments of a batch, or batches of
    the same config with other numbers of replicates: the run holds whatever any of them holds. Of a
    run that stands in several the done one is taken, and done ones must be the same.

    Args:
        path: The HDF5 file that `fingers run` wrote, or several.

    Returns:
        The run. When replicates are missing or failed it warns (IncompleteRunWarning) and
        `complete` is False; such replicates are left out everywhere.

    Raises:
        ForeignFileError: Not there, not one of our files, or of different experiments.
        NewerFileError: Written by a newer program than this package knows.
        DamagedFileError: Unreadable, it contradicts itself, or two hold different results of the
            same run.
        ValueError: When no file is given.
    """
    paths = [Path(path)] if isinstance(path, str | Path) else [Path(one) for one in path]
    if not paths:
        raise ValueError("no file is given; name the .h5 files that `fingers run` wrote")
    for one in paths:
        check_is_hdf5(one)
    # Of several files the texts are those of the first; a tenth of a second for each would be felt.
    check_texts(paths[0])
    files = [FileSource(one) for one in paths]
    run = run_of(files[0] if len(files) == 1 else JoinedSource(files))
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
    config, provenance, schema = (
        read_json(source, name) for name in ("config", "provenance", "schema_json")
    )
    design, factors = read_design(source)
    check_config(source, config, design)
    check_dictionary(source, schema)
    check_parameters(provenance, config, source.name)
    runs = read_runs(source, design)
    check_counts(source, runs)
    attributes = dict(source.attributes())
    return Run(
        source=source,
        complete=bool(attributes.get("complete", 0)) and bool((runs["status"] == "done").all()),
        attributes=attributes,
        config=config,
        provenance=provenance,
        schema=schema,
        design=design,
        factors=factors,
        runs=runs,
    )


def _warn_incomplete(run: Run) -> None:
    counts = run.runs["status"].value_counts()
    command = run.provenance.get("command", "the command that made it")
    if len(run.paths) > 1:
        advice = "open the other parts with these, or join all parts with `fingers merge`"
    else:
        advice = (
            f"`fingers retry {run.path.name}` makes them; to make the file anew: {command} "
            "--overwrite"
        )
    left = f"{counts['missing']} of {len(run.runs)} runs are missing and {counts['failed']} failed"
    if not counts["missing"] + counts["failed"]:
        left = f"holds {len(run.runs)} runs, which are not all that its batch asks for"
    warnings.warn(
        f"{run.source.name}: {left}; they are left out of every table and figure. {advice}",
        IncompleteRunWarning,
        stacklevel=3,
    )
