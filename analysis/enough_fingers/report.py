"""One HTML page that stands alone, with its figures and its table of outcomes beside it.

The order is part of the argument: what was asked, what was assumed, only then what came out, how
sure that is, how to repeat it, and what it does not claim. Beside every figure and table stands
what its intervals do not cover.
"""

from __future__ import annotations

import hashlib
import json
import platform
from pathlib import Path
from typing import Any

import h5py
import jinja2
import matplotlib as mpl
import numpy as np
import pandas as pd
import xarray as xr

import enough_fingers
from enough_fingers import tables, tables_rules
from enough_fingers.beside import beside
from enough_fingers.claim import along
from enough_fingers.contents import Results, outcome_csv, places_csv, records, work_out, years_of
from enough_fingers.discovery import pointers
from enough_fingers.drawings import Printed, draw
from enough_fingers.drawings_evidence import EvidenceShown, show_evidence
from enough_fingers.evidence import no_evidence
from enough_fingers.intervals import FEW
from enough_fingers.judgement import HARM, Choices
from enough_fingers.load import Run
from enough_fingers.structure import Factor
from enough_fingers.without_ai import is_without_ai, split_ai
from enough_fingers.wording import gain, number, title_of

# More factors than this are not listed one by one.
_LISTED = 8
#: Of more regimes every outcome would make a page that no phone opens.
TABULATED = 40
# Hashing more than this takes longer than the report; the run's sidecar has the digest anyway.
_HASHED_BYTES = 1 << 30


def write_report(run: Run, folder: Path, choices: Choices | None = None) -> Path:
    """Writes report.html, each figure as PNG and SVG, outcomes.csv and places.csv.

    Args:
        run: The run.
        folder: Where to; made when it is not there.
        choices: Reference, levels, a world without AI, bootstrap.

    Returns:
        The page.

    Raises:
        ValueError: When the reference is no regime of this run, or no replicate has finished.
        OSError: When the folder cannot be written.
    """
    choices = choices or Choices()
    with_ai, _ = split_ai(run)
    reference = choices.reference or with_ai.regimes[0]

    def events() -> EvidenceShown:
        if choices.brief or with_ai.outcomes.empty or reference not in with_ai.regimes:
            return EvidenceShown(no_evidence(with_ai), {}, {})
        return show_evidence(with_ai, reference)

    with beside(events) as shown_of_events:
        results = work_out(run, choices)
        run = results.run
        printed = {name: drawing.printed() for name, drawing in draw(run, results).items()}
        shown = shown_of_events()
    folder.mkdir(parents=True, exist_ok=True)
    for figure in (*printed.values(), *shown.printed.values()):
        figure.save(folder)
    (folder / "outcomes.csv").write_text(outcome_csv(results), encoding="utf-8")
    if not results.judgement.places.empty:
        (folder / "places.csv").write_text(places_csv(results), encoding="utf-8")
    page = folder / "report.html"
    page.write_text(render(run, results, shown, printed), encoding="utf-8")
    return page


