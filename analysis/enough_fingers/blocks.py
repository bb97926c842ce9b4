"""Points of Saltelli's and Morris's designs, put into the order in which indices are worked out.

The program makes these designs and says in `base_row`, `step` and `block` where each point stands;
here they are only sorted. The order of Saltelli's blocks is SALib's: A, AB:1 … AB:D, BA:1 … BA:D
(where the design has them), B.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from enough_fingers.distributions import Floats
from enough_fingers.point_values import PointValues


@dataclass(frozen=True)
class Saltelli:
    """Values of a Saltelli design.

    Attributes:
        values: [n_base_rows, n_blocks, n_replicates], blocks in SALib's order.
        second_order: Whether it has the blocks BA.
    """

    values: Floats
    second_order: bool

    @property
    def samples(self) -> Floats:
        """The points of the two independent samples A and B: [n_base_rows, 2, n_replicates]."""
        return np.asarray(self.values[:, [0, -1]])


@dataclass(frozen=True)
class Morris:
    """Values of a Morris design.

    Attributes:
        values: [n_trajectories, n_factors + 1, n_replicates], in order of step.
        moved: Which factor (from 0) each step moved, [n_trajectories, n_factors].
        direction: Whether up (1) or down (-1), [n_trajectories, n_factors].
        levels: Of the grid; a move is p / (2 (p - 1)) of a factor's range.
    """

    values: Floats
    moved: npt.NDArray[np.int64]
    direction: npt.NDArray[np.int64]
    levels: int

    @property
    def step(self) -> float:
        """A move, as a share of a factor's range."""
        return self.levels / (2 * (self.levels - 1))

    def effects(self) -> Floats:
        """Elementary effects: change of the value for the whole range of a factor.

        Returns:
            [n_trajectories, n_factors, n_replicates], in the order of the factors.
        """
        change = np.diff(self.values, axis=1) * (self.direction / self.step)[:, :, None]
        placed = np.empty_like(change)
        np.put_along_axis(placed, self.moved[:, :, None], change, axis=1)
        return placed


def saltelli(points: PointValues) -> Saltelli:
    """Sorts the points of a Saltelli design.

    Args:
        points: From `point_values`.

    Returns:
        The values by base row and block.

    Raises:
        ValueError: When the design is another one, or is not whole.
    """
    _check_design(points, "saltelli", '"design": "saltelli", "draws": 1024')
    n = len(points.factors)
    block = points.points["block"].astype(str)
    second = bool(block.str.startswith("BA:").any())
    order = ["A", *(f"AB:{k}" for k in range(1, n + 1))]
    order += [f"BA:{k}" for k in range(1, n + 1)] if second else []
    order += ["B"]
    place = block.map({name: spot for spot, name in enumerate(order)})
    if place.isna().any() or len(points.points) % len(order):
        raise ValueError(
            f"blocks {sorted(set(block))} are not those of a Saltelli design of {n} factors"
        )
    sorter = np.lexsort((place.to_numpy(dtype=np.int64), points.points["base_row"].to_numpy()))
    shape = (len(points.points) // len(order), len(order), points.n_replicates)
    expected = np.tile(np.arange(len(order)), shape[0])
    if not np.array_equal(place.to_numpy()[sorter], expected):
        raise ValueError("some base rows of this Saltelli design lack a block")
    return Saltelli(points.values[sorter].reshape(shape), second)


def morris(points: PointValues, levels: int) -> Morris:
    """Sorts the points of a Morris design.

    Args:
        points: From `point_values`.
        levels: Of the grid, as the config says.

    Returns:
        The values by trajectory and step.

    Raises:
        ValueError: When the design is another one, or is not whole.
    """
    _check_design(points, "morris", '"design": "morris", "trajectories": 30')
    n = len(points.factors)
    table = points.points
    sorter = np.lexsort((table["step"].to_numpy(), table["base_row"].to_numpy()))
    if len(table) % (n + 1):
        raise ValueError(f"{len(table)} points are no whole trajectories of {n} factors")
    shape = (len(table) // (n + 1), n + 1)
    moves = table["block"].astype(str).to_numpy()[sorter].reshape(shape)[:, 1:]
    parts = np.char.partition(moves.astype(str), ":")
    if not bool(np.isin(parts[..., 0], ("up", "down")).all()):
        raise ValueError("some trajectories of this Morris design lack a step")
    moved = parts[..., 2].astype(np.int64) - 1
    if not bool((np.sort(moved, axis=1) == np.arange(n)).all()):
        raise ValueError("some trajectories of this Morris design do not move every factor once")
    return Morris(
        values=points.values[sorter].reshape(*shape, points.n_replicates),
        moved=moved,
        direction=np.where(parts[..., 0] == "up", 1, -1),
        levels=levels,
    )


def _check_design(points: PointValues, wanted: str, example: str) -> None:
    if points.design != wanted or "block" not in points.points:
        raise ValueError(
            f'the design of this run is "{points.design}", and this needs "{wanted}". Run the '
            f'config with {example} in its "experiment" (docs/designs.md).'
        )
