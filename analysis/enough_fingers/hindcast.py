"""Compares a run of the past with what was reported: docs/hindcast.md fixes how.

`compare` puts facts beside the runs of one point; `search` gives every point of a design the loss,
which sees no fact but those whose role is "calibrate".
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from enough_fingers.given import DAYS_PER_YEAR, given_facts, releases
from enough_fingers.load import Run

Floats = npt.NDArray[np.float64]
#: Kinds of event that a database of incidents would call malicious (H6).
MALICIOUS = frozenset({"misuse", "exploit", "state_attack"})
#: Routes of an event that a publisher of open weights made possible (H7).
OPEN_ROUTES = frozenset({"weights", "leaked"})
#: No term of the loss is worth more than this many tolerances.
MOST_TOLERANCES = 5.0
#: One tolerance of a count (a factor) and of a share (a difference).
COUNT_TOLERANCE = math.log(1.25)
SHARE_TOLERANCE = 0.08
LOW, HIGH = 5, 95
_COLUMNS = "fact quantity period value low high unit role known source note".split()


@dataclass(frozen=True)
class Simulated:
    """One quantity of a run: a value for each replicate, NaN where a replicate has none."""

    values: Floats
    note: str = ""


Quantities = dict[tuple[str, str], Simulated]


def read_facts(path: Path) -> pd.DataFrame:
    """Reads the table of facts.

    Args:
        path: A CSV with the columns fact, quantity, period, value, low, high, unit, role, known,
            source and note.

    Returns:
        The table; NaN where a fact has no tolerance.

    Raises:
        ValueError: A column is not there.
    """
    table = pd.read_csv(path, dtype={"period": str, "note": str}, keep_default_na=True)
    missing = [name for name in _COLUMNS if name not in table.columns]
    if missing:
        raise ValueError(f"{path}: no column {', '.join(missing)}")
    return table[_COLUMNS].fillna({"note": ""})


def reported(run: Run) -> pd.DataFrame:
    """Harm events that became known and had to do with AI, with the `year` they did."""
    events = run.events
    known = ~events["averted"] & events["seen_at"].notna() & (events["route"] != "none")
    table = events.loc[known, ["point", "replicate", "kind", "route", "attributed", "seen_at"]]
    return table.assign(year=np.floor(table["seen_at"]).astype(int))


def simulated(run: Run, point: int, events: pd.DataFrame) -> Quantities:
    """Everything that a run can say about the facts, by quantity and period.

    Args:
        run: The run.
        point: Of the design.
        events: `reported`, of all points.

    Returns:
        By quantity and period, as in the table of facts.
    """
    years = range(math.floor(float(run.series_by_run["time"][0])), _last_year(run) + 1)
    replicates = np.unique(run.series_by_run["replicate"].to_numpy()[_runs_of(run, point)])
    events = events[events["point"] == point]
    kinds, routes = events["kind"].astype(str), events["route"].astype(str)
    marks = {
        "malicious_share": kinds.isin(MALICIOUS),
        "unattributed_share": events["attributed"] == 0,
        "named_open_share": (events["attributed"] != 0) & routes.isin(OPEN_ROUTES),
    }
    found: Quantities = {}
    counts = {year: _count(events[events["year"] == year], replicates) for year in years}
    for year in years:
        found["reported_events", str(year)] = Simulated(counts[year])
        here = events["year"] == year
        for name, mark in marks.items():
            share = _ratio(_count(events[here & mark], replicates), counts[year])
            found[name, str(year)] = Simulated(share)
    if 2022 in years and 2025 in years:
        growth = np.cbrt(_ratio(counts[2025], counts[2022]))
        found["reported_growth", "2022-2025"] = Simulated(growth)
    found.update(_of_series(run, point))
    found["llama_leak", "2023"] = _leak_days(run, replicates.size)
    for key, value in given_facts(releases(run.config)).items():
        found[key] = Simulated(np.array([value]), "given")
    return found


def compare(run: Run, facts: pd.DataFrame, point: int = 0) -> pd.DataFrame:
    """Every fact beside the simulated median and its interval over replicates.

    Args:
        run: A run of one point, or of several of which `point` is taken.
        facts: `read_facts`.
        point: Of the design.

    Returns:
        The facts with `simulated`, `simulated_low`, `simulated_high` (5 and 95 %), `n` (replicates
        that have a value), `verdict` and `how`.
    """
    quantities = simulated(run, point, reported(run))
    rows = []
    for fact in facts.to_dict("records"):
        found = quantities.get((str(fact["quantity"]), str(fact["period"])))
        values = np.empty(0) if found is None else found.values[~np.isnan(found.values)]
        spread = _spread(values)
        row: dict[str, Any] = {str(name): value for name, value in fact.items()}
        row |= {"simulated": spread[0], "simulated_low": spread[1], "simulated_high": spread[2]}
        row |= {"n": int(values.size), "verdict": verdict(fact["low"], fact["high"], spread)}
        rows.append(row | {"how": "" if found is None else found.note})
    return pd.DataFrame(rows)


def verdict(low: float, high: float, spread: Floats) -> str:
    """Hit: the median is within the tolerance; near: only the interval reaches it; else miss."""
    median, from_, to = spread
    if math.isnan(low) or math.isnan(median):
        return "cannot say"
    if low <= median <= high:
        return "hit"
    return "near" if to >= low and from_ <= high else "miss"


def _spread(values: Floats) -> Floats:
    """Median, 5 and 95 %; of the values themselves, since some are infinite (never doubled)."""
    if values.size == 0:
        return np.full(3, np.nan)
    return np.asarray(np.percentile(values, [50, LOW, HIGH], method="inverted_cdf"))


def loss(quantities: Quantities, facts: pd.DataFrame) -> float:
    """Mean of min(5, |z|)² over the facts to calibrate on; |z| = 5 for what a run cannot say."""
    terms = []
    for fact in facts[facts["role"] == "calibrate"].to_dict("records"):
        found = quantities.get((str(fact["quantity"]), str(fact["period"])))
        terms.append(min(MOST_TOLERANCES, _tolerances(found, fact)) ** 2)
    return float(np.mean(terms)) if terms else math.nan


def search(run: Run, facts: pd.DataFrame) -> pd.DataFrame:
    """The loss of every point of a design, least first: point, loss, then the factors."""
    table = run.design[[factor.name for factor in run.factors]].copy()
    events = reported(run)
    losses = [loss(simulated(run, int(point), events), facts) for point in run.design.index]
    table.insert(0, "loss", losses)
    return table.sort_values("loss", kind="stable").rename_axis("point").reset_index()


def _tolerances(found: Simulated | None, fact: dict[Any, Any]) -> float:
    """How many tolerances the median misses a fact by; infinite when most replicates have none."""
    if found is None or np.isnan(found.values).mean() > 0.5:
        return math.inf
    median, value = float(np.nanmedian(found.values)), float(fact["value"])
    if fact["quantity"] == "reported_events":
        return abs(math.log((median + 0.5) / (value + 0.5))) / COUNT_TOLERANCE
    return abs(median - value) / SHARE_TOLERANCE


def _runs_of(run: Run, point: int) -> npt.NDArray[np.bool_]:
    return np.asarray(run.series_by_run["point"].to_numpy() == point, dtype=np.bool_)


def _last_year(run: Run) -> int:
    return math.floor(float(run.series_by_run["time"][-1]) + 1e-9)


def _count(events: pd.DataFrame, replicates: npt.NDArray[Any]) -> Floats:
    counts = events.groupby("replicate").size().reindex(replicates, fill_value=0)
    return np.asarray(counts.to_numpy(), dtype=np.float64)


def _ratio(part: Floats, whole: Floats) -> Floats:
    return np.divide(part, whole, out=np.full_like(part, np.nan), where=whole > 0)


def _of_series(run: Run, point: int) -> Quantities:
    """H8 and H9, from the months that close 2023 and 2025."""
    mine = run.series_by_run.isel(run=_runs_of(run, point))
    time = mine["time"].to_numpy()
    found: Quantities = {}
    if time[-1] < 2025.9:
        return found
    found["open_use_share", "2025-12"] = Simulated(
        mine["weights_use_share"].to_numpy()[:, -1].astype(np.float64)
    )
    name = "derivatives" if "derivatives" in mine else "models"
    models = mine[name].to_numpy().astype(np.float64)
    if name == "derivatives":  # published in each step; those that exist are their sum
        models = np.cumsum(models, axis=1)
    before = int(np.searchsorted(time, 2024 - 1e-6)) - 1
    after = int(np.searchsorted(time, 2026 - 1e-6)) - 1
    with np.errstate(divide="ignore", invalid="ignore"):
        doublings = np.log2(models[:, after] / models[:, before])
        months = np.where(doublings > 0, 24 / doublings, np.inf)
    found["public_models_doubling", "2023-2025"] = Simulated(months, f"from {name}")
    return found


def _leak_days(run: Run, n: int) -> Simulated:
    """Days until gated weights leak, as the rate implies it: evenly spaced quantiles."""
    rate = float(run.config["mechanisms"]["leaks"]["gated_per_year"])
    shares = (np.arange(n) + 0.5) / n
    return Simulated(-np.log1p(-shares) / rate * DAYS_PER_YEAR, "implied by the rate")
