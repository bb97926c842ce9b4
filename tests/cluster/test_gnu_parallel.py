"""The job file for GNU parallel."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest
from test_slurm import JOBS, PROGRAM, run, sha256
from virtual_cluster import wait_until

pytestmark = pytest.mark.skipif(shutil.which("parallel") is None, reason="GNU parallel is not here")
CONFIG = (
    '{"schema_version": 1, "base": "baseline", "time": {"years": 6}, '
    '"population": {"developers": {"count": 2000}}, '
    '"experiment": {"regimes": ["closed", "full-source"], "replicates": 60}}'
)


def test_a_killed_shard_and_a_killed_driver_change_no_byte(tmp_path: Path) -> None:
    (tmp_path / "job.json").write_text(CONFIG)
    env = os.environ | {"FINGERS": str(PROGRAM)}
    run(PROGRAM, "run", "job.json", "-o", "one.h5", "--progress", "never", folder=tmp_path, env=env)
    words = [str(JOBS / "gnu-parallel.sh"), "job.json", "job.h5", "6", "--jobs", "2"]
    first = subprocess.Popen(
        words, cwd=tmp_path, env=env, start_new_session=True, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    wait_until(lambda: any((tmp_path / "job.h5.parts").glob("lock-*")), "a shard has begun", 60)
    time.sleep(0.5)
    os.killpg(first.pid, signal.SIGKILL)
    first.wait()
    assert not (tmp_path / "job.h5").exists()
    run(*words, folder=tmp_path, env=env)
    assert sha256(tmp_path / "job.h5") == sha256(tmp_path / "one.h5")
