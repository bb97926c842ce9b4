"""Fixtures: small hand-made files, and one real run of the built program a session."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import warnings
from collections.abc import Callable
from pathlib import Path

import matplotlib
import pytest

from enough_fingers import Run, open_run
from files import Contents, write_run_file

matplotlib.use("Agg")

ROOT = Path(__file__).resolve().parents[2]
Opener = Callable[[Contents], Run]


@pytest.fixture
def opened(tmp_path: Path) -> Opener:
    """Writes contents to a file and opens it; an unfinished one opens without its warning."""
    number = itertools.count()

    def write_and_open(contents: Contents) -> Run:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return open_run(write_run_file(tmp_path / f"run{next(number)}.h5", contents))

    return write_and_open


@pytest.fixture(scope="session")
def program() -> Path:
    """The built `fingers`: FINGERS_PROGRAM, or a build beside the sources.

    Under FINGERS_REQUIRE_PROGRAM=1 a missing program fails, so that a run of all tests cannot
    pass without the end-to-end ones.
    """
    named = os.environ.get("FINGERS_PROGRAM")
    built = (ROOT / "build" / preset / "fingers" for preset in ("release", "dev"))
    candidates = [Path(named)] if named else list(built)
    for candidate in candidates:
        if candidate.is_file() and os.access(candidate, os.X_OK):
            return candidate
    message = f"no built program at {', '.join(map(str, candidates))}"
    if os.environ.get("FINGERS_REQUIRE_PROGRAM") == "1":
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="session")
def real_file(program: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small run of the baseline: three regimes, six replicates each."""
    folder = tmp_path_factory.mktemp("real")
    config = {
        "schema_version": 1,
        "title": "Small run for the tests of the analysis",
        "base": str(ROOT / "configs" / "baseline.json"),
        "seed": 7,
        "experiment": {
            "regimes": ["closed", "hosted-monitored", "open-weights-permissive"],
            "replicates": 6,
        },
    }
    (folder / "small.json").write_text(json.dumps(config), encoding="utf-8")
    made = folder / "small.h5"
    command = [str(program), "run", str(folder / "small.json"), "-o", str(made)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}\n{done.stderr}"
    return made
