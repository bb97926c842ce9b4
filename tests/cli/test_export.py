"""`fingers export`: tables as text that hold every number of the file, and nothing else."""

from __future__ import annotations

import csv
import json
import resource
import signal
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pandas as pd
import pytest
from cli_program import Program, program, with_changes

pytest_plugins = ("cli_fixtures",)
pytestmark = pytest.mark.program

KEYS = ["run", "regime", "point", "replicate"]
NONE = 0xFFFFFFFF
ODD = 'open, then "closed"'


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Program:
    """A folder with `all.h5`: models, a factor, and names that need quotes; and both exports."""
    fingers = Program(tmp_path_factory.mktemp("export"))
    config = with_changes(
        title='All, and "everything"\nin two lines',
        output={"models": True},
        time={"years": 3},
        regimes={ODD: {"builds_on": "staged-release", "policies": []}},
        experiment={
            "regimes": ["closed", ODD, "open-weights-permissive"],
            "replicates": 3,
            "factors": {"/population/bad_actors/count": {"values": [50, 500]}},
        },
    )
    fingers.write("all.json", config)
    fingers("run", "all.json")
    fingers("export", "all.h5", "--to", "csv", "-o", "csv")
    fingers("export", "all.h5", "--to", "json", "-o", "json")
    return fingers


