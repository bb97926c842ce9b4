"""Every number of a report, worked out once: what the tables, figures and the CSV show."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from enough_fingers import measures
from enough_fingers.intervals import N_RESAMPLES, SEED, probability
from enough_fingers.layout import FIRST_CATASTROPHE, better_of, grid
from enough_fingers.load import Run

HARM = "harm_musd"
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Choices:
    """What the one who makes the report may choose.

    Attributes:
        reference: The regime that others are compared with; the first of the design when empty.
        tolerable_harm_musd: A level of harm over the run to hold every regime to; none when None.
        n_resamples: Of the bootstrap.
        seed: Of the bootstrap.
    """

    reference: str = ""
    tolerable_harm_musd: float | None = None
    n_resamples: int = N_RESAMPLES
    seed: int = SEED


@dataclass(frozen=True)
class Results:
    """Every number of the report.

    Attributes:
        reference: The regime compared with.
        table: Rows of `measures.absolute`, `relative` and `share_best` for every outcome.
        curve: `measures.catastrophe_curve`; empty where the file has no such outcome.
        plane: `measures.harm_and_freedom`; empty where the file has no such outcomes.
        rows: The rows of `table` by (measure, regime, statistic).
    """

    reference: str
    table: pd.DataFrame
    curve: pd.DataFrame
    plane: pd.DataFrame
    rows: Mapping[tuple[str, str, str], Row] = field(repr=False)


def work_out(run: Run, choices: Choices) -> Results:
    """Computes every number of the report.

    Args:
        run: The run.
        choices: Reference, tolerable harm, bootstrap.

    Returns:
        The results.

    Raises:
        ValueError: When the reference is no regime of this run, or no replicate has finished.
    """
    outcomes = run.outcomes
    if outcomes.empty:
        raise ValueError(f"{run.path}: no replicate has finished, so there is nothing to report")
    reference = choices.reference or run.regimes[0]
    draw = {"n_resamples": choices.n_resamples, "seed": choices.seed}
    parts = []
    for measure in outcomes.attrs["outcomes"]:
        parts.append(measures.absolute(outcomes, measure, **draw))
        parts.append(measures.relative(outcomes, measure, reference, **draw))
        better = better_of(measure)
        if better is not None:
            parts.append(measures.share_best(outcomes, measure, better))
    if choices.tolerable_harm_musd is not None and HARM in outcomes:
        parts.append(_above(outcomes, choices.tolerable_harm_musd))
    rows = [row for part in parts for row in records(part)]
    table = pd.DataFrame(rows)
    return Results(
        reference=reference,
        table=table,
        curve=(
            measures.catastrophe_curve(outcomes, years_of(run))
            if FIRST_CATASTROPHE in outcomes
            else pd.DataFrame()
        ),
        plane=measures.harm_and_freedom(table) if HARM in outcomes else pd.DataFrame(),
        rows={(row["measure"], row["regime"], row["statistic"]): row for row in rows},
    )


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a table as dictionaries."""
    return [{str(key): value for key, value in row.items()} for row in table.to_dict("records")]


def years_of(run: Run) -> list[float]:
    """Whole calendar years after the start of the run up to its horizon, and the horizon itself.

    A year Y stands for its beginning, so "by 2034" is the whole of 2033 and what came before.
    """
    time = run.series["time"].to_numpy()
    start, last = float(time.min()), float(time.max())
    # Times are beginnings of steps, so the horizon lies one step after the last.
    step = float(np.diff(time).mean()) if time.size > 1 else 0.0
    horizon = round(last + step, 6)
    years = [float(year) for year in range(math.floor(start) + 1, math.floor(horizon) + 1)]
    return years if years and years[-1] == horizon else [*years, horizon]


def outcome_csv(results: Results) -> str:
    """The table of outcomes as CSV; the columns of the intervals say what they cover."""
    table = results.table.rename(columns={"low": "chance_low", "high": "chance_high"})
    return str(table.to_csv(index=False, float_format="%.9g", lineterminator="\n"))


def _above(outcomes: pd.DataFrame, tolerable: float) -> pd.DataFrame:
    """Share of replicates whose harm is above a tolerable level (M15: absolute, not relative)."""
    laid = grid(outcomes, HARM)
    rows = []
    for position, regime in enumerate(laid.regimes):
        (sample,) = laid.replicates(position)
        above = (sample > tolerable).any(axis=1)
        estimate = probability(int(above.sum()), above.size)
        rows.append(
            {
                "measure": HARM,
                "units": "1",
                "regime": regime,
                "reference": "",
                "statistic": f"probability above {tolerable:g}",
                **vars(estimate),
            }
        )
    return pd.DataFrame(rows)
