"""Designs of experiments from config to file: points, files of points, mistakes."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
from cli_program import Program, with_changes
from enough_fingers import open_run
from scipy.stats import qmc

pytest_plugins = ("cli_fixtures",)
pytestmark = pytest.mark.program

SCALE = "/mechanisms/fingers/press_scale"
FACTORS: dict[str, Any] = {
    SCALE: {"low": 0, "high": 1e-4, "scale": "linear"},
    "/mechanisms/fingers/stop": {"low": 0, "high": 1, "scale": "linear"},
    "/mechanisms/scrutiny/enabled": {},
}
CSV = "regime,/population/auditors/count,/mechanisms/scrutiny/enabled\r\n"
CSV += 'hosted,3,TRUE\r\n"closed",40,false\r\nhosted,7,0\r\n'

#: One experiment of each kind, without its replicates.
KINDS: dict[str, dict[str, Any]] = {
    "factorial": {"factors": {SCALE: {"log": [1e-6, 1e-4], "points": 2}}},
    "zipped": {
        "design": "zipped",
        "factors": {
            SCALE: {"values": [1e-6, 1e-5]},
            "/population/auditors/count": {"values": [3, 4]},
        },
    },
    "csv": {"design": "csv", "points_file": "sub/points.csv"},
    "latin_hypercube": {"design": "latin_hypercube", "draws": 3, "factors": FACTORS},
    "sobol": {"design": "sobol", "draws": 4, "dummy": True, "factors": FACTORS},
    "saltelli": {"design": "saltelli", "draws": 2, "second_order": True, "factors": FACTORS},
    "morris": {
        "design": "morris",
        "trajectories": 2,
        "factors": FACTORS,
        "random_numbers": "independent",
    },
}


def experiment(**members: Any) -> dict[str, Any]:  # noqa: ANN401
    """The tiny config with another experiment, of one regime and two replicates."""
    return with_changes(experiment={"regimes": ["hosted"], "replicates": 2, **members})


def of_kind(fingers: Program, kind: str) -> dict[str, Any]:
    """A config of a kind of design; writes the file that it needs."""
    config = experiment(**KINDS[kind])
    if kind == "csv":
        fingers.write("sub/points.csv", CSV)
        del config["experiment"]["regimes"]
    return config


def run(fingers: Program, config: dict[str, Any] | str, name: str = "it") -> Path:
    """Runs a config; answers the file of its results."""
    fingers.write(f"{name}.json", config)
    fingers("run", f"{name}.json")
    return fingers.folder / f"{name}.h5"


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def points_of(path: Path) -> dict[str, np.ndarray[Any, Any]]:
    """The columns of /design."""
    with h5py.File(path, "r") as file:
        return {name: dataset[:] for name, dataset in file["design"].items()}


@pytest.mark.parametrize("kind", KINDS)
def test_the_stored_config_alone_gives_the_same_bytes(fingers: Program, kind: str) -> None:
    first = run(fingers, of_kind(fingers, kind))
    with h5py.File(first, "r") as file:
        stored = file["config"][()].decode()
        assert file["design"].attrs["kind"] == kind
    alone = Program(fingers.folder / "alone")
    again = run(alone, stored)
    assert alone.files() == {"it.json", "it.h5", "it.run.json"}
    assert sha256(again) == sha256(first)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_can_be_opened_for_analysis(fingers: Program, kind: str) -> None:
    opened = open_run(run(fingers, of_kind(fingers, kind)))
    n_points = len(opened.design)
    assert len(opened.outcomes) == 2 * n_points
    assert opened.outcomes.attrs["sampled"] == (kind in {"latin_hypercube", "sobol", "csv"})
    assert opened.design["world"].nunique() == n_points  # of one regime, or each point its own
    assert ("block" in opened.design) == (kind in {"saltelli", "morris"})


def test_sobol_points_are_those_of_scipy_from_the_first_on(fingers: Program) -> None:
    pointers = [
        f"/domains/{name}/{key}"
        for name in ("bio", "cyber", "fraud")
        for key in ("share", "defence_uplift")
    ]
    pointers += ["/mechanisms/fingers/stop", "/mechanisms/flaws/deep_share"]
    ranges = {pointer: {"low": 0.5, "high": 1, "scale": "linear"} for pointer in pointers}
    fingers.write(
        "it.json",
        experiment(design="sobol", draws=256, scramble=False, factors=ranges, replicates=1)
        | {"time": {"years": 0.1}},
    )
    fingers("run", "it.json")
    found = points_of(fingers.folder / "it.h5")
    ours = np.column_stack([found[pointer[1:].replace("/", ".")] for pointer in sorted(pointers)])
    ours = 2 * (ours - 0.5)  # exact: all are multiples of 1/256
    assert np.array_equal(ours, qmc.Sobol(len(pointers), scramble=False).random_base2(8))


def test_saltelli_blocks_can_be_sorted(fingers: Program) -> None:
    points = points_of(run(fingers, of_kind(fingers, "saltelli")))
    blocks = [name.decode() for name in points["block"]]
    assert blocks == 2 * ["A", "AB:1", "AB:2", "AB:3", "BA:1", "BA:2", "BA:3", "B"]
    assert list(points["base_row"]) == 8 * [0] + 8 * [1]
    names = ["mechanisms.fingers.press_scale", "mechanisms.fingers.stop"]
    for k, name in enumerate(names, start=1):
        column = {b: points[name][[i for i, x in enumerate(blocks) if x == b]] for b in blocks}
        assert np.array_equal(column[f"AB:{k}"], column["B"])
        assert np.array_equal(column[f"AB:{3 - k}"], column["A"])


def test_morris_trajectories_name_their_moves(fingers: Program) -> None:
    points = points_of(run(fingers, of_kind(fingers, "morris")))
    assert list(points["base_row"]) == 4 * [0] + 4 * [1]
    assert list(points["step"]) == [0, 1, 2, 3, 0, 1, 2, 3]
    moves = [name.decode() for name in points["block"]]
    assert moves[0] == moves[4] == "start"
    for start in (1, 5):
        assert sorted(move.split(":")[1] for move in moves[start : start + 3]) == ["1", "2", "3"]


def outcome(path: Path, name: str) -> dict[str, float]:
    """The mean of an outcome over the replicates of each point, by the point's name."""
    opened = open_run(path)
    means = opened.outcomes.groupby("point")[name].mean()
    return {str(opened.design.loc[point, "name"]): float(mean) for point, mean in means.items()}


