"""What is converted holds the numbers of the file, in every form, and says what they are."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xarray as xr

from conftest import ROOT, Opener
from enough_fingers import NONE, Run, convert, open_run, writers
from enough_fingers.__main__ import main
from enough_fingers.convert import export
from files import Contents

MODELS, FACTORS = (ROOT / "tests" / "data" / f"{name}-v1.h5" for name in ("models", "factors"))
BESIDE = {"about.json", "config.json", "dictionary.csv", "dictionary.json", "provenance.json"}
KEYS = ["run", "regime", "point", "replicate"]


@pytest.fixture(scope="module")
def run() -> Run:
    return open_run(MODELS)


def expected(run: Run, table: str) -> pd.DataFrame:
    """A table as it should come back: names for codes, nothing ("none") as NaN."""
    frame: pd.DataFrame = getattr(run, table).drop(columns=["flags", "world"], errors="ignore")
    if table in ("outcomes", "runs"):
        frame = frame.reset_index()
    for name in frame:
        if isinstance(frame[name].dtype, pd.CategoricalDtype):
            frame[name] = frame[name].astype(object)
        elif frame[name].dtype == np.uint32:
            frame[name] = frame[name].astype(float).where(frame[name] != NONE)
    return frame


def assert_holds(found: pd.DataFrame, run: Run, table: str) -> None:
    """Every column of the table is in what was read back, to the last bit of its type."""
    wanted = expected(run, table)
    assert len(found) == len(wanted)
    assert list(found.columns[:4]) == KEYS
    assert set(found.columns) >= set(wanted.columns)
    for name in wanted:
        one, other = found[name].to_numpy(), wanted[name].to_numpy()
        if other.dtype.kind == "f":
            one = one.astype(other.dtype)  # a 4-byte float was written with the digits of one
        assert (pd.isna(one) == pd.isna(other)).all(), name
        there = ~pd.isna(other)
        assert (one[there] == other[there]).all(), name


def read_csv(path: Path) -> pd.DataFrame:
    found: pd.DataFrame = pd.read_csv(path, keep_default_na=False, na_values=[""])
    return found


def test_csv_reads_back(run: Run, tmp_path: Path) -> None:
    files = export(run, tmp_path, "csv")
    tables = {"design", "runs", "outcomes", "series", "events", "models", "model_forms"}
    assert {path.name for path in files} == {
        *(f"{table}.csv" for table in (*tables, "parameters")), *BESIDE
    }  # fmt: skip
    assert set(tmp_path.iterdir()) == set(files)
    for table in ("events", "models", "model_forms", "outcomes"):
        assert_holds(read_csv(tmp_path / f"{table}.csv"), run, table)
    lines = (tmp_path / "events.csv").read_bytes().split(b"\r\n")
    assert lines[0].startswith(b"run,regime,point,replicate,event,time,kind,")
    assert lines[-1] == b""
    assert b'"' not in lines[1]
    assert b",true," in b"".join(lines)


def test_series_have_a_row_a_run_and_time(run: Run, tmp_path: Path) -> None:
    export(run, tmp_path, "csv", tables=["series"])
    table = read_csv(tmp_path / "series.csv")
    flat = run.series_by_run
    assert len(table) == flat.sizes["run"] * flat.sizes["time"]
    for name in flat.data_vars:
        values = table[name].to_numpy().astype(np.float32).reshape(flat[name].shape)
        np.testing.assert_array_equal(values, flat[name].values)
    assert list(table["time"].iloc[:6]) == list(flat["time"].values)


def test_rows_are_numbered_within_their_run(run: Run, tmp_path: Path) -> None:
    export(run, tmp_path, "csv", tables=["events", "models"])
    events, models = (read_csv(tmp_path / f"{name}.csv") for name in ("events", "models"))
    for table, row in ((events, "event"), (models, "model")):
        assert (table[row] == table.groupby("run").cumcount()).all()
    # So references within a run can be joined.
    derived = models.dropna(subset="parent").merge(
        models, left_on=["run", "parent"], right_on=["run", "model"], suffixes=("", "_of_parent")
    )
    assert len(derived) == (run.models["parent"] != NONE).sum()
    assert (derived["release_year"] >= derived["release_year_of_parent"]).all()


def test_json_is_an_object_a_line(run: Run, tmp_path: Path) -> None:
    export(run, tmp_path, "json")
    for table in ("events", "models", "outcomes"):
        lines = (tmp_path / f"{table}.jsonl").read_text(encoding="utf-8").splitlines()
        assert_holds(pd.DataFrame([json.loads(line) for line in lines]), run, table)
    first = json.loads(lines[0])
    assert list(first)[:4] == KEYS
    assert None in first.values()  # a year that did not come
    parameters = (tmp_path / "parameters.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(parameters) == len(run.parameters)


def test_parquet_keeps_types_units_and_provenance(run: Run, tmp_path: Path) -> None:
    export(run, tmp_path, "parquet")
    for table in ("events", "models", "outcomes"):
        assert_holds(pq.read_table(tmp_path / f"{table}.parquet").to_pandas(), run, table)
    file = pq.ParquetFile(tmp_path / "events.parquet")
    schema = file.schema_arrow
    assert schema.field("kind").type == pa.dictionary(pa.int8(), pa.string())
    assert schema.field("severity_musd").type == pa.float32()
    assert schema.field("severity_musd").metadata[b"unit"] == b"M$"
    meaning = run.events.attrs["long_name"]["severity_musd"]
    assert schema.field("severity_musd").metadata[b"long_name"].decode() == meaning
    assert json.loads(schema.metadata[b"config"]) == run.config
    assert json.loads(schema.metadata[b"provenance"]) == run.provenance
    assert schema.metadata[b"license"] == b"CC-BY-4.0"
    column = file.metadata.row_group(0).column(schema.get_field_index("severity_musd"))
    assert column.compression == "ZSTD"
    nulls = pq.read_table(tmp_path / "events.parquet")["seen_at"].null_count
    assert nulls == run.events["seen_at"].isna().sum() > 0


def test_netcdf_follows_the_cf_conventions(run: Run, tmp_path: Path) -> None:
    export(run, tmp_path, "netcdf")
    with xr.open_dataset(tmp_path / "series.nc", engine="h5netcdf") as series:
        xr.testing.assert_equal(series.load(), run.series.load())
        assert series["harm_musd"].attrs["units"] == "M$/step"
        assert series.attrs["Conventions"] == "CF-1.10"
    with xr.open_dataset(tmp_path / "events.nc", engine="h5netcdf") as events:
        kind = events["kind"]
        names = np.array(kind.attrs["flag_meanings"].split())
        assert list(names[kind.values]) == list(run.events["kind"])
        assert events["severity_musd"].dims == ("event",)
        np.testing.assert_array_equal(events["severity_musd"], run.events["severity_musd"])
        np.testing.assert_array_equal(events["averted"].values != 0, run.events["averted"])
        flaw = run.events["flaw"].astype(float)
        np.testing.assert_array_equal(events["flaw"], flaw.where(flaw != NONE))
        assert events.attrs["uuid"] == run.attributes["uuid"]
    with xr.open_dataset(tmp_path / "parameters.nc", engine="h5netcdf") as parameters:
        assert list(parameters["pointer"].values) == list(run.parameters.index)


def test_the_dictionary_describes_every_column(run: Run, tmp_path: Path) -> None:
    export(run, tmp_path, "parquet")
    words = pd.read_csv(tmp_path / "dictionary.csv", keep_default_na=False)
    assert list(words.columns) == ["table", "column", "unit", "type", "meaning", "categories"]
    for table in words["table"].unique():
        names = pq.read_schema(tmp_path / f"{table}.parquet").names
        assert list(words.loc[words["table"] == table, "column"]) == names
    assert (words["unit"] != "").all()
    assert (words["meaning"] != "").all()
    by_name = words.set_index(["table", "column"])
    kinds = json.loads(str(by_name.loc[("events", "kind"), "categories"]))
    assert kinds == list(run.events["kind"].cat.categories)
    assert by_name.loc[("events", "averted"), "type"] == "flag"
    assert by_name.loc[("events", "severity_musd"), "type"] == "f4"
    rows = json.loads((tmp_path / "dictionary.json").read_text(encoding="utf-8"))
    assert [row["column"] for row in rows] == list(words["column"])


@pytest.mark.parametrize("form", ["csv", "json", "parquet", "netcdf"])
def test_a_selection_is_all_that_is_written(run: Run, tmp_path: Path, form: str) -> None:
    part = run.select(regimes="open-later", replicates=[0, 2], kinds="misuse", years=(2025, None))
    export(part, tmp_path, form, tables=["events", "outcomes"])
    about = json.loads((tmp_path / "about.json").read_text(encoding="utf-8"))
    assert about["selection"] == {
        "tables": ["events", "outcomes"],
        "regimes": ["open-later"],
        "replicates": [0, 2],
        "kinds": ["misuse"],
        "years": [2025.0, None],
    }
    assert about["complete"] is True
    ending = writers.ENDINGS[form]
    assert {path.name for path in tmp_path.iterdir()} == {
        f"events.{ending}", f"outcomes.{ending}", *BESIDE
    }  # fmt: skip
    if form in ("csv", "parquet"):
        read = read_csv if form == "csv" else pd.read_parquet
        events = read(tmp_path / f"events.{ending}")
        assert len(events) == len(part.events) > 0
        assert set(events["kind"]) == {"misuse"}
        assert (events["time"] >= 2025).all()
        # Numbers within the run stay those of the whole.
        assert events["event"].max() > len(events[events["run"] == 3])


def test_factors_stand_beside_the_outcomes(tmp_path: Path) -> None:
    run = open_run(FACTORS)
    export(run, tmp_path, "csv")
    outcomes = read_csv(tmp_path / "outcomes.csv")
    for factor in run.factors:
        assert list(outcomes[factor.name]) == list(run.outcomes[factor.name])
    design = read_csv(tmp_path / "design.csv")
    assert list(design.columns[:3]) == ["point", "name", "regime"]
    assert list(design["population.developers.count"]) == list(
        run.design["population.developers.count"]
    )
    assert not (tmp_path / "models.csv").exists()


def test_missing_and_failed_runs_stand_in_runs_alone(opened: Opener, tmp_path: Path) -> None:
    contents = Contents(outcomes={"harm_musd": [1.0, np.nan, np.nan, 4.0]}, status=[0, 1, 2, 0])
    export(opened(contents), tmp_path, "csv")
    assert list(read_csv(tmp_path / "runs.csv")["status"]) == ["done", "missing", "failed", "done"]
    assert list(read_csv(tmp_path / "outcomes.csv")["run"]) == [0, 3]
    assert json.loads((tmp_path / "about.json").read_text(encoding="utf-8"))["complete"] is False


@pytest.mark.parametrize("form", ["csv", "json", "parquet", "netcdf"])
def test_a_table_without_rows_has_its_columns(opened: Opener, tmp_path: Path, form: str) -> None:
    run = opened(Contents(outcomes={"harm_musd": [1.0, 2.0, 3.0, 4.0]}))
    export(run, tmp_path, form, tables=["events"])
    if form == "csv":
        assert (tmp_path / "events.csv").read_bytes().count(b"\r\n") == 1
    elif form == "parquet":
        assert pq.read_table(tmp_path / "events.parquet").num_rows == 0
    elif form == "netcdf":
        with xr.open_dataset(tmp_path / "events.nc", engine="h5netcdf") as events:
            assert events.sizes == {"event": 0}
            assert "severity_musd" in events
    else:
        assert (tmp_path / "events.jsonl").read_bytes() == b""


def test_texts_are_quoted_where_they_must_be(opened: Opener, tmp_path: Path) -> None:
    odd = ('he said "no", twice', "two\nlines", "plain", "a,b")
    run = opened(Contents(regimes=odd, outcomes={"harm_musd": [np.inf, 1e300, 5e-324] * 2 + [0, 1]},
                          replicates=2))  # fmt: skip
    design = tmp_path / "csv"
    export(run, design, "csv", tables=["design"])
    assert list(read_csv(design / "design.csv")["regime"]) == list(odd)
    content = (design / "design.csv").read_bytes().decode("utf-8")
    assert '"he said ""no"", twice"' in content
    assert '"plain"' not in content
    export(run, tmp_path / "json", "json", tables=["design"])
    lines = (tmp_path / "json" / "design.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["regime"] for line in lines] == list(odd)


def test_files_that_are_there_are_refused_unless_told(run: Run, tmp_path: Path) -> None:
    export(run, tmp_path, "csv", tables=["design"])
    with pytest.raises(ValueError, match=r"holds design.csv, .* already.*--overwrite"):
        export(run, tmp_path, "csv", tables=["design"])
    export(run, tmp_path, "csv", tables=["design"], overwrite=True)


def test_what_there_is_not_is_named_with_what_is_nearest(run: Run, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r'no form "parket" here; did you mean "parquet"'):
        export(run, tmp_path, "parket")
    with pytest.raises(ValueError, match=r'no table "event" here; did you mean "events"'):
        export(run, tmp_path, "csv", tables=["event"])


def test_nothing_is_left_when_the_disk_is_full(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin = writers.writer

    def fails_at_events(form: str, path: Path, table: Any, about: Any) -> Any:  # noqa: ANN401
        if table.name == "events":
            raise OSError(28, "No space left on device")
        return begin(form, path, table, about)

    monkeypatch.setattr(convert, "writer", fails_at_events)
    with pytest.raises(OSError, match="No space left"):
        export(run, tmp_path, "csv")
    assert list(tmp_path.iterdir()) == []


def test_a_library_that_is_not_there_says_how_to_have_it(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ImportError, match=r"enough-fingers\[convert\].*fingers export"):
        writers.package("no_such_library_anywhere")


def test_the_command_line_converts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["export", str(MODELS), "--to", "parquet", "-o", str(tmp_path), "--kind", "misuse"]
    words += ["--regime", "watched", "--replicate", "1", "--years", "2025:", "--tables", "events"]
    assert main(words) == 0
    assert str(tmp_path / "events.parquet") in capsys.readouterr().out
    events = pd.read_parquet(tmp_path / "events.parquet")
    assert set(events["replicate"]) == {1}
    assert main(words) == 2
    assert "--overwrite" in capsys.readouterr().err
    assert main([*words, "--overwrite"]) == 0
    assert main([*words, "--overwrite", "--regime", "watchd"]) == 2
    assert 'did you mean "watched"' in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main([*words, "--years", "soon"])
    assert "2026:2028" in capsys.readouterr().err


@pytest.mark.program
def test_csv_of_the_program_has_the_same_layout(run: Run, program: Path, tmp_path: Path) -> None:
    told = subprocess.run([str(program), "--help"], capture_output=True, text=True, check=True)
    if "export" not in told.stdout:
        pytest.skip("this program does not export")
    done = subprocess.run(
        [str(program), "export", str(MODELS), "--to", "csv", "-o", str(tmp_path / "theirs")],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    export(run, tmp_path / "ours", "csv")
    for table in ("design", "runs", "outcomes", "series", "events", "models", "model_forms"):
        ours, theirs = (read_csv(tmp_path / who / f"{table}.csv") for who in ("ours", "theirs"))
        words = pd.read_csv(tmp_path / "ours" / "dictionary.csv").set_index("table").loc[[table]]
        small = words.loc[words["type"] == "f4", "column"]
        types = dict.fromkeys(small, np.float32)  # written with the digits that one needs
        pd.testing.assert_frame_equal(ours.astype(types), theirs.astype(types), check_exact=True)
    for text in ("config.json", "provenance.json"):
        one, other = ((tmp_path / who / text).read_bytes() for who in ("ours", "theirs"))
        assert one == other
