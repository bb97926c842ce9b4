"""How far an outcome swings from the low to the high end of each belief: the numbers of a tornado.

*One at a time.* Where the points of a design differ from a common one in a single factor (listed or
zipped points), a swing is the paired difference to that point, replicate by replicate, at the
lowest and the highest value tried. It is the swing where all other beliefs are at their middle.

*Thirds.* Where worlds were drawn (Latin hypercube, Sobol, the samples A and B of Saltelli), it is
the mean over the worlds in the lowest, and in the highest, third of the factor, less the mean over
all worlds: the swing with all other beliefs as uncertain as they are. Of many factors some swing by
luck, so a floor is given that the largest of as many idle ones passes once in twenty.

A Morris design has neither; `sensitivity.morris` gives its effects.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from enough_fingers.distributions import Floats
from enough_fingers.intervals import LEVEL, mean
from enough_fingers.load import Run
from enough_fingers.point_values import PointValues, decided_by_one, point_values
from enough_fingers.resampling import SEED, resample_counts

N_RESAMPLES = 1000
ONE_AT_A_TIME = "one at a time"
THIRDS = "thirds of worlds"
_N_SHUFFLES = 200
_DRAWN = ("latin_hypercube", "sobol", "saltelli")
#: Fewer worlds than this have too few in a third.
FEWEST_WORLDS = 12


def swings(
    run: Run, outcome: str, *, regime: str = "", difference: str = "", transform: str = "",
    seed: int = SEED,
) -> pd.DataFrame:  # fmt: skip
    """The swing of an outcome at both ends of each factor.

    Args:
        run: A run with points one at a time, or with worlds drawn from ranges.
        outcome: One of its outcomes.
        regime: Whose; may be left out where there is one regime.
        difference: A regime whose values in the same world and replicate are taken off.
        transform: As for `point_values`; "log" for heavy tails.
        seed: Of bootstrap and shuffles.

    Returns:
        Two rows a factor, the widest swing first: outcome, units, regime, reference, transform,
        factor, pointer, factor_units, end ("low", "high"), at (value of the factor; of a third its
        mean), value (the swing), low, high, level (what it swings from), n (replicates, or worlds),
        replicates, floor (NaN one at a time), basis, method, approximate.

    Raises:
        ValueError: When a name is unknown, or the design has no swings.
        MissingRunsError: When a run is missing or failed.
    """
    points = point_values(run, outcome, regime=regime, difference=difference, transform=transform)
    if points.design in _DRAWN:
        rows = _thirds(points, seed)
    elif points.design == "morris":
        raise ValueError("a Morris design has effects and no swings: sensitivity.morris")
    else:
        rows = _one_at_a_time(points, run)
    table = pd.DataFrame(rows)
    width = table.groupby("factor")["value"].transform(lambda values: values.abs().max())
    order = table.assign(_width=width).sort_values("_width", ascending=False, kind="stable")
    return order.drop(columns="_width").reset_index(drop=True)


def _row(
    points: PointValues, place: int, end: str, at: float, found: dict[str, Any]
) -> dict[str, Any]:
    factor = points.factors[place]
    return points.keys() | {
        "factor": factor.name, "pointer": factor.pointer, "factor_units": factor.units,
        "end": end, "at": at, "replicates": points.n_replicates, **found,
    }  # fmt: skip


def _one_at_a_time(points: PointValues, run: Run) -> list[dict[str, Any]]:
    names = [factor.name for factor in points.factors]
    table = points.points[names].to_numpy(dtype=np.float64)
    base = _base(points, table, run)
    differs = table != base
    centre = np.flatnonzero(~differs.any(axis=1))
    if centre.size == 0 or bool((differs.sum(axis=1) > 1).any()):
        raise ValueError(
            f'points of this "{points.design}" design differ in several factors at once, or none '
            "is the common one, so a swing has no one cause. List points that differ from one "
            'in one factor each ("design": "csv"), or draw worlds ("latin_hypercube").'
        )
    middle = points.values[centre[0]]
    rows = []
    for place, name in enumerate(names):
        tried = np.flatnonzero(differs[:, place])
        order = tried[np.argsort(table[tried, place], kind="stable")]
        for end, point in (("low", order[0]), ("high", order[-1])) if order.size else ():
            at = float(table[point, place])
            if (at > base[place]) == (end == "low"):
                continue  # tried on one side only
            found = mean(points.values[point] - middle)
            rows.append(_row(points, place, end, at, {
                "value": found.value, "low": found.low, "high": found.high,
                "level": float(middle.mean()), "n": found.n, "floor": math.nan,
                "basis": ONE_AT_A_TIME, "method": found.method, "approximate": found.approximate,
            }))  # fmt: skip
        if not order.size:
            raise ValueError(f"no point of this design varies {name} alone")
    return rows


def _base(points: PointValues, table: Floats, run: Run) -> Floats:
    """The common value of each factor: the most frequent; of equally frequent the config's own."""
    own = {row["pointer"]: row.get("value") for row in run.provenance.get("parameters", [])}
    found = []
    for place, factor in enumerate(points.factors):
        values, counts = np.unique(table[:, place], return_counts=True)
        most = values[counts == counts.max()]
        given = own.get(factor.pointer)
        near = float(given) if isinstance(given, int | float) else float(np.median(values))
        found.append(float(most[np.argmin(np.abs(most - near))]))
    return np.asarray(found)


