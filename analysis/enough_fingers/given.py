"""What a hindcast's config gives: the releases as they were, and the facts that follow from them.

Nothing here is predicted. The facts H1 to H4 are computed from the input, so that a reader sees how
far the chosen list of models and its scale of capability are from what was counted.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

DAYS_PER_YEAR = 365.25
MONTHS_PER_YEAR = 12
#: Where the algorithmic gain is 0 by definition (M1.2).
TREND_YEAR = 2024.5
WEIGHTS = frozenset({"gated_weights", "open_weights", "full_source"})
HOSTED = frozenset({"hosted", "hosted_finetune"})


@dataclass(frozen=True)
class Release:
    """One given model.

    Attributes:
        name: How it is called.
        year: When it came out.
        capability_oom: log10 of effective training compute at mid-2024 algorithms.
        flop: Physical training compute.
        forms: (year, form) from the release on, in order of time.
    """

    name: str
    year: float
    capability_oom: float
    flop: float
    forms: tuple[tuple[float, str], ...]

    def form(self, year: float) -> str:
        """Its form at a time, "" before it exists."""
        present = [form for since, form in self.forms if since <= year]
        return present[-1] if present else ""


def releases(config: Mapping[str, Any]) -> list[Release]:
    """Given models of a resolved config, in order of time."""
    trends = config["mechanisms"]["trends"]
    gain = MONTHS_PER_YEAR * math.log10(2) / trends["algorithm_doubling_months"]
    found = []
    for group in config["labs"].values():
        for model in group.get("initial_models", []):
            year, oom = float(model["year"]), float(model["capability_oom"])
            later = [(float(step["year"]), step["form"]) for step in model.get("later", [])]
            found.append(
                Release(
                    name=model["name"],
                    year=year,
                    capability_oom=oom,
                    flop=10 ** (oom - gain * (year - TREND_YEAR)),
                    forms=((year, model["form"]), *sorted(later)),
                )
            )
    return sorted(found, key=lambda release: release.year)


def given_facts(models: list[Release]) -> dict[tuple[str, str], float]:
    """H1 to H4 and the withholding of GPT-2 as the input has them, by quantity and period."""
    facts: dict[tuple[str, str], float] = {
        ("frontier_compute_growth", "2020-2025"): _growth(models, 2020, 2026),
        ("frontier_compute", "2020"): _best_flop(models, 2020.58, frozenset()),
        ("frontier_compute", "2025"): _best_flop(models, 2025.58, frozenset()),
        ("open_lag_gpt3_compute", "2022"): _compute_lag(models, "GPT-3"),
        ("open_lag_gpt4_compute", "2024"): _compute_lag(models, "GPT-4"),
        ("gpt2_withheld", "2019"): _withheld_days(models, "GPT-2"),
    }
    lag = _mean_capability_lag(models, 2023, 2026)
    facts["open_lag_capability", "2025"] = lag
    facts["capability_lag", "2023-2025"] = lag
    for year in (2023, 2024, 2025):
        end = year + 0.999
        ratio = _best_flop(models, end, HOSTED) / _best_flop(models, end, WEIGHTS)
        facts["compute_ratio", str(year)] = ratio
    facts.update(_access_mix(models))
    return facts


def _growth(models: list[Release], start: int, end: int) -> float:
    """Factor a year of a log-linear fit through the records of training compute."""
    record = max((m.flop for m in models if m.year < start), default=0.0)
    years, logs = [], []
    for model in models:
        if start <= model.year < end and model.flop > record:
            record = model.flop
            years.append(model.year)
            logs.append(math.log(record))
    return float(math.exp(np.polyfit(years, logs, 1)[0])) if len(years) > 1 else math.nan


def _best_flop(models: list[Release], year: float, forms: frozenset[str]) -> float:
    """Most training compute among models that exist, in one of these forms (any, when none)."""
    there = [m.flop for m in models if m.form(year) and (not forms or m.form(year) in forms)]
    return max(there, default=math.nan)


def _weights_out(model: Release) -> float:
    return min((since for since, form in model.forms if form in WEIGHTS), default=math.inf)


def _compute_lag(models: list[Release], prefix: str) -> float:
    """Months until weights with at least 0.9 times the training compute of a model were out."""
    closed = [m for m in models if m.name.split()[0] == prefix]
    if not closed:
        return math.nan
    enough = [m for m in models if m.flop >= 0.9 * closed[0].flop and m is not closed[0]]
    first = min((_weights_out(m) for m in enough), default=math.inf)
    return (first - closed[0].year) * MONTHS_PER_YEAR


def _withheld_days(models: list[Release], prefix: str) -> float:
    held = [m for m in models if m.name.startswith(prefix)]
    return (_weights_out(held[0]) - held[0].year) * DAYS_PER_YEAR if held else math.nan


def _months(start: int, end: int) -> Iterator[float]:
    for month in range((end - start) * MONTHS_PER_YEAR):
        yield start + (month + 1) / MONTHS_PER_YEAR


def _mean_capability_lag(models: list[Release], start: int, end: int) -> float:
    """Mean months since hosted models first did what the best weights do, on the input's scale."""
    lags = []
    for now in _months(start, end):
        open_best = max((m.capability_oom for m in models if m.form(now) in WEIGHTS), default=-1.0)
        hosted = (
            since
            for m in models
            for since, form in m.forms
            if form in HOSTED and m.capability_oom >= open_best and since <= now
        )
        lags.append((now - min(hosted, default=now)) * MONTHS_PER_YEAR)
    return float(np.mean(lags))


def _access_mix(models: list[Release]) -> dict[tuple[str, str], float]:
    mix: dict[tuple[str, str], float] = {}
    for year in sorted({math.floor(m.year) for m in models}):
        forms = [m.forms[0][1] for m in models if math.floor(m.year) == year]
        weights = sum(form in WEIGHTS for form in forms) / len(forms)
        hosted = sum(form in HOSTED for form in forms) / len(forms)
        mix["weights_share", str(year)] = weights
        mix["hosted_share", str(year)] = hosted
        mix["unreleased_share", str(year)] = 1 - weights - hosted
    return mix
