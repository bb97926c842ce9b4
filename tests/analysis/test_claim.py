"""The claim that a config declares, and the numbers of its figure."""

from __future__ import annotations

import math
from typing import Any

import pytest

from conftest import Opener
from enough_fingers.claim import along, claim_of
from files import Contents

NAN = math.nan


def contents(claim: Any) -> Contents:  # noqa: ANN401
    return Contents(
        regimes=("closed", "closed", "open", "open"),
        factors={"count": [100.0, 1000.0, 100.0, 1000.0]},
        outcomes={
            "harm_musd": [1.0, 3, 5, 7, 2, 4, 6, 8],
            "first_catastrophe_year": [NAN, NAN, NAN, 2025, NAN, 2030, 2026, 2027],
        },
        config={"claim": claim},
    )


CLAIM = {
    "words": "Given enough fingers, all catastrophes are shallow",
    "figure": {
        "outcomes": ["first_catastrophe_year", "harm_musd", "not_there"],
        "x": "/population/count",
        "scale": "log",
    },
}


def test_a_claim_is_read_with_what_the_file_has_of_it(opened: Opener) -> None:
    claim = claim_of(opened(contents(CLAIM)))
    assert claim is not None
    assert claim.words.startswith("Given enough fingers")
    assert claim.outcomes == ("first_catastrophe_year", "harm_musd")
    assert (claim.factor, claim.pointer, claim.log_x) == ("count", "/population/count", True)


@pytest.mark.parametrize("block", [None, {}, "words"])
def test_a_config_without_a_claim_has_none(opened: Opener, block: object) -> None:
    assert claim_of(opened(contents(block))) is None


def test_outcomes_along_the_factor_are_worked_out_at_each_value(opened: Opener) -> None:
    run = opened(contents(CLAIM))
    claim = claim_of(run)
    assert claim is not None
    rows = along(run, claim, "first_catastrophe_year")
    assert list(rows["x"]) == [100, 100, 1000, 1000]
    assert list(rows["regime"]) == ["closed", "open", "closed", "open"]
    assert list(rows["value"]) == [0, 0.5, 0.5, 1]
    assert list(along(run, claim, "harm_musd")["value"]) == [2, 3, 6, 7]
    assert set(rows["statistic"]) == {"probability"}


def test_without_a_factor_regimes_stand_side_by_side(opened: Opener) -> None:
    run = opened(contents({"words": "w", "figure": {"outcome": "harm_musd"}}))
    claim = claim_of(run)
    assert claim is not None
    rows = along(run, claim, "harm_musd")
    assert list(rows["x"]) == [0, 1]
    assert list(rows["value"]) == [4, 5]
