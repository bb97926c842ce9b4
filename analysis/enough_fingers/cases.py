"""Cases for scenario discovery: worlds, or runs, in which something does or does not come out.

A case of interest is one in which a question is answered with yes: "does open do worse than closed
by harm?" Of a world the answer is that of most of its replicates; with few of them luck decides
close ones, and no box can tell these apart.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from enough_fingers.distributions import Floats
from enough_fingers.layout import better_of, grid, is_year
from enough_fingers.load import Run
from enough_fingers.optional import known
from enough_fingers.point_values import DUMMY
from enough_fingers.structure import Factor
from enough_fingers.wording import number

#: Fewer cases than this say nothing about boxes.
FEWEST_CASES = 20


@dataclass(frozen=True)
class Cases:
    """Cases, and which of them are of interest.

    Attributes:
        question: What makes a case one of interest, in words, as a whole clause: "open-weights does
            worse than closed by harm_musd".
        inputs: One row a case, one column a factor.
        of_interest: One truth value a case.
        share: Of a world, in what share of its replicates the answer is yes, ties counting half; of
            a run 0 or 1.
        factors: What varies.
        ranges: Lowest and highest plausible value of each factor, by name.
        unit: "world" or "replicate" (a world under one replicate's luck).
        sampled: Whether worlds were drawn one by one from their ranges, so that shares of cases are
            estimates of shares of the ranges.
    """

    question: str
    inputs: pd.DataFrame
    of_interest: npt.NDArray[np.bool_]
    share: Floats
    factors: tuple[Factor, ...]
    ranges: dict[str, tuple[float, float]]
    unit: str
    sampled: bool

    @property
    def n(self) -> int:
        """How many cases."""
        return int(self.of_interest.size)

    @property
    def base(self) -> float:
        """Share of cases that are of interest."""
        return float(self.of_interest.mean()) if self.n else math.nan


def worse(
    run: Run, regime: str, than: str, outcome: str = "harm_musd", *,
    unit: str = "world", more_is_worse: bool | None = None,
) -> Cases:  # fmt: skip
    """Worlds in which one regime does worse than another by one outcome.

    Regimes are compared in the same world and replicate, under the random numbers they share. A
    year that did not come is later than any year.

    Args:
        run: The run.
        regime: The one of interest.
        than: The one that it is compared with.
        outcome: By which it is worse.
        unit: "world": a case is a world, of interest where the regime is worse in more than half of
            its replicates. "replicate": a case is a world under one replicate's luck.
        more_is_worse: Which way the outcome is unwanted; needed only where that is a matter of view
            (`layout.better_of` gives None).

    Returns:
        The cases.

    Raises:
        ValueError: When a name is unknown, nothing varies, the direction is a matter of view, or
            fewer than `FEWEST_CASES` cases are left.
    """
    known(regime, run.regimes, "regime")
    known(than, [name for name in run.regimes if name != regime], "other regime")
    values, replicates = _by_world(run, outcome)
    if more_is_worse is None:
        better = better_of(outcome)
        if better is None:
            raise ValueError(
                f"whether more of {outcome} is worse is a matter of view: say more_is_worse=True "
                "or False"
            )
        more_is_worse = better == "lower"
    first, second = (values[run.regimes.index(name)] for name in (regime, than))
    gone = np.isnan(first) | np.isnan(second)
    ahead = np.where(first == second, 0.5, (first > second) == more_is_worse)
    question = f"{regime} does worse than {than} by {outcome}"
    return _made(run, question, np.where(gone, math.nan, ahead), unit, replicates)


def exceeds(
    run: Run, regime: str, outcome: str, level: float = math.nan, *, unit: str = "world"
) -> Cases:
    """Worlds in which an outcome of one regime is above a level, or, of a year, in which it comes.

    Args:
        run: The run.
        regime: Whose outcome.
        outcome: Which.
        level: In the outcome's unit; left out for a year that may not come.
        unit: As for `worse`.

    Returns:
        The cases.

    Raises:
        ValueError: As `worse`, and when a level is missing.
    """
    known(regime, run.regimes, "regime")
    values, replicates = _by_world(run, outcome)
    own = values[run.regimes.index(regime)]
    gone = np.isnan(own)
    if is_year(outcome):
        above = np.where(gone, math.nan, np.isfinite(own))
        event = outcome.removesuffix("_year").replace("_", " ")
        return _made(run, f"a {event} comes under {regime}", above, unit, replicates)
    if math.isnan(level):
        raise ValueError(f"say above which level of {outcome} (level=…)")
    units = run.outcomes.attrs["units"][outcome]
    question = f"{outcome} is above {number(level)} {units} under {regime}"
    return _made(run, question, np.where(gone, math.nan, own > level), unit, replicates)


def _by_world(run: Run, outcome: str) -> tuple[Floats, npt.NDArray[Any]]:
    """[n_regimes, n_worlds, n_replicates], a year that did not come infinite, NaN where no run."""
    known(outcome, run.outcomes.attrs["outcomes"], "outcome")
    if not run.factors:
        raise ValueError(f"{run.path}: varies no factor, so its worlds do not differ")
    laid = grid(run.outcomes, outcome, unit="replicate")
    values = np.where(np.isnan(laid.values), math.inf, laid.values) if is_year(outcome) else (
        laid.values
    )  # fmt: skip
    return np.where(laid.present, values, math.nan), np.unique(run.outcomes["replicate"])


def _made(
    run: Run, question: str, answers: Floats, unit: str, replicates: npt.NDArray[Any]
) -> Cases:
    """Cases from answers [n_worlds, n_replicates]: 1, 0, 0.5 for a tie, NaN where a run is gone."""
    known(unit, ("world", "replicate"), "unit")
    names = [factor.name for factor in run.factors]
    worlds = np.unique(run.outcomes["world"].to_numpy())
    settings = run.design.drop_duplicates("world").set_index("world")[names].loc[worlds]
    there = ~np.isnan(answers)
    if unit == "world":
        kept = np.flatnonzero(there.any(axis=1))
        share = np.nansum(answers, axis=1)[kept] / there.sum(axis=1)[kept]
        inputs = settings.take(kept)
    else:
        share = answers[there]
        inputs = settings.iloc[np.repeat(np.arange(len(worlds)), there.sum(axis=1))]
        inputs = inputs.assign(replicate=np.tile(replicates, len(worlds))[there.reshape(-1)])
        inputs = inputs.set_index("replicate", append=True)
    if len(share) < FEWEST_CASES:
        raise ValueError(
            f"{run.path}: {len(share)} cases say nothing about boxes; at least {FEWEST_CASES} are "
            'needed. Run a design that draws more worlds ("latin_hypercube", "draws": 200).'
        )
    return Cases(
        question=question,
        inputs=inputs.astype(np.float64),
        of_interest=np.asarray(share > 0.5),
        share=np.asarray(share, dtype=np.float64),
        factors=run.factors,
        ranges=plausible_ranges(run),
        unit=unit,
        sampled=bool(run.outcomes.attrs["sampled"]),
    )


def plausible_ranges(run: Run) -> dict[str, tuple[float, float]]:
    """Lowest and highest value that each factor could take, by its name in the design.

    The range that the config draws from; else the range of belief that the parameter declares; else
    that of the values tried.
    """
    given = run.config.get("experiment", {}).get("factors") or {}
    declared = {row["pointer"]: row for row in run.provenance.get("parameters", [])}
    found = {}
    for factor in run.factors:
        tried = run.design[factor.name].to_numpy(dtype=np.float64)
        ends = (float(tried.min()), float(tried.max()))
        for source in (given.get(factor.pointer), declared.get(factor.pointer)):
            low, high = (source or {}).get("low"), (source or {}).get("high")
            if low is not None and high is not None:
                ends = (min(ends[0], float(low)), max(ends[1], float(high)))
                break
        found[factor.name] = (0.0, 1.0) if factor.pointer == DUMMY else ends
    return found
