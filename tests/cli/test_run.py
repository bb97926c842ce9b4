"""`fingers run`: what it writes, where, and that the bytes depend on nothing but the config."""

from __future__ import annotations

import hashlib
import json
import subprocess
from pathlib import Path
from typing import Any

import h5py
import pytest
from cli_program import Program, program, with_changes

pytest_plugins = ("cli_fixtures",)
pytestmark = pytest.mark.program


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def stored(path: Path, name: str) -> Any:  # noqa: ANN401
    """A JSON text of a results file."""
    with h5py.File(path, "r") as file:
        text = file[name][()]
    return json.loads(text)


def test_results_go_to_stdout_and_the_file_into_the_current_folder(tiny: Program) -> None:
    said = tiny("run", "tiny.json")
    names = [line.split()[0] for line in said.out.splitlines()]
    assert names == ["file", "runs", "events", "actions", "seconds"]
    assert said.out.splitlines()[0].split()[1] == "tiny.h5"
    assert said.out.splitlines()[1].split()[1] == "6"
    assert said.err == ""
    assert tiny.files() == {"tiny.json", "tiny.h5", "tiny.run.json"}


def test_progress_goes_to_stderr(tiny: Program) -> None:
    said = tiny("run", "tiny.json", "--progress", "always")
    assert "6 of 6 replicates done" in said.err
    assert "replicates" not in said.out


@pytest.mark.parametrize("threads", ["2", "7"])
def test_the_bytes_do_not_depend_on_threads(tiny: Program, threads: str) -> None:
    tiny("run", "tiny.json", "-o", "one.h5", "--threads", "1")
    tiny("run", "tiny.json", "-o", "many.h5", "--threads", threads)
    assert sha256(tiny.folder / "one.h5") == sha256(tiny.folder / "many.h5")


def test_the_bytes_do_not_depend_on_the_folder(tiny: Program) -> None:
    tiny("run", "tiny.json")
    (tiny.folder / "elsewhere").mkdir()
    Program(tiny.folder / "elsewhere")("run", "../tiny.json")
    assert sha256(tiny.folder / "tiny.h5") == sha256(tiny.folder / "elsewhere" / "tiny.h5")


def test_a_base_called_baseline_json_that_is_not_there_is_the_built_in_one(tiny: Program) -> None:
    tiny.write("copied/tiny.json", with_changes(base="baseline.json"))
    tiny("run", "tiny.json")
    tiny("run", "copied/tiny.json", "-o", "copied.h5")
    assert sha256(tiny.folder / "tiny.h5") == sha256(tiny.folder / "copied.h5")


def test_a_base_is_sought_beside_the_config_that_names_it(tiny: Program) -> None:
    tiny.write("deep/down.json", {"base": "../tiny.json", "title": "Down"})
    tiny("run", "deep/down.json")
    assert "title           Down" in tiny("info", "down.h5").out
    assert stored(tiny.folder / "down.h5", "config")["population"]["developers"]["count"] == 200


def test_standard_input_is_a_config(tiny: Program) -> None:
    text = (tiny.folder / "tiny.json").read_text()
    tiny("run", "-", "-o", "piped.h5", stdin=text)
    tiny("run", "-", stdin=text, code=2)
    assert "piped.h5" in tiny.files()


def test_seed_replicates_and_set_change_the_config(tiny: Program) -> None:
    tiny.write("seeds.json", with_changes(seeds={"dynamics": 1}))
    changes = ("--seed", "9", "--replicates", "2", "--set", "/population/developers/count=77")
    tiny("run", "seeds.json", *changes, "--set", "/title=Changed here", "-o", "x.h5")
    config = stored(tiny.folder / "x.h5", "config")
    assert config["seed"] == 9
    assert not config.get("seeds")
    assert config["experiment"]["replicates"] == 2
    assert config["population"]["developers"]["count"] == 77
    assert config["title"] == "Changed here"
    command = stored(tiny.folder / "x.h5", "provenance")["command"]
    assert command == (
        "fingers run seeds.json --seed 9 --replicates 2 --set /population/developers/count=77 "
        "--set '/title=Changed here'"
    )


def test_a_number_of_replicates_takes_the_place_of_a_precision(fingers: Program) -> None:
    until = {"outcome": "first_catastrophe_year", "half_width": 0.05, "maximum": 1000}
    fingers.write("until.json", with_changes(experiment={"regimes": ["hosted"], "until": until}))
    fingers("run", "until.json", "--replicates", "2", "-o", "x.h5")
    assert "until" not in stored(fingers.folder / "x.h5", "config")["experiment"]
    assert "2 a point" in fingers("info", "x.h5").out


