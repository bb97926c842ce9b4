"""Where a question is answered with yes: boxes by PRIM and CART, through EMA Workbench.

A box among many factors is easily found by luck. So every search is repeated with the answers
shuffled among the cases, which says how dense a box luck alone gives; and on cases drawn anew,
which says whether the same factors come up again, and how dense the box is among cases that were
not looked at when it was made. Which box PRIM takes is said in `box_search`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from enough_fingers.box_search import Choice, Found, Truths, cut, peeled
from enough_fingers.boxes import Box, box_of, within
from enough_fingers.cases import Cases
from enough_fingers.distributions import Floats
from enough_fingers.intervals import probability_interval
from enough_fingers.point_values import DUMMY
from enough_fingers.resampling import SEED
from enough_fingers.wording import percent

# Above this share of shuffled searches a box is called one that luck may have made.
_LUCK = 0.05
_Search = Callable[[pd.DataFrame, Truths], list[Found]]


@dataclass(frozen=True)
class Discovery:
    """What a search found, and how far it can be trusted.

    Attributes:
        cases: What was searched.
        method: "PRIM" or "CART".
        boxes: By PRIM the one chosen; by CART the leaves, first that which is densest beyond doubt
            (at the lower end of its interval).
        trajectory: By PRIM one row a box: coverage, density, low, high (95 % of the density, as if
            the box had been drawn beforehand), mass, n, of_interest, restricted, peeled (false
            where limits of a peeled box were dropped), chosen; by CART one row a leaf.
        chance: Of the box that the same search finds once answers are shuffled, the lower end of
            the interval of its density, one value a shuffle.
        p_chance: Share of searches, this one included, in which it is at least as high.
        outside: Cases drawn into boxes of resampled searches from which they had been left out, and
            those of them that are of interest: (of interest, n).
        stability: One row a factor that some resampled search restricts: factor, pointer, units,
            share (of searches that restrict it), low, high (medians of their limits, NaN where most
            set none), n (searches).
        cautions: What a reader must know, each a sentence.
    """

    cases: Cases
    method: str
    boxes: tuple[Box, ...]
    trajectory: pd.DataFrame = field(repr=False)
    chance: Floats = field(repr=False)
    p_chance: float
    outside: tuple[int, int]
    stability: pd.DataFrame = field(repr=False)
    cautions: tuple[str, ...]

    @property
    def box(self) -> Box:
        """The chosen box; of CART the first leaf."""
        return self.boxes[0]

    @property
    def outside_density(self) -> tuple[float, float, float]:
        """Density among cases that a box had not seen, with its interval at 95 %.

        Pooled over resampled searches, each with a box of its own; they share cases, so that the
        interval is taken at n = the number of cases.
        """
        return unseen_density(self.outside, self.cases.n)


def unseen_density(outside: tuple[int, int], n_cases: int) -> tuple[float, float, float]:
    """A density and its interval at 95 % from counts pooled over searches; see `Discovery`."""
    hits, n = outside
    if n == 0:
        return math.nan, math.nan, math.nan
    few = min(n, n_cases)
    return hits / n, *probability_interval(hits / n * few, few)


def prim(
    cases: Cases, choice: Choice | None = None, *,
    n_permutations: int = 39, n_resamples: int = 20, seed: int = SEED,
) -> Discovery:  # fmt: skip
    """Searches a box by PRIM (Friedman and Fisher 1999; Bryant and Lempert 2010).

    Args:
        cases: From `cases.worse` or `cases.exceeds`.
        choice: How to peel and which box to take.
        n_permutations: Searches with shuffled answers; 39 tell one in forty.
        n_resamples: Searches in cases drawn anew.
        seed: Of shuffles and resamples.

    Returns:
        What was found.

    Raises:
        MissingLibraryError: When EMA Workbench is not installed.
    """
    chosen = choice or Choice()

    def search(inputs: pd.DataFrame, of_interest: Truths) -> list[Found]:
        return peeled(inputs, of_interest, chosen)[0]

    found, trajectory = peeled(cases.inputs, cases.of_interest, chosen)
    return _tried(cases, "PRIM", found, trajectory, search, n_permutations, n_resamples, seed)


def cart(
    cases: Cases, *, mass_min: float = 0.05,
    n_permutations: int = 39, n_resamples: int = 20, seed: int = SEED,
) -> Discovery:  # fmt: skip
    """Cuts the cases into boxes by a classification tree (CART; Breiman et al. 1984).

    Unlike PRIM's its boxes do not overlap and together hold all cases.

    Args:
        cases: From `cases.worse` or `cases.exceeds`.
        mass_min: Least share of all cases in a leaf.
        n_permutations: Trees of shuffled answers.
        n_resamples: Trees of cases drawn anew.
        seed: Of shuffles, resamples and of ties between equally good cuts.

    Returns:
        What was found; chance, outside and stability are those of the first leaf.

    Raises:
        MissingLibraryError: When EMA Workbench is not installed.
    """

    def search(inputs: pd.DataFrame, of_interest: Truths) -> list[Found]:
        return cut(inputs, of_interest, mass_min, seed)

    found = search(cases.inputs, cases.of_interest)
    trajectory = pd.DataFrame([_leaf(cases, leaf) for leaf in found])
    return _tried(cases, "CART", found, trajectory, search, n_permutations, n_resamples, seed)


def _leaf(cases: Cases, leaf: Found) -> dict[str, Any]:
    box = box_of(cases, leaf.limits, {})
    low, high = box.density_interval()
    return {
        "coverage": box.coverage, "density": box.density, "low": low, "high": high,
        "mass": box.mass, "n": box.n, "of_interest": box.of_interest,
        "restricted": len(box.limits),
    }  # fmt: skip


def _tried(
    cases: Cases, method: str, found: list[Found], trajectory: pd.DataFrame, search: _Search,
    n_permutations: int, n_resamples: int, seed: int,
) -> Discovery:  # fmt: skip
    """Puts beside what was found what luck finds, and what other cases would have shown."""
    boxes = tuple(box_of(cases, one.limits, one.quasi_p) for one in found)
    chance = _shuffled(cases, search, n_permutations, seed)
    as_dense = 1 + int((chance >= boxes[0].density_interval()[0]).sum())
    p_chance = as_dense / (1 + chance.size) if chance.size else math.nan
    outside, stability = _resampled(cases, search, n_resamples, seed)
    return Discovery(
        cases=cases,
        method=method,
        boxes=boxes,
        trajectory=trajectory,
        chance=chance,
        p_chance=p_chance,
        outside=outside,
        stability=stability,
        cautions=_cautions(cases, boxes[0], chance, p_chance, outside),
    )


def _shuffled(cases: Cases, search: _Search, n: int, seed: int) -> Floats:
    """Least density of the first box of searches with shuffled answers, [n]."""
    rng = np.random.default_rng([seed, 5])
    least = []
    for _ in range(n):
        answers = rng.permutation(cases.of_interest)
        inside = within(search(cases.inputs, answers)[0].limits, cases.inputs)
        least.append(probability_interval(int(answers[inside].sum()), int(inside.sum()))[0])
    return np.asarray(least, dtype=np.float64)


def _resampled(
    cases: Cases, search: _Search, n: int, seed: int
) -> tuple[tuple[int, int], pd.DataFrame]:
    """Searches in bootstrap samples: what their boxes hold of the cases left out, and limits.

    Cases are drawn by world, so that no world is both seen and left out.
    """
    rng = np.random.default_rng([seed, 6])
    worlds = cases.inputs.index.get_level_values("world").to_numpy()
    numbers, place = np.unique(worlds, return_inverse=True)
    members = [np.flatnonzero(place == number) for number in range(numbers.size)]
    hits, n_outside, limits = 0, 0, []
    for _ in range(n):
        chosen = rng.integers(0, numbers.size, numbers.size)
        index = np.concatenate([members[number] for number in chosen])
        box = search(cases.inputs.iloc[index], cases.of_interest[index])[0]
        limits.append(box.limits)
        left = ~np.isin(place, chosen)
        inside = left & within(box.limits, cases.inputs)
        hits += int((inside & cases.of_interest).sum())
        n_outside += int(inside.sum())
    return (hits, n_outside), _stability(cases, limits)


def _stability(cases: Cases, limits: list[dict[str, tuple[float, float]]]) -> pd.DataFrame:
    rows = []
    for factor in cases.factors:
        own = np.asarray([found[factor.name] for found in limits if factor.name in found])
        if own.size == 0:
            continue
        ends = [_typical(own[:, end]) for end in (0, 1)]
        rows.append({
            "factor": factor.name, "pointer": factor.pointer, "units": factor.units,
            "share": len(own) / len(limits), "low": ends[0], "high": ends[1], "n": len(limits),
        })  # fmt: skip
    names = ["factor", "pointer", "units", "share", "low", "high", "n"]
    table = pd.DataFrame(rows, columns=names)
    return table.sort_values("share", ascending=False, kind="stable", ignore_index=True)


def _typical(ends: Floats) -> float:
    """The median of limits where most of the searches set one, else NaN."""
    some = ends[~np.isnan(ends)]
    return float(np.median(some)) if 2 * some.size > ends.size else math.nan


def _cautions(
    cases: Cases, box: Box, chance: Floats, p_chance: float, outside: tuple[int, int]
) -> tuple[str, ...]:
    said = []
    if not 0 < cases.base < 1:
        said.append("All cases are alike, so no box can tell them apart.")
    elif not box.limits:
        said.append("No limit of any factor is beyond luck: the box is all cases.")
    elif chance.size and p_chance > _LUCK:
        least = percent(box.density_interval()[0])
        said.append(
            f"Luck may have made this box: with the answers shuffled among the cases, "
            f"{round(p_chance * (1 + chance.size)) - 1} of {chance.size} searches gave one whose "
            f"density is as surely high (at least {least})."
        )
    if any(limit.pointer == DUMMY for limit in box.limits):
        said.append("The box restricts the dummy, on which nothing depends: that limit is luck.")
    unseen, _, most = unseen_density(outside, cases.n)
    if box.limits and most < box.density_interval()[0]:
        said.append(
            f"The box flatters itself: among cases that such boxes had not seen the density is "
            f"{percent(unseen)} and not {percent(box.density)}."
        )
    if not cases.sampled:
        said.append(
            "The cases are settings of a plan and not draws from the ranges: shares are of the "
            "plan, and quasi-p and intervals mean nothing."
        )
    return tuple(said)