def rows_of_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def rows_of_json(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def csv_values(texts: list[str], kind: str) -> Any:  # noqa: ANN401
    """Fields as what the dictionary says they are."""
    if kind in ("f4", "f8"):
        return np.array([float(text) if text else np.nan for text in texts], kind)
    if kind in ("u1", "u4", "u8"):
        return np.array([int(text) if text else NONE for text in texts], kind)
    if kind == "flag":
        assert set(texts) <= {"true", "false"}
        return np.array([text == "true" for text in texts])
    return np.array(texts, object)


def json_values(values: list[Any], kind: str) -> Any:  # noqa: ANN401
    if kind in ("f4", "f8"):
        return np.array([np.nan if value is None else value for value in values], kind)
    if kind in ("u1", "u4", "u8"):
        assert all(value is None or isinstance(value, int) for value in values)
        return np.array([NONE if value is None else value for value in values], kind)
    if kind == "flag":
        assert all(isinstance(value, bool) for value in values)
        return np.array(values)
    return np.array(values, object)


Columns = dict[str, Any]
Read = Callable[[Program, str], Columns]


def read_csv(made: Program, table: str) -> Columns:
    """The columns of an exported table, and of which type the dictionary says they are."""
    folder = made.folder / "csv"
    kinds = {r["column"]: r["type"] for r in rows_of_csv(folder / "dictionary.csv")
             if r["table"] == table}  # fmt: skip
    rows = rows_of_csv(folder / f"{table}.csv")
    assert list(rows[0]) == list(kinds)
    return {name: csv_values([row[name] for row in rows], kind) for name, kind in kinds.items()}


def read_json(made: Program, table: str) -> Columns:
    folder = made.folder / "json"
    kinds = {r["column"]: r["type"] for r in rows_of_json(folder / "dictionary.jsonl")
             if r["table"] == table}  # fmt: skip
    rows = rows_of_json(folder / f"{table}.jsonl")
    assert list(rows[0]) == list(kinds)
    return {name: json_values([row[name] for row in rows], kind) for name, kind in kinds.items()}


def stored_columns(file: h5py.File, group: str, name: str) -> Columns:
    """What columns of a table must hold, from the file and its own attributes."""
    dataset = file[group][name]
    if h5py.check_string_dtype(dataset.dtype) is not None:
        return {name: dataset.asstr()[:]}
    values, meanings = dataset[:], str(dataset.attrs.get("flag_meanings", "")).split()
    if "flag_masks" in dataset.attrs:
        masks = dataset.attrs["flag_masks"]
        return {flag: (values & mask) != 0 for flag, mask in zip(meanings, masks, strict=True)}
    return {name: np.array(meanings, object)[values] if meanings else values}


def expected(file: h5py.File, table: str) -> Columns:
    """An exported table as it follows from the file."""
    runs, design = file["runs"], file["design"]
    point, n_runs = runs["point"][:], len(runs["point"])
    if table == "design":
        columns = {"point": design["point"][:], "name": design["name"].asstr()[:],
                   "regime": design["setting"].asstr()[:]}  # fmt: skip
        return columns | {name: design[name][:] for name in design.attrs["columns"].split()}
    row = np.arange(n_runs)
    rest: Columns = {}
    if table == "runs":
        outcomes = set(runs.attrs["columns"].split())
        for name in runs:
            if name not in outcomes | set(KEYS):
                rest |= stored_columns(file, "runs", name)
    elif table == "outcomes":
        rest = {name: design[name][:][point] for name in design.attrs["columns"].split()}
        rest |= {name: runs[name][:] for name in runs.attrs["columns"].split()}
    elif table == "series":
        times = file["series/time"][:]
        row = np.repeat(row, len(times))
        rest = {"time": np.tile(times, n_runs)}
        for name in file["series"].attrs["columns"].split():
            rest[name] = file["series"][name][:].reshape(-1)
    else:
        one = file[table].attrs["row"]
        counts = runs[f"{one}_count"][:]
        row = np.repeat(row, counts)
        rest = {one: np.concatenate([np.arange(n) for n in counts])}
        for name in file[table].attrs["columns"].split():
            rest |= stored_columns(file, table, name)
    regime = design["setting"].asstr()[:]
    keys = {"run": row, "regime": regime[point][row], "point": point[row],
            "replicate": runs["replicate"][:][row]}  # fmt: skip
    return keys | rest


@pytest.mark.parametrize("read", [read_csv, read_json], ids=["csv", "json"])
@pytest.mark.parametrize(
    "table", ["design", "runs", "outcomes", "series", "events", "models", "model_forms"]
)
def test_every_value_of_every_table_is_there_exactly(made: Program, table: str, read: Read) -> None:
    columns = read(made, table)
    with h5py.File(made.folder / "all.h5") as file:
        wanted = expected(file, table)
    assert list(columns) == list(wanted)
    for name, values in wanted.items():
        np.testing.assert_array_equal(columns[name], values, err_msg=name)
    assert len(columns[next(iter(columns))]) > 0


def test_pandas_reads_both_forms_alike(made: Program) -> None:
    read = {"keep_default_na": False, "na_values": [""]}
    with h5py.File(made.folder / "all.h5") as file:
        for table in ("outcomes", "events"):
            wanted = expected(file, table)
            frame = pd.read_csv(made.folder / "csv" / f"{table}.csv", **read)
            other = pd.read_json(
                made.folder / "json" / f"{table}.jsonl", lines=True, precise_float=True
            )
            assert list(frame) == list(other) == list(wanted)
            for name, values in wanted.items():
                for column in (frame[name], other[name]):
                    if values.dtype == np.uint32:
                        found = column.fillna(NONE).astype(np.uint32)
                    else:
                        found = column.astype(values.dtype)
                    np.testing.assert_array_equal(found, values, err_msg=name)


def test_the_dictionary_says_what_the_file_says(made: Program) -> None:
    rows = rows_of_csv(made.folder / "csv" / "dictionary.csv")
    said = {(row["table"], row["column"]): row for row in rows}
    with h5py.File(made.folder / "all.h5") as file:
        for group in ("events", "models", "series", "runs"):
            table = "outcomes" if group == "runs" else group
            for name in file[group].attrs["columns"].split():
                attributes = file[group][name].attrs
                if "flag_masks" in attributes:
                    continue
                row = said[table, name]
                assert row["unit"] == attributes["units"]
                assert row["meaning"] == attributes["long_name"]
                if "flag_meanings" in attributes:
                    assert row["type"] == "category"
                    assert json.loads(row["categories"]) == attributes["flag_meanings"].split()
                else:
                    assert row["type"] == file[group][name].dtype.str[1:]
                    assert row["categories"] == ""
    assert said["events", "averted"]["type"] == "flag"
    assert json.loads(said["runs", "regime"]["categories"])[1] == ODD
    as_json = rows_of_json(made.folder / "json" / "dictionary.jsonl")
    assert [row["categories"] or [] for row in as_json] == [
        json.loads(row["categories"] or "[]") for row in rows
    ]


def test_documents_stand_beside_the_tables_as_they_are(made: Program) -> None:
    with h5py.File(made.folder / "all.h5") as file:
        for folder in ("csv", "json"):
            for name in ("config", "provenance"):
                path = made.folder / folder / f"{name}.json"
                assert path.read_bytes() == file[name][()]
            about = json.loads((made.folder / folder / "about.json").read_text())
            for name in ("title", "license", "software", "uuid", "config_sha256"):
                assert about[name] == file.attrs[name]
            assert about["complete"] is True
            assert about["selection"] == {}


def test_parameters_are_those_of_the_provenance(made: Program) -> None:
    provenance = json.loads((made.folder / "csv" / "provenance.json").read_text())
    wanted = provenance["parameters"]
    assert rows_of_json(made.folder / "json" / "parameters.jsonl") == wanted
    rows = rows_of_csv(made.folder / "csv" / "parameters.csv")
    assert [row["meaning"] for row in rows] == [parameter["meaning"] for parameter in wanted]
    for row, parameter in zip(rows, wanted, strict=True):
        value = parameter["value"]
        found = row["value"] if isinstance(value, str) else json.loads(row["value"])
        assert found == value
        assert (float(row["low"]) if row["low"] else None) == parameter["low"]
    title = next(row for row in rows if row["pointer"] == "/title")
    assert title["value"] == 'All, and "everything"\nin two lines'


def test_csv_is_what_rfc_4180_says(made: Program) -> None:
    for path in (made.folder / "csv").glob("*.csv"):
        content = path.read_bytes()
        assert content.endswith(b"\r\n")
        with path.open(encoding="utf-8", newline="") as file:
            widths = {len(row) for row in csv.reader(file, strict=True)}
        assert len(widths) == 1, path
    first = (made.folder / "csv" / "design.csv").read_bytes().split(b"\r\n")[0]
    assert first == b"point,name,regime,population.bad_actors.count"


def test_bytes_do_not_depend_on_threads_or_time(made: Program, tmp_path: Path) -> None:
    made("export", "all.h5", "--to", "csv", "-o", tmp_path / "x", "--threads", "1")
    for path in (made.folder / "csv").iterdir():
        assert path.read_bytes() == (tmp_path / "x" / path.name).read_bytes()


def exported(made: Program, folder: Path, *words: str) -> Mapping[str, list[dict[str, str]]]:
    made("export", "all.h5", "--to", "csv", "-o", folder, *words)
    return {path.stem: rows_of_csv(path) for path in folder.glob("*.csv")}


def test_tables_are_chosen(made: Program, tmp_path: Path) -> None:
    tables = exported(made, tmp_path / "x", "--tables", "outcomes,models")
    assert set(tables) == {"outcomes", "models", "dictionary"}
    about = json.loads((tmp_path / "x" / "about.json").read_text())
    assert about["selection"] == {"tables": ["outcomes", "models"]}
    whole = made.folder / "csv" / "dictionary.csv"
    assert whole.read_bytes() == (tmp_path / "x" / "dictionary.csv").read_bytes()


def test_regimes_replicates_and_kinds_are_chosen(made: Program, tmp_path: Path) -> None:
    whole = {path.stem: rows_of_csv(path) for path in (made.folder / "csv").glob("*.csv")}
    words = ["--regime", ODD, "--regime", "closed", "--replicate", "2", "--kind", "misuse"]
    tables = exported(made, tmp_path / "x", *words)
    for name, rows in whole.items():
        wanted = [
            row
            for row in rows
            if row.get("regime", ODD) in (ODD, "closed")
            and row.get("replicate", "2") == "2"
            and (name != "events" or row["kind"] == "misuse")
        ]
        assert tables[name] == wanted, name
    assert 0 < len(tables["events"]) < len(whole["events"])
    about = json.loads((tmp_path / "x" / "about.json").read_text())
    assert about["selection"] == {
        "regimes": [ODD, "closed"], "replicates": [2], "kinds": ["misuse"]
    }  # fmt: skip


def test_options_may_stand_before_the_file(made: Program, tmp_path: Path) -> None:
    words = ["--to", "csv", "-o", tmp_path / "x", "--tables", "design", "--regime", "closed"]
    made("export", *words, "all.h5")
    assert {row["regime"] for row in rows_of_csv(tmp_path / "x" / "design.csv")} == {"closed"}


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--regime", "clsoed"], 'no regime "clsoed"; did you mean "closed"?'),
        (["--tables", "evnts"], 'no table "evnts"; did you mean "events"?'),
        (["--kind", "misue"], 'no kind "misue"; did you mean "misuse"?'),
        (["--kind", "misuse", "--tables", "runs"], "--kind chooses rows of events"),
        (["--replicate", "3"], "no replicate 3: it has 3 of each point"),
        (["--to", "xml"], "--to"),
        (["--replicate", "x"], "--replicate"),
    ],
)
def test_what_the_file_does_not_have_is_refused(
    made: Program, tmp_path: Path, words: list[str], says: str
) -> None:
    form = [] if "--to" in words else ["--to", "csv"]
    said = made("export", "all.h5", "-o", tmp_path / "x", *form, *words, code=2)
    assert says in said.err
    assert not (tmp_path / "x").exists()


