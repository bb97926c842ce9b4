"""The notebooks run from top to bottom; each cell that fails is shown with its error."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "analysis" / "notebooks").glob("*.ipynb"))

pytestmark = pytest.mark.program


@pytest.fixture(scope="module")
def folder(program: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the main job has been run, with a small world and few replicates."""
    home = tmp_path_factory.mktemp("notebooks")
    config = {
        "schema_version": 1,
        "title": "A small main job",
        "base": str(ROOT / "configs" / "release-regimes.json"),
        "time": {"years": 6},
        "population": {"developers": {"count": 1000, "weight": 200}, "bad_actors": {"count": 300}},
        "experiment": {
            "regimes": ["closed", "hosted-monitored", "open-weights-permissive"],
            "replicates": 12,
        },
    }
    (home / "small.json").write_text(json.dumps(config))
    (home / "results").mkdir()
    words = ["run", "small.json", "-o", "results/release-regimes.h5", "--progress", "never"]
    subprocess.run([program, *words], cwd=home, check=True, capture_output=True)
    return home


def test_there_are_three() -> None:
    names = [path.stem for path in NOTEBOOKS]
    assert names == ["compare-regimes", "deep-uncertainty", "first-look"]


@pytest.mark.slow
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_runs_from_top_to_bottom(path: Path, folder: Path) -> None:
    if path.stem == "deep-uncertainty" and os.environ.get("FINGERS_REQUIRE_PROGRAM") != "1":
        pytest.importorskip("enough_fingers_engine")
    book = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    assert all(not cell.get("outputs") for cell in book.cells)  # what is kept is what is asked
    client = NotebookClient(book, timeout=300, resources={"metadata": {"path": str(folder)}})
    client.execute()
    code = [cell for cell in book.cells if cell.cell_type == "code"]
    assert all(cell.execution_count for cell in code)
    figures = [
        output for cell in code for output in cell.outputs if "image/png" in output.get("data", {})
    ]
    assert figures
