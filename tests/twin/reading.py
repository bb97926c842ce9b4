"""What the program stored of its runs, and where the twin's account of them differs."""

from __future__ import annotations

import json
import math
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import h5py
import twin
from quantities import recorded
from world import NEVER, World

#: Series that are kept as they are; anything else is rounded when it is recorded.
COUNTS = ("actions", "near_misses", "attempts", "hosted_attempts", "seen_attempts", "finds", "fixes")
#: How far accounts of an event may lie apart, relatively and absolutely: as it is recorded. Others agree.
EVENT_BOUNDS = {
    "time": (0.0, 2**-20), "seen_at": (0.0, 2**-12), "began_at": (0.0, 2**-12),
    "attributed_at": (0.0, 2**-12), "fixed_at": (0.0, 2**-12), "severity_musd": (2**-12, 0.0),
    "capability_oom": (2**-12, 0.0), "defence_oom": (2**-12, 0.0),
}  # fmt: skip
SERIES_BOUND = 1e-5


class Box(dict[str, Any]):
    """An object of a config whose members are attributes, too."""

    __getattr__ = dict.__getitem__


def _box(pairs: dict[str, Any]) -> Box:
    return Box({key: math.inf if value == "infinite" else value for key, value in pairs.items()})


def stored(path: Path) -> list[SimpleNamespace]:
    """Runs of a results file: config, regime, seeds, replicate, events, series."""
    with h5py.File(path, "r") as file:
        config = json.loads(file["config"][()], object_hook=_box)
        seeds = {kind: int(file.attrs[f"seed_{kind}"]) for kind in ("population", "dynamics")}
        regimes = [name.decode() for name in file["design/setting"][()]]
        columns = {name: column[()].tolist() for name, column in file["events"].items()}
        events = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
        series = {name: rows[()].tolist() for name, rows in file["series"].items() if rows.ndim == 2}
        names = ("point", "replicate", "event_start", "event_count")
        table = [file[f"runs/{name}"][()].tolist() for name in names]
        return [
            SimpleNamespace(
                config=config, seeds=seeds, regime=regimes[point], replicate=replicate,
                events=events[start : start + count],
                series={name: rows[run] for name, rows in series.items()},
            )
            for run, (point, replicate, start, count) in enumerate(zip(*table, strict=True))
        ]  # fmt: skip


def twin_of(run: SimpleNamespace) -> World:
    """The twin's account of the same run."""
    return twin.live(World(run.config, run.regime, run.seeds, run.replicate))


def event_columns(event: SimpleNamespace) -> dict[str, float]:
    """An event of the twin, as columns of a results file."""

    def number(row: SimpleNamespace | None) -> int:
        return 0xFFFFFFFF if row is None else row.number

    model = event.model
    group = event.group or (model.lab.group if model else None)
    return {
        "time": event.year, "kind": event.kind, "domain": event.domain, "route": event.route,
        "agent_kind": event.agent_kind, "maker": group.number + 1 if group else 0,
        "agent": event.agent, "model": number(model), "root": number(model.root if model else None),
        "flaw": number(event.flaw), "severity_musd": event.severity, "capability_oom": event.c,
        "defence_oom": event.defence, "attributed": event.attributed, "flags": event.flags,
        "seen_at": event.seen_year, "began_at": event.began_year, "attributed_at": event.attributed_year,
        "fixed_at": event.fixed_year,
    }  # fmt: skip


def _agree(a: float, b: float, relative: float, absolute: float) -> bool:
    return (math.isnan(a) and math.isnan(b)) or math.isclose(a, b, rel_tol=relative, abs_tol=absolute)


def differences(run: SimpleNamespace, world: World) -> list[str]:
    """Every number in which the twin's account of a run differs from the stored one."""
    found = []
    if len(run.events) != len(world.events):
        found.append(f"{len(run.events)} events, the twin: {len(world.events)}")
    for i, (theirs, event) in enumerate(zip(run.events, world.events, strict=False)):
        columns = event_columns(event)
        for name in [name for name in columns if name in theirs]:
            ours = math.nan if columns[name] == NEVER else columns[name]
            if not _agree(theirs[name], ours, *EVENT_BOUNDS.get(name, (0.0, 0.0))):
                found.append(f"event {i}, {name}: {theirs[name]}, the twin: {ours}")
    for name in sorted(set(world.series[0]) & set(run.series)):
        for step, theirs in enumerate(run.series[name]):
            ours = world.series[step][name] if step < len(world.series) else math.nan
            if not _agree(theirs, ours if name in COUNTS else recorded(ours), SERIES_BOUND, 0.0):
                found.append(f"month {step}, {name}: {theirs}, the twin: {ours}")
    return found
