"""Tables of what depends on rules, levels and references."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from enough_fingers.break_even import BreakEven
from enough_fingers.contents import Results, records
from enough_fingers.discovery import Influence, Turning
from enough_fingers.judgement import Judgement
from enough_fingers.layout import better_of, is_year
from enough_fingers.limits import Limit
from enough_fingers.load import Run
from enough_fingers.robustness import FEW_FOR_PLACES
from enough_fingers.tables import Table
from enough_fingers.without_ai import WITHOUT_AI
from enough_fingers.wording import NOTHING, estimate, number, percent, title_of

_FEW_WORDS = {"first_catastrophe_year": "A first catastrophe"}


def measure_title(measure: str) -> str:
    """A measure as a heading: its probability where it is a year or none."""
    return _FEW_WORDS.get(measure, title_of(measure.removesuffix("_exercisable")))


def wanted(measure: str) -> str:
    """Which end of a measure has place 1."""
    if is_year(measure):
        return "least often first"
    return "least first" if better_of(measure) == "lower" else "most first"


def by_rule(results: Results, measure: str) -> Table:
    """Places and numbers of every regime under every rule, by one measure."""
    table = results.judgement.places
    own = table[table["measure"] == measure]
    found = {(row["regime"], row["rule"]): row for row in records(own)}
    rules = list(dict.fromkeys(own["rule"]))
    regimes = list(dict.fromkeys(own["regime"]))
    rows = [[regime, *(place_text(found[regime, rule]) for rule in rules)] for regime in regimes]
    statistic = own["statistic"].iloc[0]
    caption = (
        f"{measure_title(measure)}, {wanted(measure)}: places, and in brackets the number behind "
        f"them ({statistic} of each world, then the rule){_few_units(own)}"
    )
    return Table(caption, ["Regime", *rules], rows)


def by_measure(results: Results) -> Table:
    """Places of every regime by every measure, under the mean over worlds."""
    table = results.judgement.places
    own = table[table["rule"] == table["rule"].iloc[0]]
    found = {(row["regime"], row["measure"]): row for row in records(own)}
    measures = list(dict.fromkeys(own["measure"]))
    regimes = list(dict.fromkeys(own["regime"]))
    rows = [[regime, *(place_text(found[regime, name]) for name in measures)] for regime in regimes]
    header = ["Regime", *(f"{measure_title(name)}, {wanted(name)}" for name in measures)]
    caption = f"Places by one measure at a time, and the number behind them{_few_units(own)}"
    return Table(caption, header, rows)


def _few_units(own: pd.DataFrame) -> str:
    """What a caption says of places that cover less often than they should."""
    few = int(own["n"].min()) < FEW_FOR_PLACES
    return f"; approximate, for there are fewer than {FEW_FOR_PLACES} replicates" if few else ""


def place_text(row: Mapping[str, Any]) -> str:
    """As "2 to 5 (31 %)": the places that chance leaves open, and the number."""
    place = f"{row['first']}" if row["first"] == row["last"] else f"{row['first']} to {row['last']}"
    show: Callable[[float], str] = percent if row["statistic"] == "probability" else number
    return f"{place} ({show(row['value'])})"


def worlds_first(results: Results) -> Table:
    """In how many worlds each regime comes first, measure by measure."""
    table = results.judgement.first
    found = {(row["regime"], row["measure"]): row for row in records(table)}
    measures = list(dict.fromkeys(table["measure"]))
    rows = []
    for regime in dict.fromkeys(table["regime"]):
        cells = [str(regime)]
        for measure in measures:
            row = found[regime, measure]
            cells.append(f"{row['alone']} of {row['n']}; first or tied {row['shared']}")
        rows.append(cells)
    header = ["Regime", *(f"{measure_title(name)}, {wanted(name)}" for name in measures)]
    caption = "Worlds in which a regime came first alone, by one measure at a time"
    return Table(caption, header, rows)


def satisficing(results: Results) -> Table:
    """In how many worlds each regime keeps what the reader calls tolerable."""
    judged = results.judgement
    rows = []
    for row in records(judged.kept):
        cells = [f"{row['kept']} of {row['n']} ({percent(row['share'])})"]
        cells += [f"{row[f'kept: {limit.name}']} of {row['n']}" for limit in judged.limits]
        rows.append([row["regime"], *cells])
    header = ["Regime", "All levels at once", *(limit_text(limit) for limit in judged.limits)]
    caption = "Worlds in which a regime keeps the levels that this report was told are tolerable"
    return Table(caption, header, rows)


def limit_text(limit: Limit) -> str:
    """As "A first catastrophe: at most 1 %"."""
    level = percent(limit.level) if is_year(limit.measure) else number(limit.level)
    side = "at most" if limit.at_most else "at least"
    return f"{measure_title(limit.measure)}: {side} {level}"


def relative_and_absolute(run: Run, results: Results, measure: str) -> Table:
    """One measure on its own, against the reference, a tolerable level and a world without AI."""
    judged = results.judgement
    level, difference, ratio = statistics_of(results, measure)
    limits = [limit for limit in judged.limits if limit.measure == measure]
    against = _by_regime(judged, "against_no_ai")
    unit = "percentage points" if is_year(measure) else run.outcomes.attrs["units"][measure]
    header = ["Regime", f"On its own ({level})"]
    header += [limit_text(limit).split(": ")[1].capitalize() for limit in limits]
    header += [f"Difference to {results.reference} ({unit})"]
    header += ["Ratio"] if ratio else []
    header += [f"Difference to a world without AI ({unit})"] if against else []
    rows = []
    for regime in run.regimes:
        own = results.rows.get((measure, regime, level))
        cells = [regime, estimate(own)]
        cells += [verdict(own, limit) for limit in limits]
        for statistic in [difference, ratio] if ratio else [difference]:
            same = regime == results.reference
            found = results.rows.get((measure, regime, statistic))
            cells.append("reference" if same else estimate(found))
        cells += [estimate(against.get((measure, regime, difference)))] if against else []
        rows.append(cells)
    alone = _by_regime(judged, "no_ai").get((measure, WITHOUT_AI, level))
    if alone is not None:
        blank = [NOTHING] * (1 + bool(ratio))
        row = [WITHOUT_AI, estimate(alone), *(verdict(alone, limit) for limit in limits)]
        rows.append([*row, *blank, "reference"])
    caption = f"{measure_title(measure)}: absolute and relative{_cap_text(results, measure)}"
    return Table(caption, header, rows)


def statistics_of(results: Results, measure: str) -> tuple[str, str, str]:
    """The names of a measure's level, difference and ratio; the last empty for a probability."""
    if is_year(measure):
        return "probability", "difference of probabilities", ""
    names = set(results.table.loc[results.table["measure"] == measure, "statistic"])
    mean = "truncated mean" if "truncated mean" in names else "mean"
    return mean, f"difference of {mean}s", f"ratio of {mean}s"


