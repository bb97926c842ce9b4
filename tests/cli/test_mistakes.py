"""Wrong input: all mistakes at once, on standard error, exit code 2, and nothing written."""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cli_program import TINY, Program, with_changes

pytest_plugins = ("cli_fixtures",)
pytestmark = pytest.mark.program


def refuse(fingers: Program, *words: str | Path, stdin: str = "") -> list[str]:
    """Runs what must be refused; answers the lines on standard error."""
    before = fingers.files()
    said = fingers(*words, code=2, stdin=stdin)
    assert said.out == ""
    assert said.err.endswith("\n")
    assert fingers.files() == before
    return said.err.splitlines()


def refused_config(fingers: Program, content: Any) -> list[str]:  # noqa: ANN401
    """A config that `run` and `validate` must refuse in the same words."""
    fingers.write("wrong.json", content)
    lines = refuse(fingers, "run", "wrong.json")
    assert refuse(fingers, "validate", "wrong.json") == lines
    assert refuse(fingers, "explain", "wrong.json") == lines
    return lines


def test_an_unknown_key_with_the_nearest_one_and_its_place(fingers: Program) -> None:
    (line,) = refused_config(
        fingers, with_changes(population={"developers": {"cuont": 1}, "auditors": {}})
    )
    assert re.match(r"wrong\.json:\d+:\d+ /population/developers/cuont: unknown key", line)
    assert 'did you mean "count"?' in line


def test_all_mistakes_at_once_in_the_order_of_the_file(fingers: Program) -> None:
    lines = refused_config(
        fingers,
        with_changes(
            time={"years": "ten"},
            population={"developers": {"count": -3, "cuont": 2}},
            experiment={"regimes": ["hosted", "opne-weights-permissive"], "replicates": 2.5},
        ),
    )
    assert len(lines) == 5
    assert "expected a number" in lines[0]
    assert "-3" in lines[1]
    assert "outside" in lines[1]
    assert "unknown key" in lines[2]
    assert (
        'no regime "opne-weights-permissive"; did you mean "open-weights-permissive"?' in (lines[3])
    )
    assert "whole" in lines[4]
    places = [int(line.split(":")[1]) for line in lines]
    assert places == sorted(places)


def test_duplicate_keys_do_not_hide_other_mistakes(fingers: Program) -> None:
    text = json.dumps(TINY)[:-1] + ', "seed": 1, "seed": 2, "titel": "x"}'
    lines = refused_config(fingers, text)
    assert sum("written twice" in line for line in lines) == 2
    assert any('did you mean "title"?' in line for line in lines)
    assert len(lines) == 3


