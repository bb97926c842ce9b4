"""Sobol and Morris indices of a run's factors, through SALib, with replicate noise set apart.

A run of the model is one draw of chance, so an index from runs mixes what factors do with what luck
does. With two or more replicates a point the two are told apart: every index is given for the mean
over the replicates (what was computed), for a single run, and for the expected outcome, with the
replicate noise taken out. How: Saltelli's estimators are sums of products of two runs. A product of
runs of the same replicate holds their shared luck; one of runs of different replicates does not. As
V(f) in `replicate_noise`, numerator and variance of the expected outcome are
(r x(m) − x(1)) / (r − 1), where x(m) is that of the mean and x(1) that of one replicate.

With independent random numbers the total index of an idle factor is the noise share and not 0; with
common ones it is 0. A `dummy` in the design shows it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from enough_fingers import blocks
from enough_fingers.distributions import Floats, normal_quantile
from enough_fingers.intervals import LEVEL, mean
from enough_fingers.load import Run
from enough_fingers.optional import package, quietly
from enough_fingers.point_values import DUMMY, PointValues, decided_by_one, point_values
from enough_fingers.replicate_noise import SINGLE, mean_of, noise_shares
from enough_fingers.resampling import SEED, resample_counts

N_RESAMPLES = 500
EXPECTED = "expected outcome"
#: Fewer base rows than this give intervals that are too narrow; docs/sensitivity.md has the counts.
FEWEST_ROWS = 64
_IDLE = "none (no run changed with this factor)"
_BOOTSTRAP = "Saltelli et al. 2010 by SALib, bootstrap of base rows"


def sobol(
    run: Run, outcome: str, *, regime: str = "", difference: str = "", transform: str = "",
    n_resamples: int = N_RESAMPLES, seed: int = SEED,
) -> pd.DataFrame:  # fmt: skip
    """Sobol indices of every factor from a Saltelli design.

    First-order (S1) and total (ST) indices by Saltelli et al. (2010, Comput. Phys. Commun. 181:
    259-270), and those of pairs (S2, Saltelli 2002) where the design has the blocks for them.

    Args:
        run: A run whose design is "saltelli".
        outcome: One of its outcomes.
        regime: Whose outcome; may be left out where there is one regime.
        difference: A regime whose values in the same world and replicate are taken off.
        transform: "", "log", "happened" or "waited"; see `point_values`.
        n_resamples: Of the bootstrap over base rows.
        seed: Of the bootstrap.

    Returns:
        One row an index: outcome, units, regime, reference, transform, of ("mean of 4 replicates",
        "single run", "expected outcome"; S2 of the first alone), index ("S1", "ST", "S2", and
        "noise", the share of the variance that is replicate noise, with an empty factor), factor,
        pointer, other (second factor of a pair), value, low, high, n (base rows), replicates, floor
        (upper end of the dummy's index, NaN without one), method, approximate.

    Raises:
        ValueError: When the design is another one, a name is unknown or the outcome is "none".
        MissingRunsError: When a run is missing or failed.
        MissingLibraryError: When SALib is not installed.
    """
    points = point_values(run, outcome, regime=regime, difference=difference, transform=transform)
    laid = blocks.saltelli(points)
    rows = [*_of_mean(points, laid, n_resamples, seed), *_of_luck(points, laid, n_resamples, seed)]
    table = pd.DataFrame(rows)
    noise = noise_shares(points, laid.samples, seed=seed)
    noise = noise.assign(index="noise", factor="", pointer="", other="")
    table = pd.concat([table, noise[[name for name in table.columns if name in noise]]])
    table = _with_floor(table.reset_index(drop=True))
    doubt = decided_by_one(laid.samples.mean(axis=2))
    if not doubt and laid.values.shape[0] < FEWEST_ROWS:
        doubt = f"fewer than {FEWEST_ROWS} base rows"
    told = table["approximate"].where(table["approximate"] != "", doubt)
    return table.assign(approximate=told.where(table["low"].notna(), ""))


def _row(
    points: PointValues, of: str, index: str, place: int, ends: tuple[float, float, float],
    n: int, method: str, approximate: str = "",
) -> dict[str, Any]:  # fmt: skip
    value, low, high = ends
    factor = points.factors[place]
    return points.keys() | {
        "of": of, "index": index, "factor": factor.name, "pointer": factor.pointer, "other": "",
        "value": value, "low": low, "high": high, "n": n, "replicates": points.n_replicates,
        "method": method, "approximate": approximate,
    }  # fmt: skip


def _problem(points: PointValues) -> dict[str, Any]:
    names = [factor.name for factor in points.factors]
    return {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}


def _of_mean(
    points: PointValues, laid: blocks.Saltelli, n_resamples: int, seed: int
) -> Iterator[dict[str, Any]]:
    """Indices of the mean over replicates, as SALib gives them."""
    values = laid.values.mean(axis=2)
    of, n, k = mean_of(points.n_replicates), values.shape[0], len(points.factors)
    if np.ptp(values) == 0:
        nothing = (math.nan, math.nan, math.nan)
        for index in ("S1", "ST"):
            for place in range(k):
                why = "none (the outcome does not vary)"
                yield _row(points, of, index, place, nothing, n, why)
        return
    with quietly():
        found = package("SALib.analyze.sobol").analyze(
            _problem(points), values.reshape(-1), calc_second_order=laid.second_order,
            num_resamples=n_resamples, conf_level=LEVEL, seed=seed,
        )  # fmt: skip
    for index in ("S1", "ST"):
        for place in range(k):
            value, half = float(found[index][place]), float(found[f"{index}_conf"][place])
            idle = value == half == 0
            ends = (0.0, math.nan, math.nan) if idle else (value, value - half, value + half)
            yield _row(points, of, index, place, ends, n, _IDLE if idle else _BOOTSTRAP)
    if laid.second_order:
        for place, other in combinations(range(k), 2):
            value, half = (float(found[name][place, other]) for name in ("S2", "S2_conf"))
            ends = (value, value - half, value + half)
            row = _row(points, of, "S2", place, ends, n, _BOOTSTRAP.replace("et al. 2010", "2002"))
            yield row | {"other": points.factors[other].name}


@dataclass(frozen=True)
class _Parts:
    """Numerators of the indices and the variance, of the mean and of one replicate.

    Each [n_resamples + 1]; the first is of all base rows as they are.
    """

    first: tuple[Floats, Floats]
    total: tuple[Floats, Floats]
    variance: tuple[Floats, Floats]

    def of(self, kind: str, index: str, r: int) -> Floats:
        """An index of a single run or of the expected outcome."""
        parts = self.first if index == "S1" else self.total
        above, below = (_taken_out(*pair, r) if kind == EXPECTED else pair[1]
                        for pair in (parts, self.variance))  # fmt: skip
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(np.where(below > 0, above / below, math.nan))


def _taken_out(of_mean: Floats, of_one: Floats, r: int) -> Floats:
    return np.asarray((r * of_mean - of_one) / (r - 1))


def _of_luck(
    points: PointValues, laid: blocks.Saltelli, n_resamples: int, seed: int
) -> Iterator[dict[str, Any]]:
    """Indices of a single run and of the expected outcome."""
    r, n = points.n_replicates, laid.values.shape[0]
    if r < 2:
        return
    counts = np.concatenate([np.ones((1, n)), resample_counts(n, n_resamples, seed)])
    every = list(range(r))
    # With common random numbers the same few draws of luck are in all points, so base rows drawn
    # anew do not show how far other luck would move an index; leaving replicates out does.
    left = [[j for j in every if j != out] for out in every] if points.common and r > 2 else []
    doubt = "the luck of two replicates is not in the interval" if points.common and r == 2 else ""
    for place in range(len(points.factors)):
        whole = _parts(laid.values, place, every, counts)
        fewer = [_parts(laid.values, place, kept, counts[:1]) for kept in left]
        for kind in (SINGLE, EXPECTED):
            for index in ("S1", "ST"):
                drawn = whole.of(kind, index, r)
                without = [float(part.of(kind, index, r - 1)[0]) for part in fewer]
                ends = _ends(drawn, _jackknife(without))
                method = _BOOTSTRAP + (" and jackknife of replicates" if left else "")
                if math.isnan(ends[0]):
                    method = "none (all of the variance is replicate noise)"
                elif not drawn.any():
                    ends, method = (0.0, math.nan, math.nan), _IDLE
                yield _row(points, kind, index, place, ends, n, method, doubt)


def _parts(values: Floats, place: int, kept: list[int], counts: Floats) -> _Parts:
    """The sums of products behind the indices of one factor.

    Args:
        values: [n_base_rows, n_blocks, n_replicates].
        place: Of the factor.
        kept: Replicates.
        counts: How often each base row is drawn, [n_rows, n_base_rows].
    """
    chosen = values[:, :, kept]
    # Not centred, a first-order estimate is far noisier (Sobol et al. 2007); each replicate by its
    # own mean, so that luck that all points share is in nothing.
    chosen = chosen - chosen.mean(axis=(0, 1))
    series = np.concatenate([chosen, chosen.mean(axis=2, keepdims=True)], axis=2)
    a, b, moved = series[:, 0], series[:, -1], series[:, 1 + place]
    n = counts.shape[1]
    first = counts @ (b * (moved - a)) / n
    total = counts @ (0.5 * (a - moved) ** 2) / n
    middle = counts @ (a + b) / (2 * n)
    variance = counts @ (a**2 + b**2) / (2 * n) - middle**2
    pairs = [(part[:, -1], part[:, :-1].mean(axis=1)) for part in (first, total, variance)]
    return _Parts(pairs[0], pairs[1], pairs[2])


def _jackknife(without: list[float]) -> float:
    """Standard error from estimates that leave one replicate out each (Efron and Stein 1981)."""
    if len(without) < 2:
        return 0.0
    left = np.asarray(without)
    return float(math.sqrt((left.size - 1) / left.size * np.sum((left - left.mean()) ** 2)))


def _ends(drawn: Floats, error: float) -> tuple[float, float, float]:
    value = float(drawn[0])
    usable = drawn[1:][np.isfinite(drawn[1:])]
    if math.isnan(value) or usable.size == 0:
        return math.nan, math.nan, math.nan
    low, high = np.quantile(usable, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    luck = normal_quantile(LEVEL) * (error if math.isfinite(error) else 0.0)
    return value, value - math.hypot(value - low, luck), value + math.hypot(high - value, luck)


def _with_floor(table: pd.DataFrame) -> pd.DataFrame:
    """Beside each index the upper end of the dummy's, where the design has a dummy."""
    idle = table[(table["pointer"] == DUMMY) & (table["other"] == "")]
    floors = {
        (row["of"], row["index"]): row["value"] if math.isnan(row["high"]) else row["high"]
        for row in idle.to_dict("records")
    }
    keys = zip(table["of"], table["index"], strict=True)
    place = list(table.columns).index("method")
    table.insert(place, "floor", [floors.get(key, math.nan) for key in keys])
    return table


def morris(
    run: Run, outcome: str, *, regime: str = "", difference: str = "", transform: str = "",
    n_resamples: int = N_RESAMPLES, seed: int = SEED,
) -> pd.DataFrame:  # fmt: skip
    """Elementary effects of every factor from a Morris design.

    An elementary effect is the change of the outcome for the whole range of a factor (Morris 1991,
    Technometrics 33: 161-174): its mean "mu", the mean of its size "mu_star" (Campolongo et al.
    2007), its standard deviation "sigma", which interactions, curvature and noise make, and
    "noise", the standard deviation that chance alone gives it.

    Args:
        run: A run whose design is "morris".
        outcome: One of its outcomes.
        regime: Whose outcome; may be left out where there is one regime.
        difference: A regime whose values in the same world and replicate are taken off.
        transform: "", "log", "happened" or "waited"; see `point_values`.
        n_resamples: Of the bootstraps over trajectories.
        seed: Of the bootstraps.

    Returns:
        One row a factor and statistic: outcome, units, regime, reference, transform, statistic,
        factor, pointer, value, low, high, n (trajectories), replicates, method, approximate. An
        idle factor of independent random numbers has a mu_star of noise times √(2/π).

    Raises:
        ValueError: When the design is another one, a name is unknown or the outcome is "none".
        MissingRunsError: When a run is missing or failed.
        MissingLibraryError: When SALib is not installed.
    """
    points = point_values(run, outcome, regime=regime, difference=difference, transform=transform)
    levels = int(run.config.get("experiment", {}).get("levels") or 4)
    laid = blocks.morris(points, levels)
    effects = laid.effects()
    with quietly():
        found = package("SALib.analyze.morris").analyze(
            _problem(points), _unit_inputs(laid), laid.values.mean(axis=2).reshape(-1),
            num_resamples=n_resamples, conf_level=LEVEL, num_levels=levels, seed=seed,
        )  # fmt: skip
    order = {name: spot for spot, name in enumerate(found["names"])}
    doubt = decided_by_one(laid.values.mean(axis=2).reshape(-1))
    rows = []
    for place, factor in enumerate(points.factors):
        spot = order[factor.name]
        own = effects[:, place, :]
        star, half = float(found["mu_star"][spot]), float(found["mu_star_conf"][spot])
        for statistic, ends, method in (
            ("mu", _mean_ends(own.mean(axis=1)), "Student, trajectories"),
            ("mu_star", (star, max(0.0, star - half), star + half), "SALib, bootstrap"),
            ("sigma", _spread_ends(float(found["sigma"][spot]), own, n_resamples, seed),
             "SALib, bootstrap of trajectories"),
            ("noise", _noise_ends(own, n_resamples, seed), "replicates, bootstrap of trajectories"),
        ):  # fmt: skip
            row = _row(points, "", "", place, ends, len(effects), method)
            row |= {"statistic": statistic, "approximate": "" if math.isnan(ends[1]) else doubt}
            if statistic == "noise" and points.n_replicates < 2:
                row["method"] = "none (one replicate)"
            rows.append(row)
    table = pd.DataFrame(rows).drop(columns=["of", "index", "other"])
    return table[[*points.keys(), "statistic", *table.columns.drop([*points.keys(), "statistic"])]]


def _unit_inputs(laid: blocks.Morris) -> Floats:
    """Inputs in units of a factor's range; SALib reads from them which factor moved, and which way.

    The factors' own values would not do: a switch or a whole number may stay where it was.
    """
    n, k = laid.moved.shape
    moves = np.zeros((n, k + 1, k))
    np.put_along_axis(
        moves[:, 1:], laid.moved[:, :, None], (laid.direction * laid.step)[:, :, None], axis=2
    )
    return np.asarray(moves.cumsum(axis=1).reshape(-1, k))


def _mean_ends(values: Floats) -> tuple[float, float, float]:
    found = mean(values)
    return found.value, found.low, found.high


def _spread_ends(
    value: float, effects: Floats, n_resamples: int, seed: int
) -> tuple[float, float, float]:
    own = effects.mean(axis=1)
    if own.size < 3 or np.ptp(own) == 0:
        return value, math.nan, math.nan
    counts = resample_counts(own.size, n_resamples, seed)
    middle = counts @ own / own.size
    spread = np.sqrt(np.maximum(0.0, counts @ own**2 / own.size - middle**2))
    spread *= math.sqrt(own.size / (own.size - 1))
    low, high = np.quantile(spread, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return value, float(low), float(high)


def _noise_ends(effects: Floats, n_resamples: int, seed: int) -> tuple[float, float, float]:
    n, r = effects.shape
    if r < 2:
        return math.nan, math.nan, math.nan
    within = effects.var(axis=1, ddof=1) / r
    value = math.sqrt(float(within.mean()))
    if np.ptp(within) == 0:
        return value, math.nan, math.nan
    drawn = np.sqrt(resample_counts(n, n_resamples, seed) @ within / n)
    low, high = np.quantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return value, float(low), float(high)
