"""Freedoms granted, possible and exercisable, by hand."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from conftest import Opener
from enough_fingers.freedoms import freedoms_of, gaps, triads
from files import Contents


def outcomes(opened: Opener) -> pd.DataFrame:
    """Closed grants nothing; open grants all of freedom 2, of which a third to a half is used."""
    return opened(
        Contents(
            replicates=3,
            outcomes={
                "freedom_2_granted": [0.0, 0, 0, 1, 1, 1],
                "freedom_2_possible": [0.0, 0.1, 0.2, 0.9, 0.8, 1.0],
                "freedom_2_exercisable": [0.0, 0, 0, 0.3, 0.5, 0.4],
                "freedom_3_granted": [0.5] * 6,
            },
        )
    ).outcomes


def pick(table: pd.DataFrame, **keys: str) -> pd.Series:
    for name, value in keys.items():
        table = table[table[name] == value]
    assert len(table) == 1
    return table.iloc[0]


def test_freedoms_and_stages_are_those_of_the_file(opened: Opener) -> None:
    found = freedoms_of(outcomes(opened))
    assert list(found) == ["2", "3"]
    assert list(found["2"]) == ["granted", "possible", "exercisable"]
    assert found["3"] == {"granted": "freedom_3_granted"}


def test_freedoms_of_one_budget_are_not_triads() -> None:
    table = pd.DataFrame({"freedom_0_exercisable_firm": [1.0], "freedom_1a_granted": [1.0]})
    assert freedoms_of(table) == {"1a": {"granted": "freedom_1a_granted"}}


def test_triads_are_means_with_students_interval(opened: Opener) -> None:
    table = triads(outcomes(opened))
    row = pick(table, freedom="2", regime="open", stage="exercisable")
    assert row["value"] == pytest.approx(0.4)
    # t(2) = 4.303 of a standard deviation of .1 over √3
    assert row["high"] - row["value"] == pytest.approx(4.3027 * 0.1 / math.sqrt(3), rel=1e-4)
    assert row["n"] == 3
    certain = pick(table, freedom="2", regime="open", stage="granted")
    assert certain["value"] == 1
    assert math.isnan(certain["low"])
    assert certain["method"] == "none (all replicates equal)"
    assert pick(table, freedom="2", regime="closed", stage="possible")["low"] == 0


def test_gaps_are_paired_within_the_replicate(opened: Opener) -> None:
    table = gaps(outcomes(opened))
    row = pick(table, freedom="2", regime="open", gap="granted − exercisable")
    assert row["value"] == pytest.approx(np.mean([0.7, 0.5, 0.6]))
    possible = pick(table, freedom="2", regime="open", gap="possible − exercisable")
    # .6 .3 .6: the interval is that of the differences, not of two means
    assert possible["standard_error"] == pytest.approx(np.std([0.6, 0.3, 0.6], ddof=1) / 3**0.5)
    assert set(table["freedom"]) == {"2"}


def test_gaps_against_a_reference_are_paired_by_replicate(opened: Opener) -> None:
    table = gaps(outcomes(opened), "closed")
    row = pick(table, freedom="2", regime="open", gap="possible − exercisable")
    # .6 .3 .6 less 0 .1 .2
    assert row["value"] == pytest.approx(np.mean([0.6, 0.2, 0.4]))
    assert row["standard_error"] == pytest.approx(np.std([0.6, 0.2, 0.4], ddof=1) / 3**0.5)
    assert set(table["reference"]) == {"closed"}
    with pytest.raises(ValueError, match='no regime "opne" here; there are closed, open'):
        gaps(outcomes(opened), "opne")
