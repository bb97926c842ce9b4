"""The report stands alone, puts beliefs before results, and never names a winner."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest

from conftest import ROOT
from enough_fingers import open_run
from enough_fingers.__main__ import main
from files import Contents, write_run_file
from samples import experiment, hypercube, worlds

VOID = {"meta", "wbr", "br", "link", "img", "input", "hr"}


class Page(HTMLParser):
    """Reads a page; notes headings, ids and where an element is left open."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.headings: list[tuple[str, str]] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.ids += [value or "" for name, value in attrs if name == "id"]
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]
        if tag not in VOID:
            self.open.append(tag)
        if tag in ("h1", "h2", "h3"):
            self.headings.append((tag, ""))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag, f"</{tag}> closes another element"

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in ("h1", "h2", "h3"):
            tag, text = self.headings[-1]
            self.headings[-1] = (tag, text + data)


def assert_no_verdict(html: str) -> None:
    """No winner, no score, no ranking of regimes, in text or in figures."""
    words = re.sub(r"<style.*?</style>|<pre>.*?</pre>", "", html, flags=re.DOTALL).lower()
    # The two sentences that say that there is none.
    for denied in ("none names a best regime", "adds harm and freedom up to one score"):
        words = words.replace(denied, "")
    for verdict in ("winner", "wins", "overall", "ranking", "best regime", "best policy",
                    "score", "optimal", "recommended", "should choose"):  # fmt: skip
        assert verdict not in words, verdict


