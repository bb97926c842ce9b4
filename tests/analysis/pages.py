"""A real browser for tests of pages: headless Chromium, and axe for what keeps people out."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome")
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 900}


@contextmanager
def browser() -> Iterator[Browser]:
    """A headless Chromium; where none is installed the test is skipped, or fails if it must run."""
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        if os.environ.get("FINGERS_REQUIRE_PROGRAM") == "1":
            pytest.fail("no Chromium here; on Debian: apt-get install chromium")
        pytest.skip("no Chromium here")
    with sync_playwright() as playwright:
        # Its own sandbox needs rights that a container may not have; the pages are our own.
        started = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield started
        started.close()


@contextmanager
def opened_page(started: Browser, file: Path, **context: Any) -> Iterator[Page]:  # noqa: ANN401
    """A file as a page that is cut off from all networks; any wish to load more is an error."""
    surroundings = started.new_context(offline=True, **context)
    page = surroundings.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    page.goto(file.as_uri())
    yield page
    assert asked == [file.as_uri()]
    assert errors == []
    surroundings.close()


def violations(page: Page) -> list[str]:
    """What axe finds wrong: rule, how bad, and where.

    Of each table it sees the first six rows: the others are made alike, and a page of thousands of
    cells would take it half a minute.
    """
    page.evaluate(
        "for (const body of document.querySelectorAll('tbody'))"
        " [...body.rows].slice(6).forEach(row => row.remove())"
    )
    found = Axe().run(page, options={"resultTypes": ["violations"]})
    return [
        f"{rule['id']} ({rule['impact']}): {node['target']}"
        for rule in found.response["violations"]
        for node in rule["nodes"]
    ]


def open_all_details(page: Page) -> None:
    """Opens all that is folded away, so that it is looked at too."""
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than its window."""
    return int(
        page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    )
