"""The pages that show how results are read say what works: their blocks are run, in order.

Python runs in this process, lines of a shell by this Python, SQL by DuckDB, R where `Rscript` and
the package are installed. The files that the pages name are small real ones.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

import duckdb
import pytest

from conftest import ROOT
from enough_fingers.__main__ import main
from enough_fingers.in_process import has_engine

FILES = {
    "results/release-regimes.h5": "factors-v1.h5",
    "results/shard-0.h5": "factors-v1.h5",
    "results/shard-1.h5": "factors-v1.h5",
}
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(page: str, *languages: str) -> list[tuple[str, str]]:
    """Language and code of the blocks of a page, in order."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    return [(language, code) for language, code in BLOCK.findall(text) if language in languages]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "results").mkdir()
    for name, file in FILES.items():
        shutil.copy(ROOT / "tests" / "data" / file, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run_shell(code: str) -> None:
    """Lines of the form `python -m enough_fingers …`."""
    for line in code.splitlines():
        words = shlex.split(line)
        assert words[:3] == ["python", "-m", "enough_fingers"], line
        assert main(words[3:]) == 0, line


def run_sql(code: str) -> list[Any]:
    """The rows that a query finds."""
    relation = duckdb.sql(code)
    assert relation is not None
    return relation.fetchall()


def run_blocks(page: str, *languages: str) -> list[str]:
    """Runs the blocks of some languages of a page; answers what each printed or found."""
    names: dict[str, Any] = {}
    said = []
    for language, code in blocks(page, *languages):
        told = io.StringIO()
        if "enough_fingers.run(" in code and not has_engine():
            continue  # the extension is not built here
        if language == "sh":
            run_shell(code)
        elif language == "sql":
            told.write(str(run_sql(code)))
        else:
            with contextlib.redirect_stdout(told):
                exec(compile(code, page, "exec"), names)
        said.append(told.getvalue())
    return said


def test_every_block_is_of_a_language_that_is_tried() -> None:
    for page in ("python.md", "other-programs.md"):
        text = (ROOT / "docs" / page).read_text(encoding="utf-8")
        assert text.count("```") == 2 * len(BLOCK.findall(text))
        assert {language for language, _ in BLOCK.findall(text)} <= {"python", "sh", "sql", "r"}


def test_the_page_on_python_does_what_it_says(folder: Path) -> None:
    said = run_blocks("python.md", "python", "sh")
    assert "open-weights-permissive" in said[0]
    assert "M$ all harm" in said[1]
    assert "16 True" in "".join(said)  # two files that hold the same sixteen runs
    assert (folder / "results" / "hosted" / "outcomes.csv").is_file()


def test_the_page_on_other_programs_does_what_it_says(folder: Path) -> None:
    said = run_blocks("other-programs.md", "python", "sh", "sql")
    assert any("misuse" in text for text in said)
    assert "Two regimes in four worlds" in "".join(said)
    assert (folder / "results" / "netcdf" / "series.nc").is_file()


def test_duckdb_and_polars_find_the_harm_that_this_package_finds(folder: Path) -> None:
    from enough_fingers import open_run

    events = open_run("results/release-regimes.h5").events
    ours = events[~events["averted"]].groupby(["regime", "kind"], observed=True)["severity_musd"]
    expected = {key: float(value) for key, value in ours.sum().items()}
    run_shell("python -m enough_fingers export results/release-regimes.h5 --to parquet -o "
              "results/parquet")  # fmt: skip
    sql = blocks("other-programs.md", "sql")[0][1]
    found = {(regime, kind): harm for regime, kind, _, harm in run_sql(sql)}
    assert found == pytest.approx(expected, rel=1e-5)
    names: dict[str, Any] = {}
    code = next(code for _, code in blocks("other-programs.md", "python") if "polars" in code)
    with contextlib.redirect_stdout(io.StringIO()):
        exec(compile(code, "other-programs.md", "exec"), names)
    found = {(r["regime"], r["kind"]): r["harm_musd"] for r in names["harm"].to_dicts()}
    assert found == pytest.approx(expected, rel=1e-5)


def has_package(name: str) -> bool:
    """Whether R and a package of it are installed."""
    if shutil.which("Rscript") is None:
        return False
    asked = f"quit(status = !requireNamespace('{name}', quietly = TRUE))"
    return (
        subprocess.run(["Rscript", "-e", asked], capture_output=True, check=False).returncode == 0
    )


R_PAGES = {"hdf5r": (0, 1), "rhdf5": (2,), "base": (3,)}


@pytest.mark.parametrize("package", R_PAGES)
def test_r_reads_the_file(folder: Path, package: str) -> None:
    if not has_package(package):
        pytest.skip(f"R has no {package} here")
    run_shell("python -m enough_fingers export results/release-regimes.h5 --to csv -o results/csv")
    code = "".join(blocks("other-programs.md", "r")[place][1] for place in R_PAGES[package])
    (folder / "block.R").write_text(code, encoding="utf-8")
    done = subprocess.run(
        ["Rscript", "--vanilla", "block.R"], cwd=folder, capture_output=True, text=True,
        timeout=120, check=False, env={**os.environ, "LC_ALL": "C.UTF-8"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "warning" not in done.stderr.lower(), done.stderr
    if package != "rhdf5":
        # The median of a regime, or the harm of its misuse, as this package finds it.
        from enough_fingers import open_run

        run = open_run("results/release-regimes.h5")
        by_regime = run.outcomes.groupby("regime", observed=True)["harm_musd"].median()
        events = run.events[~run.events["averted"] & (run.events["kind"] == "misuse")]
        misuse = events.groupby("regime", observed=True)["severity_musd"].sum()
        numbers = by_regime if package == "hdf5r" else misuse
        found = [float(number) for number in re.findall(r"\b\d+\.\d+", done.stdout)]
        for number in numbers:
            assert min(abs(float(number) - other) for other in found) < 1e-3 * float(number)
