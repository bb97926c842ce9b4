"""FINGERS-1 through our engine and through its peers: first that all agree, then how fast they are.

compare.py BUILD_FOLDER [--quick]; run by bench/run.sh, in the environment of the Python peers.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from mean_field import mean_field

HERE = Path(__file__).parent
KERNELS = ("by_rate", "skips", "dense", "calendar")
SETTINGS = ("dense", "sparse")
Z_BOUND = 4.0  # some 60 comparisons: one beyond it by chance in 250 runs


@dataclass
class Row:
    """One implementation in one setting, and what its runs printed."""

    name: str
    command: list[str]
    reports: list[dict] = field(default_factory=list)
    loads: list[float] = field(default_factory=list)

    def median(self, key: str) -> float:
        """Median over the runs."""
        return statistics.median(report[key] for report in self.reports)


def busy_jiffies() -> int:
    """Processor time that all processes of this machine have used [1/100 s]."""
    first = Path("/proc/stat").read_text(encoding="ascii").splitlines()[0].split()[1:]
    times = [int(x) for x in first]
    return sum(times[:3]) + sum(times[5:8])


def run(row: Row) -> dict:
    """Runs it once and keeps its report, with the processors that others kept busy meanwhile."""
    busy, children, began = busy_jiffies(), os.times(), time.monotonic()
    done = subprocess.run(
        row.command, cwd=HERE / "peers", capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        sys.exit(f"{' '.join(row.command)} failed:\n{done.stderr}")
    wall = time.monotonic() - began
    after = os.times()
    own = after.children_user + after.children_system - children.children_user
    own -= children.children_system
    row.loads.append(max(0.0, (busy_jiffies() - busy) / 100 - own) / wall)
    row.reports.append(json.loads(done.stdout))
    return row.reports[-1]


class Programs:
    """How each implementation is called."""

    def __init__(self, build: Path) -> None:
        self.build = build.resolve()

    def engine(self, kernel: str, setting: str, *more: object) -> list[str]:
        """Our engine."""
        program = str(self.build / "bench_fingers1")
        return [program, "--kernel", kernel, "--setting", setting, *map(str, more)]

    def peers(self, setting: str, *more: object) -> dict[str, list[str]]:
        """All others, with the same options."""
        python = [sys.executable]
        calls = {
            "plain C++": [str(self.build / "bench_plain")],
            "NumPy": [*python, "peer_numpy.py", "plain"],
            "NumPy with skips": [*python, "peer_numpy.py", "skips"],
            "Numba": [*python, "peer_numba.py"],
            "Mesa do": [*python, "peer_mesa.py", "do"],
            "Mesa shuffle_do": [*python, "peer_mesa.py", "shuffle_do"],
        }
        return {
            name: [*call, "--setting", setting, *map(str, more)] for name, call in calls.items()
        }


def estimate(report: dict, key: str) -> tuple[float, float]:
    """Mean and standard error of a count per actor and month, over replicates."""
    scale = 1 / (report["agents"] * report["months"])
    values = [scale * x for x in report[key]]
    return statistics.mean(values), statistics.stdev(values) / math.sqrt(len(values))


def say_agreement(
    what: str, key: str, value: tuple[float, float], truth: tuple[float, float]
) -> bool:
    """Prints a comparison; answers whether it holds."""
    z = (value[0] - truth[0]) / math.hypot(value[1], truth[1])
    print(f"  {what:<34}{key:<9}{value[0]:.4e} ± {value[1]:.1e}   {truth[0]:.4e}   z {z:+.2f}")
    return abs(z) <= Z_BOUND


def check_small(programs: Programs, setting: str, quick: bool) -> bool:
    """At 10,000 actors all agree with one another (the limit of many does not hold there)."""
    agents, many, few = 10_000, (200 if quick else 1000), (12 if quick else 60)
    options = ("--agents", agents, "--populations", many, "--replicates", 1)
    rows = {f"engine, {k}": programs.engine(k, setting, *options, "--seed", 1000 + 10_000 * i)
            for i, k in enumerate(KERNELS)}  # fmt: skip
    for name, call in programs.peers(setting, "--agents", agents, "--seed", 77).items():
        rows[name] = [*call, "--replicates", str(few if name.startswith("Mesa") else 2 * few)]
    reports = {name: run(Row(name, call)) for name, call in rows.items()}
    print(f"\n{setting}, {agents:,} actors: against our engine (by_rate), per actor and month")
    reference = reports.pop("engine, by_rate")
    return all(
        [
            say_agreement(name, key, estimate(report, key), estimate(reference, key))
            for name, report in reports.items()
            for key in ("attempts", "events")
        ]
    )


def check_large(programs: Programs, setting: str, quick: bool) -> bool:
    """At a million actors the expectation in the limit of many holds."""
    agents, many = 1_000_000, (8 if quick else 20)
    options = ("--agents", agents, "--populations", many, "--replicates", 1)
    rows = {f"engine, {k}": programs.engine(k, setting, *options, "--seed", 5000 + 10_000 * i)
            for i, k in enumerate(KERNELS)}  # fmt: skip
    fast = ("NumPy with skips",) if quick else ("plain C++", "NumPy", "NumPy with skips", "Numba")
    peers = programs.peers(setting, "--agents", agents, "--replicates", 8)
    rows |= {name: peers[name] for name in fast}
    truth = dict(zip(("attempts", "events"), mean_field(setting), strict=True))
    print(f"\n{setting}, {agents:,} actors: against the limit of many actors, per actor and month")
    holds = []
    for name, call in rows.items():
        report = run(Row(name, call))
        for key in ("attempts", "events"):
            holds.append(say_agreement(name, key, estimate(report, key), (truth[key], 0.0)))
    return all(holds)


def check_bits(programs: Programs) -> bool:
    """The same records for one thread and two, and for every set of instructions."""
    holds = True
    print("\nrecords of 300,001 actors: one hash for 1 and 2 threads and every set of instructions")
    for setting in SETTINGS:
        for kernel in KERNELS:
            hashes = set()
            for instructions in ("baseline", "avx2", "avx512"):
                for threads in (1, 2):
                    more = ("--instructions", instructions, "--threads", threads)
                    call = programs.engine(
                        kernel, setting, "--agents", 300_001, "--replicates", 3, *more
                    )
                    done = subprocess.run(call, capture_output=True, text=True, check=False)
                    if done.returncode == 0:  # else this processor does not have it
                        hashes.add(json.loads(done.stdout)["hash"])
            holds = holds and len(hashes) == 1
            print(f"  {setting:<8}{kernel:<10}{' '.join(sorted(hashes))}")
    return holds


def timing_rows(programs: Programs, setting: str, quick: bool) -> list[Row]:
    """What is timed: one thread each, then two."""
    agents = 1_000_000
    worlds = ("--agents", agents, "--replicates", 16 if setting == "dense" else 300)
    rows = [Row(f"engine, {k}", programs.engine(k, setting, *worlds)) for k in KERNELS]
    for name in ("avx2", "baseline"):
        more = ("--instructions", name)
        rows.append(
            Row(f"engine, by_rate, {name}", programs.engine("by_rate", setting, *worlds, *more))
        )
    for name in ("widest", "avx2"):
        more = ("--instructions", name, "--threads", 2)
        label = "engine, by_rate, 2 threads" + ("" if name == "widest" else f", {name}")
        rows.append(Row(label, programs.engine("by_rate", setting, *worlds, *more)))
    peers = programs.peers(setting)
    for name in ("plain C++", "NumPy", "NumPy with skips", "Numba"):
        months = ("--months", "60" if not quick or name == "NumPy with skips" else "20")
        rows.append(Row(name, [*peers[name], "--agents", str(agents), *months]))
    for name in ("Mesa do", "Mesa shuffle_do"):
        size = (
            ("--agents", "100000", "--months", "4")
            if quick
            else ("--agents", str(agents), "--months", "3")
        )
        rows.append(Row(name, [*peers[name], *size]))
    return rows


def print_table(setting: str, rows: list[Row]) -> None:
    """Medians of all rows, and ratios of our engine on one thread and two to each."""
    ours = next(row for row in rows if row.name == "engine, by_rate").median(
        "agent_steps_per_cpu_s"
    )
    two = next(row for row in rows if row.name == "engine, by_rate, 2 threads")
    two_rate = two.median("agent_steps_per_s")
    print(f"\n{setting}: medians of {len(rows[0].reports)} interleaved runs; one thread: processor")
    print("time, two threads: wall. `others`: processors that other work kept busy meanwhile.")
    print("`peak` is never below what this script takes itself, about 34 MB.")
    print("The last two columns: engine, by_rate, on one thread and on two, as multiples of a row.")
    print("\n| implementation | actors × months | set-up [ns/actor] | actor-months/s | attempts/s | events/s "
          "| peak [MB] | others | 1 thread ÷ | 2 threads ÷ |")  # fmt: skip
    print("|---|---|---|---|---|---|---|---|---|---|")
    for row in rows:
        report = row.reports[0]
        wall = report["threads"] > 1
        rate = row.median("agent_steps_per_s" if wall else "agent_steps_per_cpu_s")
        steps = report["agents"] * report["months"] * len(report["attempts"])
        print(
            f"| {row.name} | {report['agents']:.0e} × {report['months']} "
            f"| {row.median('setup_ns_per_agent'):.3g} | {rate:.3g} "
            f"| {rate * sum(report['attempts']) / steps:.3g} | {rate * sum(report['events']) / steps:.3g} "
            f"| {row.median('peak_mb'):.0f} | {statistics.median(row.loads):.2f} "
            f"| {ours / rate:.3g} | {two_rate / rate:.3g} |"
        )
    cpu = two.median("agent_steps_per_cpu_s")
    print(f"\nTwo threads, per processor second: {cpu:.3g} a thread.")


def main() -> None:
    """Checks, then times."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("build", type=Path)
    parser.add_argument("--quick", action="store_true", help="smaller peers, shorter checks")
    options = parser.parse_args()
    programs = Programs(options.build)
    holds = [check_bits(programs)]
    for check in (check_small, check_large):
        holds += [check(programs, setting, options.quick) for setting in SETTINGS]
    if not all(holds):
        sys.exit(
            f"\nNot all agree (|z| > {Z_BOUND}, or more than one hash, above): nothing was timed."
        )
    print("\nAll agree.")
    for setting in SETTINGS:
        rows = timing_rows(programs, setting, options.quick)
        for _ in range(5):
            for row in rows:
                run(row)
        print_table(setting, rows)


if __name__ == "__main__":
    main()
