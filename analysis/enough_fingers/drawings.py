"""Which figures a report has, each for a page and for a phone, with their alternative text."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from enough_fingers import canvas, figures, figures_rules, style
from enough_fingers.claim import Claim, along
from enough_fingers.contents import Results, records
from enough_fingers.evidence import MANY_REGIMES, shown_regimes
from enough_fingers.figures_rules import Levels
from enough_fingers.judgement import HARM, Judgement
from enough_fingers.layout import FIRST_CATASTROPHE, is_year
from enough_fingers.load import Run
from enough_fingers.tables_rules import measure_title, statistics_of, wanted
from enough_fingers.wording import number

#: Ends the alternative text of every figure of a report.
BELOW = "All values stand in the table below the figure."
# Measures that get a panel of places by rule, in this order, at most so many.
_PANELS = (FIRST_CATASTROPHE, HARM, "freedom_1a_exercisable", "surveillance_share")


@dataclass(frozen=True)
class Drawing:
    """A figure for a page and the same for a phone, with their alternative text."""

    stem: str
    title: str
    description: str
    wide: Figure
    narrow: Figure

    def printed(self) -> Printed:
        """The figure as files and as elements of a page."""
        document = style.as_svg(self.wide, self.title, self.description)
        return Printed(
            stem=self.stem,
            wide=style.inlined(document, f"{self.stem}-wide", self.title, self.description),
            narrow=style.inline_svg(
                self.narrow, f"{self.stem}-narrow", self.title, self.description
            ),
            svg=document,
            png=style.as_png(self.wide, self.title, self.description),
        )


@dataclass(frozen=True)
class Printed:
    """A figure that has been drawn.

    Attributes:
        stem: Of its files.
        wide: Element of a page, for a desk.
        narrow: The same for a phone.
        svg: File.
        png: File.
    """

    stem: str
    wide: str
    narrow: str
    svg: str
    png: bytes

    def save(self, folder: Path) -> None:
        """Saves the figure for a desk as PNG and SVG."""
        (folder / f"{self.stem}.png").write_bytes(self.png)
        (folder / f"{self.stem}.svg").write_text(self.svg, encoding="utf-8")


def draw(run: Run, results: Results) -> dict[str, Drawing]:
    """Draws the figures that the outcomes of this file allow.

    Args:
        run: The run.
        results: Its numbers.

    Returns:
        Figures by name: claim, plane, curve, levels, rules, measures.
    """
    drawings: dict[str, Drawing | None] = {}
    if results.claim is not None and results.claim.outcomes:
        drawings["claim"] = _claim(results.whole, results.claim)
    if not results.plane.empty:
        plane = results.plane
        drawings["plane"] = Drawing(
            stem="harm-against-freedom",
            title="Harm against freedom, per regime",
            description=f"{figures.describe_plane(plane)} {BELOW}",
            wide=figures.harm_against_freedom(plane, columns=2),
            narrow=figures.harm_against_freedom(plane, columns=1),
        )
    if not results.curve.empty:
        curve = _panels(results)
        drawings["curve"] = Drawing(
            stem="first-catastrophe",
            title="Probability that a first catastrophe has come, by year",
            description=f"{figures.describe_curve(curve)} {BELOW}",
            wide=figures.first_catastrophe(curve, columns=4),
            narrow=figures.first_catastrophe(curve, columns=2),
        )
    if len(run.regimes) > 1:
        drawings["levels"] = _levels(run, results)
        drawings |= _places(results.judgement)
    return {name: drawing for name, drawing in drawings.items() if drawing is not None}


def _panels(results: Results) -> pd.DataFrame:
    """The curves of as many regimes as have a panel each."""
    regimes = list(dict.fromkeys(results.curve["regime"]))
    shown = shown_regimes(regimes, results.reference)
    return results.curve[results.curve["regime"].isin(shown)]


def _claim(run: Run, claim: Claim) -> Drawing:
    panels = {measure_title(name): along(run, claim, name) for name in claim.outcomes}
    units = {factor.pointer: factor.units for factor in run.factors}
    unit = units.get(claim.pointer, "1")
    label = claim.pointer if unit in ("1", "") else f"{claim.pointer} ({unit})"
    scale = {"log_x": claim.log_x, "log_y": claim.log_y}
    against = f" along {claim.pointer}" if claim.pointer else ""
    return Drawing(
        stem="claim",
        title="The claim that is tested",
        description=(
            f"{len(panels)} panels, one for each of {', '.join(panels)}{against}, with one line "
            f"for each of {len(run.regimes)} regimes. "
            "All values stand in the table below the figure."
        ),
        wide=figures_rules.along_factor(panels, label, columns=2, **scale),
        narrow=figures_rules.along_factor(panels, label, columns=1, **scale),
    )


def _levels(run: Run, results: Results) -> Drawing | None:
    shown = [name for name in (FIRST_CATASTROPHE, HARM) if name in results.judgement.levels]
    levels = [_level(run, results, name) for name in shown]
    if not levels:
        return None
    judged = results.judgement
    shown_rows = [row for level in levels for row in level.absolute]
    n = max((int(row["n"]) for row in shown_rows), default=0)
    footer = f"n = {n} {judged.unit}s a regime. {canvas.CHANCE_ONLY}"
    if any(level.tolerable is not None for level in levels):
        footer += ".\nDashed: a level called tolerable"
    if any(level.without_ai is not None for level in levels):
        footer += ".\nDotted: a world without AI"
    regimes = shown_regimes(run.regimes, results.reference)
    arguments = (levels, regimes, results.reference, footer)
    return Drawing(
        stem="relative-and-absolute",
        title="Relative beside absolute",
        description=(
            f"Two panels for each of {', '.join(level.title for level in levels)}: on the left "
            f"{len(regimes)} of {len(run.regimes)} regimes on their own, from 0; on the right the "
            f"difference to {results.reference}. All values stand in the table below the figure."
        ),
        wide=figures_rules.relative_and_absolute(*arguments, narrow=False),
        narrow=figures_rules.relative_and_absolute(*arguments, narrow=True),
    )


def _level(run: Run, results: Results, measure: str) -> Levels:
    name, difference, _ = statistics_of(results, measure)

    def rows(statistic: str) -> list[Mapping[str, Any]]:
        regimes = shown_regimes(run.regimes, results.reference)
        found = [results.rows.get((measure, regime, statistic)) for regime in regimes]
        return [row for row in found if row is not None and not math.isnan(row["value"])]

    judged = results.judgement
    levels = [limit.level for limit in judged.limits if limit.measure == measure]
    alone = [
        row["value"]
        for row in records(judged.no_ai)
        if (row["measure"], row["statistic"]) == (measure, name)
    ]
    share = is_year(measure)
    caps = results.table.loc[results.table["measure"] == measure, "cap"].dropna()
    mean = f"mean of min(x, {number(float(caps.iloc[0]))})" if len(caps) else name
    unit = "probability" if share else f"{mean}, {run.outcomes.attrs['units'][measure]}"
    return Levels(
        title=measure_title(measure),
        absolute=rows(name),
        relative=rows(difference),
        unit=unit,
        share=share,
        tolerable=levels[0] if levels else None,
        without_ai=alone[0] if alone else None,
    )


def _places(judged: Judgement) -> dict[str, Drawing | None]:
    # Lines of more regimes than these nobody follows; their places stand in a table.
    if judged.places.empty or judged.places["regime"].nunique() > MANY_REGIMES:
        return {}
    drawings: dict[str, Drawing | None] = {}
    table = judged.places
    measures = list(dict.fromkeys(table["measure"]))
    mean = table[table["rule"] == table["rule"].iloc[0]]
    if len(measures) > 1:
        headed = mean.assign(column=[measure_title(name) for name in mean["measure"]])
        drawings["measures"] = _drawn_places(
            "places-by-measure", "Places by one measure at a time", {"": headed}, 1
        )
    shown = [name for name in _PANELS if name in measures]
    if judged.n_worlds > 1 and shown:
        panels = {}
        for name in shown:
            own = table[table["measure"] == name]
            panels[f"{measure_title(name)}: {wanted(name)}"] = own.assign(column=own["rule"])
        drawings["rules"] = _drawn_places(
            "places-by-rule", "Places under different rules", panels, 2
        )
    return drawings


def _drawn_places(stem: str, title: str, panels: dict[str, pd.DataFrame], columns: int) -> Drawing:
    first = next(iter(panels.values()))
    headings = list(dict.fromkeys(first["column"]))
    moved = []
    for regime, own in first.groupby("regime", sort=False, observed=True):
        low, high = own["order"].min(), own["order"].max()
        moved.append(f"{regime} from {low:g} to {high:g}")
    return Drawing(
        stem=stem,
        title=title,
        description=(
            f"{len(panels)} panel(s) with one line for each regime over the columns "
            f"{', '.join(headings)}. Upward: the place, 1 at the top. In the first panel places "
            f"range for {'; '.join(moved)}. All values stand in the table below the figure."
        ),
        wide=figures_rules.changing_places(panels, columns=columns),
        narrow=figures_rules.changing_places(panels, columns=1),
    )
