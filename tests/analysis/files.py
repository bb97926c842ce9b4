"""Writes small results files whose numbers a test can work out by hand.

Laid out as the C++ store does it (columns, attributes, types), but written with h5py, so that the
loader is not tested against itself.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import numpy.typing as npt

TEXT = h5py.string_dtype("utf-8")
KINDS = ("misuse", "loss_of_control", "attack", "diffuse")
DOMAINS = ("none", "cyber", "bio")
ROUTES = ("none", "hosted", "weights")
AGENT_KINDS = ("developer", "lab")
FORMS = ("internal", "hosted", "open_weights")
FLAGS = ("averted", "catastrophic", "ended_the_run", "still_open")

#: What the C++ side declares about the outcomes that tests use: units, valid range.
OUTCOMES: dict[str, tuple[str, tuple[float, float] | None]] = {
    "harm_musd": ("M$", (0, 1e12)),
    "discounted_harm_musd": ("M$", (0, 1e12)),
    "catastrophes": ("1", (0, 1e9)),
    "first_catastrophe_year": ("year", None),
    "ended_year": ("year", None),
    "averted_events": ("1", (0, 1e9)),
    "surveillance_share": ("share", None),
    "patch_coverage_90_days": ("share", None),
    "benefit": ("1", (0, 1e12)),
    **{
        f"freedom_{freedom}_{stage}": ("share", None)
        for freedom in ("0", "1a", "1b", "2", "3")
        for stage in ("granted", "possible", "exercisable")
    },
}

ASSUMED = [
    {
        "pointer": "/population/developers/count",
        "value": 20000,
        "unit": "agents",
        "low": 2000,
        "high": 100000,
        "meaning": "community developers",
    },
    {
        "pointer": "/flaws/deep_share",
        "value": 0.2,
        "unit": "share",
        "low": 0.02,
        "high": 0.6,
        "meaning": "flaws that only the maker can fix <b>at all</b>",
    },
]


@dataclass(frozen=True)
class Event:
    """One event of a run; everything not said is "none"."""

    run: int
    time: float = 2025.0
    kind: int = 0
    domain: int = 1
    severity_musd: float = 1.0
    flags: int = 0
    route: int = 0
    seen_at: float = float("nan")
    attributed: int = 0
    fixed_at: float = float("nan")
    began_at: float = float("nan")
    attributed_at: float = float("nan")
    flaw: int = 0xFFFFFFFF


@dataclass(frozen=True)
class Model:
    """One model of a run; a base of the first lab where nothing is said."""

    run: int
    release_year: float = 2024.5
    parent: int = 0xFFFFFFFF
    agent_kind: int = 1
    root: int = 0


@dataclass(frozen=True)
class Contents:
    """What a file shall hold.

    Attributes:
        regimes: One name a point.
        replicates: How many each point gets.
        outcomes: Values by outcome, one a run, in order of point and replicate.
        events: In order of run.
        models: In order of run; None where the config did not ask for them.
        factors: Values by factor name, one a point.
        status: One a run: 0 done, 1 missing, 2 failed.
        assumed: The list of beliefs in the provenance.
        times: Beginnings of the steps.
        config: What the config says besides title, seed and replicates.
        pointers: JSON pointers of factors that do not lie in /population.
        seed: Of the dynamics.
        series: Values by quantity, one row a run and one column a step; in addition to harm.
        kind: How the design combined its values; empty where the file does not say.
        blocks: `base_row`, `step` and `block` of each point, of a design that has them.
    """

    regimes: Sequence[str] = ("closed", "open")
    replicates: int = 2
    outcomes: Mapping[str, Sequence[float]] = field(default_factory=dict)
    events: Sequence[Event] = ()
    models: Sequence[Model] | None = None
    factors: Mapping[str, Sequence[float]] = field(default_factory=dict)
    status: Sequence[int] | None = None
    assumed: Sequence[Mapping[str, Any]] = tuple(ASSUMED)
    times: Sequence[float] = (2024.0, 2024.5, 2025.0)
    config: Mapping[str, Any] = field(default_factory=dict)
    pointers: Mapping[str, str] = field(default_factory=dict)
    seed: int = 3
    series: Mapping[str, npt.ArrayLike] = field(default_factory=dict)
    kind: str = ""
    blocks: Mapping[str, Sequence[Any]] = field(default_factory=dict)

    @property
    def n_runs(self) -> int:
        """Runs of the whole design."""
        return len(self.regimes) * self.replicates


def write_run_file(path: Path, contents: Contents) -> Path:
    """Writes a results file and returns its path."""
    with h5py.File(path, "w", libver=("v110", "v110"), track_order=True) as file:
        _write_root(file, contents)
        _write_design(file.create_group("design", track_order=True), contents)
        _write_runs(file.create_group("runs", track_order=True), contents)
        _write_series(file.create_group("series", track_order=True), contents)
        _write_events(file.create_group("events", track_order=True), contents)
        if contents.models is not None:
            _write_models(file.create_group("models", track_order=True), contents.models)
            _write_model_forms(file.create_group("model_forms", track_order=True))
    return path


def _write_root(file: h5py.File, contents: Contents) -> None:
    status = contents.status or [0] * contents.n_runs
    config = {"title": "Given enough fingers", "seed": 7, "experiment": {"replicates": 2}}
    config |= contents.config
    text = {
        "Conventions": "CF-1.10 ACDD-1.3",
        "schema": "enough-fingers",
        "uuid": "6ba7b810-9dad-51d1-80b4-00c04fd430c8",
        "title": "Given enough fingers",
        "license": "CC0-1.0",
        "software": "enough-fingers 0.1.0",
        "config_sha256": hashlib.sha256(json.dumps(config).encode()).hexdigest(),
        "rng": "Philox4x32-10",
    }
    for name, value in text.items():
        file.attrs.create(name, value, dtype=TEXT)
    numbers = {
        "schema_version": 1,
        "results_version": 1,
        "seed_design": 1,
        "seed_population": 2,
        "seed_dynamics": contents.seed,
        "n_runs": contents.n_runs,
        "n_events": len(contents.events),
        "complete": int(not any(status)),
    }
    for name, number in numbers.items():
        file.attrs.create(name, np.uint64(number))
    parameters = [{**belief, "source": "assume"} for belief in contents.assumed]
    provenance = {
        "assumed": list(contents.assumed),
        "parameters": parameters,
        "command": "fingers run configs/tiny.json -o tiny.h5",
    }
    for name, content in {"config": config, "provenance": provenance, "schema_json": {}}.items():
        file.create_dataset(name, data=json.dumps(content), dtype=TEXT)


def column(
    group: h5py.Group, name: str, values: npt.ArrayLike, dtype: str, **attributes: object
) -> h5py.Dataset:
    """Writes one column with units and meaning as the store does."""
    data = np.asarray(values, dtype=dtype)
    packed = {"shuffle": True, "compression": 4} if data.size else {}
    dataset = group.create_dataset(name, data=data, track_times=False, **packed)
    for key, value in {"units": "1", "long_name": f"meaning of {name}", **attributes}.items():
        dataset.attrs[key] = value
    return dataset


def _write_design(group: h5py.Group, contents: Contents) -> None:
    n_points = len(contents.regimes)
    column(group, "point", np.arange(n_points), "u4").make_scale("point")
    names = [f"{regime} #{i}" for i, regime in enumerate(contents.regimes)]
    group.create_dataset("name", data=names, dtype=TEXT)
    group.create_dataset("setting", data=list(contents.regimes), dtype=TEXT)
    if contents.kind:
        group.attrs.create("kind", contents.kind, dtype=TEXT)
    for name, places in contents.blocks.items():
        if name == "block":
            group.create_dataset(name, data=list(places), dtype=TEXT)
        else:
            column(group, name, places, "u4")
    for name, values in contents.factors.items():
        pointer = contents.pointers.get(name, f"/population/{name}")
        column(group, name, values, "f8", pointer=pointer, units="agents")


def _write_runs(group: h5py.Group, contents: Contents) -> None:
    n = contents.n_runs
    column(group, "run", np.arange(n), "u4").make_scale("run")
    counts = np.bincount([event.run for event in contents.events], minlength=n)
    runs: dict[str, tuple[npt.ArrayLike, str]] = {
        "point": (np.repeat(np.arange(len(contents.regimes)), contents.replicates), "u4"),
        "replicate": (np.tile(np.arange(contents.replicates), len(contents.regimes)), "u4"),
        "identity": (np.arange(n) + 1000, "u8"),
        "status": (list(contents.status or [0] * n), "u1"),
        "event_start": (np.cumsum(counts) - counts, "u8"),
        "event_count": (counts, "u4"),
        "content_xxh3": (np.arange(n), "u8"),
    }
    if contents.models is not None:
        counts = np.bincount([model.run for model in contents.models], minlength=n)
        runs["model_start"] = (np.cumsum(counts) - counts, "u8")
        runs["model_count"] = (counts, "u4")
        runs["model_form_start"] = (np.zeros(n), "u8")
        runs["model_form_count"] = (np.zeros(n), "u4")
    for name, (values, dtype) in runs.items():
        column(group, name, values, dtype)
    group.attrs.create("columns", " ".join(contents.outcomes), dtype=TEXT)
    for name, numbers in contents.outcomes.items():
        units, bounds = OUTCOMES[name]
        extra = {} if bounds is None else {"valid_range": np.asarray(bounds, dtype="f8")}
        column(group, name, numbers, "f8", units=units, **extra)


def _write_series(group: h5py.Group, contents: Contents) -> None:
    column(group, "run", np.arange(contents.n_runs), "u4")
    column(group, "time", contents.times, "f8", units="yr")
    n_times = len(contents.times)
    harm = np.arange(contents.n_runs * n_times).reshape(-1, n_times)
    column(group, "harm_musd", harm, "f4", units="M$", valid_range=np.array([0, 1e12], "f4"))
    for name, values in contents.series.items():
        column(group, name, values, "f4")


def _write_events(group: h5py.Group, contents: Contents) -> None:
    events = contents.events
    _write_dimension(group, "event", len(events))
    column(group, "run", [event.run for event in events], "u4")
    column(group, "time", [event.time for event in events], "f8", units="year")
    for name, names in {"kind": KINDS, "domain": DOMAINS, "route": ROUTES}.items():
        column(
            group,
            name,
            [getattr(event, name) for event in events],
            "u1",
            flag_values=np.arange(len(names), dtype="u1"),
            flag_meanings=" ".join(names),
        )
    column(group, "agent", [0xFFFFFFFF] * len(events), "u4")
    column(group, "seen_at", [event.seen_at for event in events], "f4", units="year")
    column(group, "attributed", [event.attributed for event in events], "u1")
    column(group, "severity_musd", [event.severity_musd for event in events], "f4", units="M$")
    flags = [event.flags for event in events]
    for name in ("fixed_at", "began_at", "attributed_at"):
        column(group, name, [getattr(event, name) for event in events], "f4", units="year")
    column(group, "flaw", [event.flaw for event in events], "u4")
    masks = np.asarray([1, 2, 4, 8], dtype="u1")
    column(group, "flags", flags, "u1", flag_masks=masks, flag_meanings=" ".join(FLAGS))


def _write_dimension(group: h5py.Group, name: str, length: int) -> None:
    bare = group.create_dataset(name, shape=(length,), dtype="f4")
    bare.make_scale(f"This is a netCDF dimension but not a netCDF variable.{length:10d}")


def _write_models(group: h5py.Group, models: Sequence[Model]) -> None:
    _write_dimension(group, "model", len(models))
    column(group, "run", [model.run for model in models], "u4")
    column(
        group,
        "agent_kind",
        [model.agent_kind for model in models],
        "u1",
        flag_values=np.arange(len(AGENT_KINDS), dtype="u1"),
        flag_meanings=" ".join(AGENT_KINDS),
    )
    column(group, "parent", [model.parent for model in models], "u4")
    column(group, "root", [model.root for model in models], "u4")
    column(group, "agent", [0] * len(models), "u4")
    for name, names in (("maker", ("frontier",)), ("release_form", FORMS)):
        codes = np.arange(len(names), dtype="u1")
        meanings = " ".join(names)
        given = [len(names) - 1] * len(models)
        column(group, name, given, "u1", flag_values=codes, flag_meanings=meanings)
    column(group, "release_year", [model.release_year for model in models], "f8", units="year")
    for name in ("leaked_at", "withdrawn_at"):
        column(group, name, [float("nan")] * len(models), "f4", units="year")


def _write_model_forms(group: h5py.Group) -> None:
    """No change of form at all."""
    _write_dimension(group, "model_form", 0)
    column(group, "run", [], "u4")
    column(group, "time", [], "f8", units="year")
    column(group, "model", [], "u4")
    codes = np.arange(len(FORMS), dtype="u1")
    column(group, "form", [], "u1", flag_values=codes, flag_meanings=" ".join(FORMS))
