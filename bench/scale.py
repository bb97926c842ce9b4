#!/usr/bin/env python3
"""The main job, and how time and memory of `fingers run` grow with agents, worlds, events, threads.

bench/scale.py PROGRAM [--quick] [--only job,agents,worlds,events,threads]

Prints a table for each, growth with its exponent: the slope of log(processor time) over log(size)
from the row before, and over all rows. Needs nothing but Python; writes to a temporary folder.
"""

from __future__ import annotations

import argparse
import math
import os
import re
import statistics
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

TURNS = 5
MAIN_JOB = Path(__file__).parent.parent / "configs" / "release-regimes.json"
COUNT = "/population/developers/count"
SMALL_WORLD = (f"{COUNT}=1000", "/time/years=1")


@dataclass(frozen=True)
class Measured:
    """One batch: wall and processor time [s], peak memory and file [MB], events and acts in all."""

    wall: float
    processor: float
    peak: float
    file: float
    events: int
    actions: int


def measure(
    program: str,
    replicates: int,
    threads: int,
    settings: tuple[str, ...] = (),
    config: Path | str = "baseline",
) -> Measured:
    """Runs the config with these settings."""
    with tempfile.TemporaryDirectory() as folder:
        output, report = Path(folder) / "scale.h5", Path(folder) / "report"
        command = [program, "run", str(config), "-o", str(output), "--progress", "never"]
        command += ["--replicates", str(replicates), "--threads", str(threads)]
        command += [word for setting in settings for word in ("--set", setting)]
        began = time.monotonic()
        opened = (os.POSIX_SPAWN_OPEN, 1, str(report), os.O_CREAT | os.O_WRONLY, 0o600)
        child = os.posix_spawn(program, command, os.environ, file_actions=[opened])
        _, status, usage = os.wait4(child, 0)
        wall = time.monotonic() - began
        if os.waitstatus_to_exitcode(status) != 0:
            raise SystemExit(f"{' '.join(command)} failed (its message is above)")
        text = report.read_text(encoding="utf-8")
        number = {
            name: int(value.replace(",", ""))
            for name, value in re.findall(r"^(events|actions)\s+([\d,]+)$", text, re.MULTILINE)
        }
        return Measured(
            wall,
            usage.ru_utime + usage.ru_stime,
            1024e-6 * usage.ru_maxrss,
            1e-6 * output.stat().st_size,
            number.get("events", 0),
            number.get("actions", 0),
        )


def slope(sizes: list[float], times: list[float]) -> float:
    """Least squares of log time over log size."""
    x, y = [math.log(s) for s in sizes], [math.log(t) for t in times]
    mean_x, mean_y = sum(x) / len(x), sum(y) / len(y)
    above = sum((a - mean_x) * (b - mean_y) for a, b in zip(x, y, strict=True))
    return above / sum((a - mean_x) ** 2 for a in x)


def table(what: str, sizes: list[int], run: Callable[[int], Measured]) -> None:
    """A row for each size."""
    print(f"\n| {what} | wall [s] | processor [s] | peak [MB] | file [MB] | events | acts "
          "| acts a processor second | exponent |")  # fmt: skip
    print("|---|---|---|---|---|---|---|---|---|")
    times: list[float] = []
    for i, size in enumerate(sizes):
        m = run(size)
        times.append(m.processor)
        growth = f"{slope(sizes[i - 1 : i + 1], times[i - 1 : i + 1]):.2f}" if i > 0 else ""
        print(f"| {size:,} | {m.wall:.2f} | {m.processor:.2f} | {m.peak:.0f} | {m.file:.1f} "
              f"| {m.events:,} | {m.actions:,} | {m.actions / m.processor:.3g} | {growth} |",
              flush=True)  # fmt: skip
    print(f"\nover all rows: processor time grows with the power {slope(sizes, times):.2f}")


