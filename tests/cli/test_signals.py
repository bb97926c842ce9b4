"""A batch that is stopped keeps what it has finished, and says so."""

from __future__ import annotations

import signal
import time

import h5py
import pytest
from cli_program import Program, with_changes

pytest_plugins = ("cli_fixtures",)
pytestmark = pytest.mark.program


@pytest.fixture
def long(fingers: Program) -> Program:
    """A folder with a config that would run for a minute or more."""
    population = {"developers": {"count": 20000}, "bad_actors": {"count": 2000}}
    experiment = {"regimes": ["hosted", "open-weights-permissive"], "replicates": 1000}
    fingers.write(
        "long.json",
        with_changes(population=population, experiment=experiment, time={"years": 10}),
    )
    return fingers


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 75)])
def test_a_stopped_batch_keeps_what_is_done(long: Program, number: int, code: int) -> None:
    running = long.start("run", "long.json", "--progress", "never")
    deadline = time.monotonic() + 30
    while not (long.folder / "long.h5.parts").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(1.5)
    running.send_signal(number)
    out, err = running.communicate(timeout=60)
    assert running.returncode == code, err
    assert "complete = 0" in err
    assert out.startswith("file     long.h5\n")
    with h5py.File(long.folder / "long.h5", "r") as file:
        assert file.attrs["complete"] == 0
        status = file["runs/status"][:]
    assert len(status) == 2000
    assert 0 < (status == 0).sum() < 2000
    assert (status != 2).all()
    said = long("info", "long.h5")
    assert "complete        no" in said.out
    assert f"missing         {(status == 1).sum():,}" in said.out
    assert "--overwrite" in long("run", "long.json", code=2).err


def test_a_second_interrupt_ends_at_once(long: Program) -> None:
    running = long.start("run", "long.json", "--threads", "1", "--progress", "never")
    deadline = time.monotonic() + 30
    while not (long.folder / "long.h5.parts").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    running.send_signal(signal.SIGINT)
    running.send_signal(signal.SIGINT)
    running.communicate(timeout=20)
    assert running.returncode in {130, -signal.SIGINT}
