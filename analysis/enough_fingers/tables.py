"""The tables of the report as words: a header and rows of text, ready to be laid out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from enough_fingers.contents import Results, records
from enough_fingers.judgement import HARM
from enough_fingers.layout import FIRST_CATASTROPHE
from enough_fingers.load import Run
from enough_fingers.wording import NOTHING, estimate, number, title_of

# Shown side by side on the first table of "who comes first"; every other measure is in the CSV.
_RANKED = (HARM, FIRST_CATASTROPHE, "surveillance_share", "benefit", "wrongful_bans")


@dataclass(frozen=True)
class Table:
    """A table of text.

    Attributes:
        caption: What it shows, with units.
        header: One text a column.
        rows: One list of texts a row; the first is the row's header.
    """

    caption: str
    header: list[str]
    rows: list[list[str]]


def assumed(beliefs: Iterable[Mapping[str, Any]], varied: Iterable[str] = ()) -> Table:
    """The values that nobody has measured, with the range that is plausible.

    Args:
        beliefs: From the provenance of a run.
        varied: Pointers of those that the design varies.
    """
    varied = set(varied)
    rows = [
        [
            str(belief.get("pointer", "")),
            "varied" if belief.get("pointer") in varied else number(belief.get("value")),
            f"{number(belief.get('low'))} to {number(belief.get('high'))}",
            str(belief.get("unit", "")),
            str(belief.get("meaning", "")),
        ]
        for belief in beliefs
    ]
    header = ["Parameter", "Value used", "Plausible range", "Unit", "Meaning"]
    return Table("Beliefs, not measurements", header, rows)


def at_a_glance(run: Run, results: Results) -> Table:
    """Harm and catastrophe per regime, absolute."""
    columns = [
        ("A first catastrophe", FIRST_CATASTROPHE, "probability"),
        ("Harm, median (M$)", HARM, "median"),
        ("Harm, 90 % point (M$)", HARM, "90 % point"),
        (f"Harm, mean of min(x, {_cap(results, HARM)}) (M$)", HARM, "truncated mean"),
        ("Run ended early", "ended_year", "probability"),
    ]
    columns += [
        (f"Harm above {number(float(name.rsplit(' ', 1)[1]))} M$", HARM, name)
        for name in dict.fromkeys(results.table["statistic"])
        if str(name).startswith("probability above")
        and (HARM, run.regimes[0], name) in results.rows
    ]
    return _by_regime(
        "Harm over the run and catastrophes, each regime on its own", run, results, columns
    )


def freedoms(run: Run, results: Results) -> Table:
    """Freedoms that can be exercised, surveillance and benefit per regime, absolute."""
    names = [name for name in run.outcomes.attrs["outcomes"] if name.endswith("_exercisable")]
    columns = [("Harm, median (M$)", HARM, "median")]
    columns += [(f"Freedom {name.split('_')[1]}", name, "mean") for name in names]
    columns += [
        ("Honest activity observed", "surveillance_share", "mean"),
        ("Benefit, median", "benefit", "median"),
    ]
    caption = "Share of the community that can exercise each freedom (0 to 1, mean over the run)"
    return _by_regime(caption, run, results, columns)


def came_first(run: Run, results: Results) -> Table:
    """In how many replicates each regime came first, measure by measure."""
    outcomes = run.outcomes.attrs["outcomes"]
    ranked = [name for name in outcomes if name in _RANKED or name.endswith("_exercisable")]
    rows = []
    for regime in run.regimes:
        cells = [regime]
        for measure in ranked:
            alone = results.rows.get((measure, regime, "best alone"))
            shared = results.rows.get((measure, regime, "best or tied"))
            cells.append(f"{estimate(alone)}; first or tied {_count(shared)}")
        rows.append(cells)
    header = ["Regime"] + [title_of(name) for name in ranked]
    return Table(
        "Replicates in which a regime came first alone, by one measure at a time", header, rows
    )


def curve(run: Run, results: Results) -> Table:
    """The numbers behind the figure of first catastrophes."""
    years = list(dict.fromkeys(results.curve["year"]))
    found: dict[tuple[str, float], dict[str, Any]] = {
        (row["regime"], row["year"]): {
            **row,
            "measure": FIRST_CATASTROPHE,
            "statistic": "probability",
        }
        for row in records(results.curve)
    }
    rows = [
        [regime, *(estimate(found.get((regime, year))) for year in years)] for regime in run.regimes
    ]
    header = ["Regime", *(f"by {year:g}" for year in years)]
    return Table("Replicates with a first catastrophe by the beginning of a year", header, rows)


def of_measure(run: Run, results: Results, measure: str) -> Table:
    """All that was worked out about one outcome."""
    table = results.table[results.table["measure"] == measure]
    statistics = [name for name in dict.fromkeys(table["statistic"]) if not name.startswith("best")]
    rows = [
        [regime, *(_cell(results, measure, regime, name) for name in statistics)]
        for regime in run.regimes
    ]
    units = run.outcomes.attrs["units"][measure]
    meaning = run.outcomes.attrs["long_name"][measure]
    unit = "count" if units == "1" else units
    cap = f"; truncated at {_cap(results, measure)}" if "truncated mean" in statistics else ""
    caption = f"{title_of(measure)}: {meaning} [{unit}]{cap}"
    header = ["Regime", *(_against(name, results.reference) for name in statistics)]
    return Table(caption, header, rows)


def _cell(results: Results, measure: str, regime: str, statistic: str) -> str:
    compares = statistic.startswith(("difference", "ratio"))
    if compares and regime == results.reference:
        return "reference"
    return estimate(results.rows.get((measure, regime, statistic)), error=True)


def _against(statistic: str, reference: str) -> str:
    compares = statistic.startswith(("difference", "ratio"))
    name = statistic.capitalize() + (" (percentage points)" if "probabilities" in statistic else "")
    return f"{name}, against {reference}" if compares else name


def _by_regime(
    caption: str, run: Run, results: Results, columns: list[tuple[str, str, str]]
) -> Table:
    there = [column for column in columns if column[1] in run.outcomes]
    rows = [
        [regime, *(estimate(results.rows.get((name, regime, what))) for _, name, what in there)]
        for regime in run.regimes
    ]
    return Table(caption, ["Regime", *(title for title, _, _ in there)], rows)


def _cap(results: Results, measure: str) -> str:
    caps = results.table.loc[results.table["measure"] == measure, "cap"].dropna()
    return number(float(caps.iloc[0])) if len(caps) else NOTHING


def _count(row: Mapping[str, Any] | None) -> str:
    if row is None or row["count"] is None or row["count"] != row["count"]:
        return NOTHING
    return str(int(row["count"]))
