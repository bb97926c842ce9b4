"""`fingers upgrade`: an older config becomes a new one, and stays its author's."""

from __future__ import annotations

import json
import resource
import stat
import subprocess
from pathlib import Path

import pytest
from cli_program import TINY, Program, program

pytest_plugins = ("cli_fixtures",)
pytestmark = pytest.mark.program

DRAFT = """{
    "title" : "A draft, naïve",

    "base": "baseline", "seed": 5.0e0,
    "time": {"years": 1}
}
"""
NEW = DRAFT.replace('{\n    "title"', '{\n    "schema_version" : 1,\n    "title"')


@pytest.fixture
def draft(fingers: Program) -> Program:
    """A folder with `draft.json`, which says no version."""
    fingers.write("draft.json", DRAFT)
    return fingers


def text(draft: Program, name: str) -> str:
    return (draft.folder / name).read_text(encoding="utf-8")


def test_the_new_config_goes_to_stdout_and_the_changes_to_stderr(draft: Program) -> None:
    said = draft("upgrade", "draft.json")
    assert said.out == NEW
    assert said.err.splitlines() == [
        "draft.json: version 0 to 1: a config says which version of the format it is written in",
        "  draft.json:1 /schema_version: added: 1",
    ]
    assert text(draft, "draft.json") == DRAFT
    assert draft("upgrade", "-", stdin=DRAFT).out == NEW


def test_a_config_is_rewritten_in_place_with_its_rights(draft: Program) -> None:
    path = draft.folder / "draft.json"
    path.chmod(0o640)
    said = draft("upgrade", "draft.json", "--in-place")
    assert "draft.json:1 /schema_version: added" in said.out
    assert text(draft, "draft.json") == NEW
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert draft.files() == {"draft.json"}
    draft("validate", "draft.json")


def test_a_link_stays_a_link(draft: Program) -> None:
    (draft.folder / "link.json").symlink_to("draft.json")
    draft("upgrade", "link.json", "--in-place")
    assert (draft.folder / "link.json").is_symlink()
    assert text(draft, "draft.json") == NEW


def test_a_new_file_is_written_and_none_overwritten(draft: Program) -> None:
    draft("upgrade", "draft.json", "-o", "new.json")
    assert text(draft, "new.json") == NEW
    for name in ("new.json", "draft.json"):
        said = draft("upgrade", "draft.json", "-o", name, code=2)
        assert f"'{name}' exists already" in said.err
        assert "--in-place" in said.err
    assert text(draft, "draft.json") == DRAFT
    assert "no folder 'x'" in draft("upgrade", "draft.json", "-o", "x/new.json", code=2).err
    draft("upgrade", "draft.json", "-o", "newer.json", "--in-place", code=2)
    draft("upgrade", "-", "--in-place", stdin=DRAFT, code=2)
    draft("upgrade", "baseline", "--in-place", code=2)


def test_check_only_says_what_would_be_done(draft: Program) -> None:
    said = draft("upgrade", "draft.json", "--check", code=2)
    assert said.out.startswith("draft.json: version 0 to 1: ")
    assert draft.files() == {"draft.json"}
    assert text(draft, "draft.json") == DRAFT
    draft.write("new.json", NEW)
    assert "nothing to do" in draft("upgrade", "new.json", "--check").out


def test_the_newest_has_nothing_to_do(tiny: Program) -> None:
    path = tiny.folder / "tiny.json"
    before = path.stat()
    assert "nothing to do" in tiny("upgrade", "tiny.json", "--in-place").out
    assert path.stat().st_mtime_ns == before.st_mtime_ns
    said = tiny("upgrade", "tiny.json")
    assert said.out == path.read_text()
    assert "nothing to do" in said.err
    assert "nothing to do" in tiny("upgrade", "baseline", "--check").out


@pytest.mark.parametrize(
    ("config", "says"),
    [
        ('{\n  "schema_version": 2\n}', "x.json:2:21 /schema_version: the config is of version 2"),
        ('{"schema_version": "1"}', "x.json:1:20 /schema_version: expected a whole number"),
        ('{"title": }', "x.json:1:11 /title: expected a value"),
        ("[]", "x.json:1:1: expected an object"),
    ],
)
def test_what_cannot_be_upgraded_says_where(fingers: Program, config: str, says: str) -> None:
    fingers.write("x.json", config)
    said = fingers("upgrade", "x.json", code=2)
    assert said.err.startswith(says)
    assert said.out == ""
    assert "no such file" in fingers("upgrade", "nowhere.json", code=2).err


def test_older_configs_are_sent_here_by_whoever_reads_them(fingers: Program) -> None:
    old = json.dumps({**TINY, "schema_version": 0}, indent=2)
    fingers.write("old.json", old)
    for command in ("validate", "run", "explain", "plan"):
        said = fingers(command, "old.json", code=2)
        assert said.err == (
            "old.json:2:21 /schema_version: the config is of version 0, and this program reads "
            "version 1: `fingers upgrade old.json --in-place` makes it new\n"
        )
    assert "`fingers upgrade - -o FILE`" in fingers("validate", "-", stdin=old, code=2).err
    fingers("upgrade", "old.json", "--in-place")
    assert text(fingers, "old.json") == old.replace('"schema_version": 0', '"schema_version": 1')
    fingers("validate", "old.json")
    fingers.write("new.json", {**TINY, "schema_version": 7})
    assert "use a newer program" in fingers("validate", "new.json", code=2).err


def test_bases_that_are_older_are_named(fingers: Program) -> None:
    fingers.write("top.json", {**TINY, "base": "parts/middle.json"})
    fingers.write("parts/middle.json", {"base": "old.json", "schema_version": 0, "seed": 1})
    fingers.write("parts/old.json", {"base": "baseline", "title": "Old"})
    said = fingers("upgrade", "top.json", "--check")
    assert "nothing to do" in said.out
    assert said.err.splitlines() == [
        "top.json builds on parts/middle.json, which is of version 0: "
        "`fingers upgrade parts/middle.json --in-place`",
        "parts/middle.json builds on parts/old.json, which is of version 0: "
        "`fingers upgrade parts/old.json --in-place`",
    ]
    said = fingers("validate", "top.json", code=2)
    assert said.err.startswith("parts/middle.json:3:21 /schema_version: the config is of version 0")
    assert "`fingers upgrade parts/middle.json --in-place`" in said.err
    fingers("upgrade", "parts/middle.json", "--in-place")
    fingers("validate", "top.json")


def test_bases_in_a_circle_end(fingers: Program) -> None:
    fingers.write("a.json", {"base": "b.json", "schema_version": 1})
    fingers.write("b.json", {"base": "a.json"})
    said = fingers("upgrade", "a.json", "--check")
    assert said.err.count("which is of version 0") == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_is_an_error(draft: Program) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [program(), "upgrade", "draft.json"],
            stdout=full,
            stderr=subprocess.PIPE,
            cwd=draft.folder,
            check=False,
        )
    assert done.returncode == 74


def test_a_config_that_cannot_be_written_stays_as_it_was(draft: Program) -> None:
    for words in (["--in-place"], ["-o", "new.json"]):
        done = subprocess.run(
            [program(), "upgrade", "draft.json", *words],
            cwd=draft.folder,
            capture_output=True,
            text=True,
            check=False,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (10, 10)),
        )
        assert done.returncode == 74, done
        assert "File too large" in done.stderr
        assert text(draft, "draft.json") == DRAFT
        assert draft.files() == {"draft.json"}
