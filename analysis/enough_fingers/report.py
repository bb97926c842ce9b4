"""One HTML page that stands alone, with its figures and its table of outcomes beside it.

The order is part of the argument: what was asked, what was assumed, only then what came out, how
sure that is, how to repeat it, and what it does not claim. Beside every figure and table stands
what its intervals do not cover.
"""

from __future__ import annotations

import hashlib
import json
import platform
from dataclasses import dataclass
from pathlib import Path

import h5py
import jinja2
import matplotlib as mpl
import numpy as np
import pandas as pd
import xarray as xr
from matplotlib.figure import Figure

import enough_fingers
from enough_fingers import figures, style, tables
from enough_fingers.contents import HARM, Choices, Results, outcome_csv, work_out, years_of
from enough_fingers.layout import grid
from enough_fingers.load import Run
from enough_fingers.wording import gain, number, title_of

# Below this many replicates a percentile interval is known to be too narrow.
_FEW = 30
# Hashing more than this takes longer than the report; the run's sidecar has the digest anyway.
_HASHED_BYTES = 1 << 30


@dataclass(frozen=True)
class Drawing:
    """A figure for a page and the same for a phone, with their alternative text."""

    stem: str
    title: str
    description: str
    wide: Figure
    narrow: Figure

    def inline(self, narrow: bool) -> str:
        """The figure as an SVG element."""
        prefix = f"{self.stem}-{'narrow' if narrow else 'wide'}"
        figure = self.narrow if narrow else self.wide
        return style.inline_svg(figure, prefix, self.title, self.description)


def write_report(run: Run, folder: Path, choices: Choices | None = None) -> Path:
    """Writes report.html, each figure as PNG and SVG, and outcomes.csv.

    Args:
        run: The run.
        folder: Where to; made when it is not there.
        choices: Reference, tolerable harm, bootstrap.

    Returns:
        The page.

    Raises:
        ValueError: When the reference is no regime of this run, or no replicate has finished.
        OSError: When the folder cannot be written.
    """
    results = work_out(run, choices or Choices())
    folder.mkdir(parents=True, exist_ok=True)
    drawings = draw(results)
    for drawing in drawings.values():
        style.save(drawing.wide, folder / drawing.stem, drawing.title, drawing.description)
    (folder / "outcomes.csv").write_text(outcome_csv(results), encoding="utf-8")
    page = folder / "report.html"
    page.write_text(render(run, results, drawings), encoding="utf-8")
    return page


def draw(results: Results) -> dict[str, Drawing]:
    """Draws the figures that the outcomes of this file allow."""
    drawings = {}
    if not results.plane.empty:
        plane = results.plane
        drawings["plane"] = Drawing(
            stem="harm-against-freedom",
            title="Harm against freedom, per regime",
            description=_describe_plane(plane),
            wide=figures.harm_against_freedom(plane, columns=2),
            narrow=figures.harm_against_freedom(plane, columns=1),
        )
    if not results.curve.empty:
        curve = results.curve
        drawings["curve"] = Drawing(
            stem="first-catastrophe",
            title="Probability that a first catastrophe has come, by year",
            description=_describe_curve(curve),
            wide=figures.first_catastrophe(curve, columns=4),
            narrow=figures.first_catastrophe(curve, columns=2),
        )
    return drawings


def render(run: Run, results: Results, drawings: dict[str, Drawing]) -> str:
    """Lays out the page.

    Args:
        run: The run.
        results: Its numbers.
        drawings: Its figures, by name.

    Returns:
        HTML that needs nothing from outside.
    """
    here = Path(__file__).parent
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(here), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    beliefs = run.provenance.get("assumed", [])
    outcomes = run.outcomes
    return environment.get_template("report.html.jinja").render(
        css=(here / "report.css").read_text(encoding="utf-8"),
        run=run,
        title=run.attributes.get("title") or run.path.name,
        asked=_asked(run, results),
        beliefs=tables.assumed(beliefs),
        n_replicates=_n(outcomes),
        glance=tables.at_a_glance(run, results),
        freedoms=tables.freedoms(run, results),
        compared=tables.compared(run, results) if len(run.regimes) > 1 else None,
        came_first=tables.came_first(run, results) if len(run.regimes) > 1 else None,
        curve=None if results.curve.empty else tables.curve(run, results),
        measures=[
            (title_of(name), name, tables.of_measure(run, results, name))
            for name in outcomes.attrs["outcomes"]
        ],
        drawings=drawings,
        reference=results.reference,
        notes=_notes(run, results),
        repeat=_repeat(run, results),
        config=json.dumps(run.config, indent=1, ensure_ascii=False),
    )


def _asked(run: Run, results: Results) -> list[tuple[str, str]]:
    status = run.runs["status"].value_counts()
    years = years_of(run)
    start = float(run.series["time"].min())
    facts = [
        ("Regimes compared", ", ".join(run.regimes)),
        (
            "Replicates",
            f"{_n(run.outcomes)} a regime, paired: the same random draws for each regime",
        ),
        ("Time", f"{start:g} to {years[-1]:g}"),
        (
            "Runs",
            f"{status['done']} finished, {status['missing']} missing, {status['failed']} failed",
        ),
        ("Compared with", f"{results.reference} (a choice of this report, not a recommendation)"),
    ]
    for factor in run.factors:
        levels = sorted(set(run.design[factor.name]))
        facts.append((f"Varied: {factor.pointer}", f"{_levels(levels)} {factor.units}"))
    return facts


