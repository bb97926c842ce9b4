"""One search for boxes by EMA Workbench: PRIM's peeling, and CART's tree. Both give plain limits.

*Which box.* PRIM gives a trajectory from all cases to ever fewer and denser ones. Chosen is the
densest box that still covers `min_coverage` of the cases of interest (of equally dense ones the
largest); then limits whose quasi-p is above `most_quasi_p` at both ends are dropped, the least
certain first.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from enough_fingers.boxes import within
from enough_fingers.intervals import probability_interval
from enough_fingers.optional import package, quietly

Truths = npt.NDArray[np.bool_]
# Cases at or above it are of interest; any number above 0 and at most 1 will do, and so small a one
# never makes EMA Workbench throw a box away for being too thin.
_THRESHOLD = 1e-9


@dataclass(frozen=True)
class Choice:
    """How PRIM peels, and which box of its trajectory is taken.

    Attributes:
        min_coverage: Least share of the cases of interest that the box must hold.
        most_quasi_p: Limits above it at both ends are dropped.
        peel_alpha: Share of the cases that one peel takes off.
        mass_min: Least share of all cases in a box.
    """

    min_coverage: float = 0.5
    most_quasi_p: float = 0.05
    peel_alpha: float = 0.05
    mass_min: float = 0.05


@dataclass(frozen=True)
class Found:
    """A box as limits by factor, with the quasi-p of each."""

    limits: dict[str, tuple[float, float]]
    quasi_p: dict[str, float]


def peeled(
    inputs: pd.DataFrame, of_interest: Truths, choice: Choice
) -> tuple[list[Found], pd.DataFrame]:
    """Peels a box by PRIM.

    Args:
        inputs: One row a case, one column a factor.
        of_interest: One truth value a case.
        choice: How to peel and which box to take.

    Returns:
        The chosen box, as a list of one, and the trajectory (see `Discovery.trajectory`), empty
        where all cases are alike.
    """
    if of_interest.all() or not of_interest.any():
        return [Found({}, {})], pd.DataFrame()
    with quietly():
        search = package("ema_workbench.analysis.prim").Prim(
            inputs.reset_index(drop=True), of_interest.astype(np.int64), threshold=_THRESHOLD,
            peel_alpha=choice.peel_alpha, mass_min=choice.mass_min,
        )  # fmt: skip
        box = search.find_box()
        n_peeled = len(box.peeling_trajectory)
        kept = _chosen(box.peeling_trajectory, choice)
        while (weakest := _weakest(box.qp[kept], choice.most_quasi_p)) is not None:
            box.drop_restriction(weakest, kept)
            kept = len(box.peeling_trajectory) - 1
    order = sorted(box.qp[kept], key=lambda name: (_ends(box.qp[kept][name]), name))
    whole, limits = search.box_init, box.box_lims[kept]
    found = {name: _limits(limits[name], whole[name]) for name in order}
    quasi = {name: _ends(box.qp[kept][name]) for name in order}
    return [Found(found, quasi)], _trajectory(box.peeling_trajectory, n_peeled, kept)


def _chosen(trajectory: pd.DataFrame, choice: Choice) -> int:
    enough = trajectory[trajectory["coverage"] >= choice.min_coverage]
    # The first box is of all cases and covers all, so there is always one.
    return int(enough.sort_values(["density", "n"], ascending=False, kind="stable").index[0])


def _ends(quasi_p: list[float]) -> float:
    """The smaller quasi-p of the ends that are limited; EMA Workbench marks others with -1."""
    return float(min((p for p in quasi_p if p >= 0), default=1.0))


def _weakest(quasi_p: dict[str, list[float]], most: float) -> str | None:
    above = {name: _ends(ends) for name, ends in quasi_p.items() if _ends(ends) > most}
    return max(above, key=lambda name: (above[name], name)) if above else None


def _limits(ends: Any, whole: Any) -> tuple[float, float]:  # noqa: ANN401
    low, high = float(ends.iloc[0]), float(ends.iloc[1])
    return (
        math.nan if low == float(whole.iloc[0]) else low,
        math.nan if high == float(whole.iloc[1]) else high,
    )


def _trajectory(peeled: pd.DataFrame, n_peeled: int, kept: int) -> pd.DataFrame:
    """The boxes that were peeled, and last the chosen one where limits of it were dropped."""
    places = [*range(n_peeled), *([kept] if kept >= n_peeled else [])]
    rows = []
    for place in places:
        row = peeled.iloc[place]
        n, hits = int(row["n"]), int(row["k"])
        low, high = probability_interval(hits, n)
        rows.append({
            "coverage": float(row["coverage"]), "density": hits / n, "low": low, "high": high,
            "mass": float(row["mass"]), "n": n, "of_interest": hits,
            "restricted": int(row["res_dim"]), "peeled": place < n_peeled, "chosen": place == kept,
        })  # fmt: skip
    return pd.DataFrame(rows)


def cut(inputs: pd.DataFrame, of_interest: Truths, mass_min: float, seed: int) -> list[Found]:
    """Leaves of a classification tree.

    Args:
        inputs: One row a case, one column a factor.
        of_interest: One truth value a case.
        mass_min: Least share of all cases in a leaf.
        seed: Of ties between equally good cuts.

    Returns:
        The leaves, first that whose density is highest at the lower end of its interval (the
        densest alone would be the smallest); one box without limits where nothing can be cut.
    """
    if of_interest.all() or not of_interest.any():
        return [Found({}, {})]
    module = package("ema_workbench.analysis.cart")
    plain = inputs.reset_index(drop=True)
    # A leaf has at least one case, also of so few that the share would round to none.
    mass_min = max(mass_min, 1.0 / len(plain) + 1e-9)
    with quietly(), _seeded(seed):
        tree = module.CART(plain, of_interest.astype(np.int64), mass_min)
        tree.build_tree()
        if tree.clf.tree_.node_count == 1:
            return [Found({}, {})]
        boxes = tree.boxes
    whole = plain.agg(["min", "max"])
    leaves = []
    for ends in boxes:
        limits = {name: _limits(ends[name], whole[name]) for name in plain.columns}
        limits = {name: pair for name, pair in limits.items() if not all(map(math.isnan, pair))}
        inside = within(limits, plain)
        least = probability_interval(int(of_interest[inside].sum()), int(inside.sum()))[0]
        leaves.append((least, limits))
    leaves.sort(key=lambda leaf: leaf[0], reverse=True)
    return [Found(limits, {}) for _, limits in leaves]


@contextmanager
def _seeded(seed: int) -> Iterator[None]:
    """EMA Workbench hands no seed to the tree, which takes NumPy's global generator."""
    state = np.random.get_state()  # noqa: NPY002
    np.random.seed(seed % 2**32)  # noqa: NPY002
    try:
        yield
    finally:
        np.random.set_state(state)  # noqa: NPY002
