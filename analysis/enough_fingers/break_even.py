"""What one catastrophe would have to count for, in M$, for two regimes to come to the same.

Two numbers stand for a regime here: other harm, which is all harm but that of catastrophic events,
and the number of catastrophes. At a value V of one catastrophe a regime comes to
E[min(other harm, cap)] + V·E[number]. Two regimes break even at V* = −ΔH/ΔN, where ΔH and ΔN are
the paired differences of the two numbers; where both have the same sign one regime has less of both
at any value, and there is no V*.

The interval is Fieller's (1954, J. R. Stat. Soc. B 16: 175-185): every V ≥ 0 at which the
difference of what the two come to cannot be told from 0. It may have no upper end.

Where a design varies two factors, `enough_fingers.frontier` has the line along which two regimes
come to the same by one measure.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from enough_fingers.distributions import Floats, student_quantile
from enough_fingers.intervals import LEVEL, mean, mean_doubt
from enough_fingers.layout import default_cap, grid
from enough_fingers.load import Run

CATASTROPHES = "catastrophes"
OTHER_HARM = "other_harm_musd"


@dataclass(frozen=True)
class BreakEven:
    """Where two regimes come to the same.

    Attributes:
        regime: The one compared.
        reference: With whom.
        value_musd: V*; NaN where the sign never turns.
        low_musd: Lower end of the values that chance does not exclude; NaN where it excludes all.
        high_musd: Upper end; infinite where there is none.
        other_harm_musd: ΔH, mean paired difference of min(other harm, cap), with its ends.
        catastrophes: ΔN, mean paired difference of the number of catastrophes, with its ends.
        cap_musd: The cap of other harm.
        n: Pairs.
        approximate: Why the intervals may cover under 93 % at nominal 95 %; empty: they do not.
    """

    regime: str
    reference: str
    value_musd: float
    low_musd: float
    high_musd: float
    other_harm_musd: tuple[float, float, float]
    catastrophes: tuple[float, float, float]
    cap_musd: float
    n: int
    approximate: str = ""


def with_other_harm(run: Run, outcomes: pd.DataFrame) -> pd.DataFrame:
    """Adds `other_harm_musd`: harm less what catastrophic events did.

    Args:
        run: The run, for its events.
        outcomes: Its outcomes.

    Returns:
        A copy with the column.
    """
    events = run.catastrophic_harm_musd
    table = outcomes.assign(
        **{OTHER_HARM: (outcomes["harm_musd"] - events.reindex(outcomes.index)).clip(lower=0.0)}
    )
    table.attrs = outcomes.attrs
    return table


def break_even(
    outcomes: pd.DataFrame, regime: str, reference: str, level: float = LEVEL
) -> BreakEven:
    """The value of one catastrophe at which two regimes come to the same.

    Args:
        outcomes: From `with_other_harm`.
        regime: One of them.
        reference: The other.
        level: Nominal coverage.

    Returns:
        Where they break even, if anywhere.
    """
    cap = default_cap(outcomes, OTHER_HARM)
    harm = _paired(outcomes, OTHER_HARM, regime, reference, cap)
    number = _paired(outcomes, CATASTROPHES, regime, reference, math.inf)
    between = (_with_ends(harm, level), _with_ends(number, level))
    low, high = fieller(harm, number, level)
    return BreakEven(
        regime=regime,
        reference=reference,
        value_musd=turning_point(between[0][0], between[1][0]),
        low_musd=low,
        high_musd=high,
        other_harm_musd=between[0],
        catastrophes=between[1],
        cap_musd=cap,
        n=int(harm.size),
        approximate=mean_doubts(harm, number),
    )


def mean_doubts(harm: Floats, number: Floats) -> str:
    """Why Fieller's interval may cover under 93 %, or nothing; each [n]."""
    if harm.size > 1 and min(np.ptp(harm), np.ptp(number)) == 0:
        return "no pair differs from another"
    return mean_doubt(harm) or mean_doubt(number)


def _with_ends(differences: Floats, level: float) -> tuple[float, float, float]:
    """Mean of paired differences with its interval."""
    found = mean(differences, level=level)
    return found.value, found.low, found.high


def turning_point(harm: float, number: float) -> float:
    """−harm/number where the signs differ; NaN where no value above 0 brings them to 0."""
    return -harm / number if harm * number < 0 else math.nan


def fieller(harm: Floats, number: Floats, level: float = LEVEL) -> tuple[float, float]:
    """The hull of all V ≥ 0 at which the mean of harm + V·number cannot be told from 0.

    Args:
        harm: Paired differences, [n].
        number: The same of the number of catastrophes, [n].
        level: Nominal coverage.

    Returns:
        Lower and upper end, the upper perhaps infinite; two NaN where there is no such V, or fewer
        than 2 pairs.
    """
    n = harm.size
    if n < 2:
        return math.nan, math.nan
    z2 = student_quantile(level, n - 1) ** 2 / n
    covariance = np.cov(harm, number, ddof=1)
    # The mean leaves the band where a·V² + 2b·V + c > 0.
    a = float(number.mean() ** 2 - z2 * covariance[1, 1])
    b = float(harm.mean() * number.mean() - z2 * covariance[0, 1])
    c = float(harm.mean() ** 2 - z2 * covariance[0, 0])
    inside = [0.0] if c <= 0 else []
    inside += [math.inf] if a < 0 or (a == 0 and b < 0) else []
    inside += [root for root in _roots(a, 2 * b, c) if root >= 0]
    return (min(inside), max(inside)) if inside else (math.nan, math.nan)


def _roots(a: float, b: float, c: float) -> list[float]:
    if a == 0:
        return [] if b == 0 else [-c / b]
    discriminant = b * b - 4 * a * c
    if discriminant < 0:
        return []
    far = -(b + math.copysign(math.sqrt(discriminant), b)) / 2
    return [far / a] + ([c / far] if far else [0.0])


def _paired(
    outcomes: pd.DataFrame, measure: str, regime: str, reference: str, cap: float
) -> Floats:
    laid = grid(outcomes, measure)
    first, second = laid.replicates(laid.regimes.index(regime), laid.regimes.index(reference))
    difference = np.minimum(first, cap) - np.minimum(second, cap)
    return np.asarray(difference.mean(axis=1))
