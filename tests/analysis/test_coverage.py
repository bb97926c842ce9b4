"""The tables of docs/intervals.md are what is measured; what covers too little says so."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest

from enough_fingers import coverage, coverage_measures
from enough_fingers.__main__ import main
from enough_fingers.coverage import ENOUGH, Coverages, Covered
from enough_fingers.coverage_looks import CASES, looks, schedule
from enough_fingers.coverage_page import REPETITIONS

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "intervals.md").read_text(encoding="utf-8")
_CELL = re.compile(r"^\**(\d?\.\d{3})\**(?: \((?:a (\d+)%)?(?:, )?(?:w (\d+)%)?\))?$")


def documented(title: str) -> list[list[str]]:
    """The cells of a table of the page, row by row."""
    found = re.search(rf"\*\*{re.escape(title)}\*\*\n\n(\|.*?\n)\n", PAGE, re.DOTALL)
    assert found, f"docs/intervals.md has no table {title}"
    lines = found.group(1).strip().splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def covered(cell: str) -> Covered:
    """A cell of the page as numbers."""
    if cell == "none":
        return Covered(math.nan, none=1.0)
    found = _CELL.match(cell)
    assert found, cell
    share, approximate, none = found.groups(default="0")
    return Covered(float(share), int(approximate) / 100, int(none) / 100)


def assert_same(made: Coverages, sizes: tuple[int, ...], repetitions: int, of_page: int) -> None:
    """Holds the page against a shorter simulation of some of its columns.

    The bound is four standard errors of the difference (one cell in 16,000 leaves it by luck), and
    .006 for the rounding. Shares called approximate and withheld get the same bound.
    """
    rows = documented(made.title)
    for (texts, cells), shown in zip(made.rows, rows, strict=True):
        assert shown[: len(texts)] == list(texts)
        for n, cell in zip(sizes, cells, strict=True):
            page = covered(shown[made_header(made, rows).index(str(n))])
            assert isinstance(cell, Covered)
            pairs = [(cell.none, page.none)]
            if page.none < 1:
                pairs += [(cell.share, page.share), (cell.approximate, page.approximate)]
            made_of = max(1.0, repetitions * (1 - cell.none))
            for now, then in pairs:
                p = min(max(then, 0.01), 0.99)
                error = math.sqrt(p * (1 - p) * (1 / made_of + 1 / of_page))
                assert now == pytest.approx(then, abs=4 * error + 0.006), (texts, n)


def made_header(made: Coverages, rows: list[list[str]]) -> list[str]:
    """The columns of the page's table, which has more of them than `made`."""
    found = re.search(rf"\*\*{re.escape(made.title)}\*\*\n\n\|(.*?)\|\n", PAGE)
    assert found
    header = [text.strip() for text in found.group(1).split("|")]
    assert len(header) == len(rows[0])
    return header


def test_the_exact_tables_are_those_of_the_page() -> None:
    small = coverage.probabilities((10, 100))
    rows = {tuple(row[:2]): row[2:] for row in documented(small.title)}
    for texts, cells in small.rows:
        assert [str(cell) for cell in cells] == rows[tuple(texts)]
    pairs = coverage.differences((20, 100))
    rows = {tuple(row[:2]): row[2:] for row in documented(pairs.title)}
    for texts, cells in pairs.rows:
        assert [str(cell) for cell in cells] == rows[tuple(texts)]