def main_job(program: str, replicates: int) -> None:
    """Config in, dataset out, on all processors."""
    threads = os.cpu_count() or 1
    turns = [measure(program, replicates, threads, config=MAIN_JOB) for _ in range(TURNS)]
    walls = [m.wall for m in turns]
    wall, processor, peak = (
        statistics.median(column)
        for column in zip(*((m.wall, m.processor, m.peak) for m in turns), strict=True)
    )
    m = turns[0]
    print(f"\nmain job, {replicates} replicates, {threads} threads, medians of {TURNS} runs:")
    print(f"{wall:.1f} s ({min(walls):.1f} to {max(walls):.1f}), {processor:.1f} s of processor time, "
          f"peak {peak:.0f} MB, file {m.file:.1f} MB, {m.events:,} events, {m.actions:,} acts; "
          f"{m.events / wall:.3g} events and {m.actions / wall:.3g} acts a second", flush=True)  # fmt: skip


def scale_threads(program: str, replicates: int) -> None:
    """The same batch on one thread and two (strong), and twice the batch on two (weak).

    Two programs of one thread at once, which have nothing in common, show what the machine gives.
    """

    def one_thread(_: int = 0) -> Measured:
        return measure(program, replicates, 1, (f"{COUNT}=20000",))

    def two_threads(n: int) -> Measured:
        return measure(program, n, 2, (f"{COUNT}=20000",))

    print("\n| threads | replicates | wall [s] | processor [s] | speed-up |")
    print("|---|---|---|---|---|")
    turns: dict[str, list[tuple[float, float, float]]] = {}
    for _ in range(TURNS):
        one = one_thread()
        strong, weak = two_threads(replicates), two_threads(2 * replicates)
        with ThreadPoolExecutor(2) as both:
            apart = list(both.map(one_thread, range(2)))
        wall = max(m.wall for m in apart)
        processor = sum(m.processor for m in apart)
        for what, row in (
            (f"| 1 | {replicates} |", (one.wall, one.processor, 1.0)),
            (f"| 2 | {replicates} |", (strong.wall, strong.processor, one.wall / strong.wall)),
            (f"| 2 | {2 * replicates} |", (weak.wall, weak.processor, 2 * one.wall / weak.wall)),
            (f"| two programs of 1 | {replicates} each |", (wall, processor, 2 * one.wall / wall)),
        ):
            turns.setdefault(what, []).append(row)
    for what, rows in turns.items():
        wall, processor, gain = (statistics.median(column) for column in zip(*rows, strict=True))
        print(f"{what} {wall:.2f} | {processor:.2f} | {gain:.2f} |")


def powers(low: int, high: int) -> list[int]:
    """10^low to 10^high."""
    return [10**p for p in range(low, high + 1)]


def main() -> None:
    """Reads the options and prints the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program", help="the program `fingers`")
    parser.add_argument("--quick", action="store_true", help="the smaller sizes only")
    parser.add_argument("--only", default="job,agents,worlds,events,threads")
    options = parser.parse_args()
    program = str(Path(options.program).resolve())
    quick, only = options.quick, options.only.split(",")
    print(
        f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}, {time.strftime('%Y-%m-%d')}"
    )
    if "job" in only:
        main_job(program, 10 if quick else 100)
    if "agents" in only:
        table("developers of a world (2 worlds, 1 thread)", powers(4, 6 if quick else 7),
              lambda n: measure(program, 1, 1, (f"{COUNT}={n}",)))  # fmt: skip
    if "worlds" in only:
        table("replicates (2 small worlds each, 2 threads)", powers(2, 3 if quick else 5),
              lambda n: measure(program, n, 2, SMALL_WORLD))  # fmt: skip
    if "events" in only:
        # a baseline of 20,000 developers makes about 10,000 events a world
        table("about so many events (2 threads)", powers(5, 6 if quick else 8),
              lambda n: measure(program, max(1, n // 20_000), 2, (f"{COUNT}=20000",)))  # fmt: skip
    if "threads" in only:
        scale_threads(program, 10 if quick else 40)


if __name__ == "__main__":
    main()