def render(run: Run, results: Results, shown: EvidenceShown, printed: dict[str, Printed]) -> str:
    """Lays out the page.

    Args:
        run: The run.
        results: Its numbers.
        shown: What events and series show.
        printed: The other figures, by name.

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
        beliefs=tables.assumed(beliefs, (factor.pointer for factor in run.factors)),
        n_units=_units(run, results),
        several=len(run.regimes) > 1,
        glance=tables.at_a_glance(run, results),
        freedoms=tables.freedoms(run, results),
        judged=results.judgement,
        claim=results.claim,
        claim_tables=_claim_tables(results),
        levels=[
            tables_rules.relative_and_absolute(run, results, name)
            for name in results.judgement.levels
        ],
        rules=_rules(results),
        came_first=tables.came_first(run, results) if len(run.regimes) > 1 else None,
        curve=None if results.curve.empty else tables.curve(run, results),
        measures=[
            (title_of(name), name, tables.of_measure(run, results, name))
            for name in (outcomes.attrs["outcomes"] if len(run.regimes) <= TABULATED else ())
        ],
        drawings=printed | shown.printed,
        evidence=shown.evidence,
        evidence_tables=shown.tables,
        reference=results.reference,
        notes=_notes(run, results),
        repeat=_repeat(run, results),
        config=json.dumps(run.config, indent=1, ensure_ascii=False),
    )


def _claim_tables(results: Results) -> list[tables.Table]:
    claim = results.claim
    if claim is None:
        return []
    return [
        tables_rules.claimed(records(along(results.whole, claim, name)), name, claim.pointer)
        for name in claim.outcomes
    ]


def _rules(results: Results) -> dict[str, Any]:
    """The tables of the section on rules; a name is left out where there is nothing to show."""
    judged = results.judgement
    found: dict[str, Any] = {}
    if not judged.places.empty:
        found["by_measure"] = tables_rules.by_measure(results)
    if judged.n_worlds > 1 and not judged.places.empty:
        names = list(dict.fromkeys(judged.places["measure"]))
        found["by_rule"] = [tables_rules.by_rule(results, name) for name in names]
    if not judged.first.empty:
        found["first"] = tables_rules.worlds_first(results)
    if not judged.kept.empty:
        found["kept"] = tables_rules.satisficing(results)
    if judged.break_even:
        found["break_even"] = tables_rules.break_even(results)
    if judged.turning:
        found["turning"] = tables_rules.what_turns(results)
    return found


def _asked(run: Run, results: Results) -> list[tuple[str, str]]:
    status = run.runs["status"].value_counts()
    years = years_of(run)
    start = float(run.series_by_run["time"].min())
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
    if is_without_ai(run):
        facts.append(("World", "without advanced AI, to compare others with"))
    if results.whole is not run:
        facts.append(("World", "with advanced AI; the same without it stands beside"))
    for factor in _worth_listing(run, results):
        levels = sorted(set(run.design[factor.name]))
        facts.append((f"Varied: {factor.pointer}", f"{_levels(levels)} {factor.units}"))
    left = len(run.factors) - min(len(run.factors), _LISTED)
    if left > 0:
        facts.append(("Varied besides", f"{left} more parameters; they stand in the configuration"))
    return facts


def _worth_listing(run: Run, results: Results) -> list[Factor]:
    """At most `_LISTED` factors: those that turned out to matter first."""
    if len(run.factors) <= _LISTED:
        return list(run.factors)
    matter = pointers(results.judgement.turning)
    order = sorted(run.factors, key=lambda factor: factor.pointer not in matter)
    return order[:_LISTED]


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
    if fewest < FEW:
        notes.append(
            f"Only {fewest} replicates stand behind some regime: intervals of means and ratios "
            f"from fewer than {FEW} are too narrow."
        )
    notes += _notes_on_intervals(run, results)
    notes += _notes_on_worlds(run, results)
    gains = results.table.loc[results.table["measure"] == HARM, "variance_reduction"]
    gains = gains.dropna() if "variance_reduction" in results.table else pd.Series(dtype=float)
    if len(gains):
        notes.append(
            "Regimes share every random draw that both make. For harm this was worth between "
            f"{gain(float(gains.min()))} and {gain(float(gains.max()))} as many independent "
            "replicates; a factor of 1 or less means that pairing did not help."
        )
    return notes


def _notes_on_intervals(run: Run, results: Results) -> list[str]:
    notes = []
    doubts = results.table["approximate"].value_counts()
    doubts = doubts[doubts.index != ""]
    if len(doubts):
        reasons = "; ".join(f"{reason} ({count})" for reason, count in doubts.items())
        notes.append(
            "Intervals marked as approximate cover less often than 93 % of the time, or may, at a "
            f"nominal 95 %. The reasons here, and how many of all intervals: {reasons}."
        )
    until = run.config.get("experiment", {}).get("until")
    if until:
        notes.append(
            f"The number of replicates was not fixed beforehand: they were added until "
            f"{until.get('outcome', 'an outcome')} was known to ± {number(until.get('half_width'))}"
            ". Intervals here take the number as given; of a rare event they may cover as little "
            "as 91 % at a nominal 95 %."
        )
    return notes


def _notes_on_worlds(run: Run, results: Results) -> list[str]:
    n = results.judgement.n_worlds
    if n < 2:
        return []
    notes = [
        f"The design varies {len(run.factors)} parameter(s) over {n} worlds. Numbers are averages "
        "over these worlds: shares of what was tried, not probabilities."
    ]
    if results.judgement.unit == "world":
        notes.append(
            "The worlds are drawn from the ranges of the factors. Intervals draw worlds anew, each "
            "with its replicates: they cover which worlds were drawn, not whether the ranges hold."
        )
    fewest = int(run.outcomes.groupby(["regime", "world"], observed=True).size().min())
    if fewest < FEW:
        notes.append(
            f"Each world has only {fewest} replicates or a few more, so the worst world and the "
            "largest regret hold some luck; it pulls them up for every regime."
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
    for limit in results.judgement.limits:
        again += f" --tolerable '{limit.option}'"
    if not results.judgement.no_ai.empty:
        again += " --without-ai FILE"
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
        *_file_hashes(run),
        ("Read with", ", ".join(f"{name} {version}" for name, version in versions.items())),
    ]
    return [fact for fact in facts if fact[1]]


def _file_hashes(run: Run) -> list[tuple[str, str]]:
    """Of every file; none where the run never was on disk."""
    if len(run.paths) == 1:
        return [("SHA-256 of the file", _file_sha256(run.path))]
    return [(f"SHA-256 of {path.name}", _file_sha256(path)) for path in run.paths]


def _file_sha256(path: Path) -> str:
    if path.stat().st_size > _HASHED_BYTES:
        return "not taken (large file); see the digest that `fingers info` prints"
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def _units(run: Run, results: Results) -> str:
    if results.judgement.unit == "world":
        return f"{results.judgement.n_worlds} worlds"
    return f"{_n(run.outcomes)} replicates"


def _n(outcomes: pd.DataFrame) -> str:
    counts = outcomes.groupby("regime", observed=False)["replicate"].nunique()
    low, high = int(counts.min()), int(counts.max())
    return str(low) if low == high else f"{low} to {high}"