def test_the_simulated_tables_are_those_of_the_page() -> None:
    quarter = REPETITIONS // 4
    assert_same(coverage.means(150, (30, 300)), (30, 300), 150, REPETITIONS)
    assert_same(coverage.mean_differences(150, (30, 300)), (30, 300), 150, REPETITIONS)
    assert_same(coverage.bootstrapped_means(100, (30,)), (30,), 100, quarter)
    assert_same(coverage.quantiles(100, (10, 100)), (10, 100), 100, quarter)
    assert_same(coverage.ratios(100, (10, 100)), (10, 100), 100, quarter)
    assert_same(coverage.break_evens(150, (30, 300)), (30, 300), 150, REPETITIONS)
    assert_same(coverage.regime_places(100, (10, 100)), (10, 100), 100, REPETITIONS // 2)
    assert_same(coverage.rank_correlations(25, (30,)), (30,), 25, REPETITIONS // 20)


def test_the_tables_of_tails_and_waiting_times_are_those_of_the_page() -> None:
    half, quarter = REPETITIONS // 2, REPETITIONS // 4
    made = coverage_measures
    assert_same(made.rates(80, (30,)), (30,), 80, half)
    assert_same(made.clumped_shares(100, (30,)), (30,), 100, half)
    assert_same(made.tail_indices(60, (50,)), (50,), 60, half)
    assert_same(made.clumped_tails(40, (30,)), (30,), 40, quarter // 2)
    assert_same(made.survivals(60, (100,)), (100,), 15, quarter // 4)
    assert_same(made.curves(60, (30,)), (30,), 60, quarter)
    assert_same(made.frontiers(100, (30,)), (30,), 100, half)


def test_looking_repeatedly_is_as_the_page_says() -> None:
    repetitions = 150
    made = looks(repetitions, CASES[:9])
    for (texts, cells), shown in zip(made.rows, documented(made.title), strict=False):
        assert shown[:2] == list(texts)
        for cell, text in zip(cells, shown[2:], strict=True):
            if isinstance(cell, float):
                assert cell == pytest.approx(float(text.replace(",", "")), rel=0.15)
                continue
            page = covered(text)
            p = min(max(page.share, 0.01), 0.99)
            error = math.sqrt(p * (1 - p) * (1 / repetitions + 2 / REPETITIONS))
            assert cell.share == pytest.approx(page.share, abs=4 * error + 0.0006), (texts, text)


#: Tables of what is printed, with the standard error of a share of .93 in each.
PRINTED = {
    "Means, by n": 0.0040,
    "Paired differences of means, 1.5 x against x, by n": 0.0040,
    "Quantiles, by n": 0.0081,
    "Ratios of means, by n": 0.0081,
    "Break-even values, by n": 0.0040,
    "Rank correlations, by number of worlds": 0.018,
    "Rates of events and return periods, by number of replicates": 0.0057,
    "Shares of some 40 events a replicate, by number of replicates": 0.0057,
    "Tail indices, by number of values over the threshold": 0.0057,
    "Survival and restricted means at one time, by n": 0.0081,
    "Shares seen or fixed by a time, by number of replicates": 0.0081,
    "Break-even frontiers, by number of replicates": 0.0057,
}


@pytest.mark.parametrize("title", PRINTED)
def test_what_covers_too_little_says_so(title: str) -> None:
    # Where a law covers clearly under 93 %, at least three in four intervals call themselves
    # approximate: a sample that has not met its tail cannot know it.
    for row in documented(title):
        for cell in row:
            if _CELL.match(cell) and covered(cell).share < ENOUGH - 3 * PRINTED[title]:
                assert covered(cell).approximate >= 0.75, row


def test_places_cover_from_where_they_are_not_called_approximate() -> None:
    # a share of .93 of 2000 samples has a standard error of .0057
    for row in documented("Places, by n"):
        assert all(covered(cell).share >= ENOUGH - 3 * 0.0057 for cell in row[2:])


def test_probabilities_and_their_differences_never_cover_too_little() -> None:
    for title in (coverage.probabilities(()).title, coverage.differences(()).title):
        printed = [row for row in documented(title) if row[0] == "as printed"]
        assert printed
        assert all(covered(cell).share >= ENOUGH for row in printed for cell in row[2:])


def test_planned_looks_keep_their_promise_and_ordinary_ones_do_not() -> None:
    for row in documented("Looking at 200, 300, 450, … 20,000 replicates"):
        ordinary, planned, _, _, stopped, _, _ = row[2:]
        assert covered(ordinary).share < 0.9
        assert covered(planned).share >= 0.94
        assert covered(stopped).share >= 0.95


def test_a_law_has_the_mean_it_claims() -> None:
    # 200,000 draws: four standard errors, from the sample, which for the heaviest tails is itself
    # a guess; so those are cut.
    import numpy as np

    for law in coverage.LAWS:
        if "10⁴" in law.name or law.name == "lognormal, sigma 2.5":
            continue
        values = law.draw(np.random.default_rng(3), (200_000,))
        error = values.std() / math.sqrt(values.size)
        assert law.mean == pytest.approx(values.mean(), abs=4 * error), law.name


def test_the_looks_are_those_of_the_engine() -> None:
    # tests/engine/precision_test.cpp has the same numbers
    assert schedule(200, 1000) == [200, 300, 450, 675, 1000]
    assert schedule(1, 4) == [1, 2, 3, 4]
    assert schedule(500, 100) == [100]


def test_a_cell_says_what_covers_too_little_and_how_often_it_says_so() -> None:
    assert str(Covered(0.9444)) == ".944"
    assert str(Covered(0.9, 0.99)) == "**.900** (a 99%)"
    assert str(Covered(1.0)) == "1.000"
    assert str(Covered(0.948, 0.99, 0.04)) == ".948 (a 99%, w 4%)"
    assert str(Covered(0.948, 0.0, 0.04)) == ".948 (w 4%)"
    assert str(Covered(math.nan, none=1.0)) == "none"


def test_the_command_writes_the_tables(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["coverage", "--repetitions", "4", "-o", str(tmp_path / "tables.md")]) == 0
    text = (tmp_path / "tables.md").read_text()
    titles = re.findall(r"^\*\*(.*?)\*\*$", text, re.MULTILINE)
    assert titles == re.findall(r"^\*\*(.*?)\*\*$", PAGE, re.MULTILINE)
    assert "tables.md" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        main(["coverage", "--repetitions", "0"])