def test_models_that_were_not_recorded_are_asked_for_in_the_config(tiny: Program) -> None:
    tiny("run", "tiny.json")
    said = tiny("export", "tiny.h5", "--to", "csv", "-o", "x", "--tables", "models", code=2)
    assert "/output/models=true" in said.err


def test_files_that_are_there_are_refused_and_then_replaced(tiny: Program) -> None:
    tiny("run", "tiny.json")
    tiny.write("x/outcomes.csv", "mine")
    tiny.write("x/notes.txt", "mine too")
    said = tiny("export", "tiny.h5", "--to", "csv", "-o", "x", code=2)
    assert "'x/outcomes.csv' exists already; use --overwrite" in said.err
    assert {path.name for path in (tiny.folder / "x").iterdir()} == {"outcomes.csv", "notes.txt"}
    tiny("export", "tiny.h5", "--to", "csv", "-o", "x", "--overwrite")
    assert (tiny.folder / "x" / "outcomes.csv").read_text().startswith("run,regime,")
    assert (tiny.folder / "x" / "notes.txt").read_text() == "mine too"
    tiny("export", "tiny.h5", "--to", "csv", "-o", "tiny.json", "--overwrite", code=2)


def test_an_incomplete_file_gives_what_is_there_and_says_so(tiny: Program) -> None:
    tiny("run", "tiny.json", "--shard", "0/2")
    tiny("merge", "tiny.h5", code=3)
    said = tiny("export", "tiny.h5", "--to", "csv", "-o", "x")
    assert "incomplete: of 6 runs 3 are missing and 0 failed" in said.err
    runs = rows_of_csv(tiny.folder / "x" / "runs.csv")
    done = {row["run"] for row in runs if row["status"] == "done"}
    assert len(runs) == 6
    assert len(done) == 3
    for table in ("outcomes", "series"):
        assert {row["run"] for row in rows_of_csv(tiny.folder / "x" / f"{table}.csv")} == done
    assert {row["run"] for row in rows_of_csv(tiny.folder / "x" / "events.csv")} <= done
    assert json.loads((tiny.folder / "x" / "about.json").read_text())["complete"] is False


