"""The noise floor: which differences between regimes chance could have made, and what would tell.

A difference is *below noise* when its interval holds "no difference", so that its sign is not
known. That is no finding that regimes are alike: with more replicates it may turn out either way.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from enough_fingers.distributions import normal_quantile
from enough_fingers.intervals import LEVEL, Estimate
from enough_fingers.tail_index import NoMeanWarning, check_mean

__all__ = ["NoMeanWarning", "NoiseFloorWarning", "below_noise", "check_mean", "check_noise",
           "how_many_more", "is_below_noise"]  # fmt: skip

#: Chance of telling a difference, once there are as many replicates as are asked for.
POWER = 0.8
#: Columns that say which row of a table is meant, where they are there.
_KEYS = ("measure", "regime", "reference", "statistic", "freedom", "gap", "kind", "units")


class NoiseFloorWarning(UserWarning):
    """The sign of a difference lies below Monte-Carlo noise: chance may have made it."""


def no_difference(statistic: str) -> float:
    """What a comparison comes to where two regimes are alike: 1 for a ratio, else 0."""
    return 1.0 if "ratio" in statistic else 0.0


def is_below_noise(estimate: Estimate | Mapping[Any, Any], at: float = 0.0) -> bool:
    """Whether chance alone may have put an estimate on its side of `at`.

    Args:
        estimate: An Estimate, or a row of a table with its fields.
        at: "No difference": 0 for a difference, 1 for a ratio.

    Returns:
        True when the interval holds `at`, or there is none. A difference that was the same in all
        of two or more replicates, and is not `at`, has no interval and is not below noise: no
        replicate disagrees.
    """
    row = vars(estimate) if isinstance(estimate, Estimate) else estimate
    value, low, high = (float(row[end]) for end in ("value", "low", "high"))
    if math.isnan(value):
        return True
    if math.isnan(low) or math.isnan(high):
        equal = "all replicates equal" in str(row["method"])
        return not (equal and int(row["n"]) > 1 and value != at)
    return low <= at <= high


def below_noise(table: pd.DataFrame) -> pd.Series[bool]:
    """Which rows of a table of differences or ratios lie below noise.

    Args:
        table: Rows of `measures.relative`, `survival_differences`, `freedoms.gaps` and the like.

    Returns:
        One value a row, in its order.
    """
    rows = table.to_dict("records")
    found = [is_below_noise(row, no_difference(str(row.get("statistic", "")))) for row in rows]
    return pd.Series(found, index=table.index, dtype=bool)


def check_noise(table: pd.DataFrame) -> pd.Series[bool]:
    """Warns, once, where differences lie below noise.

    Args:
        table: As `below_noise` takes it.

    Returns:
        As `below_noise`.

    Warns:
        NoiseFloorWarning: With how many there are, and the first of them.
    """
    below = below_noise(table)
    if bool(below.any()):
        first = table[below.to_numpy()].iloc[0]
        words = [str(first[name]) for name in _KEYS[:4] if name in table and first[name]]
        count = int(below.sum())
        warnings.warn(
            f"the sign of {count} of {len(table)} differences lies below Monte-Carlo noise, first "
            f"that of {', '.join(words)}: {first['value']:.3g} ({first['low']:.3g} to "
            f"{first['high']:.3g}), n = {int(first['n'])}. More replicates may turn it either way; "
            "noise.how_many_more says how many.",
            NoiseFloorWarning,
            stacklevel=2,
        )
    return below


def how_many_more(
    table: pd.DataFrame,
    *,
    at_least: float | None = None,
    level: float = LEVEL,
    power: float = POWER,
) -> pd.DataFrame:
    """Roughly how many replicates would settle the sign of each difference.

    With a standard deviation s of a paired difference (from the standard error: s = error·√n, so
    pairing is in it) and a true difference d, n = (z_level + z_power)²·s²/d² replicates leave it
    outside its interval with the chance `power` (Lachin 1981, Control. Clin. Trials 2: 93-113,
    equation 1). Rough, for the estimate stands for
    the true difference: where that lies below noise itself the answer may be far off, and where the
    truth is "no difference" no number settles it. So say what would matter with `at_least`.

    Args:
        table: Rows with value, standard_error and n; statistic and variance_reduction are used
            where they are there.
        at_least: The smallest difference that would matter, in the rows' unit; the estimate itself
            when not given, and for ratios always.
        level: Of the interval.
        power: Chance of settling it.

    Returns:
        One row for each of `table`: its key columns, value, low, high, n, below_noise, needed
        (replicates, infinite where the difference is 0), more (beyond n), without_pairing (needed
        with independent draws, by the factor of variance reduction; NaN where it is not known),
        resolved (the smallest difference that n replicates tell with this power).
    """
    if at_least is not None and at_least <= 0:
        raise ValueError(f"at_least is {at_least:g}; the smallest difference that matters is > 0")
    reach = normal_quantile(level) + normal_quantile(2 * power - 1)
    rows: list[dict[str, Any]] = []
    for row in table.to_dict("records"):
        at = no_difference(str(row.get("statistic", "")))
        n, error = int(row["n"]), float(row["standard_error"])
        own = at_least is None or at != 0
        apart = abs(float(row["value"]) - at) if own else float(at_least or 0)
        deviation = error * math.sqrt(n)
        needed = math.nan
        if not math.isnan(deviation):
            needed = math.ceil((reach * deviation / apart) ** 2) if apart > 0 else math.inf
        gain = float(row.get("variance_reduction", math.nan))
        rows.append(
            {
                **{name: row[name] for name in _KEYS if name in row},
                **{name: float(row[name]) for name in ("value", "low", "high")},
                "n": n,
                "below_noise": is_below_noise(row, at),
                "needed": needed,
                "more": max(0.0, needed - n) if not math.isnan(needed) else math.nan,
                "without_pairing": float(np.ceil(needed * gain)) if math.isfinite(gain)
                else math.nan,
                "resolved": reach * error,
            }
        )  # fmt: skip
    return pd.DataFrame(rows)
