"""Families of models of one replicate: bases, what was made from them, and what from that."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from enough_fingers.load import NONE, Run
from enough_fingers.optional import known


@dataclass(frozen=True)
class Family:
    """The families of one replicate, laid out as a tree.

    Attributes:
        regime: Of the replicate.
        replicate: Its number.
        world: Its world.
        models: One row a model that is shown, from the top down: row (its place), model, parent,
            root, generation (0 for a base), release_year, until (withdrawn, or the last year),
            form, maker, agent, agent_kind, capability_oom, leaked_at, withdrawn_at.
        changes: Changes of form of the bases shown: model, row, time, form.
        forms: Names of all forms, from least to most open, as the file has them.
        n_models: Models of the replicate.
        n_bases: Bases among them.
        last_year: Where the run ends.
    """

    regime: str
    replicate: int
    world: int
    models: pd.DataFrame
    changes: pd.DataFrame
    forms: tuple[str, ...]
    n_models: int
    n_bases: int
    last_year: float


def family(
    run: Run, regime: str = "", *, replicate: int = -1, world: int = 0, most: int = 60
) -> Family:
    """Lays out the largest families of one replicate.

    Args:
        run: A run that records models.
        regime: Which regime; the last of the design when not given.
        replicate: Which replicate; the first that finished when not given.
        world: Which world.
        most: At most so many models; families are taken whole, those of most members first, and a
            family that alone has more is cut after its first members in time.

    Returns:
        The families.

    Raises:
        NotRecordedError: When the config did not ask for `"output": {"models": true}`.
        ValueError: When there is no such regime, world or replicate.
    """
    table = run.models
    regime = known(regime or run.regimes[-1], run.regimes, "regime")
    own = run.design[(run.design["regime"] == regime) & (run.design["world"] == world)]
    if own.empty:
        raise ValueError(f"{run.path}: {regime} has no world {world}")
    there = table[table["point"] == own.index[0]]
    numbers = sorted(there["replicate"].unique())
    if replicate < 0 and numbers:
        replicate = int(numbers[0])
    there = there[there["replicate"] == replicate].set_index("model", drop=False)
    if there.empty:
        listed = ", ".join(str(number) for number in numbers[:12]) or "none"
        raise ValueError(f"{run.path}: {regime} has no replicate {replicate}; there are {listed}")
    generation = _generations(there["parent"].to_numpy(dtype=np.int64))
    order = _rows(there, most)
    time = run.config.get("time", {})
    last = float(time.get("start_year", math.nan)) + float(time.get("years", math.nan))
    if math.isnan(last):
        last = float(there["release_year"].max())
    shown = there.loc[order].assign(
        row=np.arange(len(order)),
        generation=generation[order],
        form=there.loc[order, "release_form"].astype(str),
        until=there.loc[order, "withdrawn_at"].fillna(last),
    )
    changes = run.model_forms
    changes = changes[(changes["run"] == there["run"].iloc[0]) & changes["model"].isin(order)]
    places = dict(zip(shown["model"], shown["row"], strict=True))
    return Family(
        regime=regime,
        replicate=replicate,
        world=world,
        models=shown.reset_index(drop=True),
        changes=changes.assign(row=changes["model"].map(places), form=changes["form"].astype(str)),
        forms=tuple(str(name) for name in table["release_form"].cat.categories),
        n_models=len(there),
        n_bases=int((there["parent"] == NONE).sum()),
        last_year=last,
    )


def _generations(parents: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Steps from the base; a parent is born before its children, so one pass is enough."""
    found = np.zeros(parents.size, dtype=np.int64)
    for model, parent in enumerate(parents):
        if parent != NONE:
            found[model] = found[parent] + 1
    return found


def _rows(models: pd.DataFrame, most: int) -> list[int]:
    """Models from the top down: families by their base's first day, a child below its parent.

    Of siblings the later stands nearer to the parent, so that no line crosses another.
    """
    sizes = models.groupby("root").size().sort_values(ascending=False, kind="stable")
    chosen: list[int] = []
    room = most
    for root, size in sizes.items():
        if size <= room or not chosen:
            chosen.append(int(str(root)))
            room -= int(size)
    kept = models[models["root"].isin(chosen)].sort_values("release_year", kind="stable")
    kept = kept.head(most) if len(chosen) == 1 else kept
    children: dict[int, list[int]] = {}
    for model, parent in zip(kept["model"], kept["parent"], strict=True):
        children.setdefault(int(parent), []).append(int(model))
    order: list[int] = []
    waiting = list(reversed(children.get(NONE, [])))
    while waiting:
        model = waiting.pop()
        order.append(model)
        # Children stand in order of birth; the last is taken from the end of the list first.
        waiting.extend(children.get(model, []))
    return order
