"""Metadata beside a results file say what the file says, and the same each time."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from conftest import ROOT
from enough_fingers import open_run
from enough_fingers.__main__ import main
from enough_fingers.convert import export
from enough_fingers.described import describe
from enough_fingers.exported import tables_of

MODELS = ROOT / "tests" / "data" / "models-v1.h5"
FORMS = ("ro-crate", "croissant")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A results file with its sidecar."""
    path = Path(shutil.copy(MODELS, tmp_path / "small.h5"))
    said = {
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "began": "2026-01-02T03:04:05Z",
        "ended": "2026-01-02T03:04:15Z",
        "commit": "0123456789abcdef0123456789abcdef01234567",
    }
    path.with_suffix(".run.json").write_text(json.dumps(said), encoding="utf-8")
    return path


def read(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


def test_the_crate_says_what_the_file_says(file: Path) -> None:
    (path,) = describe(file, None, ["ro-crate"])
    entities = {entity["@id"]: entity for entity in read(path)["@graph"]}
    run = open_run(file)
    assert entities["small.h5"]["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
    assert entities["small.h5"]["contentSize"] == str(file.stat().st_size)
    assert entities["#config"]["value"] == run.attributes["config_sha256"]
    assert entities["./"]["license"] == {"@id": "https://creativecommons.org/licenses/by/4.0/"}
    assert entities["./"]["datePublished"] == "2026-01-02T03:04:15Z"
    assert entities["#run"]["startTime"] == "2026-01-02T03:04:05Z"
    assert entities["#run"]["description"] == run.provenance["command"]
    for name, seed in run.provenance["seeds"].items():
        assert entities[f"#seed-{name}"]["value"] == str(seed)
    linked = [part["@id"] for part in entities["./"]["hasPart"]]
    assert all(name in entities and (file.parent / name).is_file() for name in linked)


def test_of_a_file_alone_croissant_describes_no_records(file: Path) -> None:
    (path,) = describe(file, None, ["croissant"])
    assert read(path)["recordSet"] == []
    assert [entry["@id"] for entry in read(path)["distribution"]] == ["small.h5"]


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_croissant_has_every_column_with_its_unit(file: Path, form: str) -> None:
    run = open_run(file)
    export(run, file.parent, form)
    (path,) = describe(file, None, ["croissant"])
    found = {records["name"]: records["field"] for records in read(path)["recordSet"]}
    wanted = {table.name: table.fields for table in tables_of(run)}
    assert {
        name: [(f["name"], f["unitText"]) for f in fields] for name, fields in found.items()
    } == {name: [(f.name, f.unit) for f in fields] for name, fields in wanted.items()}
    for entry in read(path)["distribution"]:
        content = (file.parent / entry["@id"]).read_bytes()
        assert entry["sha256"] == hashlib.sha256(content).hexdigest()


def test_tables_of_another_run_are_not_described(file: Path) -> None:
    export(open_run(ROOT / "tests" / "data" / "factors-v1.h5"), file.parent, "csv")
    (path,) = describe(file, None, ["croissant"])
    assert read(path)["recordSet"] == []


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_the_crate_has_every_column_with_its_unit(file: Path, form: str) -> None:
    run = open_run(file)
    export(run, file.parent, form)
    (path,) = describe(file, None, ["ro-crate"])
    entities = {entity["@id"]: entity for entity in read(path)["@graph"]}
    for table in tables_of(run):
        columns = [
            entities[column["@id"]]
            for column in entities[f"{table.name}.{form}"]["variableMeasured"]
        ]
        assert [(c["@type"], c["name"], c["unitText"], c["description"]) for c in columns] == [
            ("PropertyValue", f.name, f.unit, f.meaning) for f in table.fields
        ]


def test_what_was_selected_is_said_and_left_out(file: Path) -> None:
    run = open_run(file)
    export(run, file.parent, "csv")  # some of its tables stay there, and are not of the next export
    chosen = run.select(regimes=[run.regimes[0]])
    export(chosen, file.parent, "csv", tables=["runs", "outcomes"], overwrite=True)
    crate, croissant = (read(path) for path in describe(file, None, FORMS))
    records = {one["name"]: one["description"] for one in croissant["recordSet"]}
    files = {one["@id"]: one for one in crate["@graph"] if one["@type"] == "File"}
    assert list(records) == ["runs", "outcomes"]
    assert set(files) == {"small.h5", "small.run.json", "runs.csv", "outcomes.csv"}
    for said in (records["runs"], files["runs.csv"]["description"]):
        assert said == f"One row a run; a selection of the run: regimes {run.regimes[0]}".replace(
            "One row", said[: said.index(" a ")]
        )


@pytest.mark.parametrize(
    "content", ['{"uuid": ', "[]", '{"uuid": "UUID", "selection": {"tables": 3}}']
)
def test_a_broken_about_is_refused(file: Path, content: str) -> None:
    uuid = str(open_run(file).attributes["uuid"])
    (file.parent / "about.json").write_text(content.replace("UUID", uuid), encoding="utf-8")
    with pytest.raises(ValueError, match=r"about\.json: "):
        describe(file, None, FORMS)


@pytest.mark.parametrize("key", ["began", "ended", "commit"])
def test_a_sidecar_that_lacks_something_says_what(
    file: Path, key: str, capsys: pytest.CaptureFixture[str]
) -> None:
    sidecar = file.with_suffix(".run.json")
    said = read(sidecar)
    del said[key]
    sidecar.write_text(json.dumps(said), encoding="utf-8")
    assert main(["describe", str(file)]) == 2
    message = capsys.readouterr().err
    assert f"does not say {key}" in message
    assert str(sidecar) in message


def test_a_folder_that_cannot_be_written_is_named(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (file.parent / "croissant.json").mkdir()
    assert main(["describe", str(file)]) == 74
    message = capsys.readouterr().err
    assert message.startswith(f"{file.parent / 'croissant.json'}: cannot write (")
    assert "None" not in message


def test_the_same_file_gives_the_same_bytes(file: Path, tmp_path: Path) -> None:
    first = describe(file, None, FORMS)
    second = describe(file, tmp_path / "elsewhere", FORMS)
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


def test_a_sidecar_that_is_missing_or_of_another_file_is_refused(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sidecar = file.with_suffix(".run.json")
    sidecar.write_text('{"sha256": "00"}', encoding="utf-8")
    assert main(["describe", str(file)]) == 2
    assert "copy the sidecar that was written with the file" in capsys.readouterr().err
    sidecar.write_text("{", encoding="utf-8")
    assert main(["describe", str(file)]) == 2
    assert "is no JSON" in capsys.readouterr().err
    sidecar.unlink()
    assert main(["describe", str(file)]) == 2
    assert "Copy it beside the results file" in capsys.readouterr().err
