"""Several files of one experiment are as one; what does not belong together is refused."""

from __future__ import annotations

import dataclasses
import json
import subprocess
import warnings
from collections.abc import Callable, Iterable
from pathlib import Path

import h5py
import numpy as np
import pandas as pd
import pytest
import xarray as xr

from enough_fingers import (
    DamagedFileError,
    ForeignFileError,
    IncompleteRunWarning,
    NewerFileError,
    Run,
    open_run,
)
from files import TEXT, Contents, Event, Model, write_run_file

N_RUNS = 6  # two regimes, three replicates
COUNTS = (2, 0, 3, 1, 4, 2)
WHOLE = Contents(
    replicates=3,
    outcomes={"harm_musd": [float(run) for run in range(N_RUNS)]},
    events=[
        Event(run, time=2024 + number, severity_musd=10.0 * run + number, kind=number % 3)
        for run, count in enumerate(COUNTS)
        for number in range(count)
    ],
    models=[Model(run) for run in (0, 2, 2, 5)],
)


def only(runs: Iterable[int], **changes: object) -> Contents:
    """The whole batch, of which only some runs are done and the others are missing."""
    runs = set(runs)
    changed = dataclasses.replace(
        WHOLE,
        outcomes={"harm_musd": [float(run) if run in runs else np.nan for run in range(N_RUNS)]},
        events=[event for event in WHOLE.events if event.run in runs],
        models=[model for model in WHOLE.models or () if model.run in runs],
        status=[0 if run in runs else 1 for run in range(N_RUNS)],
    )
    return dataclasses.replace(changed, **changes)  # type: ignore[arg-type]


Writer = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Writer:
    def write_and_mark(name: str, contents: Contents, **attributes: object) -> Path:
        path = write_run_file(tmp_path / f"{name}.h5", contents)
        model = attributes.pop("model_config", {"/population/developers/count": 20000})
        with h5py.File(path, "r+") as file:
            file.attrs.update(attributes)
            file.create_dataset("model_config", data=json.dumps(model), dtype=TEXT)
            content = json.loads(file["provenance"][()])
            content["design"] = {"replicates": contents.replicates}
            del file["provenance"]
            file.create_dataset("provenance", data=json.dumps(content), dtype=TEXT)
        return path

    return write_and_mark


def assert_same(one: Run, other: Run) -> None:
    for name in ("design", "runs", "outcomes", "events", "models"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name))
        assert getattr(one, name).attrs == getattr(other, name).attrs
    xr.testing.assert_identical(one.series, other.series)
    assert one.complete == other.complete


def test_files_that_hold_every_other_run_are_as_one(write: Writer) -> None:
    whole = open_run(write("whole", WHOLE))
    parts = [write(f"part{i}", only(range(i, N_RUNS, 3))) for i in range(3)]
    assert_same(open_run(parts), whole)
    assert_same(open_run(reversed(parts)), whole)
    assert open_run(parts).paths == tuple(parts)


def test_runs_that_stand_twice_are_taken_once(write: Writer) -> None:
    whole = open_run(write("whole", WHOLE))
    assert_same(open_run([write("a", only([0, 1, 2, 4])), write("b", only([2, 3, 4, 5]))]), whole)


def test_slices_cross_the_bounds_of_parts(write: Writer) -> None:
    parts = [write(f"part{i}", only(range(i, N_RUNS, 2))) for i in range(2)]
    run, whole = open_run(parts), open_run(write("whole", WHOLE))
    for rows in (1, 2, 5, 100):
        pd.testing.assert_frame_equal(pd.concat(list(run.iter_events(rows))), whole.events)
    for start, stop in ((0, 0), (1, 4), (5, 12), (3, None)):
        for name in ("run", "severity_musd"):
            one, other = (r.source.read("events", [name], start, stop)[name] for r in (run, whole))
            assert list(one) == list(other)
            assert one.dtype == other.dtype


def test_what_no_file_holds_is_missing(write: Writer) -> None:
    with pytest.warns(IncompleteRunWarning, match=r"1 of 6 runs are missing.*fingers merge"):
        run = open_run([write("a", only([0, 1])), write("b", only([2, 3, 5]))])
    assert not run.complete
    assert list(run.outcomes.index) == [0, 1, 2, 3, 5]
    assert list(run.runs["status"])[4] == "missing"


def test_a_done_run_is_taken_before_one_that_failed(write: Writer) -> None:
    failed = only([0, 1, 2], status=[0, 0, 0, 2, 2, 2])
    assert_same(open_run([write("a", failed), write("b", only([3, 4, 5]))]),
                open_run(write("whole", WHOLE)))  # fmt: skip


