"""Files of every released schema open, and give the numbers that were stored in them."""

from __future__ import annotations

import hashlib
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from conftest import ROOT
from enough_fingers import NONE, Run, open_run

FOLDER = ROOT / "tests" / "data"
EXPECTED = json.loads((FOLDER / "expected.json").read_text(encoding="utf-8"))
#: They are never made anew.
SHA256 = {
    "factors-v1.h5": "174a40882b301a8cff53e999a95ae945af70c918ce5b2aed9c6591058b6b7088",
    "models-v1.h5": "1e606763477042d6ec20b96722025f97c9a4ba07f77128441e092cf9af543fae",
}
FILES = sorted(FOLDER.glob("*.h5"))


def test_every_file_is_known_and_as_it_was() -> None:
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in FILES}
    assert found == SHA256
    assert set(EXPECTED) == set(SHA256)


def total(values: Any) -> tuple[int, float, int]:  # noqa: ANN401
    """Rows, sum of the values that are numbers, and how many are."""
    if isinstance(values, pd.Series) and isinstance(values.dtype, pd.CategoricalDtype):
        values = values.cat.codes
    array = np.asarray(values)
    wide = array if array.dtype == np.uint64 else array.astype(np.float64)
    there = np.isfinite(wide)
    if array.dtype == np.uint32:
        there &= array != NONE
    return len(array), math.fsum(wide[there].ravel().tolist()), int(there.sum())


def table_of(run: Run, name: str) -> Any:  # noqa: ANN401
    """The table in which the columns of a group are handed out."""
    if name == "runs":
        return pd.concat([run.runs, run.outcomes[run.outcomes.attrs["outcomes"]]], axis=1)
    return run.series_by_run if name == "series" else getattr(run, name)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_opens_and_gives_the_numbers_that_it_holds(path: Path) -> None:
    run = open_run(path)
    assert run.complete
    for name, columns in EXPECTED[path.name].items():
        table = table_of(run, name)
        for column, (rows, expected, there) in columns.items():
            if (name, column) in (("runs", "run"), ("series", "run"), ("runs", "content_xxh3")):
                continue  # the index; the hash of what is compared here
            if (name, column) == ("events", "flags"):
                masks = {"averted": 1, "catastrophic": 2, "ended_the_run": 4, "still_open": 8}
                assert (
                    sum(int(table[flag].sum()) * mask for flag, mask in masks.items()) == expected
                )
                continue
            found = total(table[column])
            assert (found[0], found[2]) == (rows, there), f"{name}/{column}"
            assert found[1] == pytest.approx(float(expected), rel=1e-14), f"{name}/{column}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_series_laid_out_by_regime_hold_the_same(path: Path) -> None:
    run = open_run(path)
    for column, (_, expected, _) in EXPECTED[path.name]["series"].items():
        if column not in ("run", "time"):
            assert total(run.series[column].values)[1] == pytest.approx(expected, rel=1e-14)


def test_the_config_of_a_file_is_that_beside_it() -> None:
    for path in FILES:
        asked = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        run = open_run(path)
        assert run.attributes["title"] == asked["title"]
        assert run.regimes == asked["experiment"]["regimes"]
        assert {factor.pointer for factor in run.factors} == set(
            asked["experiment"].get("factors", {})
        )
        assert run.attributes["schema_version"] == asked["schema_version"]