def report(folder: Path, contents: Contents, *options: str) -> str:
    path = write_run_file(folder / "run.h5", contents)
    assert main(["report", str(path), "-o", str(folder / "out"), "--brief", *options]) == 0
    return (folder / "out" / "report.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("report")


@pytest.fixture(scope="module")
def html(folder: Path) -> str:
    return report(folder, experiment(), "--tolerable", "harm_musd=100000")


def test_the_folder_holds_page_figures_and_table(html: str, folder: Path) -> None:
    assert html
    assert sorted(path.name for path in (folder / "out").iterdir()) == [
        "first-catastrophe.png",
        "first-catastrophe.svg",
        "harm-against-freedom.png",
        "harm-against-freedom.svg",
        "outcomes.csv",
        "places-by-measure.png",
        "places-by-measure.svg",
        "places.csv",
        "relative-and-absolute.png",
        "relative-and-absolute.svg",
        "report.html",
    ]


def test_the_page_is_well_formed_with_unique_ids_and_ordered_headings(html: str) -> None:
    page = Page(html)
    assert page.open == []
    assert len(page.ids) == len(set(page.ids))
    assert [tag for tag, _ in page.headings].count("h1") == 1
    assert [text for tag, text in page.headings if tag == "h2"] == [
        "What was asked",
        "What was assumed",
        "What came out",
        "Under different rules",
        "How sure",
        "How to repeat it",
        "What it does not claim",
    ]
    assert {link[1:] for link in page.links if link.startswith("#")} <= set(page.ids)


def test_the_page_asks_nothing_from_outside(html: str) -> None:
    assert all(link.startswith("#") for link in Page(html).links)
    addresses = set(re.findall(r'https?://[^"\'<> ]+', html))
    assert addresses <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
    assert "@import" not in html
    assert "<script" not in html
    assert "default-src 'none'" in html


def test_beliefs_come_before_every_result_and_are_escaped(html: str) -> None:
    assumed, results = html.index('id="assumed"'), html.index('id="came-out"')
    assert assumed < html.index("/<wbr>developers/<wbr>count") < results
    assert "2,000 to 100,000" in html
    assert "&lt;b&gt;at all&lt;/b&gt;" in html
    assert html.index("<svg") > results


def test_beside_every_figure_stands_that_intervals_show_chance_only(html: str) -> None:
    figures = re.split(r"</figure>", html)[1:]
    assert len(figures) == 4
    for following in figures:
        assert following.lstrip().startswith('<p class="chance"><strong>Chance only, not belief.')
        assert "<details>" in following[:1000]


def test_every_figure_has_alternative_text(html: str) -> None:
    assert html.count("<svg") == html.count('role="img"') == html.count("<desc ") == 8
    assert "All values stand in the table below the figure" in html


def test_no_regime_is_named_a_winner_and_no_score_is_made(html: str) -> None:
    assert_no_verdict(html)
    assert "none names a best regime" in html


def test_in_one_world_the_page_says_that_rules_coincide(html: str) -> None:
    assert "they <strong>coincide</strong>" in html
    assert "Places by one measure at a time" in html


def test_what_is_needed_to_repeat_it_is_there(html: str, folder: Path) -> None:
    config = open_run(folder / "run.h5").attributes["config_sha256"]
    for needed in ("fingers run configs/tiny.json", "design 1, population 2", config, "SHA-256"):
        assert needed in html
    # Of the config and of the file.
    assert len(set(re.findall(r"\b[0-9a-f]{64}\b", html))) == 2


def test_a_tolerable_harm_gives_an_absolute_column(html: str) -> None:
    assert "Harm above 100,000 M$" in html


def test_the_table_of_outcomes_says_what_its_intervals_cover(html: str, folder: Path) -> None:
    assert html
    table = pd.read_csv(folder / "out" / "outcomes.csv")
    said = {"chance_low", "chance_high", "standard_error", "n", "cap", "method", "approximate"}
    assert {*said, "units"} <= set(table.columns)
    withheld = table["chance_low"].isna() & table["value"].notna()
    assert table.loc[~withheld & table["value"].notna(), "standard_error"].notna().all()
    assert table.loc[withheld, "method"].str.startswith("none (").all()
    assert not table["statistic"].isin(["mean"])[table["measure"] == "harm_musd"].any()
    assert (table.loc[table["statistic"] == "truncated mean", "cap"].notna()).all()


def test_the_page_says_which_intervals_are_approximate(html: str) -> None:
    assert ", approximate)" in html
    assert "Intervals marked as approximate cover less often than 93" in html


def test_the_page_says_that_replicates_were_added_until_something_was_known(
    tmp_path: Path,
) -> None:
    until = {"outcome": "harm_musd", "half_width": 5.0, "maximum": 100}
    config = {"experiment": {"until": until}}
    page = report(tmp_path, Contents(outcomes={"harm_musd": [1.0, 2, 3, 5]}, config=config))
    assert "added until harm_musd was known to ± 5." in page


def test_the_same_file_gives_the_same_page(html: str, folder: Path) -> None:
    out = folder / "again"
    arguments = ["report", str(folder / "run.h5"), "-o", str(out), "--brief"]
    assert main([*arguments, "--tolerable", "harm_musd=100000"]) == 0
    assert (out / "report.html").read_text(encoding="utf-8") == html


def test_a_report_says_what_it_was_made_from(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # One page for four statements, because drawing it is what takes the time.
    contents = experiment(2, 4, factors={"count": [100.0, 100.0]}, status=[1, 2] + [0] * 6)
    html = report(tmp_path, contents, "--reference", "hosted")
    assert "ratios to <strong>hosted</strong>" in html
    assert "Unfinished." in html
    assert "2 of 8 runs are missing or failed" in html
    assert "1 of 8 runs are missing and 1 failed" in capsys.readouterr().err
    assert "Only 2 replicates" in html
    assert "Varied: /population/count" in html


def test_one_regime_with_one_replicate_still_makes_a_page(tmp_path: Path) -> None:
    html = report(tmp_path, Contents(("only",), 1, {"harm_musd": [3.0]}, assumed=()))
    assert "3 (no interval: one replicate)" in html
    assert "The file lists no assumed values" in html


def test_a_file_that_cannot_be_used_gives_3_and_says_why(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", str(tmp_path / "nothing.h5"), "-o", str(tmp_path)]) == 3
    assert "no such file" in capsys.readouterr().err


def test_a_wrong_reference_gives_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write_run_file(tmp_path / "run.h5", experiment(2, 3))
    assert main(["report", str(path), "-o", str(tmp_path), "--reference", "opne"]) == 2
    assert "there are closed, hosted" in capsys.readouterr().err


def test_a_place_that_cannot_be_written_gives_74(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write_run_file(tmp_path / "run.h5", experiment(2, 3))
    assert main(["report", str(path), "-o", str(path)]) == 74
    assert "cannot write" in capsys.readouterr().err


def test_the_module_runs_from_the_command_line() -> None:
    command = [sys.executable, "-m", "enough_fingers", "report"]
    found = {**os.environ, "PYTHONPATH": str(ROOT / "analysis")}
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=60, env=found, check=False
    )
    assert done.returncode == 2
    assert "FILE" in done.stderr


@pytest.mark.slow
def test_a_report_of_fourteen_regimes_is_small(tmp_path: Path) -> None:
    html = report(tmp_path, experiment(14, 100))
    assert len(html.encode()) < 3_000_000


@pytest.mark.slow
def test_of_many_regimes_not_every_outcome_is_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "<summary>Harm (M$)" in report(tmp_path, experiment(4, 3))
    monkeypatch.setattr("enough_fingers.report.TABULATED", 3)
    html = report(tmp_path, experiment(4, 3))
    assert "There are 4 regimes, too many" in html
    assert "<summary>Harm (M$)" not in html


def test_several_worlds_are_held_to_rules_levels_and_a_world_without_ai(tmp_path: Path) -> None:
    contents = worlds(3, 2, 6)
    alone = Contents(
        regimes=("closed",),
        replicates=6,
        outcomes={name: [0.0] * 6 for name in ("harm_musd", "benefit")},
        config={"ai": False},
        times=contents.times,
    )
    without = write_run_file(tmp_path / "without.h5", alone)
    options = ["--tolerable", "p_catastrophe=0.05", "--tolerable", "freedom_1a_exercisable=0.3"]
    html = report(tmp_path, contents, *options, "--without-ai", str(without))
    for shown in ("Worst world", "Largest regret", "Hurwicz, optimism 0.5", "Worlds in which a"):
        assert shown in html
    assert "A first catastrophe: at most 5.0" in html
    assert "Difference to a world without AI" in html
    assert "Each world has only 6 replicates" in html
    assert (tmp_path / "out" / "places-by-rule.png").exists()
    places = pd.read_csv(tmp_path / "out" / "places.csv")
    assert places["rule"].nunique() >= 5
    assert (places["first"] <= places["last"]).all()
    assert "coincide" not in html
    assert_no_verdict(html)


@pytest.mark.slow
def test_hundreds_of_factors_are_not_listed_one_by_one(tmp_path: Path) -> None:
    html = report(tmp_path, hypercube(3, 60, 300))
    words = re.sub(r"<pre>.*?</pre>", "", html, flags=re.DOTALL)
    assert words.count("/population/factor_") < 40
    assert "292 more parameters" in html
    assert "What turns the difference" in html
    assert "whether the ranges of the 300 varied parameters hold" in html
    assert "60 worlds a regime" in html
    assert_no_verdict(html)


def test_a_claim_comes_first_with_the_words_tested(tmp_path: Path) -> None:
    figure = {"outcomes": ["harm_musd"], "x": "/population/count", "scale": "log"}
    claim = {"words": "Enough eyeballs <make> it shallow", "figure": figure}
    html = report(tmp_path, worlds(2, 3, 4, config={"claim": claim}))
    results = html.index('id="came-out"')
    assert (
        results < html.index("Enough eyeballs &lt;make&gt;") < html.index("Harm and catastrophe,")
    )
    assert html.index("The claim that is tested") < html.index("Harm against freedom")
    assert (tmp_path / "out" / "claim.png").exists()


def test_a_factor_for_ai_is_the_absolute_side_and_no_world_of_its_own(tmp_path: Path) -> None:
    figure = {"outcomes": ["harm_musd"], "x": "/ai", "scale": {"y": "log"}}
    contents = worlds(2, 2, 4, config={"claim": {"words": "safer than", "figure": figure}})
    levels = {"ai": [0.0, 1.0] * 2}
    split = Contents(**{**vars(contents), "factors": levels, "pointers": {"ai": "/ai"}})
    html = report(tmp_path, split)
    assert "with advanced AI; the same without it stands beside" in html
    assert "Difference to a world without AI" in html
    assert "they <strong>coincide</strong>" in html
    assert "Varied: /ai" not in html
