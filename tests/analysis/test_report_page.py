"""The report in a real browser: on a desk and a phone, in light and dark, on paper."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from enough_fingers import open_run
from enough_fingers.judgement import Choices
from enough_fingers.report import write_report
from pages import DESK, PHONE, browser, open_all_details, opened_page, overflow, violations

pytestmark = pytest.mark.program


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as started:
        yield started


# Of the session, not of the module: a worker that leaves these tests and comes back to them would
# make it again.
@pytest.fixture(scope="session")
def report(real_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    return write_report(open_run(real_file), folder, Choices(n_resamples=200))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("scheme", "size"), [("light", DESK), ("dark", PHONE)], ids=["light desk", "dark phone"]
)
def test_axe_finds_nothing(
    chromium: Browser, report: Path, scheme: str, size: dict[str, int]
) -> None:
    with opened_page(chromium, report, color_scheme=scheme, viewport=size) as page:
        open_all_details(page)
        assert violations(page) == []


@pytest.mark.parametrize("width", [320, 768])
def test_only_tables_scroll_sideways(chromium: Browser, report: Path, width: int) -> None:
    with opened_page(chromium, report, viewport={"width": width, "height": 800}) as page:
        open_all_details(page)
        assert overflow(page) == 0


def test_every_figure_has_words_and_a_table(chromium: Browser, report: Path) -> None:
    with opened_page(chromium, report, viewport=DESK) as page:
        figures = page.locator("figure")
        assert figures.count() >= 4
        for place in range(figures.count()):
            figure = figures.nth(place)
            svg = figure.locator("svg[role=img]:visible")
            assert svg.count() == 1
            title, description = svg.get_attribute("aria-labelledby").split()  # type: ignore[union-attr]
            assert page.locator(f"#{title}").text_content()
            assert len(page.locator(f"#{description}").text_content() or "") > 40
            behind = figure.locator("xpath=following-sibling::details[1]")
            assert behind.locator("table tbody tr").count() > 0


def test_all_of_it_is_reached_by_keyboard(chromium: Browser, report: Path) -> None:
    """Links of the contents first, then every fold; Enter opens one."""
    with opened_page(chromium, report, viewport=DESK) as page:
        reached: list[str] = []
        for _ in range(400):
            page.keyboard.press("Tab")
            tag = str(page.evaluate("document.activeElement.tagName"))
            if tag == "BODY":
                break
            reached.append(tag)
        assert reached.count("A") >= page.locator("nav a").count()
        assert reached.count("SUMMARY") == page.locator("summary").count()
        page.locator("summary").first.focus()
        page.keyboard.press("Enter")
        assert page.locator("details").first.get_attribute("open") is not None


def test_on_paper_nothing_is_folded_or_cut_off(chromium: Browser, report: Path) -> None:
    with opened_page(chromium, report, viewport={"width": 794, "height": 1123}) as page:
        page.emulate_media(media="print")
        assert overflow(page) == 0
        hidden = page.evaluate(
            "[...document.querySelectorAll('figure + p + details table')]"
            ".filter(t => t.getBoundingClientRect().height === 0).length"
        )
        assert hidden == 0
        paper = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
        assert paper == "rgb(255, 255, 255)"
        assert page.pdf(format="A4").startswith(b"%PDF")
