"""A world without advanced AI as one more column to compare with.

It comes from a factor `/ai` of the design, or from a second file: a run with `"ai": false` of the
same seeds, so that its replicates share every draw that both worlds make. Being safer than another
regime is not being safe: this and the levels that the reader calls tolerable are the absolute side
of every comparison.
"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from enough_fingers.load import Run
from enough_fingers.structure import number_worlds

#: How the world without AI is called among the regimes.
WITHOUT_AI = "without AI"
_AI = "/ai"
_SAME = ("seed_population", "seed_dynamics")


def split_ai(run: Run) -> tuple[Run, Run | None]:
    """Parts a run that varies `/ai` into its worlds with and without AI.

    Averages over worlds with and without AI would mean nothing, so the two never mix.

    Args:
        run: The run.

    Returns:
        The run with AI and that without, neither with the factor; the run itself and None where the
        design does not vary it.
    """
    varied = next((factor for factor in run.factors if factor.pointer == _AI), None)
    if varied is None:
        return run, None
    chosen = run.design[varied.name].take(run.runs["point"].to_numpy()).to_numpy() != 0
    if bool(chosen.all()) or not bool(chosen.any()):
        return run, None
    others = tuple(factor for factor in run.factors if factor is not varied)
    columns = [run.design[factor.name] for factor in others]
    design = run.design.assign(world=number_worlds(columns, len(run.design)))
    parts = [
        replace(
            run,
            design=design.drop(columns=varied.name),
            factors=others,
            selected=selected,
            config={**run.config, "ai": ai},
        )
        for selected, ai in ((chosen, True), (~chosen, False))
    ]
    return parts[0], parts[1]


def is_without_ai(run: Run) -> bool:
    """Whether a run has no advanced AI in it."""
    return run.config.get("ai") is False


def with_world_without_ai(run: Run, other: Run) -> pd.DataFrame:
    """Outcomes of a run with those of a world without AI as one more regime.

    Args:
        run: The run.
        other: A run with `"ai": false`, the same seeds and years. Every regime comes to the same in
            it, so its first is taken. Without factors it stands beside each world of `run`, else
            beside the world of the same factor values.

    Returns:
        As `run.outcomes`, with the last regime `WITHOUT_AI`.

    Raises:
        ValueError: When `other` has AI, other seeds or years, or lacks worlds.
    """
    if not is_without_ai(other):
        raise ValueError(f'{other.path}: is not a world without AI (its config lacks "ai": false)')
    for name in _SAME:
        if run.attributes.get(name) != other.attributes.get(name):
            raise ValueError(f"{other.path}: has another {name}, so no replicate pairs with it")
    if run.config.get("time") != other.config.get("time"):
        raise ValueError(f"{other.path}: covers other years than {run.path}")
    outcomes = run.outcomes
    theirs = other.outcomes[other.outcomes["regime"] == other.regimes[0]]
    names = [factor.name for factor in run.factors]
    worlds = run.design.drop_duplicates("world")[["world", *names]]
    theirs = theirs.drop(columns="world")
    if other.factors:
        if {factor.name for factor in other.factors} != set(names):
            raise ValueError(f"{other.path}: varies other factors than {run.path}")
        theirs = theirs.merge(worlds, on=names, how="inner")
        if set(theirs["world"]) != set(worlds["world"]):
            raise ValueError(f"{other.path}: lacks some worlds of {run.path}")
    else:
        theirs = theirs.merge(worlds, how="cross")
    shared = [name for name in outcomes.columns if name in theirs.columns]
    regimes = [*run.regimes, WITHOUT_AI]
    joined = pd.concat([outcomes[shared], theirs[shared].assign(regime=WITHOUT_AI)])
    joined["regime"] = pd.Categorical(joined["regime"], categories=regimes)
    joined = joined.reset_index(drop=True)
    joined.attrs = {
        **outcomes.attrs,
        "outcomes": [name for name in outcomes.attrs["outcomes"] if name in shared],
    }
    return joined
