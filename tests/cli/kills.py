"""Kills a batch with SIGKILL at random moments, again and again, and goes on with it each time.

python tests/cli/kills.py 200        (in a scratch folder; needs the built program)
"""

from __future__ import annotations

import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import h5py

sys.path.insert(0, str(Path(__file__).parent))
from cli_program import Program, with_changes


@dataclass
class KillReport:
    n_kills: int = 0
    n_begun: int = 0
    reported: int = 0  # runs that were durable when the batch was killed
    lost: int = 0  # of these, that were not there after the next kill


def spans(text: str) -> set[int]:
    """The numbers of "0-3,5"."""
    numbers: set[int] = set()
    for piece in text.split(","):
        if piece != "-":
            first, _, last = piece.partition("-")
            numbers |= set(range(int(first), int(last or first) + 1))
    return numbers


def reported_runs(parts: Path) -> set[int]:
    """Numbers of the runs that the manifest has whole lines for; each must be in its segment."""
    reported: set[int] = set()
    manifest = parts / "manifest-000.txt"
    if not manifest.exists():
        return reported
    whole = manifest.read_text().rpartition("\n")[0]
    for line in whole.splitlines()[1:]:
        name, _, runs, _ = re.split(" ", line)
        with h5py.File(parts / name) as file:
            n_points = len(file["design/name"])
            found = set(map(int, file["runs/replicate"][:] * n_points + file["runs/point"][:]))
            assert len(file["events/time"][:]) == file.attrs["n_events"]
        assert found == spans(runs)
        reported |= found
    return reported


def wait_for_a_report(running: subprocess.Popen[str], manifest: Path) -> None:
    """Waits until one more line stands in the manifest, or the batch has ended."""
    before = manifest.stat().st_size if manifest.exists() else 0
    while running.poll() is None and not (
        manifest.exists() and manifest.stat().st_size > max(before, 100)
    ):
        time.sleep(0.005)


def kill_and_resume(program: Program, n_kills: int, seed: int) -> KillReport:
    """Makes `killed.h5` from `batch.json` over as many kills; batches that end are begun anew."""
    draw = random.Random(seed)
    report = KillReport()
    output = program.folder / "killed.h5"
    parts = program.folder / "killed.h5.parts"
    before: set[int] = set()
    words = ("run", "batch.json", "-o", "killed.h5", "--resume", "--save-every", "0.05")
    while report.n_kills < n_kills:
        running = program.start(*words)
        report.n_begun += 1
        if draw.random() < 0.7:  # on a busy machine a random moment may come before any report
            wait_for_a_report(running, parts / "manifest-000.txt")
        time.sleep(draw.uniform(0, 0.6))
        running.kill()
        running.communicate()
        if running.returncode == 0:
            assert output.exists()
            reference = (program.folder / "whole.h5").read_bytes()
            assert output.read_bytes() == reference
            output.unlink()
            before = set()
            continue
        report.n_kills += 1
        if parts.exists() and not output.exists():
            now = reported_runs(parts)
            report.lost += len(before - now)
            report.reported += len(now - before)
            before = now
    program(*words)
    return report


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="kills-"))
    program = Program(folder)
    program.write(
        "batch.json",
        with_changes(
            time={"years": 3},
            population={"developers": {"count": 2000}, "bad_actors": {"count": 300}},
            experiment={"regimes": ["closed", "hosted", "full-source"], "replicates": 30},
        ),
    )
    program("run", "batch.json", "-o", "whole.h5")
    began = time.monotonic()
    report = kill_and_resume(program, n_kills=int(sys.argv[1]), seed=int(began))
    same = (folder / "killed.h5").read_bytes() == (folder / "whole.h5").read_bytes()
    shutil.rmtree(folder)
    print(
        f"{report.n_kills} kills in {report.n_begun} starts; of {report.reported} reported runs "
        f"{report.lost} lost; final bytes {'equal' if same else 'DIFFER'}; "
        f"{time.monotonic() - began:.0f} s"
    )
    sys.exit(0 if same and report.lost == 0 else 1)


if __name__ == "__main__":
    main()