def _levels(levels: list[float]) -> str:
    if len(levels) <= 8:
        return ", ".join(number(float(level)) for level in levels)
    return f"{number(float(levels[0]))} to {number(float(levels[-1]))} in {len(levels)} values"


def _notes(run: Run, results: Results) -> list[str]:
    """What a reader should know about how sure the numbers are."""
    notes = []
    unfinished = int((run.runs["status"] != "done").sum())
    if unfinished:
        notes.append(
            f"{unfinished} of {len(run.runs)} runs are missing or failed and are left out. If they "
            "failed for a reason that has to do with harm, every number here is biased."
        )
    fewest = int(run.outcomes.groupby("regime", observed=False)["replicate"].nunique().min())
    if fewest < _FEW:
        notes.append(
            f"Only {fewest} replicates stand behind some regime: bootstrap intervals from fewer "
            f"than {_FEW} are too narrow."
        )
    n_cells = grid(run.outcomes, run.outcomes.attrs["outcomes"][0]).n_cells
    if n_cells > 1:
        notes.append(
            f"The design varies {len(run.factors)} parameter(s) over {n_cells} settings. Numbers "
            "are averages over these settings: shares of the worlds that were tried, not "
            "probabilities."
        )
    gains = results.table.loc[results.table["measure"] == HARM, "variance_reduction"]
    gains = gains.dropna() if "variance_reduction" in results.table else pd.Series(dtype=float)
    if len(gains):
        notes.append(
            "Regimes share every random draw that both make. For harm this was worth between "
            f"{gain(float(gains.min()))} and {gain(float(gains.max()))} as many independent "
            "replicates; a factor of 1 or less means that pairing did not help."
        )
    return notes


def _repeat(run: Run, results: Results) -> list[tuple[str, str]]:
    attributes = run.attributes
    seeds = ", ".join(
        f"{name.removeprefix('seed_')} {value}"
        for name, value in attributes.items()
        if name.startswith("seed")
    )
    versions = {
        "enough_fingers": enough_fingers.__version__,
        "Python": platform.python_version(),
        "h5py": h5py.__version__,
        "numpy": np.__version__,
        "pandas": pd.__version__,
        "xarray": xr.__version__,
        "matplotlib": mpl.__version__,
    }
    again = f"report {run.path.name} -o DIR --reference {results.reference}"
    schema, version = attributes.get("schema_version"), attributes.get("results_version")
    facts = [
        ("Run", str(run.provenance.get("command", "not recorded"))),
        ("Report", f"python -m enough_fingers {again}"),
        ("Seeds", seeds),
        ("Random numbers", str(attributes.get("rng", ""))),
        ("Written by", str(attributes.get("software", ""))),
        ("Versions", f"schema {schema}, results {version}"),
        ("Identity of the experiment", str(attributes.get("uuid", ""))),
        ("SHA-256 of the config", str(attributes.get("config_sha256", ""))),
        ("SHA-256 of the file", _file_sha256(run.path)),
        ("Read with", ", ".join(f"{name} {version}" for name, version in versions.items())),
    ]
    return [fact for fact in facts if fact[1]]


def _file_sha256(path: Path) -> str:
    if path.stat().st_size > _HASHED_BYTES:
        return "not taken (large file); see the digest that `fingers info` prints"
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def _n(outcomes: pd.DataFrame) -> str:
    counts = outcomes.groupby("regime", observed=False)["replicate"].nunique()
    low, high = int(counts.min()), int(counts.max())
    return str(low) if low == high else f"{low} to {high}"


def _describe_plane(plane: pd.DataFrame) -> str:
    shown = [freedom for freedom in figures.SHOWN if freedom in set(plane["freedom"])]
    ranges = []
    for freedom in shown:
        values = plane.loc[plane["freedom"] == freedom, "freedom_value"]
        ranges.append(f"freedom {freedom} from {number(values.min())} to {number(values.max())}")
    harm = plane["harm_value"]
    return (
        f"{len(shown)} panels, one for each freedom, with one point for each of "
        f"{plane['regime'].nunique()} regimes. Across: the share that can exercise the freedom. "
        f"Upward: median harm over the run, from {number(harm.min())} to {number(harm.max())} M$. "
        f"Regimes range over {', '.join(ranges)}. All values stand in the table below the figure."
    )


def _describe_curve(curve: pd.DataFrame) -> str:
    last = curve[curve["year"] == curve["year"].max()]
    ends = "; ".join(f"{row.regime} {row.value:.0%}" for row in last.itertuples())
    return (
        f"{last.shape[0]} panels, one for each regime, each with a rising line and its interval "
        f"from year to year. By {last['year'].iloc[0]:g}: {ends}. All values stand in the table "
        "below the figure."
    )