def test_a_dummy_shows_the_floor_of_independent_random_numbers(fingers: Program) -> None:
    design = {"design": "saltelli", "draws": 4, "dummy": True, "factors": {SCALE: {}}}
    common = outcome(run(fingers, experiment(**design), "common"), "actions")
    own = outcome(
        run(fingers, experiment(**design, random_numbers="independent"), "own"), "actions"
    )
    rows = range(4)
    assert all(common[f"hosted AB:2 {row}"] == common[f"hosted A {row}"] for row in rows)
    assert all(own[f"hosted AB:2 {row}"] != own[f"hosted A {row}"] for row in rows)
    assert "random numbers  independent" in fingers("info", "own.h5").out
    with h5py.File(fingers.folder / "own.h5", "r") as file:
        assert file["design/dummy"].attrs["pointer"] == "dummy"
        assert json.loads(file["config"][()])["experiment"]["random_numbers"] == "independent"


def test_what_a_point_draws_does_not_depend_on_other_points(fingers: Program) -> None:
    def actions(name: str, levels: list[float]) -> dict[str, float]:
        config = experiment(random_numbers="independent", factors={SCALE: {"values": levels}})
        return outcome(run(fingers, config, name), "actions")

    few, many = actions("few", [1e-5]), actions("many", [1e-6, 1e-5])
    assert few.items() <= many.items()


SIZES = {
    "factorial": "factorial of 1 factors: 1 regimes × 2 combinations, 2 points × 2",
    "csv": "csv of 2 factors: 2 regimes, 3 points × 2 replicates = 6 runs",
    "sobol": "sobol of 4 factors: 1 regimes × 4 combinations, 4 points × 2 replicates = 8 runs",
    "saltelli": "1 regimes × 16 combinations (2 base rows of 8), 16 points",
    "morris": "1 regimes × 8 combinations (2 trajectories of 4), 8 points × 2 replicates = 16 runs",
}