def test_the_longer_of_two_batches_holds_the_shorter(write: Writer) -> None:
    short = dataclasses.replace(
        only([0, 1, 2, 3]), replicates=2, models=None, status=None, events=[],
        outcomes={"harm_musd": [0.0, 1.0, 3.0, 4.0]},
    )  # fmt: skip
    long = dataclasses.replace(only([0, 1, 2, 5], models=None), events=[])
    paths = [write("short", short, uuid="another"), write("long", long)]
    for path, runs in zip(paths, ([0, 1, 3, 4], range(N_RUNS)), strict=True):
        with h5py.File(path, "r+") as file:
            for name in ("identity", "content_xxh3"):
                file[f"runs/{name}"][...] = np.array(list(runs)) + 50
    run = open_run(paths)
    assert run.complete
    assert list(run.outcomes["replicate"]) == [0, 1, 2] * 2
    assert list(run.outcomes["harm_musd"]) == [0, 1, 2, 3, 4, 5]
    assert run.attributes["n_runs"] == 6


def test_different_results_of_a_run_are_refused(write: Writer) -> None:
    paths = [write("a", only([0, 1, 2, 3])), write("b", only([3, 4, 5]))]
    with h5py.File(paths[1], "r+") as file:
        file["runs/content_xxh3"][3] = 99
    match = r"a.h5 and .*b.h5: hold different results.*open, point 1, replicate 0.*fingers verify"
    with pytest.raises(DamagedFileError, match=match):
        open_run(paths)


OTHERS: dict[str, tuple[dict[str, object], Contents]] = {
    r"seed_dynamics is 3 in the first and 4 in the second": (
        {},
        dataclasses.replace(WHOLE, seed=4),
    ),
    r"results_version is 1 in the first and 2": ({"results_version": 2}, WHOLE),
    r"developers/count is 20000 in the first and 5000 in the second": (
        {"uuid": "x", "model_config": {"/population/developers/count": 5000}},
        WHOLE,
    ),
    r"first has 2 points \(closed, open\), the second 2 \(closed, hosted\)": (
        {"uuid": "x"},
        dataclasses.replace(WHOLE, regimes=("closed", "hosted")),
    ),
    r"/ai is not there in the first and False in the second": (
        {"uuid": "x", "model_config": {"/population/developers/count": 20000, "/ai": False}},
        WHOLE,
    ),
}


@pytest.mark.parametrize("message", OTHERS)
def test_different_experiments_are_refused_and_told_apart(write: Writer, message: str) -> None:
    attributes, contents = OTHERS[message]
    paths = [write("a", WHOLE), write("b", contents, **attributes)]
    with pytest.raises(ForeignFileError, match=r"a.h5 and .*b.h5: are of different.*" + message):
        open_run(paths)


def test_a_run_of_other_parameters_is_refused(write: Writer) -> None:
    paths = [write("a", WHOLE), write("b", WHOLE)]
    with h5py.File(paths[1], "r+") as file:
        file["runs/identity"][4] = 7
    with pytest.raises(ForeignFileError, match=r"open, point 1, replicate 1 was run with other"):
        open_run(paths)


def test_one_file_of_several_may_be_the_wrong_one(write: Writer, tmp_path: Path) -> None:
    a = write("a", WHOLE)
    with pytest.raises(NewerFileError, match=r"b.h5: has schema version 2"):
        open_run([a, write("b", WHOLE, schema_version=2)])
    with pytest.raises(ForeignFileError, match=r"c.h5: there is no such file"):
        open_run([a, tmp_path / "c.h5"])
    with pytest.raises(ValueError, match="no file is given"):
        open_run([])


@pytest.mark.program
def test_shards_and_segments_of_the_program_are_as_the_merged_file(
    program: Path, tmp_path: Path
) -> None:
    config = {
        "schema_version": 1,
        "base": "baseline.json",
        "seed": 5,
        "time": {"years": 1},
        "output": {"models": True},
        "experiment": {"regimes": ["closed", "open-weights-permissive"], "replicates": 7},
    }
    (tmp_path / "config.json").write_text(json.dumps(config), encoding="utf-8")

    def fingers(*words: str, code: int = 0) -> None:
        done = subprocess.run(
            [str(program), *words], cwd=tmp_path, capture_output=True, text=True, timeout=120,
            check=False,
        )  # fmt: skip
        assert done.returncode == code, done.stdout + done.stderr

    fingers("run", "config.json", "-o", "whole.h5")
    for shard in range(3):
        fingers("run", "config.json", "-o", f"s{shard}.h5", "--shard", f"{shard}/3")
        fingers("merge", f"s{shard}.h5", code=3)
    fingers("run", "config.json", "-o", "few.h5", "--replicates", "3")
    whole = open_run(tmp_path / "whole.h5")
    shards = [tmp_path / f"s{shard}.h5" for shard in range(3)]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert_same(open_run(shards), whole)
        assert_same(open_run([tmp_path / "few.h5", *shards]), whole)
        assert_same(open_run(sorted(tmp_path.glob("s*.h5.parts/*.h5"))), whole)