def limited(bytes_of_a_file: int) -> Callable[[], None]:
    """Sets the largest file that a command may write: as a full disk, it fails within a write."""

    def set_limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_FSIZE, (bytes_of_a_file, bytes_of_a_file))

    return set_limit


@pytest.mark.parametrize("size", [0, 1000, 20_000, 100_000])
def test_a_full_disk_leaves_no_half_file(made: Program, tmp_path: Path, size: int) -> None:
    for before in (set(), {"outcomes.csv"}):
        out = tmp_path / f"x{len(before)}"
        for name in before:
            out.mkdir()
            (out / name).write_text("old")
        done = subprocess.run(
            [program(), "export", "all.h5", "--to", "csv", "-o", out, "--overwrite"],
            cwd=made.folder,
            capture_output=True,
            text=True,
            check=False,
            preexec_fn=limited(size),
        )
        assert done.returncode == 74, done
        assert "cannot write" in done.stderr
        assert ".csv.tmp': File too large" in done.stderr
        left = {path.name for path in out.iterdir()} if out.exists() else set()
        assert left == before
        assert all((out / name).read_text() == "old" for name in before)


@pytest.fixture
def damaged(made: Program, tmp_path: Path) -> Path:
    """A copy whose events have a chunk that cannot be read."""
    path = tmp_path / "damaged.h5"
    content = bytearray((made.folder / "all.h5").read_bytes())
    with h5py.File(made.folder / "all.h5") as file:
        chunk = file["events/severity_musd"].id.get_chunk_info(0)
    for offset in range(chunk.byte_offset + 20, chunk.byte_offset + 30):
        content[offset] ^= 0x55
    path.write_bytes(bytes(content))
    return path