@pytest.mark.parametrize("kind", SIZES)
def test_validate_says_what_a_design_comes_to(fingers: Program, kind: str) -> None:
    fingers.write("it.json", of_kind(fingers, kind))
    assert SIZES[kind] in fingers("validate", "it.json").out
    assert "varies: " in fingers("explain", "it.json").out


def test_a_file_of_points_is_sought_beside_the_config_that_names_it(fingers: Program) -> None:
    config = of_kind(fingers, "csv")
    fingers.write("sub/base.json", config | {"experiment": KINDS["csv"] | {"replicates": 1}})
    (fingers.folder / "sub" / "sub").mkdir()
    (fingers.folder / "sub" / "points.csv").rename(fingers.folder / "sub/sub/points.csv")
    fingers.write("it.json", {"base": "sub/base.json", "title": "Elsewhere"})
    fingers("run", "it.json")
    assert fingers("run", "it.json", "-o", "sub/sub/points.csv", "--overwrite", code=2).err
    assert (fingers.folder / "sub/sub/points.csv").read_bytes() == CSV.encode()
    fingers.write("other.csv", CSV)
    fingers.write("it.json", config)
    fingers("run", "it.json", "--set", "/experiment/points_file=other.csv", "--overwrite")


#: What stands in the file of points, and what is said of it.
TABLES = {
    "no such parameter": (
        "/population/auditors/cuont\n3\n",
        r"points\.csv:1:1 /experiment/columns/0: .*did you mean \"/population/auditors/count\"\?",
    ),
    "a word": (
        "/population/auditors/count,/ai\n3,true\nmany,true\n",
        r"points\.csv:3:1 /experiment/points/1/0: expected a number, found the text \"many\"",
    ),
    "a number with a comma": (
        '/population/auditors/count\n"1,5"\n',
        r"points\.csv:2:1 .*found the text \"1,5\"",
    ),
    "not whole": (
        "/ai,/population/auditors/count\ntrue, 2.5\n",
        r"points\.csv:2:6 /population/auditors/count: expected a whole number, found 2\.5 "
        r"\(at point 0\)",
    ),
    "outside": (
        "/mechanisms/fingers/stop\n0.5\n1.5\n",
        r"points\.csv:3:1 /mechanisms/fingers/stop: 1\.5 is outside 0 to 1",
    ),
    "a missing value": ("/ai,/population/auditors/count\n1\n", r"points\.csv:2:1 .*has 1 values"),
    "an empty value": ("/ai,/population/auditors/count\n1,\n", r"points\.csv:2:3 .*found nothing"),
    "no such regime": (
        "regime,/ai\nhosted,1\nhostde,1\n",
        r"points\.csv:3:1 /experiment/points/1/0: .*did you mean \"hosted\"\?",
    ),
    "semicolons": ("/ai;/population/auditors/count\n1;2\n", r"points\.csv:1:1 .*by commas"),
    "a quotation mark": ('/ai\n"1\n', r"points\.csv:2:1 .*is not closed"),
    "twice the same": ("/ai\n1\n1\n", r"points\.csv:3:1 .*is the same as point 0"),
    "nothing": ("", r"points\.csv:1:1 .*expected a first row"),
    "no points": ("/ai\n", r"wrong\.json:\d+:\d+ /experiment/points: must hold at least one"),
    "a worse world": (
        "/mechanisms/flaws/virulence_low,/mechanisms/flaws/virulence_high\n0.1,0.2\n0.2,0.1\n",
        r"points\.csv:3:1 /mechanisms/flaws/virulence_low: is over virulence_high \(at point 1\)",
    ),
}


@pytest.mark.parametrize("case", TABLES)
def test_a_wrong_table_is_refused_at_its_line_and_column(fingers: Program, case: str) -> None:
    table, expected = TABLES[case]
    fingers.write("points.csv", table)
    config = experiment(design="csv", points_file="points.csv")
    if "regime" in table:
        del config["experiment"]["regimes"]
    fingers.write("wrong.json", config)
    for command in ("run", "validate", "explain"):
        lines = fingers(command, "wrong.json", code=2).err.splitlines()
        assert len(lines) == 1
        assert re.match(expected, lines[0]), lines


