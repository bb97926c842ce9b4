"""A batch that is resumed, expanded, sharded or repaired ends in the bytes of one made at once."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import time
from pathlib import Path

import h5py
import pytest
from cli_program import Program, with_changes

pytest_plugins = ("cli_fixtures",)
pytestmark = pytest.mark.program


@pytest.fixture
def batch(fingers: Program) -> Program:
    """A folder with `batch.json`, two seconds of work, and the file that it makes, `whole.h5`."""
    fingers.write(
        "batch.json",
        with_changes(
            time={"years": 3},
            population={"developers": {"count": 2000}, "bad_actors": {"count": 300}},
            experiment={"regimes": ["closed", "hosted", "full-source"], "replicates": 20},
        ),
    )
    fingers("run", "batch.json", "-o", "whole.h5")
    return fingers


def same(program: Program, name: str) -> bool:
    return (program.folder / name).read_bytes() == (program.folder / "whole.h5").read_bytes()


def test_results_that_are_there_are_refused_and_resume_says_how(batch: Program) -> None:
    said = batch("run", "batch.json", "-o", "whole.h5", code=2)
    assert "--resume" in said.err
    again = batch("run", "batch.json", "-o", "whole.h5", "--resume")
    assert "60 runs were there already" in again.out


def test_another_config_is_not_resumed_but_expanded(batch: Program) -> None:
    batch("run", "batch.json", "--replicates", "7", "-o", "small.h5")
    refused = batch("run", "batch.json", "-o", "small.h5", "--resume", code=2)
    assert "fingers expand" in refused.err
    grown = batch("expand", "batch.json", "-o", "small.h5")
    assert "21 runs were there already" in grown.out
    assert same(batch, "small.h5")


def test_expand_adds_regimes_in_any_order(batch: Program) -> None:
    regimes = '["full-source", "closed"]'
    batch("run", "batch.json", "--set", f"/experiment/regimes={regimes}", "-o", "two.h5")
    batch("expand", "batch.json", "-o", "two.h5")
    assert same(batch, "two.h5")
    with h5py.File(batch.folder / "two.h5") as file:
        assert file.attrs["complete"] == 1


def test_expand_refuses_what_the_config_does_not_ask_for(batch: Program) -> None:
    said = batch("expand", "batch.json", "-o", "whole.h5", "--replicates", "5", code=65)
    assert "does not ask for" in said.err
    batch("expand", "batch.json", "-o", "whole.h5", "--seed", "6", code=65)
    assert "nothing to expand" in batch("expand", "batch.json", "-o", "none.h5", code=3).err


@pytest.mark.parametrize("n_shards", [1, 3, 8])
def test_shards_join(batch: Program, n_shards: int) -> None:
    for shard in reversed(range(n_shards)):
        words = ("run", "batch.json", "-o", "parts.h5", "--shard", f"{shard}/{n_shards}")
        said = batch(*words)
        if n_shards > 1:
            assert "when all shards are done: fingers merge parts.h5" in said.out
            assert "runs were there already" in batch(*words).out
    if n_shards > 1:
        batch("merge", "parts.h5")
    assert same(batch, "parts.h5")


def test_shards_of_other_machines_join(batch: Program) -> None:
    for shard, machine in enumerate(("one", "two", "three")):
        (batch.folder / machine).mkdir()
        batch("run", "batch.json", "-o", f"{machine}/x.h5", "--shard", f"{shard}/3")
    parts = [f"{machine}/x.h5.parts" for machine in ("three", "one", "two", "one")]
    incomplete = batch("merge", *parts[:2], "-o", "some.h5", code=3)
    assert "20 runs are missing" in incomplete.err
    assert batch("missing", "some.h5", "--array", "3").out == "1\n"
    batch("merge", *parts, "-o", "all.h5")
    assert same(batch, "all.h5")
    batch("merge", "some.h5", "two/x.h5", "-o", "joined.h5")
    assert same(batch, "joined.h5")


def test_missing_names_points_and_replicates(batch: Program) -> None:
    batch("run", "batch.json", "-o", "some.h5", "--shard", "0/2")
    said = batch("missing", "some.h5")
    lines = [line.split("\t") for line in said.out.splitlines()]
    assert [line[1] for line in lines] == ["closed", "hosted", "full-source"]
    assert lines[0][2] == "1,3,5,7,9,11,13,15,17,19"
    assert said.err == "30 of 60 runs are missing\n"
    assert batch("missing", "whole.h5").out == ""
    batch("retry", "some.h5")
    assert same(batch, "some.h5")


@pytest.mark.parametrize("shard", ["2/2", "a/2", "1", "1/2/3", "-1/2", "0/0"])
def test_what_is_no_shard_is_refused(batch: Program, shard: str) -> None:
    said = batch("run", "batch.json", "-o", "x.h5", "--shard", shard, code=2)
    assert "i/n" in said.err
    assert "x.h5.parts" not in batch.files()


def wait_for(condition: object, seconds: float = 30) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():  # type: ignore[operator]
            return True
        time.sleep(0.01)
    return False


SCHEDULERS = ("SLURM_ARRAY_TASK_ID", "HQ_TASK_ID", "JOB_COMPLETION_INDEX",
              "AWS_BATCH_JOB_ARRAY_INDEX", "PBS_ARRAY_INDEX", "PARALLEL_SEQ")  # fmt: skip


def test_a_scheduler_numbers_the_shards(batch: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in SCHEDULERS:
        monkeypatch.delenv(name, raising=False)
    # What Slurm says of an array of which one element is run again; n is the plan's.
    monkeypatch.setenv("SLURM_ARRAY_TASK_COUNT", "1")
    for place, name in enumerate(SCHEDULERS):
        first = 1 if name == "PARALLEL_SEQ" else 0
        monkeypatch.setenv(name, str(place + first))
        said = batch("run", "batch.json", "-o", "auto.h5", "--shard", "auto/6")
        assert f"shard    {place}/6" in said.out
        monkeypatch.delenv(name)
    batch("merge", "auto.h5")
    assert same(batch, "auto.h5")


@pytest.mark.parametrize(("name", "value", "told"), [
    ("", "", "none of SLURM_ARRAY_TASK_ID, HQ_TASK_ID"),
    ("SLURM_ARRAY_TASK_ID", "6", 'found "6/6"'),
    ("SLURM_ARRAY_TASK_ID", "x", 'found "SLURM_ARRAY_TASK_ID=x/6"'),
    ("PARALLEL_SEQ", "0", 'found "PARALLEL_SEQ=0/6"'),
])  # fmt: skip
def test_a_scheduler_without_a_number_is_refused(
    batch: Program, monkeypatch: pytest.MonkeyPatch, name: str, value: str, told: str
) -> None:
    for known in SCHEDULERS:
        monkeypatch.delenv(known, raising=False)
    if name:
        monkeypatch.setenv(name, value)
    assert told in batch("run", "batch.json", "-o", "x.h5", "--shard", "auto/6", code=2).err


def test_a_second_writer_is_refused(batch: Program) -> None:
    words = ("run", "batch.json", "-o", "x.h5", "--replicates", "400", "--save-every", "0.1")
    first = batch.start(*words, "--progress", "never")
    try:
        assert wait_for((batch.folder / "x.h5.parts" / "part-000-00001.h5").exists)
        for flag in ("--resume", "--overwrite"):
            second = batch(*words, flag, code=75)
            assert "another process is writing" in second.err
        assert "still writing" in batch("merge", "x.h5", code=75).err
    finally:
        first.kill()
        first.communicate()


def test_killed_at_random_moments_nothing_is_lost(batch: Program) -> None:
    """Ten kills here; tests/cli/kills.py takes any number."""
    from kills import kill_and_resume

    report = kill_and_resume(batch, n_kills=10, seed=1)
    assert report.n_kills == 10
    assert report.reported > 0  # or nothing could have been lost
    assert report.lost == 0
    assert same(batch, "killed.h5")


def test_a_reader_meets_whole_files_only(batch: Program) -> None:
    words = ("run", "batch.json", "-o", "x.h5", "--save-every", "0.05", "--progress", "never")
    running = batch.start(*words)
    n_read = 0
    while running.poll() is None:
        for path in [batch.folder / "x.h5", *(batch.folder / "x.h5.parts").glob("part-*.h5")]:
            try:
                with h5py.File(path) as file:
                    assert len(file["runs/point"][:]) == file.attrs["n_runs"]
                    assert len(file["events/time"][:]) == file.attrs["n_events"]
                n_read += 1
            except FileNotFoundError:
                pass  # not there yet, or merged
            except OSError:  # HDF5 opens a file, then asks for it by its name
                if path.exists():
                    raise
    running.communicate()
    assert n_read > 5
    assert same(batch, "x.h5")


@pytest.fixture
def small_disk(tmp_path: Path) -> Path:
    """A disk of 2 MB; skipped where the rights to mount one are missing."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = shutil.which("mount")
    done = mount and subprocess.run(
        [mount, "-t", "tmpfs", "-o", "size=2m", "tmpfs", folder], check=False, capture_output=True
    )
    if not done or done.returncode != 0:
        pytest.skip("no right to mount a small disk; engine: a disk that is full at any write")
    yield folder
    subprocess.run(["umount", folder], check=False)


