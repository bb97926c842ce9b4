"""`fingers trace`: the story of an event, in three forms that say the same, and its refusals."""

from __future__ import annotations

import html
import json
import re

import pytest
from cli_program import Program

pytest_plugins = ("cli_fixtures",)
pytestmark = pytest.mark.program

OF_RUN = ("tiny.h5", "--regime", "open-weights-permissive", "--replicate", "1")


@pytest.fixture
def ran(tiny: Program) -> Program:
    """The program in a folder with the results of the tiny config."""
    tiny("run", "tiny.json")
    return tiny


def test_text_json_and_page_tell_the_same(ran: Program) -> None:
    words = ("trace", *OF_RUN, "--against", "hosted")
    story = json.loads(ran(*words, "--format", "json").out)
    text = " ".join(ran(*words).out.split())
    page = ran(*words, "--format", "html").out
    sentences = story["sentences"] + story["against"]["compared"]
    assert [s["step"] for s in story["sentences"]] == list(range(1, len(story["sentences"]) + 1))
    for sentence in sentences:
        assert re.fullmatch(r"\d{4}-\d\d", sentence["date"])
        assert sentence["text"] in text
        assert sentence["text"] in html.unescape(page)
    assert story["title"] in text
    assert "<script" not in page
    assert "http" not in page


def test_the_event_is_the_stored_one(ran: Program) -> None:
    h5py = pytest.importorskip("h5py")
    with h5py.File(ran.folder / "tiny.h5", "r") as file:
        run = 4  # the second replicate of the second point
        start, count = file["runs/event_start"][run], file["runs/event_count"][run]
        columns = {name: file["events"][name][start : start + count] for name in
                   ("time", "severity_musd", "agent", "flags")}  # fmt: skip
    for number in {0, int(count) - 1}:
        said = ran("trace", *OF_RUN, "--event", str(number), "--format", "json").out
        event = json.loads(said)["event"]
        assert event["number"] == number
        for name, values in columns.items():
            stored = float(values[number])
            assert event[name] == (None if name == "agent" and stored == 2**32 - 1 else stored)


def test_held_against_its_own_regime_an_event_is_itself(ran: Program) -> None:
    words = ("trace", *OF_RUN, "--against", "open-weights-permissive", "--format", "json")
    story = json.loads(ran(*words).out)
    assert story["against"]["same"]["event"] == story["event"]
    assert story["against"]["same"]["sentences"] == story["sentences"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--regime", "hostde", "--replicate", "0"), 'did you mean "hosted"?'),
        (("--regime", "hosted", "--replicate", "9"), "the file has 0 to 2"),
        (("--regime", "hosted", "--replicate", "0", "--event", "999999"), "this replicate has 0 to"),
        (("--point", "2", "--replicate", "0"), "points 0 to 1"),
        (("--replicate", "0"), "2 points fit"),
        (("--regime", "hosted", "--replicate", "0", "--against", "colsed"), "it has hosted"),
        (("--regime", "hosted", "--replicate", "0", "--format", "pdf"), "--format"),
    ],
)
def test_what_cannot_be_told_is_refused(ran: Program, words: tuple[str, ...], said: str) -> None:
    answer = ran("trace", "tiny.h5", *words, code=2)
    assert said in answer.err
    assert answer.out == ""


def test_a_file_that_is_not_there_cannot_be_read(ran: Program) -> None:
    ran("trace", "nowhere.h5", "--replicate", "0", code=3)


def test_a_run_that_comes_out_otherwise_has_no_story(ran: Program) -> None:
    h5py = pytest.importorskip("h5py")
    with h5py.File(ran.folder / "tiny.h5", "r+") as file:
        file["runs/content_xxh3"][4] ^= 1
    assert "came out otherwise" in ran("trace", *OF_RUN, code=65).err


def test_another_version_of_the_model_is_refused(ran: Program) -> None:
    h5py = pytest.importorskip("h5py")
    with h5py.File(ran.folder / "tiny.h5", "r+") as file:
        file.attrs["results_version"] = 1
    assert "another version of the model" in ran("trace", *OF_RUN, code=3).err
