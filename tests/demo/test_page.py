"""The teaching page in a real browser: from disk, by keyboard, with the program's numbers."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal
from urllib.parse import parse_qs

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright
from playwright.sync_api import TimeoutError as TooLate

TOP = Path(__file__).resolve().parents[2]
PAGE = TOP / "demo" / "dist" / "index.html"
PROGRAM = Path(os.environ.get("FINGERS_PROGRAM", TOP / "build" / "release" / "fingers")).resolve()
TEXTS = TOP / "demo" / "src" / "text"
STEPS = ("finger", "fingers", "eyeballs", "regimes", "mind", "sandbox", "claims")
#: Enough of a step's choices that all of it is on the page.
CHOSEN = {
    "finger": "finger.bet=100",
    "fingers": "fingers.bet=2_5_10_20_35_50_60_70&fingers.revealed=1",
    "eyeballs": "eyeballs.bet=ten&eyeballs.revealed=1",
    "regimes": "regimes.bet=more",
    "mind": "",
    "sandbox": "sandbox.replicates=3",
    "claims": "",
}
LONG = 120_000

pytestmark = pytest.mark.skipif(
    not PAGE.exists() and not os.environ.get("FINGERS_REQUIRE_PROGRAM"),
    reason="no page: demo/build.sh makes it",
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        yield found
        found.close()


class Opened:
    """A page from disk; whatever it asks a network for, and every error, is kept."""

    def __init__(self, browser: Browser, **settings: Any) -> None:  # noqa: ANN401
        self.context = browser.new_context(accept_downloads=True, **settings)
        self.page: Page = self.context.new_page()
        self.asked: list[str] = []
        self.errors: list[str] = []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on(
            "console", lambda told: self.errors.append(told.text) if told.type == "error" else None
        )

    def at(self, step: str, more: str = "", language: str = "en") -> Page:
        self.page.goto("about:blank")
        self.page.goto(f"{PAGE.as_uri()}#step={step}&lang={language}&seed=20240726&{more}")
        self.page.wait_for_selector("h1")
        return self.page

    def close(self) -> None:
        assert self.errors == []
        outside = [
            url for url in self.asked if not url.startswith(("file:", "about:", "blob:", "data:"))
        ]
        assert outside == []
        self.context.close()


@pytest.fixture
def opened(browser: Browser) -> Iterator[Opened]:
    found = Opened(browser)
    yield found
    found.close()


def choices(page: Page) -> dict[str, str]:
    words = parse_qs(page.evaluate("location.hash.slice(1)"), keep_blank_values=True)
    return {name: values[0] for name, values in words.items()}


def lived(page: Page) -> str:
    """Waits for the end of a batch; its content digest."""
    try:
        page.wait_for_selector(".progress .digest", timeout=LONG)
    except TooLate as error:
        told = page.inner_text(".progress")
        raise AssertionError(f"no digest after {LONG / 1000} s; the page says {told!r}") from error
    return str(page.inner_text(".progress .digest code"))


def native(config: Path) -> str:
    """The digest that the program gives the same config."""
    results = config.with_suffix(".h5")
    subprocess.run(
        [PROGRAM, "run", config, "-o", results, "--progress", "never"],
        check=True,
        capture_output=True,
    )
    told = subprocess.run(
        [PROGRAM, "info", results, "--digest"], check=True, capture_output=True, text=True
    )
    found = re.search(r"^content digest\s+(\w+)", told.stdout, re.MULTILINE)
    assert found
    return found[1]


def test_one_file_of_less_than_three_megabytes_that_asks_nobody(opened: Opened) -> None:
    assert PAGE.stat().st_size < 3_000_000
    assert not re.search(
        r'(?:src|href)="(?!#|data:)', PAGE.read_text(encoding="utf-8").split("<body>")[0]
    )
    for step in STEPS:
        assert opened.at(step).inner_text("h1")


def test_the_keyboard_alone_reaches_every_step_and_every_control(opened: Opened) -> None:
    page = opened.at("finger")
    seen = []
    for _ in STEPS:
        seen.append(choices(page)["step"])
        page.keyboard.press("PageDown")
        page.wait_for_timeout(50)
    assert seen == list(STEPS)
    assert page.evaluate("document.activeElement.tagName") == "H1"
    page.keyboard.press("2")
    page.wait_for_function("location.hash.includes('step=fingers')")
    page.keyboard.press("?")
    assert "Page down" in page.inner_text("footer")
    # From the heading by Tab through all that can be moved, to the button that goes on.
    page.focus("h1")
    reached = []
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate("document.activeElement.type + ':' + document.activeElement.innerText")
        )
        if reached[-1].endswith("Next"):
            break
    assert sum(word.startswith("range") for word in reached) == 9
    assert reached[-1].endswith("Next")


def test_a_curve_is_drawn_by_keyboard_then_revealed_and_is_that_of_the_law(opened: Opened) -> None:
    page = opened.at("fingers")
    assert page.is_disabled("button.go >> nth=0")
    assert "?" in page.inner_text("figure tbody >> nth=0") or page.inner_text("figure summary")
    slider = page.locator("fieldset.sliders input").nth(2)
    slider.focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    assert choices(page)["fingers.bet"] == "0_0_5_0_0_0_0_0"
    page.click("button.go >> nth=0")
    lived(page)
    page.click("figure summary")
    rows = [re.split(r"\t", row) for row in page.inner_text("figure tbody").splitlines()]
    assert rows[2][1] == "5%"
    for row in rows:
        count = int(row[0].replace(",", ""))
        low, high = (float(x) / 100 for x in re.findall(r"([\d.]+)%", row[3])[1:])
        # 95 % intervals of 200 worlds, eight of them: three half-widths more, against chance.
        wide = 1.5 * (high - low)
        assert low - wide <= 1 - (1 - 0.0005) ** count <= high + wide


def test_a_curve_can_be_drawn_with_a_pointer(opened: Opened) -> None:
    page = opened.at("fingers")
    box = page.locator("svg.drawable").bounding_box()
    assert box
    page.locator("svg.drawable").scroll_into_view_if_needed()
    box = page.locator("svg.drawable").bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] * 0.2, box["y"] + box["height"] * 0.7)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.8, box["y"] + box["height"] * 0.2, steps=12)
    page.mouse.up()
    drawn = [int(word) for word in choices(page)["fingers.bet"].split("_")]
    assert max(drawn) > 60
    assert sum(value > 0 for value in drawn) >= 4


@pytest.mark.parametrize("gamma", [0.0, 0.5, 1.0])
def test_eyeballs_against_fingers_has_the_slope_of_the_law(opened: Opened, gamma: float) -> None:
    page = opened.at("eyeballs", f"eyeballs.gamma={gamma}&eyeballs.bet=ten&eyeballs.revealed=1")
    lived(page)
    found = re.search(
        r"slope is (-?\d+(?:\.\d+)?); the law says [^\d]*1[^\d]*(\d+(?:\.\d+)?)",
        page.inner_text("figure figcaption"),
    )
    assert found
    assert float(found[2]) == pytest.approx(1 - gamma)
    # Counts of a few dozen at the smallest number of people: a standard error of about 0.08.
    assert float(found[1]) == pytest.approx(1 - gamma, abs=0.25)


def test_every_slider_reaches_its_ends(opened: Opened) -> None:
    for step in ("fingers", "eyeballs", "mind", "regimes"):
        page = opened.at(step)
        for slider in page.locator("input[type=range]").all():
            slider.focus()
            for key, bound in (("Home", "min"), ("End", "max")):
                page.keyboard.press(key)
                assert float(slider.input_value()) == pytest.approx(
                    float(slider.get_attribute(bound) or "nan")
                )
                assert slider.get_attribute("aria-valuetext")


def test_the_ends_of_all_beliefs_run(opened: Opened) -> None:
    low = "mind.unwarned=0&mind.theft=0&mind.rest=100000000&mind.fingers=2e-7"
    high = "mind.unwarned=1&mind.theft=0.9&mind.rest=1000000000&mind.fingers=0.0000032"
    for ends in (low, high):
        page = opened.at("mind", ends)
        page.click("button.go >> nth=0")
        # All sliders are taken by the engine; the first worlds show it.
        page.wait_for_function(
            "/[1-9]\\d* of 240/.test(document.querySelector('.progress').innerText)", timeout=LONG
        )


def test_a_link_holds_the_whole_state(opened: Opened, browser: Browser) -> None:
    page = opened.at(
        "sandbox",
        "sandbox.replicates=2&sandbox.regimes=closed_full-source&sandbox.set/time/years=3",
    )
    page.click("button.go >> nth=0")
    digest = lived(page)
    page.click("button[lang=de]")
    there = page.url
    assert "engine=" in there
    other = Opened(browser)
    other.page.goto(there)
    other.page.wait_for_selector(".regimes input:checked")
    assert other.page.inner_text("h1").endswith("Sandkasten")
    other.page.click("button.go >> nth=0")
    assert lived(other.page) == digest
    other.page.goto("about:blank")
    other.page.goto(re.sub(r"engine=[^&]*", "engine=0.0.1-1", there))
    other.page.wait_for_selector(".warning")
    other.close()


def test_the_program_gives_the_config_of_the_sandbox_the_same_digest(
    opened: Opened, tmp_path: Path
) -> None:
    page = opened.at(
        "sandbox", "sandbox.replicates=3&sandbox.set/mechanisms/flaws/unwarned_share=0.8"
    )
    with page.expect_download() as download:
        page.click("text=Save the config")
    config = tmp_path / "sandbox.json"
    download.value.save_as(config)
    assert json.loads(config.read_text())["mechanisms"]["flaws"]["unwarned_share"] == 0.8
    page.click("button.go >> nth=0")
    assert lived(page) == native(config)
    with page.expect_download() as download:
        page.click("text=Save the outcomes")
    download.value.save_as(tmp_path / "sandbox.csv")
    assert len((tmp_path / "sandbox.csv").read_text().splitlines()) == 1 + 2 * 3


@pytest.mark.parametrize("name", ["fingers", "eyeballs"])
def test_a_teaching_config_gives_the_program_the_numbers_of_its_step(
    opened: Opened, tmp_path: Path, name: str
) -> None:
    page = opened.at(name, CHOSEN[name])
    config = json.loads((TOP / "configs" / "teaching" / f"{name}.json").read_text())
    if name == "eyeballs":
        config["experiment"]["replicates"] = 200
    path = tmp_path / f"{name}.json"
    path.write_text(json.dumps(config))
    assert lived(page) == native(path)


@pytest.mark.slow
def test_the_story_of_a_world_is_that_of_the_program(opened: Opened, tmp_path: Path) -> None:
    page = opened.at("regimes", "regimes.bet=more")
    page.click("button.go >> nth=0")
    lived(page)
    page.focus("section[aria-labelledby=story] input[type=range]")
    page.keyboard.press("Home")
    page.click("text=Tell the story")
    page.wait_for_selector(".story li", timeout=LONG)
    told = page.locator(".story").nth(0).locator("li").all_inner_texts()
    config = json.loads((TOP / "configs" / "teaching" / "regimes.json").read_text())
    config["experiment"]["replicates"] = 1
    (tmp_path / "one.json").write_text(json.dumps(config))
    results = tmp_path / "one.h5"
    words = ["run", str(tmp_path / "one.json"), "-o", str(results), "--progress", "never"]
    subprocess.run([PROGRAM, *words], check=True, capture_output=True)
    words = ["trace", str(results), "--replicate", "0", "--regime", "closed", "--format", "json"]
    story = subprocess.run([PROGRAM, *words], check=True, capture_output=True, text=True).stdout
    assert told == [sentence["text"] for sentence in json.loads(story)["sentences"]]
    assert "open-weights-permissive" in page.locator(".story").nth(1).inner_text()


def test_a_wrong_value_is_named_where_it_stands(opened: Opened) -> None:
    page = opened.at("sandbox", "sandbox.set/mechanisms/flaws/unwarned_share=7")
    page.wait_for_selector(".mistakes")
    assert "/mechanisms/flaws/unwarned_share" in page.inner_text(".mistakes")
    assert page.is_disabled("button.go >> nth=0")


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("step", STEPS)
def test_axe_finds_nothing(browser: Browser, step: str, scheme: Literal["light", "dark"]) -> None:
    opened = Opened(browser, color_scheme=scheme)
    page = opened.at(step, CHOSEN[step], language="de" if scheme == "dark" else "en")
    if "revealed=1" in CHOSEN[step]:
        lived(page)
    found = Axe().run(page, options={"resultTypes": ["violations"]})
    assert found.violations_count == 0, found.generate_report()
    opened.close()


def test_a_phone_scrolls_no_way_but_down(browser: Browser) -> None:
    opened = Opened(browser, viewport={"width": 390, "height": 800})
    for step in STEPS:
        for language in ("en", "de"):
            page = opened.at(step, CHOSEN[step], language)
            assert page.evaluate("document.documentElement.scrollWidth") <= 390, (step, language)
    opened.close()


def test_who_wants_no_motion_sees_the_end_at_once(browser: Browser) -> None:
    opened = Opened(browser, reduced_motion="reduce")
    page = opened.at("fingers", "fingers.n=10000")
    page.click("text=Live a year")
    page.wait_for_function(
        "/went wrong|nothing happened/.test(document.querySelector('.dots').innerText)",
        timeout=LONG,
    )
    assert page.evaluate("document.querySelector('canvas').dataset.frames") is None
    opened.close()


def test_ten_thousand_dots_move(opened: Opened) -> None:
    """That frames are drawn; how many a second is measured (docs/measurements.md), not tested."""
    page = opened.at("fingers", "fingers.n=10000")
    page.click("text=Live a year")
    page.wait_for_function(
        "Number(document.querySelector('canvas').dataset.frames) > 5", timeout=LONG
    )


def keys_of(language: str) -> dict[str, str]:
    text = (TEXTS / f"{language}.ts").read_text(encoding="utf-8")
    return dict(re.findall(r"^  (\w+): '(.*)',$", text, re.MULTILINE))


def test_both_languages_are_whole_and_have_the_same_places() -> None:
    english, german = keys_of("en"), keys_of("de")
    assert len(english) > 100
    assert list(english) == list(german)
    for key, text in english.items():
        assert sorted(re.findall(r"\{\w+\}", text)) == sorted(
            re.findall(r"\{\w+\}", german[key])
        ), key
    same = [key for key in english if english[key] == german[key] and len(english[key]) > 20]
    assert same == []


def test_no_text_names_a_winner() -> None:
    for language, words in (
        ("en", r"\b(winner|best regime|safest|wins outright)\b"),
        ("de", r"\b(Sieger|sicherste)\b"),
    ):
        for key, text in keys_of(language).items():
            if key != "not2":
                assert not re.search(words, text), key