def verdict(row: Mapping[str, Any] | None, limit: Limit) -> str:
    """Whether an estimate and its interval lie within a level, beyond it, or on both sides.

    Args:
        row: A row of `measures.absolute`.
        limit: The level.

    Returns:
        "within", "beyond", or "cannot be told" from chance.
    """
    if row is None or math.isnan(row["value"]):
        return NOTHING
    ends = [row["low"], row["high"]]
    if any(math.isnan(end) for end in ends):
        ends = [row["value"]]
    within = [bool(limit.kept(end)) for end in ends]
    if all(within):
        return "within"
    return "cannot be told" if any(within) else "beyond"


def _by_regime(judged: Judgement, name: str) -> dict[tuple[str, str, str], Mapping[str, Any]]:
    rows = records(getattr(judged, name))
    return {(row["measure"], row["regime"], row["statistic"]): row for row in rows}


def _cap_text(results: Results, measure: str) -> str:
    caps = results.table.loc[results.table["measure"] == measure, "cap"].dropna()
    return f"; truncated mean: of min(x, {number(float(caps.iloc[0]))})" if len(caps) else ""


def break_even(results: Results) -> Table:
    """The value of one catastrophe at which each regime and the reference come to the same."""
    found = results.judgement.break_even
    rows = [
        [
            even.regime,
            _signed(even.catastrophes),
            _signed(even.other_harm_musd),
            break_even_text(even),
        ]
        for even in found
    ]
    cap = number(found[0].cap_musd) if found else NOTHING
    reference = found[0].reference if found else NOTHING
    header = [
        "Regime",
        "Catastrophes: difference in number",
        f"Other harm, mean of min(x, {cap}): difference (M$)",
        "One catastrophe would have to count for (M$)",
    ]
    caption = f"Where a regime and {reference} come to the same"
    return Table(caption, header, rows)


