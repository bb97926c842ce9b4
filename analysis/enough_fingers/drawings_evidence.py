"""The figures of a report that are made of events and series."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from enough_fingers import (
    figures_detection,
    figures_freedoms,
    figures_story,
    figures_tails,
    figures_time,
)
from enough_fingers.drawings import BELOW, Drawing, Printed
from enough_fingers.evidence import Evidence, gather
from enough_fingers.load import Run
from enough_fingers.tables import Table
from enough_fingers.tables_evidence import evidence_tables


def draw_evidence(evidence: Evidence) -> dict[str, Drawing]:
    """Draws what there are numbers for.

    Args:
        evidence: The numbers.

    Returns:
        Figures by name: triads, fan, exceedance, periods, seen, fixed, story.
    """
    found: dict[str, Drawing] = {}
    if not evidence.triads.empty:
        found["triads"] = _drawing(
            "freedom-triads",
            "Granted, possible, exercisable: each freedom",
            figures_freedoms.describe_triads(evidence.triads),
            lambda columns: figures_freedoms.freedom_triads(evidence.triads, columns=columns),
            (3, 1),
        )
    fan = evidence.fan
    if fan is not None:
        found["fan"] = _drawing(
            "harm-so-far",
            "Harm so far, by year",
            figures_time.describe_fan(fan),
            lambda columns: figures_time.fan_chart(fan, columns=columns),
        )
    if not evidence.harm.empty:
        found["exceedance"] = _drawing(
            "exceedance",
            "How often harm exceeds a level",
            figures_tails.describe_exceedance(evidence.harm),
            lambda columns: figures_tails.exceedance(evidence.harm, columns=columns),
        )
    if not evidence.periods.empty:
        found["periods"] = _drawing(
            "return-periods",
            "Years between events above a level",
            figures_tails.describe_return_periods(evidence.periods),
            lambda columns: figures_tails.return_periods(evidence.periods, columns=columns),
        )
    return found | _draw_detection(evidence) | _draw_story(evidence)


def _draw_detection(evidence: Evidence) -> dict[str, Drawing]:
    found: dict[str, Drawing] = {}
    asked = {
        "seen": ("that is seen", evidence.seen, figures_detection.detection_curves),
        "fixed": ("whose cause is fixed", evidence.fixed, figures_detection.patch_curves),
    }
    for name, (words, curve, figure) in asked.items():
        if not curve.empty:
            lines = {name: curve}
            found[name] = _drawing(
                name,
                f"Share of {evidence.kind} harm {words}, by months after its beginning",
                figures_detection.describe_curves(lines),
                partial(_in_columns, figure, lines),
            )
    return found


def _in_columns(
    figure: Callable[..., Figure], lines: Mapping[str, pd.DataFrame], columns: int
) -> Figure:
    return figure(lines, columns=columns)


def _draw_story(evidence: Evidence) -> dict[str, Drawing]:
    story = evidence.story
    if story is None:
        return {}
    return {
        "story": _drawing(
            "one-replicate",
            "One replicate, event by event",
            figures_story.describe_time_line(story.events, story.title),
            lambda columns: figures_story.time_line(
                story.events, title=story.title, ended=story.ended, columns=columns
            ),
            (2, 1),
        )
    }


def _drawing(
    stem: str,
    title: str,
    words: str,
    make: Callable[[int], Figure],
    columns: tuple[int, int] = (4, 2),
) -> Drawing:
    wide, narrow = (make(number) for number in columns)
    description = f"{words} {BELOW}"
    made: dict[str, Any] = {"wide": wide, "narrow": narrow}
    return Drawing(stem=stem, title=title, description=description, **made)


@dataclass(frozen=True)
class EvidenceShown:
    """What a page shows of events and series.

    Attributes:
        evidence: The numbers, without what is large and only drawn.
        tables: Tables by the name of their figure.
        printed: Figures by name.
    """

    evidence: Evidence
    tables: dict[str, list[Table]]
    printed: dict[str, Printed]


def show_evidence(run: Run, reference: str) -> EvidenceShown:
    """Works out, draws and tabulates what a page shows of events and series.

    Args:
        run: The run, with at least one finished replicate.
        reference: The regime that others are compared with.

    Returns:
        What it shows.
    """
    evidence = gather(run, reference)
    printed = {name: drawing.printed() for name, drawing in draw_evidence(evidence).items()}
    tables = evidence_tables(evidence)
    return EvidenceShown(replace(evidence, fan=None, story=None), tables, printed)