def test_a_full_disk_says_how_to_go_on(batch: Program, small_disk: Path) -> None:
    room = small_disk / "x.h5"
    filler = small_disk / "filler"
    failures = 0
    for free in range(0, 1200, 100):
        filler.write_bytes(b"x" * (1024 * (1800 - free)))
        said = subprocess.run(
            [*batch_words(batch), "-o", str(room), "--resume", "--progress", "never"],
            cwd=batch.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        if said.returncode == 0:
            break
        failures += 1
        assert said.returncode in {2, 74}, said
        assert "No space left" in said.stderr or "full" in said.stderr, said.stderr
        if said.returncode == 74:
            assert "needed" in said.stderr
            assert "--resume" in said.stderr
    assert failures >= 3
    filler.unlink()
    batch("run", "batch.json", "-o", str(room), "--resume", "--progress", "never")
    assert room.read_bytes() == (batch.folder / "whole.h5").read_bytes()


def batch_words(batch: Program) -> list[str]:
    from cli_program import program

    return [str(program()), "run", str(batch.folder / "batch.json")]


def test_sigterm_and_resume(batch: Program) -> None:
    running = batch.start("run", "batch.json", "-o", "x.h5", "--save-every", "0.05")
    assert wait_for((batch.folder / "x.h5.parts" / "part-000-00000.h5").exists)
    running.send_signal(signal.SIGTERM)
    running.communicate(timeout=60)
    assert running.returncode == 75
    batch("run", "batch.json", "-o", "x.h5", "--resume")
    assert same(batch, "x.h5")


def test_verify_finds_damage_and_repeat_makes_a_run_again(batch: Program) -> None:
    assert "60 runs hold what was recorded" in batch("verify", "whole.h5").out
    assert "3 runs made again, 0 differ" in batch("verify", "whole.h5", "--sample", "5%").out
    content = bytearray((batch.folder / "whole.h5").read_bytes())
    where = random.Random(1).sample(range(len(content) // 2, len(content)), 3)
    for place in where:
        content[place] ^= 0x55
    batch.write("damaged.h5", bytes(content))
    said = batch("verify", "damaged.h5", code=3)
    assert "column " in said.out
    assert "chunk " in said.out
    repeated = batch("repeat", "whole.h5", "--regime", "hosted", "--replicate", "3")
    assert "the same bits as in the file" in repeated.out
    assert "not in the file" in batch("repeat", "whole.h5", "--point", "0", "--replicate", "99").out
    wrong = batch("repeat", "whole.h5", "--regime", "hostd", "--replicate", "3", code=2)
    assert 'did you mean "hosted"' in wrong.err


def test_the_sidecar_knows_the_bytes(batch: Program) -> None:
    with (batch.folder / "whole.h5").open("ab") as file:
        file.write(b"x")
    assert "SHA-256" in batch("verify", "whole.h5", code=3).out


def test_plan_says_what_a_batch_takes(batch: Program) -> None:
    said = batch("plan", "batch.json", "--pilot", "0.2")
    names = [line.split()[0] for line in said.out.splitlines()]
    assert names == ["runs", "events", "time", "file", "disk", "memory", "pilot"]
    refused = batch("plan", "batch.json", "--pilot", "0.2", "--replicates", "100000000", code=2)
    assert "it does not fit" in refused.err


def test_memory_is_kept_within_its_limit(batch: Program) -> None:
    batch("run", "batch.json", "-o", "x.h5", "--memory", "1MB", "--threads", "7")
    assert same(batch, "x.h5")
