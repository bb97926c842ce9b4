"""Several measures side by side, of regimes and of worlds."""

from __future__ import annotations

import math

import numpy as np
import pytest

from conftest import Opener
from enough_fingers import measures
from enough_fingers.contents import records
from enough_fingers.profiles import of_regimes, of_worlds
from files import Contents
from samples import experiment


def test_each_measure_has_the_statistic_that_suits_it(opened: Opener) -> None:
    run = opened(experiment(3))
    table = of_regimes(run)
    kinds = {row["measure"]: (row["statistic"], row["better"], row["units"])
             for row in records(table)}  # fmt: skip
    assert kinds["harm_musd"] == ("median", "lower", "M$")
    # a first catastrophe should come late, so that its probability should be low
    assert kinds["first_catastrophe_year"] == ("probability", "lower", "share")
    assert kinds["freedom_0_exercisable"] == ("mean", "higher", "share")
    assert "benefit" not in kinds
    absolute = measures.absolute(run.outcomes, "harm_musd")
    expected = absolute[absolute["statistic"] == "median"]["value"]
    found = table[table["measure"] == "harm_musd"]["value"]
    np.testing.assert_array_equal(found, expected)
    (only,) = set(of_regimes(run, ["benefit"])["measure"])
    assert only == "benefit"
    with pytest.raises(ValueError, match='did you mean "benefit"'):
        of_regimes(run, ["benfit"])


def test_worlds_have_means_over_their_replicates(opened: Opener) -> None:
    run = opened(
        Contents(
            regimes=["closed", "closed", "open", "open"],
            factors={"count": [1.0, 2, 1, 2]},
            outcomes={
                "harm_musd": [1.0, 3, 5, 7, 0, 0, 0, 0],
                "first_catastrophe_year": [2030.0, math.nan, 2030, 2031, *[math.nan] * 4],
                "patch_coverage_90_days": [0.5, math.nan, math.nan, math.nan, 0, 0, 0, 0],
            },
        )
    )
    table = of_worlds(run, "closed", ["harm_musd", "first_catastrophe_year",
                                      "patch_coverage_90_days"])  # fmt: skip
    rows = {(row["measure"], row["line"]): row for row in records(table)}
    assert rows["harm_musd", 0]["value"] == 2
    assert rows["harm_musd", 1]["value"] == 6
    assert rows["first_catastrophe_year", 0]["value"] == 0.5
    assert rows["first_catastrophe_year", 1]["value"] == 1
    assert (rows["patch_coverage_90_days", 0]["value"],
            rows["patch_coverage_90_days", 0]["n"]) == (0.5, 1)  # fmt: skip
    assert math.isnan(rows["patch_coverage_90_days", 1]["value"])