def test_another_seed_gives_other_numbers(tiny: Program) -> None:
    tiny("run", "tiny.json")
    tiny("run", "tiny.json", "--seed", "6", "-o", "other.h5")
    tiny("run", "tiny.json", "--seed", "5", "-o", "same.h5")
    digests = [
        tiny("info", name, "--digest").out.split()[2] for name in ("tiny.h5", "other.h5", "same.h5")
    ]
    assert digests[0] != digests[1]
    assert digests[0] == digests[2]


def test_the_provenance_names_every_parameter_and_what_is_assumed(tiny: Program) -> None:
    tiny("run", "tiny.json")
    provenance = stored(tiny.folder / "tiny.h5", "provenance")
    assert provenance["software"] == "enough-fingers"
    assert provenance["design"]["regimes"] == ["hosted", "open-weights-permissive"]
    assert provenance["design"]["replicates"] == 3
    assert provenance["command"] == "fingers run tiny.json"
    parameters = {entry["pointer"]: entry for entry in provenance["parameters"]}
    developers = parameters["/population/developers/count"]
    assert developers["value"] == 200
    assert developers["unit"] == "agents"
    assert developers["low"] < developers["high"]
    assert developers["meaning"]
    assumed = [entry for entry in provenance["parameters"] if entry["source"] == "assume"]
    assert provenance["assumed"] == assumed
    assert 20 < len(assumed) < len(parameters)


def test_the_file_names_licence_and_software_and_nothing_of_the_machine(tiny: Program) -> None:
    tiny("run", "tiny.json")
    with h5py.File(tiny.folder / "tiny.h5", "r") as file:
        assert file.attrs["license"] == "CC-BY-4.0"
        assert file.attrs["software"].startswith("enough-fingers ")
        assert file.attrs["complete"] == 1
        texts = [file[name][()].decode() for name in ("config", "provenance", "model_config")]
    assert not any(str(tiny.folder) in text for text in texts)


def test_the_sidecar_says_when_where_and_with_what(tiny: Program) -> None:
    tiny("run", "tiny.json", "--threads", "2")
    sidecar = json.loads((tiny.folder / "tiny.run.json").read_text())
    assert sidecar["file"] == "tiny.h5"
    assert sidecar["sha256"] == sha256(tiny.folder / "tiny.h5")
    digest, file_sha = (
        line.split()[2] for line in tiny("info", "tiny.h5", "--digest").out.splitlines()
    )
    assert sidecar["content_digest"] == digest
    assert sidecar["sha256"] == file_sha
    assert sidecar["command_line"] == ["fingers", "run", "tiny.json", "--threads", "2"]
    assert sidecar["threads"] == 2
    assert sidecar["peak_memory_bytes"] > 1e6
    assert sidecar["began"] <= sidecar["ended"]
    assert {"HDF5", "oneTBB", "Boost"} <= sidecar["versions"].keys()
    assert all(sidecar["versions"].values())
    assert sidecar["host"]["machine"]


def test_results_that_are_there_are_kept_unless_told(tiny: Program) -> None:
    tiny("run", "tiny.json")
    before = sha256(tiny.folder / "tiny.h5")
    said = tiny("run", "tiny.json", "--seed", "8", code=2)
    assert "--overwrite" in said.err
    assert sha256(tiny.folder / "tiny.h5") == before
    tiny("run", "tiny.json", "--seed", "8", "--overwrite")
    assert sha256(tiny.folder / "tiny.h5") != before


def test_every_combination_of_factors_is_run(tiny: Program) -> None:
    experiment = {
        "regimes": ["hosted"],
        "replicates": 2,
        "factors": {"/population/developers/count": {"values": [100, 300, 500]}},
    }
    tiny.write("factors.json", with_changes(experiment=experiment))
    tiny("run", "factors.json")
    said = tiny("info", "factors.h5")
    assert "points          3" in said.out
    factors = stored(tiny.folder / "factors.h5", "provenance")["design"]["factors"]
    assert factors[0]["pointer"] == "/population/developers/count"
    assert factors[0]["values"] == [100, 300, 500]


def test_a_full_disk_is_an_input_output_error(tiny: Program) -> None:
    done = subprocess.run(
        ["/bin/sh", "-c", 'ulimit -f 100 && exec "$0" run tiny.json', str(program())],
        cwd=tiny.folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 74, done
    assert done.stdout == ""
    assert "cannot write" in done.stderr
    assert "tiny.h5" not in tiny.files()
