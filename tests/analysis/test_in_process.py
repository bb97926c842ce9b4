from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import enough_fingers
from enough_fingers import ConfigError, NoEngineError, Run, open_run
from enough_fingers.in_process import has_engine

ROOT = Path(__file__).parents[2]
CONFIG: dict[str, Any] = {
    "schema_version": 1,
    "title": "A small world",
    "base": "baseline",
    "seed": 11,
    "time": {"years": 3},
    "population": {"developers": {"count": 2000}, "bad_actors": {"count": 300}},
    "output": {"models": True},
    "experiment": {
        "regimes": ["closed", "open-weights-permissive"],
        "replicates": 4,
        "factors": {"/mechanisms/scrutiny/enabled": {"values": [0, 1]}},
    },
}

needs_engine = pytest.mark.skipif(
    not has_engine() and not os.environ.get("FINGERS_REQUIRE_PROGRAM"),
    reason="the extension is not built",
)


def same_arrays(one: pd.DataFrame, other: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(one, other, check_exact=True)
    assert one.attrs == other.attrs


@pytest.fixture(scope="module")
def from_file(program: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The same config through the program and a file."""
    folder = tmp_path_factory.mktemp("in_process")
    (folder / "small.json").write_text(json.dumps(CONFIG))
    subprocess.run(
        [program, "run", "small.json", "-o", "small.h5", "--progress", "never"],
        cwd=folder,
        check=True,
        capture_output=True,
    )
    return open_run(folder / "small.h5")


@needs_engine
@pytest.mark.program
def test_it_gives_what_the_program_writes_bit_for_bit(from_file: Run) -> None:
    run = enough_fingers.run(CONFIG)
    assert run.complete
    for table in ("design", "runs", "outcomes", "events", "models", "model_forms", "parameters"):
        same_arrays(getattr(run, table), getattr(from_file, table))
    assert run.series_by_run.identical(from_file.series_by_run)
    assert run.config == from_file.config
    assert run.schema == from_file.schema
    assert run.factors == from_file.factors
    ours, theirs = run.provenance, from_file.provenance
    assert {**ours, "command": ""} == {**theirs, "command": ""}
    held = {name: from_file.attributes[name] for name in run.attributes}
    assert run.attributes == held


@needs_engine
def test_the_number_of_threads_changes_nothing() -> None:
    one, many = (enough_fingers.run(CONFIG, threads=threads) for threads in (1, 3))
    same_arrays(one.events, many.events)
    same_arrays(one.outcomes, many.outcomes)


@needs_engine
def test_arrays_are_those_of_the_simulation_and_outlive_the_run() -> None:
    run = enough_fingers.run(CONFIG, replicates=1)
    time_of = run.source.read("events", ["time"])["time"]
    assert not time_of.flags.owndata
    assert not time_of.flags.writeable
    kept = time_of.copy()
    del run
    enough_fingers.run(CONFIG, replicates=2)  # would reuse memory that was let go
    np.testing.assert_array_equal(time_of, kept)


@needs_engine
def test_what_is_changed_counts() -> None:
    run = enough_fingers.run(
        CONFIG, replicates=2, seed=3, changes={"/time/years": 1, "/experiment/factors": {}}
    )
    assert len(run.runs) == 2 * 2
    assert (
        run.attributes["seed_dynamics"]
        != enough_fingers.run(CONFIG, replicates=1).attributes["seed_dynamics"]
    )
    assert run.series_by_run.sizes["time"] == 12


@needs_engine
def test_a_path_runs_like_its_content(tmp_path: Path) -> None:
    (tmp_path / "mine.json").write_text(json.dumps(CONFIG | {"base": "other.json"}))
    (tmp_path / "other.json").write_text(json.dumps({"schema_version": 1, "base": "baseline"}))
    by_path = enough_fingers.run(tmp_path / "mine.json", replicates=1)
    by_content = enough_fingers.run(CONFIG | {"base": "other.json"}, replicates=1, folder=tmp_path)
    same_arrays(by_path.events, by_content.events)


@needs_engine
def test_all_mistakes_are_listed_with_their_places(tmp_path: Path) -> None:
    wrong = {**CONFIG, "popluation": {}, "time": {"years": -1}}
    del wrong["population"]
    (tmp_path / "wrong.json").write_text(json.dumps(wrong, indent=1))
    with pytest.raises(ConfigError) as caught:
        enough_fingers.run(tmp_path / "wrong.json")
    pointers = {mistake.pointer for mistake in caught.value.mistakes}
    assert pointers == {"/popluation", "/time/years"}
    lines = (tmp_path / "wrong.json").read_text().splitlines()
    for mistake in caught.value.mistakes:
        assert mistake.pointer.rsplit("/", 1)[1] in lines[mistake.line - 1]
        assert mistake.text in str(caught.value)
    assert 'did you mean "population"' in str(caught.value)


@needs_engine
def test_a_missing_file_is_a_mistake() -> None:
    with pytest.raises(ConfigError, match="no such file"):
        enough_fingers.run("nowhere.json")


@needs_engine
def test_precision_asks_for_a_file() -> None:
    until = {"outcome": "harm_musd", "half_width": 0.1, "minimum": 30, "maximum": 60}
    wanted = {**CONFIG, "experiment": {"regimes": ["closed"], "until": until}}
    with pytest.raises(ValueError, match="fingers run"):
        enough_fingers.run(wanted)
    assert len(enough_fingers.run(wanted, replicates=2).runs) == 2


@needs_engine
def test_other_threads_go_on_meanwhile() -> None:
    """The interpreter's lock is released: a counter moves on while a batch runs."""
    ticks, stop = [0], threading.Event()

    def count() -> None:
        while not stop.is_set():
            ticks[0] += 1
            time.sleep(0.001)

    counter = threading.Thread(target=count)
    counter.start()
    before = ticks[0]
    enough_fingers.run(CONFIG, threads=1)
    during = ticks[0] - before
    stop.set()
    counter.join()
    assert during > 10


@needs_engine
def test_ctrl_c_ends_it_soon() -> None:
    script = (
        "import enough_fingers, signal, threading, os, time\n"
        "threading.Timer(1.0, os.kill, (os.getpid(), signal.SIGINT)).start()\n"
        "try:\n"
        "    enough_fingers.run('baseline', replicates=100000)\n"
        "except KeyboardInterrupt:\n"
        "    print('interrupted')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=100, check=True
    )
    assert done.stdout == "interrupted\n"


def test_without_the_extension_it_says_how_to_get_it(tmp_path: Path) -> None:
    script = (
        "import sys; sys.modules['enough_fingers_engine'] = None\n"
        "import enough_fingers\n"
        "try:\n"
        "    enough_fingers.run('baseline')\n"
        "except enough_fingers.NoEngineError as error:\n"
        "    print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert "pip install ./bindings" in done.stdout
    assert issubclass(NoEngineError, RuntimeError)