def test_damage_is_said_and_nothing_is_left(damaged: Path, made: Program, tmp_path: Path) -> None:
    said = made("export", damaged, "--to", "csv", "-o", tmp_path / "x", code=3)
    assert f"cannot read '{damaged}': cannot read dataset 'severity_musd', chunk 0" in said.err
    assert not (tmp_path / "x").exists()
    made("export", damaged, "--to", "csv", "-o", tmp_path / "x", "--tables", "outcomes")


def test_files_that_are_no_results_are_refused_as_info_does(tiny: Program) -> None:
    tiny("run", "tiny.json")
    whole = (tiny.folder / "tiny.h5").read_bytes()
    tiny.write("cut.h5", whole[: len(whole) // 2])
    tiny.write("foreign.h5", b"not HDF5 at all")
    for name in ("cut.h5", "foreign.h5", "nowhere.h5", "."):
        said = tiny("export", name, "--to", "csv", "-o", "x", code=3)
        assert said.err == tiny("info", name, code=3).err
    for attribute, value, says in [
        ("schema_version", np.uint32(9), "it has schema version 9, and this program knows 1"),
        ("schema", "somebody", 'it is an HDF5 file of "somebody"'),
    ]:
        tiny.write("other.h5", whole)
        with h5py.File(tiny.folder / "other.h5", "r+") as file:
            file.attrs[attribute] = value
        said = tiny("export", "other.h5", "--to", "csv", "-o", "x", code=3)
        assert says in said.err
    assert not (tiny.folder / "x").exists()


def test_codes_without_a_name_are_damage(tiny: Program) -> None:
    tiny("run", "tiny.json", "--set", "/time/years=3")
    with h5py.File(tiny.folder / "tiny.h5", "r+") as file:
        file["events/kind"][0] = 200
    said = tiny("export", "tiny.h5", "--to", "csv", "-o", "x", code=3)
    assert "'kind' holds codes that its dictionary does not name" in said.err


def test_a_file_that_others_packed_again_gives_the_same(made: Program, tmp_path: Path) -> None:
    """Another packing, as `h5repack` makes it, is read through the library."""
    with h5py.File(made.folder / "all.h5") as old, h5py.File(tmp_path / "b.h5", "w") as new:
        old.copy("/", new, "all")
        for name in list(new["all"]):
            new.move(f"all/{name}", name)
        del new["all"]
        for name, value in old.attrs.items():
            new.attrs[name] = value
        values, attributes = new["events/time"][:], dict(new["events/time"].attrs)
        del new["events/time"]
        again = new["events"].create_dataset("time", data=values, chunks=(500,))
        for name, value in attributes.items():
            if name != "DIMENSION_LIST":
                again.attrs[name] = value
    made("export", tmp_path / "b.h5", "--to", "csv", "-o", tmp_path / "x", "--tables", "events")
    whole = made.folder / "csv" / "events.csv"
    assert (tmp_path / "x" / "events.csv").read_bytes() == whole.read_bytes()
