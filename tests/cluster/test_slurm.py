"""The job files for Slurm, against a real one: what is lost on the way changes no byte."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from virtual_cluster import VirtualCluster, missing_tools, wait_until

TOP = Path(__file__).resolve().parents[2]
JOBS = TOP / "docs" / "clusters"
PROGRAM = Path(os.environ.get("FINGERS_PROGRAM", TOP / "build" / "release" / "fingers")).resolve()
#: Of the main job; the whole has 100.
REPLICATES = int(os.environ.get("FINGERS_CLUSTER_REPLICATES", "12"))
SHARDS = 8

pytestmark = pytest.mark.skipif(bool(missing_tools()), reason=f"not here: {missing_tools()}")


def run(*words: str | Path, folder: Path, env: dict[str, str], code: int = 0) -> str:
    done = subprocess.run(
        [str(word) for word in words],
        cwd=folder,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[VirtualCluster]:
    found = VirtualCluster(tmp_path / "slurm")
    found.environment["FINGERS"] = str(PROGRAM)
    try:
        found.start()
        yield found
    finally:
        found.stop()


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("config") / "job.json"
    path.write_text(
        f'{{"schema_version": 1, "base": "{TOP / "configs" / "release-regimes.json"}", '
        f'"experiment": {{"replicates": {REPLICATES}}}}}'
    )
    return path


@pytest.fixture(scope="module")
def at_once(config: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """SHA-256 of the same batch on one machine, in one process."""
    folder = tmp_path_factory.mktemp("at_once")
    began = time.monotonic()
    run(
        PROGRAM,
        "run",
        config,
        "-o",
        "job.h5",
        "--progress",
        "never",
        folder=folder,
        env=dict(os.environ),
    )
    print(f"\none machine: {time.monotonic() - began:.1f} s")
    return sha256(folder / "job.h5")


def submit(cluster: VirtualCluster, config: Path, folder: Path, *options: str) -> tuple[str, str]:
    """The array (empty when nothing was missing) and the merge behind it."""
    told = run(
        JOBS / "slurm-submit.sh", config, "job.h5", str(SHARDS), *options,
        folder=folder, env=cluster.environment,
    )  # fmt: skip
    array = re.search(r"array (\d+)", told)
    merge = re.search(r"merge (\d+)", told)
    assert merge, told
    return array[1] if array else "", merge[1]


def ended(cluster: VirtualCluster, job: str) -> bool:
    return cluster.state_of(job) in {"COMPLETED", "FAILED", "CANCELLED", "TIMEOUT", "NODE_FAIL"}


def test_a_lost_node_and_a_lost_controller_change_no_byte(
    cluster: VirtualCluster, config: Path, at_once: str, tmp_path: Path
) -> None:
    began = time.monotonic()
    array, merge = submit(cluster, config, tmp_path)
    wait_until(lambda: len(cluster.busy_nodes()) >= 3, "three nodes at work")
    # What Slurm has saved survives its controller; it saves every few seconds.
    time.sleep(6)
    lost = next(node for node in reversed(cluster.busy_nodes()))
    assert cluster.kill_node(lost) > 0
    cluster.kill_controller()
    assert cluster.state_of(merge) == ""
    cluster.start_controller()
    wait_until(lambda: cluster.restarts_of(array) > 0, "an element of the lost node begins again")
    cluster.start_node(lost)
    wait_until(lambda: ended(cluster, merge), "the merge ends", 600)
    print(f"\ncluster: {time.monotonic() - began:.1f} s, {cluster.restarts_of(array)} restarts")
    assert cluster.state_of(merge) == "COMPLETED", cluster.log()
    assert sha256(tmp_path / "job.h5") == at_once


def test_what_was_cancelled_is_named_and_sent_again(
    cluster: VirtualCluster, config: Path, at_once: str, tmp_path: Path
) -> None:
    array, merge = submit(cluster, config, tmp_path)
    cluster.ask("scancel", f"{array}_3")
    wait_until(lambda: len(cluster.busy_nodes()) >= 2, "two nodes at work")
    # A request to stop, as at the end of its time: what it has is kept, and Slurm queues it again.
    cluster.ask("scancel", "--signal=TERM", "--batch", f"{array}_0")
    wait_until(lambda: cluster.restarts_of(array) > 0, "the stopped element begins again")
    wait_until(lambda: ended(cluster, merge), "the merge ends", 600)
    assert cluster.state_of(merge) == "FAILED"
    log = next(tmp_path.glob(f"fingers-merge-{merge}.log")).read_text()
    assert re.search(r"^3$", log, re.MULTILINE), log
    # Sent again it is an array of one element; Slurm then counts one task, the plan eight.
    array, merge = submit(cluster, config, tmp_path)
    wait_until(lambda: ended(cluster, merge), "the second merge ends", 600)
    assert cluster.state_of(merge) == "COMPLETED", cluster.log()
    assert sha256(tmp_path / "job.h5") == at_once
    # And when nothing is missing only the merge is sent, which changes nothing.
    assert submit(cluster, config, tmp_path)[0] == ""


def test_daemons_listen_on_loopback_only(cluster: VirtualCluster) -> None:
    """Of all that listens, what belongs to Slurm is bound to 127.0.0.1."""
    ours = {process.pid for process in cluster._processes.values()}
    sockets = set()
    for pid in ours:
        for link in Path(f"/proc/{pid}/fd").iterdir():
            found = re.match(r"socket:\[(\d+)\]", os.readlink(link))
            if found:
                sockets.add(found[1])
    listening = []
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        words = line.split()
        if words[3] == "0A" and words[9] in sockets:
            listening.append(words[1].split(":")[0])
    assert len(listening) == 5
    assert set(listening) == {"0100007F"}