def break_even_text(even: BreakEven) -> str:
    """The break-even value with its interval, or which of the two has less of both."""
    harm, number_of = even.other_harm_musd[0], even.catastrophes[0]
    if math.isnan(even.value_musd):
        if math.isnan(harm):
            return NOTHING
        if harm == number_of == 0:
            return "none: no difference"
        less = even.regime if min(harm, number_of) < 0 else even.reference
        sure = math.isnan(even.low_musd) and not even.approximate
        doubt = "" if sure else "; chance alone could turn that"
        return f"none: {less} has no more of either{doubt}"
    if math.isnan(even.low_musd):
        return f"{number(even.value_musd)} (one pair, no interval)"
    approximate = ", approximate" if even.approximate else ""
    if math.isinf(even.high_musd):
        ends = f"{number(even.low_musd)} or more" if even.low_musd > 0 else "any value"
    else:
        ends = f"{number(even.low_musd)} to {number(even.high_musd)}"
    fewer = even.regime if number_of < 0 else even.reference
    return f"{number(even.value_musd)} ({ends}{approximate}); above it {fewer} comes to less"


def _signed(ends: tuple[float, float, float]) -> str:
    value, low, high = (f"+{number(end)}" if end > 0 else number(end) for end in ends)
    return value if math.isnan(ends[1]) else f"{value} ({low} to {high})"


def what_turns(results: Results) -> Table:
    """The factors that turn the difference between a regime and the reference."""
    found = results.judgement.turning
    rows = [
        [
            f"{turn.regime}: {measure_title(turn.measure)}",
            f"{percent(turn.more)} of {turn.n}",
            "; ".join(influence_text(i) for i in turn.influences)
            or f"none of {turn.n_factors} is above {turn.floor:.2f}",
        ]
        for turn in found
    ]
    reference = found[0].reference if found else NOTHING
    header = ["Regime and measure", f"Worlds with more than {reference} (equal: half)",
              "Strongest factors: rank correlation; worlds with more in its lowest, middle and "
              "highest third"]  # fmt: skip
    return Table("What turns the difference", header, rows)


def influence_text(influence: Influence) -> str:
    """As "/misuse/rate +0.61 (0.50 to 0.70): 12 %, 48 %, 91 %"."""
    low, high = (f"{end:+.2f}".replace("-", "−") for end in (influence.low, influence.high))
    value = f"{influence.correlation:+.2f}".replace("-", "−")
    thirds = ", ".join(percent(share) for share in influence.thirds)
    return f"{influence.pointer} {value} ({low} to {high}): {thirds}"


def turned(found: list[Turning]) -> list[Turning]:
    """Those whose sign a factor turns: more in most worlds of one third, less in another's."""
    return [
        turn for turn in found if any(min(i.thirds) < 0.5 < max(i.thirds) for i in turn.influences)
    ]


def claimed(rows: list[dict[str, Any]], outcome: str, pointer: str) -> Table:
    """The numbers behind the figure of a claim, for one outcome."""
    header = ["Regime", *([pointer] if pointer else []), str(rows[0]["statistic"]).capitalize()]
    texts = []
    for row in rows:
        row = {**row, "measure": outcome}
        x = [number(row["x"])] if pointer else []
        texts.append([str(row["regime"]), *x, estimate(row, error=True)])
    return Table(measure_title(outcome), header, texts)
