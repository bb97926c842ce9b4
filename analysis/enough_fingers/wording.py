"""Numbers and intervals as a reader meets them: few digits, always with their interval."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

NOTHING = "–"
# A space that does not break a line between a number and its sign.
_NARROW = "\u00a0"
_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def number(value: object, *, strip: bool = True) -> str:
    """A number in three digits: 0.0123, 4.56, 12,300, 1.23×10⁹.

    Args:
        value: A number, or a text or None from a JSON document.
        strip: Whether zeros behind the point are left out.

    Returns:
        The text; a dash where there is no number.
    """
    if value is None:
        return NOTHING
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value).lower() if isinstance(value, bool) else str(value)
    if math.isnan(value):
        return NOTHING
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    size = abs(value)
    if size == 0:
        return "0"
    if size >= 1e7 or size < 1e-3:
        mantissa, exponent = f"{value:.2e}".split("e")
        power = str(int(exponent)).translate(_SUPERSCRIPT)
        return f"{_stripped(mantissa) if strip else mantissa}×10{power}".replace("-", "−")
    places = 2 - math.floor(math.log10(size))
    text = f"{round(value, places):,.{max(0, places)}f}"
    return (_stripped(text) if strip else text).replace("-", "−")


def _stripped(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


def percent(share: float) -> str:
    """A share as per cent in two digits: 0.3 %, 4.2 %, 37 %."""
    size = abs(share) * 100
    decimals = 0 if size >= 9.95 or size == 0 else 1
    return f"{share * 100:.{decimals}f}{_NARROW}%".replace("-", "−")


def points(difference: float) -> str:
    """A difference of probabilities in percentage points, with its sign."""
    text = f"{difference * 100:+.1f}"
    return "0" if text in ("+0.0", "-0.0") else text.replace("-", "−")


def estimate(row: Mapping[str, Any] | None, *, error: bool = False) -> str:
    """An estimate with its interval, or the reason why it has none.

    Args:
        row: A row of `measures`, or None where there is none.
        error: Whether its standard error is shown too.

    Returns:
        "37 of 100: 37 % (28 % to 47 %)", "0 of 100: at most 3.0 %", "12 (8 to 20)",
        "12 (8 to 20, approximate)" or "3 (no interval: all replicates equal)"; with its error
        "12 ± 3 (8 to 20)".
    """
    if row is None or math.isnan(row["value"]):
        return NOTHING
    statistic = row["statistic"]
    if statistic.startswith(("probability", "best")):
        return _probability(row, error)
    ends = [row[end] for end in ("value", "low", "high") if not math.isnan(row[end])]
    whole = all(float(end).is_integer() for end in ends)
    show: Callable[[float], str] = partial(number, strip=whole)
    if "probabilit" in statistic:
        show = points
    elif row["measure"].endswith("_year"):
        show = _year
    if math.isnan(row["low"]):
        reason = str(row["method"]).removeprefix("none (").removesuffix(")")
        return f"{show(row['value'])} (no interval: {reason})"
    doubt = ", approximate" if row.get("approximate") else ""
    value = show(row["value"]) + (_error(row, show) if error else "")
    return f"{value} ({show(row['low'])} to {show(row['high'])}{doubt})"


def _error(row: Mapping[str, Any], show: Callable[[float], str]) -> str:
    size = row.get("standard_error", math.nan)
    if math.isnan(size):
        return ""
    return f" ± {show(size).removeprefix('+')}"


def _probability(row: Mapping[str, Any], error: bool) -> str:
    count, n = row["count"], int(row["n"])
    if count is None or math.isnan(count):
        # Over several settings of the factors there is no whole number to show.
        value = percent(row["value"]) + (_error(row, percent) if error else "")
        return f"{value} ({percent(row['low'])} to {percent(row['high'])})"
    stem = f"{int(count)} of {n}: "
    if count == 0:
        return f"{stem}at most {percent(row['high'])}"
    if count == n:
        return f"{stem}at least {percent(row['low'])}"
    value = percent(row["value"]) + (_error(row, percent) if error else "")
    return f"{stem}{value} ({percent(row['low'])} to {percent(row['high'])})"


def _year(value: float) -> str:
    return f"{value:.1f}"


def gain(factor: float) -> str:
    """What pairing bought, as a factor."""
    if math.isnan(factor):
        return NOTHING
    if math.isinf(factor):
        return "∞ (pairs differ by a constant)"
    return f"{factor:.1f}×" if factor < 10 else f"{factor:,.0f}×"


def title_of(measure: str) -> str:
    """A measure's name as words, for headings: harm_musd → Harm (M$)."""
    words = measure.removesuffix("_musd").replace("_", " ")
    words = words[:1].upper() + words[1:]
    return f"{words} (M$)" if measure.endswith("_musd") else words
