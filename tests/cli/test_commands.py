"""The commands that only tell: validate, explain, schema, regimes, info, help; and pipes."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
from cli_program import ROOT, Program, program, with_changes

pytest_plugins = ("cli_fixtures",)
pytestmark = pytest.mark.program

COMMANDS = (
    "run",
    "plan",
    "expand",
    "retry",
    "merge",
    "missing",
    "verify",
    "repeat",
    "trace",
    "diff",
    "demo",
    "validate",
    "explain",
    "schema",
    "regimes",
    "info",
    "export",
    "upgrade",
    "rare",
)


def assert_readable(text: str) -> None:
    """No line is wider than a page, unless it is one word."""
    wide = [line for line in text.splitlines() if len(line) > 100 and " " in line.strip()]
    assert not wide


def test_validate_tells_each_file_apart(tiny: Program) -> None:
    tiny.write("wrong.json", with_changes(titel="x"))
    said = tiny("validate", "tiny.json", "wrong.json", "tiny.json", code=2)
    assert said.out == 2 * "tiny.json: ok, 2 points × 3 replicates = 6 runs\n"
    assert said.err.startswith("wrong.json:")


def until(**members: object) -> dict[str, object]:
    """The tiny config with a precision instead of replicates."""
    asked = {"outcome": "first_catastrophe_year", "half_width": 0.05, "maximum": 1000, **members}
    return with_changes(experiment={"regimes": ["hosted", "open-weights-permissive"],
                                    "until": asked})  # fmt: skip


def test_validate_says_between_which_numbers_a_precision_is_looked_for(fingers: Program) -> None:
    fingers.write("until.json", until(minimum=50))
    assert fingers("validate", "until.json").out == (
        "until.json: ok, 2 points × 50 to 1,000 replicates (until first_catastrophe_year is known "
        "to ± 0.05) = at most 2,000 runs\n"
    )
    fingers.write("until.json", until(outcome="first_catastrophe"))
    said = fingers("validate", "until.json", code=2)
    assert "/experiment/until/outcome" in said.err
    assert 'did you mean "first_catastrophe_year"?' in said.err


def test_explain_tells_value_unit_place_belief_and_meaning(tiny: Program) -> None:
    said = tiny("explain", "tiny.json", "/population/developers")
    lines = said.out.splitlines()
    assert lines[0].split() == ["/population/developers/count", "200", "agents"]
    assert lines[1].startswith("    ")
    assert lines[2].startswith("    tiny.json:")
    assert "belief 2000 to 100000" in lines[2]
    assert "assumed" in lines[2]
    assert "    default · " in said.out
    pointers = [line.split()[0] for line in lines if line.startswith("/")]
    assert all(pointer.startswith("/population/developers/") for pointer in pointers)


def test_explain_one_and_all(tiny: Program) -> None:
    one = tiny("explain", "tiny.json", "/seed").out
    assert len([line for line in one.splitlines() if line.startswith("/")]) == 1
    everything = tiny("explain", "tiny.json").out
    assert one.splitlines()[1:] == everything[everything.index("/seed ") :].splitlines()[1:3]
    assert "built-in baseline:" in everything
    assert "built-in regimes/hosted:" in everything
    assert_readable(everything)


def test_explain_names_the_nearest_parameter(tiny: Program) -> None:
    said = tiny("explain", "tiny.json", "/population/developers/cuont", code=2)
    assert "did you mean /population/developers/count?" in said.err
    assert said.out == ""


def test_schema_is_a_json_schema_that_knows_every_parameter(tiny: Program) -> None:
    schema = json.loads(tiny("schema").out)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    developers = schema["properties"]["population"]["properties"]["developers"]["properties"]
    assert developers["count"]["minimum"] == 1 or developers["count"]["minimum"] == 0
    table = tiny("schema", "--parameters").out.splitlines()
    assert table[0].startswith("| parameter |")
    assert any(line.startswith("| `/population/developers/count` | agents |") for line in table)
    cells = {line.replace("\\|", "").count("|") for line in table}
    assert cells == {7}


def test_schema_of_data_names_every_column_of_a_file(tiny: Program) -> None:
    h5py = pytest.importorskip("h5py")
    dictionary = json.loads(tiny("schema", "--data").out)
    every = ("--set", "/output/models=true", "--set", "/output/digests=true")
    tiny("run", "tiny.json", *every)
    with h5py.File(tiny.folder / "tiny.h5", "r") as file:
        stored = json.loads(file["schema_json"][()])
    assert dictionary == stored


def test_regimes_lists_all(tiny: Program) -> None:
    said = tiny("regimes")
    names = [line.split()[0] for line in said.out.splitlines() if not line.startswith(" ")]
    assert names == sorted(path.stem for path in (ROOT / "configs" / "regimes").glob("*.json"))
    assert_readable(said.out)


def test_one_regime_in_json_and_in_words(tiny: Program) -> None:
    said = tiny("regimes", "staged-release")
    text, words = said.out.split("\n\n", 1)
    assert text.strip() == (ROOT / "configs/regimes/staged-release.json").read_text().strip()
    assert words.index("from hosted\n") < words.index("from hosted-monitored\n")
    assert 'later_step: after_months = 12, form = "open_weights"' in words


def test_kinds_of_policy_come_with_examples_that_work(tiny: Program) -> None:
    said = tiny("regimes", "--kinds")
    kinds = [line for line in said.out.splitlines() if not line.startswith(" ")]
    assert kinds == sorted(path.stem for path in (ROOT / "policies" / "kinds").glob("*.cpp"))
    examples = [json.loads(line) for line in said.out.splitlines() if line.startswith("    {")]
    assert [example["kind"] for example in examples] == kinds
    regime = {"policies": [{"kind": "release", "form": "hosted"}, *examples]}
    config = with_changes(regimes={"all": regime}, experiment={"regimes": ["all", "closed"]})
    tiny.write("kinds.json", config)
    tiny("validate", "kinds.json")


def test_an_unknown_regime_with_the_nearest_one(tiny: Program) -> None:
    assert 'did you mean "closed"?' in tiny("regimes", "clsoed", code=2).err


def test_info_tells_what_a_file_holds(tiny: Program) -> None:
    tiny("run", "tiny.json")
    said = tiny("info", "tiny.h5")
    facts = dict(line.split(maxsplit=1) for line in said.out.splitlines())
    assert facts["title"] == "Tiny"
    assert facts["complete"] == "yes"
    assert facts["points"] == "2"
    assert facts["runs"] == "6"
    assert facts["missing"] == "0"
    assert facts["failed"] == "0"
    assert int(facts["actions"].replace(",", "")) > 0
    assert int(facts["attempts"].replace(",", "")) > 0
    assert facts["size"] == f"{(tiny.folder / 'tiny.h5').stat().st_size:,} bytes"
    digest = tiny("info", "tiny.h5", "--digest").out
    assert [len(line.split()[2]) for line in digest.splitlines()] == [64, 64]


@pytest.mark.parametrize("words", [[], ["--digest"]], ids=["info", "digest"])
def test_a_file_that_cannot_be_trusted(tiny: Program, words: list[str]) -> None:
    tiny("run", "tiny.json")
    whole = (tiny.folder / "tiny.h5").read_bytes()
    tiny.write("cut.h5", whole[: len(whole) // 2])
    tiny.write("foreign.h5", b"not HDF5 at all")
    tiny.write("empty.h5", b"")
    for name in ("cut.h5", "foreign.h5", "empty.h5", "nowhere.h5", "."):
        said = tiny("info", name, *words, code=3)
        assert said.out == ""
        assert said.err.startswith(f"fingers: cannot read '{name}'")


def test_a_changed_byte_of_the_content_shows_in_the_digest(tiny: Program) -> None:
    tiny("run", "tiny.json")
    h5py = pytest.importorskip("h5py")
    with h5py.File(tiny.folder / "tiny.h5", "r+") as file:
        file["runs/harm_musd"][0] += 1
    tiny("info", "tiny.h5", "--digest", code=3)


@pytest.mark.parametrize("command", COMMANDS)
def test_help_comes_with_an_example(tiny: Program, command: str) -> None:
    said = tiny(command, "--help")
    assert f"Example:\n  fingers {command}" in said.out
    assert said.err == ""
    assert f"  fingers {command}" in tiny("--help").out
    assert_readable(said.out)


def test_version(tiny: Program) -> None:
    assert tiny("--version").out.startswith("fingers 0.")


@pytest.mark.parametrize("command", ["schema", "explain baseline", "regimes"])
def test_a_reader_who_has_seen_enough_is_no_mistake(command: str, tmp_path: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [program(), *command.split()],
        stdout=write,
        stderr=subprocess.PIPE,
        cwd=tmp_path,
        check=False,
    )
    os.close(write)
    assert done.returncode == 0
    assert done.stderr == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_behind_stdout_is_an_error(tmp_path: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [program(), "schema"], stdout=full, stderr=subprocess.PIPE, cwd=tmp_path, check=False
        )
    assert done.returncode == 74
    assert b"standard output" in done.stderr


def test_the_page_of_parameters_is_the_program_s_own(tiny: Program) -> None:
    page = (ROOT / "docs" / "parameters.md").read_text()
    table = tiny("schema", "--parameters").out
    assert table in page, "run: fingers schema --parameters, and put it into docs/parameters.md"