def _thirds(points: PointValues, seed: int) -> list[dict[str, Any]]:
    chosen = np.arange(len(points.points))
    if points.design == "saltelli":
        chosen = np.flatnonzero(points.points["block"].isin(["A", "B"]).to_numpy())
    names = [factor.name for factor in points.factors]
    inputs = points.points[names].to_numpy(dtype=np.float64)[chosen]
    values = points.values[chosen].mean(axis=1)
    n = values.size
    if n < FEWEST_WORLDS:
        raise ValueError(f"{n} worlds have too few in a third; at least {FEWEST_WORLDS} are needed")
    ends = [_third(column) for column in inputs.T]
    counts = resample_counts(n, N_RESAMPLES, seed)
    floor = _floor(ends, values, seed)
    doubt = decided_by_one(values)
    rows = []
    for place in range(len(names)):
        for end, inside in zip(("low", "high"), ends[place], strict=True):
            value = float(values[inside].mean() - values.mean())
            with np.errstate(invalid="ignore"):
                drawn = counts[:, inside] @ values[inside] / counts[:, inside].sum(axis=1)
            drawn = drawn - counts @ values / n
            low, high = np.nanquantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
            rows.append(_row(points, place, end, float(inputs[inside, place].mean()), {
                "value": value, "low": float(low), "high": float(high),
                "level": float(values.mean()), "n": n, "floor": floor, "basis": THIRDS,
                "method": "percentile bootstrap of worlds", "approximate": doubt,
            }))  # fmt: skip
    return rows


def _third(column: Floats) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Worlds in the lowest and in the highest third; of a switch those that are off and on."""
    low, high = np.quantile(column, [1 / 3, 2 / 3])
    below, above = column <= low, column >= high
    if bool((below & above).any()):
        middle = (column.min() + column.max()) / 2
        below, above = column < middle, column > middle
    if not below.any() or not above.any():
        below = above = np.ones(column.size, dtype=np.bool_)
    return np.asarray(below), np.asarray(above)


def _floor(
    ends: list[tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]], values: Floats, seed: int
) -> float:
    """The 95 % point of the widest swing of all factors once worlds are shuffled."""
    rng = np.random.default_rng([seed, 9])
    shuffled = np.column_stack([rng.permutation(values) for _ in range(_N_SHUFFLES)])
    inside = np.array([third for pair in ends for third in pair], dtype=np.float64)
    means = inside @ shuffled / inside.sum(axis=1, keepdims=True)
    return float(np.quantile(np.abs(means - values.mean()).max(axis=0), LEVEL))