BROKEN = {
    "a comma is missing": ('{\n  "seed": 1\n  "title": "x"\n}', "wrong.json:3:3"),
    "it ends too early": ('{\n  "seed": 1,', "wrong.json:2:"),
    "nothing": ("", "wrong.json:1:1"),
    "not a number": ('{"seed": NaN}', "wrong.json:1:10"),
    "a huge number": ('{"seed": 1e999}', "wrong.json:1:10"),
    "a list": ("[1]", "wrong.json:1:1"),
    "zero bytes": ("\0\0\0", "wrong.json:1:1"),
    "a comment": ('{\n// no\n"seed": 1}', "wrong.json:2:1"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_broken_json_with_line_and_column(fingers: Program, case: str) -> None:
    text, place = BROKEN[case]
    (line,) = refused_config(fingers, text)
    assert line.startswith(place)


@pytest.mark.parametrize("bracket", ["[", '{"a":', '[{"a":'], ids=["lists", "objects", "both"])
def test_ten_megabytes_of_brackets_are_refused_at_once(fingers: Program, bracket: str) -> None:
    fingers.write("wrong.json", bracket * (10_000_000 // len(bracket)))
    began = time.monotonic()
    (line,) = refuse(fingers, "validate", "wrong.json")
    assert time.monotonic() - began < 10
    assert "deep" in line


def test_a_number_out_of_its_range_says_the_range(fingers: Program) -> None:
    (line,) = refused_config(
        fingers, with_changes(mechanisms={"misuse": {"pass_known_flaw": 1e300}})
    )
    assert "outside 0 to 1" in line


def test_a_regime_that_does_not_exist(fingers: Program) -> None:
    own = {"mine": {"builds_on": "hostde", "policies": [{"kind": "realese", "form": "hosted"}]}}
    lines = refused_config(
        fingers, with_changes(regimes=own, experiment={"regimes": ["mine", "none-such-at-all"]})
    )
    assert any('"hostde"' in line for line in lines)
    assert any('did you mean "release"?' in line for line in lines)
    assert any('"none-such-at-all"' in line for line in lines)


def test_missing_files(fingers: Program) -> None:
    (line,) = refuse(fingers, "run", "nowhere.json")
    assert line == "nowhere.json: no such file"
    fingers.write("mine.json", TINY)
    (line,) = refuse(fingers, "run", "mine")
    assert 'did you mean "mine.json"?' in line
    fingers.write("wrong.json", {"base": "nowhere.json"})
    (line,) = refuse(fingers, "run", "wrong.json")
    assert re.match(r"wrong\.json:2:\d+ /base: nowhere\.json: no such file", line)
    fingers.write("wrong.json", {"base": "../baseline.json"})
    (line,) = refuse(fingers, "run", "wrong.json")
    assert '"base": "baseline"' in line
    (line,) = refuse(fingers, "run", ".")
    assert "is a folder" in line


CIRCLES = {
    "itself": {"wrong.json": "wrong.json"},
    "itself by another path": {"wrong.json": "./a/../wrong.json", "a/x.json": "baseline"},
    "through two": {"wrong.json": "b.json", "b.json": "c.json", "c.json": "b.json"},
}


@pytest.mark.parametrize("case", CIRCLES)
def test_a_base_that_names_itself(fingers: Program, case: str) -> None:
    for name, base in CIRCLES[case].items():
        fingers.write(name, {"base": base})
    (line,) = refuse(fingers, "run", "wrong.json")
    assert "cannot build on itself" in line


SETTINGS = {
    "unknown key": (["--set", "/population/developers/cuont=1"], 'did you mean "count"?'),
    "no pointer": (["--set", "count=1"], "JSON pointer"),
    "no value": (["--set", "/seed"], "/json/pointer=value"),
    "through a number": (["--set", "/seed/x=1"], "it holds no"),
    "broken JSON": (["--set", "/seeds={"], "found the end of the text"),
    "not a number": (["--set", "/seed=NaN"], "expected a whole number"),
    "seed": (["--seed", "-1"], "outside"),
    "seed as a word": (["--seed", "x"], "expected a whole number"),
    "replicates": (["--replicates", "0"], "outside"),
}


@pytest.mark.parametrize("case", SETTINGS)
def test_wrong_settings_are_named_as_the_command_line_has_them(tiny: Program, case: str) -> None:
    words, what = SETTINGS[case]
    (line,) = refuse(tiny, "run", "tiny.json", *words)
    assert line.startswith(words[0])
    assert what in line


def test_mistakes_of_settings_and_of_the_file_come_together(fingers: Program) -> None:
    fingers.write("wrong.json", with_changes(titel="x"))
    lines = refuse(fingers, "run", "wrong.json", "--seed", "x", "--set", "nothing")
    assert len(lines) == 3


@pytest.fixture
def closed_folder(fingers: Program) -> Iterator[Path]:
    """A folder in which nobody, not even the superuser, can make a file."""
    if os.geteuid() == 0:
        yield Path("/proc/self")
    else:
        folder = fingers.folder / "closed"
        folder.mkdir(mode=0o500)
        yield folder
        folder.chmod(0o700)


def test_an_output_folder_that_cannot_be_written(tiny: Program, closed_folder: Path) -> None:
    lines = refuse(tiny, "run", "tiny.json", "-o", closed_folder / "x.h5")
    assert "x.h5" in lines[0]


def test_an_output_folder_that_does_not_exist(tiny: Program) -> None:
    (line,) = refuse(tiny, "run", "tiny.json", "-o", "nowhere/x.h5")
    assert "there is no folder 'nowhere'" in line


def test_an_output_that_is_no_place_for_results(tiny: Program) -> None:
    config = (tiny.folder / "tiny.json").read_text()
    refuse(tiny, "run", "tiny.json", "-o", ".")
    refuse(tiny, "run", "tiny.json", "-o", "tiny.json", "--overwrite")
    refuse(tiny, "run", "tiny.json", "-o", "./tiny.json", "--overwrite")
    assert (tiny.folder / "tiny.json").read_text() == config
    refuse(tiny, "run", "tiny.json", "-o", "/dev/null", "--overwrite")
    assert Path("/dev/null").is_char_device()


USAGE = {
    "a command with a slip": (["rnu", "x"], 'did you mean "run"?'),
    "no command": ([], "--help"),
    "no config": (["run"], "CONFIG is required"),
    "an unknown option": (["run", "tiny.json", "--tread", "1"], "fingers run --help"),
    "no threads": (["run", "tiny.json", "--threads", "0"], "--threads"),
    "a word for threads": (["run", "tiny.json", "--threads", "many"], "--threads"),
    "unknown progress": (["run", "tiny.json", "--progress", "some"], "--progress"),
    "two at once": (["schema", "--data", "--parameters"], "--data"),
    "two configs": (["run", "tiny.json", "tiny.json"], "fingers run --help"),
}


@pytest.mark.parametrize("case", USAGE)
def test_wrong_usage(tiny: Program, case: str) -> None:
    words, what = USAGE[case]
    assert what in "\n".join(refuse(tiny, *words))
