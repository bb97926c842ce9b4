"""`fingers diff`: where two runs part, by stored digests, by replay, and by logs of two builds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from cli_program import Program

pytest_plugins = ("cli_fixtures",)
pytestmark = pytest.mark.program

OPEN = ("--regime", "open-weights-permissive", "--replicate", "1")


@pytest.fixture
def ran(tiny: Program) -> Program:
    """The program in a folder with the results of the tiny config, with digests."""
    tiny("run", "tiny.json", "-o", "a.h5", "--set", "/output/digests=true")
    return tiny


def found(ran: Program, *words: str | Path, code: int = 1) -> Any:
    return json.loads(ran("diff", *words, "--format", "json", code=code).out)


def test_equal_runs_do_not_part(ran: Program) -> None:
    ran("run", "tiny.json", "-o", "b.h5", "--set", "/output/digests=true")
    said = found(ran, "a.h5", "b.h5", *OPEN, code=0)
    assert said["differs"] is False
    assert said["inputs"] == said["warnings"] == []
    assert "do not part" in ran("diff", "a.h5", "b.h5", *OPEN).out


def test_two_regimes_part_though_their_draws_are_common(ran: Program) -> None:
    said = found(ran, "a.h5", *OPEN, "--with-regime", "hosted")
    assert said["month"]["found_by"] == "digests"
    assert {i["name"] for i in said["inputs"]} == {"regime"}
    assert said["parting"]["draws_with_other_bits"] == 0
    assert said["parting"]["state"]
    text = ran("diff", "a.h5", *OPEN, "--with-regime", "hosted", code=1).out
    assert f"(month {said['month']['number']}, counted from 0)" in text


def test_another_seed_parts_in_the_first_draw_of_the_world(ran: Program) -> None:
    ran("run", "tiny.json", "-o", "b.h5", "--seed", "6")
    said = found(ran, "a.h5", "b.h5", *OPEN)
    assert said["month"] == {**said["month"], "number": 0, "found_by": "replay"}
    first = said["parting"]["first_draw"]
    assert (first["process"], first["agent"], first["draw"]) == (
        "lab_phase", "frontier lab 1", 0)  # fmt: skip
    assert first["a"] != first["b"]


def test_another_parameter_is_named_by_its_pointer(ran: Program) -> None:
    pointer = "/population/bad_actors/count"
    ran("run", "tiny.json", "-o", "b.h5", "--set", f"{pointer}=51")
    said = found(ran, "a.h5", "b.h5", *OPEN)
    assert {"name": pointer, "a": "50", "b": "51"} in said["inputs"]
    assert said["parting"]["first_draw"]["agent"] == "bad actor 50"
    assert said["parting"]["first_draw"]["a"] is None


def planted(log: str, process: str, bit: int) -> tuple[str, list[str]]:
    """The log with a bit turned in the last draw of a process, and that draw's cells."""
    lines = log.splitlines(keepends=True)
    at = max(i for i, line in enumerate(lines) if line.startswith(f"draw\tdynamics\t{process}\t"))
    cells = lines[at].rstrip("\n").split("\t")
    turned = [*cells]
    turned[7] = f"{int(cells[7], 16) ^ (1 << bit):016x}"
    lines[at] = "\t".join(turned) + "\n"
    return "".join(lines), cells


@pytest.mark.parametrize("bit", [0, 37, 63])
def test_a_planted_bit_is_named_from_the_logs_of_two_builds(ran: Program, bit: int) -> None:
    log = ran("diff", "a.h5", *OPEN, "--record", "7").out
    ran.write("a.log", log)
    other, cells = planted(log, "act_count", bit)
    ran.write("b.log", other)
    said = found(ran, "a.log", "b.log")
    first = said["parting"]["first_draw"]
    assert said["month"]["number"] == 7
    assert (first["process"], first["agent"]) == ("act_count", cells[3])
    assert (first["identity"], first["draw"]) == (f"{int(cells[4], 16):016x}", int(cells[6]))
    assert int(first["a"][0], 16) ^ int(first["b"][0], 16) == 1 << bit
    assert said["parting"]["draws_with_other_bits"] == 1
    text = ran("diff", "a.log", "b.log", code=1).out
    assert "1 of 64 bits differ" in text
    assert cells[3] in text
    assert found(ran, "a.h5", "b.log", *OPEN)["parting"]["first_draw"] == first


def test_a_log_is_the_run_that_it_was_written_from(ran: Program) -> None:
    ran.write("a.log", ran("diff", "a.h5", *OPEN, "--record", "0").out)
    assert found(ran, "a.log", "a.h5", *OPEN, code=0)["differs"] is False


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("a.h5", "--regime", "opne-weights-permissive", "--replicate", "1"), 2, "did you mean"),
        (("a.h5", "--regime", "hosted"), 2, "--replicate R"),
        (("a.h5", "--regime", "hosted", "--replicate", "3"), 2, "0 to 2"),
        (("a.h5", "--replicate", "0"), 2, "--regime NAME"),
        (("a.h5", *OPEN, "--record", "12"), 2, "no month 12"),
        (("a.h5", "a.h5", *OPEN, "--record", "1"), 2, "one file"),
        (("none.h5", *OPEN), 3, "none.h5"),
        (("broken.log", "broken.log"), 3, "broken.log:3"),
    ],
)
def test_what_cannot_be_compared_is_refused(
    ran: Program, words: tuple[str, ...], code: int, message: str
) -> None:
    ran.write("broken.log", "fingers-month-log\t1\nmonth\t3\t2026.25\ndraw\tnot\tmuch\n")
    assert message in ran("diff", *words, code=code).err


def test_logs_of_different_months_are_refused(ran: Program) -> None:
    for month in ("1", "2"):
        ran.write(f"{month}.log", ran("diff", "a.h5", *OPEN, "--record", month).out)
    assert "different months, 1 and 2" in ran("diff", "1.log", "2.log", code=2).err


def test_digests_do_not_depend_on_threads_and_change_nothing_else(ran: Program) -> None:
    h5py = pytest.importorskip("h5py")
    ran("run", "tiny.json", "-o", "one.h5", "--set", "/output/digests=true", "--threads", "1")
    ran("run", "tiny.json", "-o", "plain.h5")
    assert ran("info", "a.h5", "--digest").out == ran("info", "one.h5", "--digest").out
    with h5py.File(ran.folder / "a.h5") as a, h5py.File(ran.folder / "plain.h5") as plain:
        assert "digests" not in plain
        assert len(a["digests/draws"]) == 6 * 12
        for group in ("events", "series"):
            for name in plain[group]:
                assert (a[group][name][:].tobytes()) == plain[group][name][:].tobytes()
