"""Every number of a report, worked out once: what the tables, figures and the CSV show."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from enough_fingers import measures
from enough_fingers.claim import Claim, claim_of
from enough_fingers.judgement import HARM, Choices, Judgement, Row, judge
from enough_fingers.layout import FIRST_CATASTROPHE, better_of
from enough_fingers.load import Run
from enough_fingers.without_ai import split_ai


@dataclass(frozen=True)
class Results:
    """Every number of the report.

    Attributes:
        run: What the numbers are of: the run, or its part with AI where its design varies that.
        whole: The run.
        reference: The regime compared with.
        table: Rows of `measures.absolute`, `relative` and `share_best` for every outcome.
        curve: `measures.catastrophe_curve`; empty where the file has no such outcome.
        plane: `measures.harm_and_freedom`; empty where the file has no such outcomes.
        judgement: What depends on rules, levels and references.
        claim: The words that the experiment tests; None where its config declares none.
        rows: The rows of `table` by (measure, regime, statistic).
    """

    run: Run
    whole: Run
    reference: str
    table: pd.DataFrame
    curve: pd.DataFrame
    plane: pd.DataFrame
    judgement: Judgement
    claim: Claim | None
    rows: Mapping[tuple[str, str, str], Row] = field(repr=False)


def work_out(run: Run, choices: Choices) -> Results:
    """Computes every number of the report.

    Args:
        run: The run.
        choices: Reference, levels, a world without AI, bootstrap.

    Returns:
        The results.

    Raises:
        ValueError: When the reference is no regime of this run, a level names no outcome, the world
            without AI does not fit, or no replicate has finished.
    """
    whole = run
    run, without = split_ai(whole)
    if choices.without_ai is None and without is not None:
        choices = replace(choices, without_ai=without)
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
    claim = claim_of(whole)
    judgement = judge(run, choices, reference, claim.outcomes if claim else ())
    parts.append(judgement.beyond)
    rows = [row for part in parts for row in records(part)]
    table = pd.DataFrame(rows)
    return Results(
        run=run,
        whole=whole,
        reference=reference,
        table=table,
        curve=(
            measures.catastrophe_curve(outcomes, years_of(run))
            if FIRST_CATASTROPHE in outcomes
            else pd.DataFrame()
        ),
        plane=measures.harm_and_freedom(table) if HARM in outcomes else pd.DataFrame(),
        judgement=judgement,
        claim=claim,
        rows={(row["measure"], row["regime"], row["statistic"]): row for row in rows},
    )


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a table as dictionaries."""
    return [{str(key): value for key, value in row.items()} for row in table.to_dict("records")]


def years_of(run: Run) -> list[float]:
    """Whole calendar years after the start of the run up to its horizon, and the horizon itself.

    A year Y stands for its beginning, so "by 2034" is the whole of 2033 and what came before.
    """
    time = run.series_by_run["time"].to_numpy()
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


def places_csv(results: Results) -> str:
    """The table of places as CSV."""
    table = results.judgement.places
    return str(table.to_csv(index=False, float_format="%.9g", lineterminator="\n"))