#: An experiment that cannot be run, and what is said of it.
WRONG = {
    "no file": (
        {"design": "csv", "points_file": "nowhere.csv"},
        "/experiment/points_file: nowhere.csv: no such file",
    ),
    "a folder": ({"design": "csv", "points_file": "."}, ".: is a folder"),
    "points twice": (
        {"design": "csv", "points_file": "points.csv", "points": [[1]]},
        'or from "columns" and "points" here',
    ),
    "a file without its design": ({"points_file": "points.csv"}, "has no effect"),
    "no columns": ({"design": "csv", "points": [[1]]}, 'needs "points_file", or "columns"'),
    "an unknown kind": ({"design": "sobbol"}, 'did you mean "sobol"?'),
    "no power of two": (
        {"design": "sobol", "draws": 1000, "factors": FACTORS},
        "/experiment/draws: must be a power of two, or the sequence loses its evenness: 512 or",
    ),
    "no draws": ({"design": "saltelli", "factors": FACTORS}, "/experiment/draws: must be given"),
    "odd levels": (
        {"design": "morris", "trajectories": 4, "levels": 3, "factors": FACTORS},
        "/experiment/levels: must be even, so that half of them lie above: 2 or 4",
    ),
    "levels for a range": (
        {"design": "sobol", "draws": 4, "factors": {SCALE: {"values": [0.1]}}},
        'draws from a range: give "low" and "high", or {}',
    ),
    "a range for a switch": (
        {"design": "sobol", "draws": 4, "factors": {"/ai": {"low": 0, "high": 1}}},
        "is a switch, which is drawn off and on alike: write {}",
    ),
    "too large": (
        {"design": "saltelli", "draws": 131072, "factors": FACTORS},
        "comes to 655360 combinations of values (131072 base rows × 5 blocks); at most 131072",
    ),
    "random numbers": ({"random_numbers": "own"}, "(allowed here: common, independent)"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_design_is_refused_at_its_place(fingers: Program, case: str) -> None:
    members, expected = WRONG[case]
    fingers.write("points.csv", "/ai\n1\n")
    fingers.write("wrong.json", experiment(**members))
    (line,) = fingers("validate", "wrong.json", code=2).err.splitlines()
    assert re.match(r"wrong\.json:\d+:\d+ /experiment", line)
    assert expected in line


def test_draws_that_meet_are_worlds_of_their_own(fingers: Program) -> None:
    switches = {"/mechanisms/scrutiny/enabled": {}, "/mechanisms/leaks/enabled": {}}
    config = experiment(design="morris", trajectories=4, factors=switches)
    config["experiment"]["regimes"] = ["hosted", "closed"]
    opened = open_run(run(fingers, config))
    assert len(opened.design) == 24
    assert len(opened.design.drop_duplicates(["regime", *(f.name for f in opened.factors)])) == 8
    assert list(opened.design["world"]) == 2 * list(range(12))


@pytest.mark.parametrize("random_numbers", ["common", "independent"])
def test_a_larger_design_takes_over_the_runs_of_a_smaller_one(
    fingers: Program, random_numbers: str
) -> None:
    """Also where points are the same world (of a dummy), and so have the same identities."""
    design = {
        "design": "saltelli",
        "dummy": True,
        "factors": {SCALE: {}, "/mechanisms/scrutiny/enabled": {}},
        "random_numbers": random_numbers,
    }
    fingers.write("it.json", experiment(**design, draws=2))
    fingers("run", "it.json")
    grown = fingers.write("it.json", experiment(**design, draws=4) | {"title": "Grown"})
    said = fingers("expand", "it.json", "-o", "it.h5").out
    assert "before   20 runs were there already" in said
    direct = Program(fingers.folder / "direct")
    assert sha256(run(direct, grown.read_text())) == sha256(fingers.folder / "it.h5")


UNTIL = {"outcome": "actions", "half_width": 1e6, "minimum": 30, "maximum": 40}


def test_points_that_name_their_regimes_can_be_run_until_they_are_known(fingers: Program) -> None:
    fingers.write("points.csv", CSV)
    listed = {"design": "csv", "points_file": "points.csv", "until": UNTIL}
    fingers.write("it.json", with_changes(experiment=listed))
    assert "3 of 3 intervals" in fingers("run", "it.json").out
    listed["until"] = UNTIL | {"contrast": ["hosted", "closed"]}
    fingers.write("it.json", with_changes(experiment=listed))
    assert "make no pairs" in fingers("validate", "it.json", code=2).err
