"""The numbers behind "under different rules" and "relative and absolute", worked out once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from enough_fingers import measures
from enough_fingers.break_even import (
    CATASTROPHES,
    BreakEven,
    break_even,
    with_other_harm,
)
from enough_fingers.discovery import Turning, turning
from enough_fingers.layout import FIRST_CATASTROPHE, is_year
from enough_fingers.limits import Limit, beyond, check_limits, satisficing
from enough_fingers.load import Run
from enough_fingers.resampling import N_RESAMPLES, SEED
from enough_fingers.robustness import OPTIMISM, places, rules, worlds_first, worlds_of
from enough_fingers.without_ai import WITHOUT_AI, with_world_without_ai

HARM = "harm_musd"
# Measures whose places are worked out, beside the exercisable freedoms and what limits name.
_PLACED = (FIRST_CATASTROPHE, HARM, "surveillance_share", "benefit", "wrongful_bans")
# Measures shown relative and absolute side by side, beside what limits and a claim name.
_LEVELS = (FIRST_CATASTROPHE, HARM)
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Choices:
    """What the one who makes the report may choose.

    Attributes:
        reference: The regime that others are compared with; the first of the design when empty.
        limits: Levels that the reader calls tolerable.
        without_ai: The same experiment in a world without AI, to compare with.
        optimism: Weights of the kindest world in Hurwicz's rule.
        n_resamples: Of the bootstrap.
        seed: Of the bootstrap.
        brief: Whether what events and series show is left out, which takes most of the time.
    """

    reference: str = ""
    limits: tuple[Limit, ...] = ()
    without_ai: Run | None = None
    optimism: tuple[float, ...] = OPTIMISM
    n_resamples: int = N_RESAMPLES
    seed: int = SEED
    brief: bool = False


@dataclass(frozen=True)
class Judgement:
    """What depends on rules, levels and references.

    Attributes:
        n_worlds: Settings of the factors.
        unit: What intervals draw anew: "replicate" or "world".
        places: Rows of `robustness.places` by measure, rule and regime.
        first: Rows of `robustness.worlds_first`; empty with one world.
        limits: What the reader calls tolerable.
        kept: `limits.satisficing`; empty without limits.
        levels: Measures shown relative and absolute.
        beyond: Rows of `limits.beyond`.
        against_no_ai: Rows of `measures.relative` to the world without AI; empty without one.
        no_ai: Rows of `measures.absolute` of the world without AI.
        break_even: One a regime but the reference; none where the file has no catastrophes.
        turning: Findings of `discovery`, by measure and regime.
    """

    n_worlds: int
    unit: str
    places: pd.DataFrame
    first: pd.DataFrame
    limits: tuple[Limit, ...]
    kept: pd.DataFrame
    levels: list[str]
    beyond: pd.DataFrame
    against_no_ai: pd.DataFrame
    no_ai: pd.DataFrame
    break_even: list[BreakEven] = field(default_factory=list)
    turning: list[Turning] = field(default_factory=list)


def judge(run: Run, choices: Choices, reference: str, claimed: Sequence[str] = ()) -> Judgement:
    """Works out everything that depends on rules, levels and references.

    Args:
        run: The run.
        choices: Limits, world without AI, optimism, seed.
        reference: A regime.
        claimed: Outcomes that the experiment's claim is about.

    Returns:
        The judgement, which names no regime as the one to choose.

    Raises:
        ValueError: When a limit names no outcome, or the world without AI does not fit.
    """
    outcomes = run.outcomes
    check_limits(choices.limits, outcomes)
    named = [limit.measure for limit in choices.limits] + list(claimed)
    placed = _there(outcomes, [*_PLACED, *_exercisable(outcomes), *named])
    several = int(outcomes["world"].nunique()) > 1
    chosen = rules(choices.optimism) if several else rules(())[:1]
    ranked, first, turned = [], [], []
    for measure in placed:
        worlds = worlds_of(outcomes, measure, seed=choices.seed)
        if worlds is None:
            continue
        ranked.append(places(worlds, chosen))
        if several:
            first.append(worlds_first(worlds))
        if run.outcomes.attrs["sampled"] and measure in _LEVELS:
            turned += turning(run, worlds, reference, seed=choices.seed)
    single = [limit for limit in choices.limits if not is_year(limit.measure)]
    levels = _there(outcomes, [*_LEVELS, *named])
    against, alone = _no_ai(run, choices, levels)
    return Judgement(
        n_worlds=int(outcomes["world"].nunique()),
        unit="world" if outcomes.attrs["sampled"] else "replicate",
        places=_together(ranked),
        first=_together(first),
        limits=choices.limits,
        kept=satisficing(outcomes, choices.limits) if choices.limits else pd.DataFrame(),
        levels=levels,
        beyond=_together([beyond(outcomes, limit) for limit in single]),
        against_no_ai=against,
        no_ai=alone,
        break_even=_break_even(run, reference),
        turning=turned,
    )


def _no_ai(run: Run, choices: Choices, levels: Sequence[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    if choices.without_ai is None:
        return pd.DataFrame(), pd.DataFrame()
    joined = with_world_without_ai(run, choices.without_ai)
    draw = {"n_resamples": choices.n_resamples, "seed": choices.seed}
    there = [measure for measure in levels if measure in joined.attrs["outcomes"]]
    against = _together([measures.relative(joined, name, WITHOUT_AI, **draw) for name in there])
    alone = _together([measures.absolute(joined, name, **draw) for name in there])
    return against, alone[alone["regime"] == WITHOUT_AI].reset_index(drop=True)


def _break_even(run: Run, reference: str) -> list[BreakEven]:
    outcomes = run.outcomes
    others = [regime for regime in run.regimes if regime != reference]
    if not {HARM, CATASTROPHES} <= set(outcomes.attrs["outcomes"]) or not others:
        return []
    split = with_other_harm(run, outcomes)
    return [break_even(split, regime, reference) for regime in others]


def _exercisable(outcomes: pd.DataFrame) -> list[str]:
    return [name for name in outcomes.attrs["outcomes"] if name.endswith("_exercisable")]


def _there(outcomes: pd.DataFrame, names: Sequence[str]) -> list[str]:
    known = set(outcomes.attrs["outcomes"])
    return [name for name in dict.fromkeys(names) if name in known]


def _together(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
