"""The difference of regimes from a reference along one belief, and where it breaks even.

A belief is either a factor of the design, or what one catastrophe is held to count for in M$
(`break_even`). At each of its values a regime differs from the reference by so much, or cannot be
told apart from it; where the difference passes through 0 the two break even.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from enough_fingers.break_even import (
    CATASTROPHES,
    OTHER_HARM,
    break_even,
    with_other_harm,
)
from enough_fingers.distributions import Floats
from enough_fingers.intervals import mean
from enough_fingers.layout import default_cap, grid, is_bounded, is_year, unit_of
from enough_fingers.load import Run
from enough_fingers.optional import known
from enough_fingers.wording import number

#: Up to so many values of a factor are cells of their own; more are cut into as many parts.
MOST_CELLS = 8
#: What one catastrophe may be held to count for, M$: from a billion dollars to the world's product.
CATASTROPHE_MUSD = (1e3, 1e4, 1e5, 1e6, 1e7, 1e8)


def along_factor(run: Run, factor: str, outcome: str, reference: str) -> pd.DataFrame:
    """Each regime's difference from the reference at every value of a factor.

    A difference is that of means of min(x, cap) with one cap for all, of shares, or, of a year that
    may not come, of probabilities; paired by world and replicate. A factor with more than
    `MOST_CELLS` values is cut into as many parts of equally many worlds.

    Args:
        run: The run.
        factor: JSON pointer of the factor, or its column.
        outcome: One of the run's outcomes.
        reference: A regime.

    Returns:
        One row a regime and value: regime, reference, outcome, statistic, units, belief (pointer),
        belief_units, at (value, or middle of a part), value, low, high, unit ("world" where worlds
        are a sample, else "replicate"), n (of these), told_apart, turns (how often the difference
        passes through 0 along the belief), break_even (where it does so once, else NaN),
        break_even_low, break_even_high (the hull of all values at which chance could turn the sign;
        infinite where that is so at an end of the range), method.

    Raises:
        ValueError: When a name is unknown.
    """
    known(reference, run.regimes, "regime")
    known(outcome, run.outcomes.attrs["outcomes"], "outcome")
    by_pointer = {each.pointer: each for each in run.factors}
    by_pointer |= {each.name: each for each in run.factors}
    chosen = by_pointer[known(factor, by_pointer, "factor")]
    values, statistic, units = _values(run, outcome)
    worlds = np.unique(run.outcomes["world"].to_numpy())
    settings = run.design.drop_duplicates("world").set_index("world").loc[worlds]
    belief = settings[chosen.name].to_numpy(dtype=np.float64)
    parts = _parts(belief)
    unit = unit_of(run.outcomes)
    rows = []
    other = run.regimes.index(reference)
    for place, regime in enumerate(run.regimes):
        if place == other:
            continue
        cells = []
        for inside, at in parts:
            pairs = _units(values[place, inside] - values[other, inside], unit)
            cells.append({"at": at, "unit": unit, **_cell(pairs)})
        rows += _with_break_even(cells, {
            "regime": regime, "reference": reference, "outcome": outcome, "statistic": statistic,
            "units": units, "belief": chosen.pointer, "belief_units": chosen.units,
        })  # fmt: skip
    return pd.DataFrame(rows)


def along_value_of_a_catastrophe(
    run: Run, reference: str, values_musd: tuple[float, ...] = CATASTROPHE_MUSD
) -> pd.DataFrame:
    """Each regime's difference from the reference, at what one catastrophe may count for.

    At a value V a regime comes to E[min(other harm, cap)] + V times the number of catastrophes, and
    two regimes break even at V*, with Fieller's interval (`break_even`).

    Args:
        run: A run whose outcomes have harm and the number of catastrophes.
        reference: A regime.
        values_musd: Values V, M$.

    Returns:
        As `along_factor`; the belief is "one catastrophe counts for".

    Raises:
        ValueError: When a name is unknown.
    """
    known(reference, run.regimes, "regime")
    for outcome in ("harm_musd", CATASTROPHES):
        known(outcome, run.outcomes.attrs["outcomes"], "outcome")
    table = with_other_harm(run, run.outcomes)
    cap = default_cap(table, OTHER_HARM)
    rows = []
    for regime in run.regimes:
        if regime == reference:
            continue
        harm, catastrophes = (
            _paired(table, measure, regime, reference, most)
            for measure, most in ((OTHER_HARM, cap), (CATASTROPHES, math.inf))
        )
        even = break_even(table, regime, reference)
        for at in values_musd:
            rows.append({
                "turns": int(not math.isnan(even.value_musd)), "unit": unit_of(table),
                "regime": regime, "reference": reference, "outcome": "other harm and catastrophes",
                "statistic": f"mean of min(x, {number(cap)}) and number times value", "units": "M$",
                "belief": "one catastrophe counts for", "belief_units": "M$", "at": at,
                **_cell(harm + at * catastrophes), "break_even": even.value_musd,
                "break_even_low": even.low_musd, "break_even_high": even.high_musd,
            })  # fmt: skip
    return pd.DataFrame(rows)


def _values(run: Run, outcome: str) -> tuple[Floats, str, str]:
    """[n_regimes, n_worlds, n_replicates] of what is averaged, NaN where there is no run."""
    laid = grid(run.outcomes, outcome, unit="replicate")
    units = str(run.outcomes.attrs["units"].get(outcome, "1"))
    if is_year(outcome):
        happened = np.where(np.isnan(laid.values), 0.0, 1.0)
        return np.where(laid.present, happened, math.nan), "probability", "share"
    if is_bounded(run.outcomes, outcome):
        return laid.values, "mean", units
    cap = default_cap(run.outcomes, outcome)
    return np.minimum(laid.values, cap), f"mean of min(x, {number(cap)})", units


def _paired(table: pd.DataFrame, measure: str, regime: str, reference: str, most: float) -> Floats:
    laid = grid(table, measure)
    first, second = laid.replicates(laid.regimes.index(regime), laid.regimes.index(reference))
    return np.asarray((np.minimum(first, most) - np.minimum(second, most)).mean(axis=1))


def _parts(belief: Floats) -> list[tuple[npt.NDArray[np.int64], float]]:
    """Worlds by value of the belief, or by part of its range, each with its value."""
    tried = np.unique(belief)
    if tried.size <= MOST_CELLS:
        return [(np.flatnonzero(belief == at), float(at)) for at in tried]
    order = np.argsort(belief, kind="stable")
    return [(part, float(np.median(belief[part]))) for part in np.array_split(order, MOST_CELLS)]


def _units(pairs: Floats, unit: str) -> Floats:
    """Differences [n_worlds, n_replicates] as means of what an interval may draw anew.

    Of worlds that are themselves a sample each counts once; of worlds that somebody chose each
    replicate counts once, for its worlds share random numbers.
    """
    by_unit = pairs if unit == "world" else pairs.T
    kept = ~np.isnan(by_unit).any(axis=1)
    return np.asarray(by_unit[kept].mean(axis=1))


def _cell(pairs: Floats) -> dict[str, Any]:
    found = mean(pairs)
    return {
        "value": found.value, "low": found.low, "high": found.high, "n": found.n,
        "told_apart": bool(found.low > 0 or found.high < 0), "method": found.method,
    }  # fmt: skip


def _with_break_even(cells: list[dict[str, Any]], keys: dict[str, Any]) -> list[dict[str, Any]]:
    at = np.array([cell["at"] for cell in cells])
    value, low, high = (np.array([cell[key] for cell in cells]) for key in ("value", "low", "high"))
    even = crossings(at, value)
    low_end, high_end = _undecided(at, low, high) if len(even) == 1 else (math.nan, math.nan)
    found = {
        "turns": len(even),
        "break_even": even[0] if len(even) == 1 else math.nan,
        "break_even_low": low_end,
        "break_even_high": high_end,
    }
    return [keys | cell | found for cell in cells]


def _undecided(at: Floats, low: Floats, high: Floats) -> tuple[float, float]:
    """The hull of all values of the belief at which the difference cannot be told from 0."""
    open_at = (low <= 0) & (high >= 0)
    ends = sorted(crossings(at, low) + crossings(at, high))
    if not ends:
        return -math.inf, math.inf
    return (
        -math.inf if open_at[0] else ends[0],
        math.inf if open_at[-1] else ends[-1],
    )


def crossings(at: Floats, value: Floats) -> list[float]:
    """Where a line through points passes through 0, by linear interpolation.

    Where all points lie above 0 and span more than a factor of 100 it is linear in the logarithm.

    Args:
        at: Places in rising order, [n].
        value: Heights, [n]; NaN breaks the line.

    Returns:
        The places, in order.
    """
    log = bool((at > 0).all()) and bool(at[-1] > 100 * at[0])
    x = np.log(at) if log else at
    found = []
    for place in range(at.size - 1):
        first, second = value[place], value[place + 1]
        on_it = place > 0 and first == 0 and value[place - 1] * second < 0
        if not first * second < 0 and not on_it:
            continue
        where = x[place] + (x[place + 1] - x[place]) * first / (first - second)
        found.append(float(math.exp(where) if log else where))
    return found
