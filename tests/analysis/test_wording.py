"""Numbers as a reader meets them."""

from __future__ import annotations

import math
from typing import Any

import pytest

from conftest import ROOT
from enough_fingers.discovery import Influence
from enough_fingers.limits import Limit
from enough_fingers.tables_rules import influence_text, limit_text, measure_title, place_text
from enough_fingers.wording import estimate, gain, number, percent, title_of

NAN = math.nan


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (4.0, "4"),
        (0.01234, "0.0123"),
        (-1.5, "−1.5"),
        (100.0, "100"),
        (12345.0, "12,300"),
        (9996.0, "10,000"),
        (1.234e9, "1.23×10⁹"),
        (2e-5, "2×10⁻⁵"),
        (math.inf, "∞"),
        (NAN, "–"),
        (None, "–"),
        ("infinite", "infinite"),
        (True, "true"),
    ],
)
def test_numbers_have_three_digits(value: object, text: str) -> None:
    assert number(value) == text


def test_shares_are_per_cent() -> None:
    assert [percent(x) for x in (0.0, 0.003, 0.042, 0.37, 1.0)] == [
        "0\u00a0%",
        "0.3\u00a0%",
        "4.2\u00a0%",
        "37\u00a0%",
        "100\u00a0%",
    ]


def row(value: float, low: float, high: float, **changes: object) -> dict[str, Any]:
    standard = {"statistic": "median", "measure": "harm_musd", "n": 100, "count": None}
    return {**standard, "method": "", "value": value, "low": low, "high": high, **changes}


@pytest.mark.parametrize(
    ("made", "text"),
    [
        (row(12.0, 8.0, 20.0), "12 (8 to 20)"),
        (row(1.1, 1.0, 1.22), "1.10 (1.00 to 1.22)"),
        (row(12.0, 8.0, 20.0, approximate="few"), "12 (8 to 20, approximate)"),
        (row(3.0, NAN, NAN, method="none (one replicate)"), "3 (no interval: one replicate)"),
        (row(NAN, NAN, NAN), "–"),
        (None, "–"),
        (
            row(0.0, -0.0001, 0.14, statistic="difference of probabilities"),
            "0 (0 to +14.0)",
        ),
        (
            row(0.07, -0.012, 0.13, statistic="difference of probabilities"),
            "+7.0 (−1.2 to +13.0)",
        ),
        (
            row(2027.0, 2025.5, 2029.0, measure="first_catastrophe_year"),
            "2027.0 (2025.5 to 2029.0)",
        ),
        (
            row(0.37, 0.28, 0.47, statistic="probability", count=37),
            "37 of 100: 37\u00a0% (28\u00a0% to 47\u00a0%)",
        ),
        (row(0, 0, 0.0298, statistic="probability", count=0), "0 of 100: at most 3.0\u00a0%"),
        (row(1, 0.97, 1, statistic="probability", count=100), "100 of 100: at least 97\u00a0%"),
        (
            row(0.25, 0.1, 0.4, statistic="probability", count=NAN),
            "25\u00a0% (10\u00a0% to 40\u00a0%)",
        ),
    ],
)
def test_estimates_never_come_without_interval_or_reason(
    made: dict[str, Any] | None, text: str
) -> None:
    assert estimate(made) == text


@pytest.mark.parametrize(
    ("made", "text"),
    [
        (row(12.0, 8.0, 20.0, standard_error=3.0), "12 ± 3 (8 to 20)"),
        (row(12.0, 8.0, 20.0, standard_error=NAN), "12 (8 to 20)"),
        (
            row(0.07, -0.012, 0.13, standard_error=0.04, statistic="difference of probabilities"),
            "+7.0 ± 4.0 (−1.2 to +13.0)",
        ),
        (
            row(0.37, 0.28, 0.47, standard_error=0.048, statistic="probability", count=37),
            "37 of 100: 37\u00a0% ± 4.8\u00a0% (28\u00a0% to 47\u00a0%)",
        ),
        (
            row(0, 0, 0.03, standard_error=0.007, statistic="probability", count=0),
            "0 of 100: at most 3.0\u00a0%",
        ),
    ],
)
def test_standard_errors_stand_beside_estimates(made: dict[str, Any], text: str) -> None:
    assert estimate(made, error=True) == text


def test_titles_keep_the_unit() -> None:
    assert title_of("harm_misuse_musd") == "Harm misuse (M$)"
    assert title_of("bans") == "Bans"


def test_what_pairing_was_worth() -> None:
    assert (gain(8.46), gain(293.4), gain(1.0), gain(NAN)) == ("8.5×", "293×", "1.0×", "–")
    assert gain(math.inf).startswith("∞")


@pytest.mark.parametrize(
    ("first", "last", "value", "statistic", "text"),
    [
        (2, 5, 0.31, "probability", "2 to 5 (31\u00a0%)"),
        (3, 3, 12345.0, "mean of min(x, 20,000)", "3 (12,300)"),
    ],
)
def test_a_place_is_a_range_where_chance_leaves_it_open(
    first: int, last: int, value: float, statistic: str, text: str
) -> None:
    made = {"first": first, "last": last, "value": value, "statistic": statistic}
    assert place_text(made) == text


def test_levels_say_which_side_is_tolerable() -> None:
    limit = Limit("first_catastrophe_year", 0.01, True)
    assert limit_text(limit) == "A first catastrophe: at most 1.0\u00a0%"
    assert limit_text(Limit("freedom_1a_exercisable", 0.3, False)) == "Freedom 1a: at least 0.3"
    assert measure_title("surveillance_share") == "Surveillance share"


def test_an_influence_shows_its_interval_and_its_thirds() -> None:
    influence = Influence("x", "/misuse/x", -0.61, -0.7, -0.5, (0.9, 0.5, 0.1), (1.0, 2.0))
    text = influence_text(influence)
    assert text == "/misuse/x −0.61 (−0.70 to −0.50): 90\u00a0%, 50\u00a0%, 10\u00a0%"


def test_the_package_has_no_word_for_one_that_wins() -> None:
    folder = ROOT / "analysis" / "enough_fingers"
    sources = [*folder.glob("*.py"), *folder.glob("*.jinja")]
    assert len(sources) > 20
    for source in sources:
        words = source.read_text(encoding="utf-8").lower()
        for verdict in ("winner", "best overall", "optimal", "overall score"):
            assert verdict not in words, f"{source.name}: {verdict}"
