"""The tables behind the figures of events and series, as words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from enough_fingers.contents import records
from enough_fingers.evidence import Evidence
from enough_fingers.tables import Table
from enough_fingers.wording import NOTHING, number, percent

# Levels and months that a table shows of the many that are drawn.
_LEVELS = 6
_MONTHS = (1.0, 3.0, 12.0, 36.0, 120.0)
_SHARES = (0.025, 0.25, 0.5, 0.75, 0.975)
_LISTED = 20


def evidence_tables(evidence: Evidence) -> dict[str, list[Table]]:
    """Tables by the name of their figure (see `drawings_evidence.draw_evidence`).

    Args:
        evidence: The numbers.

    Returns:
        What there are numbers for.
    """
    found: dict[str, list[Table]] = {}
    if not evidence.triads.empty:
        found["triads"] = [_triads(evidence.triads)]
    if evidence.fan is not None:
        found["fan"] = [_fan(evidence)]
    if not evidence.harm.empty:
        found["exceedance"] = [
            _levels(evidence.harm, "Share of replicates with more harm", percent)
        ]
        found["exceedance"].append(_tail(evidence.tail))
    if not evidence.periods.empty:
        caption = "Years between events of more than so much harm (M$)"
        found["periods"] = [_levels(evidence.periods[evidence.periods["x"] >= 1], caption, number)]
    for name in ("seen", "fixed"):
        curve: pd.DataFrame = getattr(evidence, name)
        if not curve.empty:
            found[name] = [_months(curve, f"{evidence.kind} harm {name} within so many months")]
    if evidence.story is not None:
        found["story"] = [_story(evidence.story.events)]
    return found


def _shown(row: Mapping[str, Any], show: Callable[[float], str]) -> str:
    if np.isnan(row["value"]):
        return NOTHING
    if np.isnan(row["low"]) or np.isnan(row["high"]):
        return show(row["value"])
    doubt = ", approximate" if row.get("approximate") else ""
    return f"{show(row['value'])} ({show(row['low'])} to {show(row['high'])}{doubt})"


def _pivot(
    table: pd.DataFrame, column: str, caption: str, show: Callable[[float], str], unit: str
) -> Table:
    heads = list(dict.fromkeys(table[column]))
    cells = {(row["regime"], row[column]): _shown(row, show) for row in records(table)}
    regimes = list(dict.fromkeys(table["regime"]))
    rows = [
        [str(regime), *(cells.get((regime, at), NOTHING) for at in heads)] for regime in regimes
    ]
    return Table(caption, ["Regime", *(f"{number(float(at))}{unit}" for at in heads)], rows)


def _levels(table: pd.DataFrame, caption: str, show: Callable[[float], str]) -> Table:
    """At some of the levels, evenly among those that are drawn."""
    levels = np.unique(table["x"])
    at = levels[np.unique(np.linspace(0, levels.size - 1, _LEVELS).round().astype(int))]
    return _pivot(table[table["x"].isin(at)], "x", caption, show, "")


def _months(table: pd.DataFrame, caption: str) -> Table:
    caption = caption[:1].upper() + caption[1:]
    return _pivot(table[table["months"].isin(_MONTHS)], "months", caption, percent, " months")


def _tail(table: pd.DataFrame) -> Table:
    rows = []
    for row in records(table):
        low = np.fmin(row["low"], row["bootstrap_low"])
        high = np.fmax(row["high"], row["bootstrap_high"])
        index = _shown({**row, "value": row["index"], "low": low, "high": high}, number)
        few = np.isnan(row["index"])
        rows.append(
            [
                str(row["regime"]),
                str(row["estimator"]),
                "too few to say" if few else index,
                f"{number(row['threshold'])} M$ ({int(row['n_over'])} beyond)",
                str(row["moments"]) or NOTHING,
            ]
        )
    header = ["Regime", "Estimator", "Tail index ξ", "Begins at", "What that says of averages"]
    return Table("How heavy the tail of a replicate's harm is", header, rows)


def _triads(table: pd.DataFrame) -> Table:
    stages = list(dict.fromkeys(table["stage"]))
    cells = {
        (row["freedom"], row["regime"], row["stage"]): _shown(row, number) for row in records(table)
    }
    keys = list(dict.fromkeys(zip(table["regime"], table["freedom"], strict=True)))
    rows = [
        [f"{regime}: freedom {freedom}"]
        + [cells.get((freedom, regime, stage), NOTHING) for stage in stages]
        for regime, freedom in keys
    ]
    header = ["Regime and freedom", *(stage.capitalize() for stage in stages)]
    return Table("Share granted, made possible, and within budget (0 to 1)", header, rows)


def _fan(evidence: Evidence) -> Table:
    """Quantiles at the end; the years before are in the figure."""
    assert evidence.fan is not None
    last = evidence.fan.isel(time=-1)
    year = float(last["time"])
    rows = []
    for regime in evidence.regimes:
        own = last.sel(regime=regime).to_numpy().reshape(-1)
        own = own[~np.isnan(own)]
        values = np.quantile(own, _SHARES) if own.size else np.full(len(_SHARES), np.nan)
        rows.append([regime, *(number(float(value)) for value in values)])
    header = ["Regime", *(f"{share:.1%} of replicates below" for share in _SHARES)]
    return Table(f"Harm so far (M$) in the step that begins in {year:.2f}", header, rows)


def _story(events: pd.DataFrame) -> Table:
    largest = events.sort_values("severity_musd", ascending=False).head(_LISTED).sort_values("time")
    rows = [
        [
            f"{row['time']:.2f}",
            str(row["kind"]),
            str(row["domain"]),
            str(row["route"]),
            number(row["severity_musd"]),
            "averted" if row["averted"] else "catastrophic" if row["catastrophic"] else "",
        ]
        for row in records(largest)
    ]
    caption = f"The {len(rows)} largest of {len(events)} events of this replicate"
    return Table(caption, ["Year", "Kind", "Domain", "Route", "Severity (M$)", "Mark"], rows)
