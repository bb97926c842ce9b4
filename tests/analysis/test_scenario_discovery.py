"""Boxes and scores where it is known which factors matter."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest

from conftest import Opener
from enough_fingers.box_search import Choice
from enough_fingers.boxes import box_of, box_table, in_words
from enough_fingers.cases import Cases, exceeds, plausible_ranges, worse
from enough_fingers.contents import records
from enough_fingers.feature_scores import feature_scores
from enough_fingers.scenario_discovery import _cautions, cart, prim
from enough_fingers.structure import Factor
from files import Contents

Floats = npt.NDArray[np.float64]
FEW: dict[str, Any] = {"n_permutations": 19, "n_resamples": 4}


def hypercube(n: int, n_factors: int, seed: int = 2) -> dict[str, Floats]:
    """A Latin hypercube: [0, 1] in n strata, by factor."""
    rng = np.random.default_rng(seed)
    return {f"f{place}": (rng.permutation(n) + 0.5) / n for place in range(n_factors)}


def two_regimes(columns: dict[str, Floats], harm: list[Floats], **changes: Any) -> Contents:  # noqa: ANN401
    """Harm of closed and of open, [n_worlds, n_replicates] each."""
    n, replicates = harm[0].shape
    return Contents(
        regimes=["closed"] * n + ["open"] * n,
        replicates=replicates,
        factors={name: [*values, *values] for name, values in columns.items()},
        outcomes={"harm_musd": [float(x) for part in harm for x in part.reshape(-1)]},
        **changes,
    )


def planted(opened: Opener, n: int = 80, n_factors: int = 3, luck: float = 0.0) -> Cases:
    """Open does worse where f0 > 0.6 and f1 < 0.7, and elsewhere only by luck."""
    columns = hypercube(n, n_factors)
    inside = (columns["f0"] > 0.6) & (columns["f1"] < 0.7)
    rng = np.random.default_rng(9)
    turned = rng.random(n) < luck
    more = np.where(inside ^ turned, 1.0, -1.0)[:, None]
    return worse(opened(two_regimes(columns, [np.full((n, 1), 2.0), 2.0 + more])), "open", "closed")


def test_a_world_is_worse_when_most_of_its_replicates_are(opened: Opener) -> None:
    n = 20
    closed = np.full((n, 3), 2.0)
    opening = np.full((n, 3), 1.0)
    opening[0] = [3, 3, 1]  # two of three
    opening[1] = [3, 2, 1]  # one, and a tie
    opening[2] = [2, 2, 2]  # ties alone
    run = opened(two_regimes(hypercube(n, 2), [closed, opening]))
    cases = worse(run, "open", "closed")
    # worlds are numbered by the values of the factors
    numbers = run.design["world"].to_numpy()[:3]
    share = dict(zip(cases.inputs.index, cases.share, strict=True))
    assert [share[number] for number in numbers] == pytest.approx([2 / 3, 0.5, 0.5])
    assert cases.of_interest.sum() == 1
    assert cases.question == "open does worse than closed by harm_musd"
    runs = worse(run, "open", "closed", unit="replicate")
    assert runs.n == 60
    assert runs.of_interest.sum() == 3
    other = worse(run, "closed", "open")
    assert other.of_interest.sum() == n - 3


def test_of_a_year_the_earlier_is_worse_and_none_is_latest(opened: Opener) -> None:
    n = 20
    years = np.full((2, n), math.nan)
    years[0, :3] = [2026, 2030, math.nan]
    years[1, :3] = [2027, 2028, 2028]
    contents = two_regimes(hypercube(n, 2), [np.ones((n, 1)), np.ones((n, 1))])
    contents.outcomes["first_catastrophe_year"] = list(years.reshape(-1))  # type: ignore[index]
    run = opened(contents)
    assert worse(run, "open", "closed", "first_catastrophe_year").of_interest.sum() == 2
    assert exceeds(run, "closed", "first_catastrophe_year").of_interest.sum() == 2
    assert exceeds(run, "closed", "harm_musd", 0.5).of_interest.all()
    assert "comes under closed" in exceeds(run, "closed", "first_catastrophe_year").question


def test_runs_that_are_missing_are_left_out(opened: Opener) -> None:
    n = 22
    status = [0] * (2 * n)
    status[4] = 1
    run = opened(
        two_regimes(hypercube(n, 2), [np.ones((n, 1)), np.full((n, 1), 2.0)], status=status)
    )
    assert worse(run, "open", "closed").n == n - 1


def test_questions_that_cannot_be_asked_are_refused(opened: Opener) -> None:
    few = opened(two_regimes(hypercube(12, 2), [np.ones((12, 1)), np.ones((12, 1))]))
    with pytest.raises(ValueError, match="12 cases say nothing"):
        worse(few, "open", "closed")
    with pytest.raises(ValueError, match='did you mean "closed"'):
        worse(few, "open", "close")
    with pytest.raises(ValueError, match="say above which level"):
        exceeds(few, "open", "harm_musd")
    still = opened(Contents(outcomes={"harm_musd": [1.0, 2, 3, 4]}))
    with pytest.raises(ValueError, match="varies no factor"):
        worse(still, "open", "closed")


def test_prim_finds_the_planted_box_and_trusts_it(opened: Opener) -> None:
    cases = planted(opened)
    found = prim(cases, **FEW)
    limits = {limit.factor: limit for limit in found.box.limits}
    assert set(limits) == {"f0", "f1"}
    # a limit lies within a peel or two of where it was planted
    assert limits["f0"].low == pytest.approx(0.6, abs=0.08)
    assert limits["f1"].high == pytest.approx(0.7, abs=0.08)
    assert math.isnan(limits["f0"].high)
    assert limits["f0"].range == (0.5 / 80, 1 - 0.5 / 80)
    assert max(limit.quasi_p for limit in limits.values()) < 0.05
    assert found.box.density > 0.95
    assert found.box.coverage > 0.5
    assert found.p_chance == 1 / 20
    assert found.cautions == ()
    assert list(found.stability["factor"][:2]) == ["f0", "f1"]
    assert found.stability["share"].iloc[0] == 1
    assert found.outside_density[0] > 0.8
    words = in_words(found.box, cases)
    assert words.startswith("open does worse than closed by harm_musd in 100\u00a0% (")
    assert "/population/f0 ≥ 0.6" in words
    assert "of all such worlds. Of all worlds it is" in words


def test_a_box_counts_what_lies_in_it(opened: Opener) -> None:
    cases = planted(opened)
    box = box_of(cases, {"f0": (0.5, math.nan), "f1": (0.2, 0.4)}, {})
    inside = (cases.inputs["f0"] >= 0.5) & cases.inputs["f1"].between(0.2, 0.4)
    assert box.n == inside.sum()
    assert box.of_interest == (inside.to_numpy() & cases.of_interest).sum()
    assert box.density == box.of_interest / box.n
    assert box.coverage == box.of_interest / cases.of_interest.sum()
    assert box.mass == box.n / 80
    low, high = box.density_interval()
    assert low < box.density < high
    assert list(box_table(box)["pointer"]) == ["/population/f0", "/population/f1"]


def test_the_trajectory_is_emas_with_the_chosen_box_marked(opened: Opener) -> None:
    found = prim(planted(opened, luck=0.15), **FEW)
    table = found.trajectory
    assert table["chosen"].sum() == 1
    (chosen,) = records(table[table["chosen"]])
    assert chosen["density"] == pytest.approx(found.box.density)
    assert chosen["coverage"] == pytest.approx(found.box.coverage)
    assert (chosen["n"], chosen["restricted"]) == (found.box.n, len(found.box.limits))
    assert table["coverage"].iloc[0] == 1
    assert table["mass"].iloc[0] == 1
    assert (table["low"] <= table["density"]).all()
    assert (table["density"] <= table["high"]).all()


def test_density_outside_is_lower_than_inside_where_there_is_only_luck(opened: Opener) -> None:
    n = 60
    columns = hypercube(n, 8)
    more = np.random.default_rng(3).uniform(0, 2, size=(n, 1))
    cases = worse(opened(two_regimes(columns, [np.ones((n, 1)), more])), "open", "closed")
    # with quasi-p as it should be there is no box at all; without it there is one of luck
    assert prim(cases, n_permutations=0, n_resamples=0).box.limits == ()
    found = prim(cases, Choice(most_quasi_p=1.0), n_permutations=9, n_resamples=9)
    outside, low, high = found.outside_density
    assert found.box.density > cases.base + 0.1
    assert low < cases.base < high
    assert outside < found.box.density
    assert found.p_chance > 0.05
    assert "Luck may have made this box" in found.cautions[0]


def test_a_box_much_denser_than_other_cases_show_says_so(opened: Opener) -> None:
    cases = planted(opened)
    box = box_of(cases, {"f0": (0.62, math.nan), "f1": (math.nan, 0.68)}, {})
    assert box.density_interval()[0] > 0.8
    quiet, loud = (_cautions(cases, box, np.zeros(9), 0.1 * 0.5, (hits, 40)) for hits in (36, 12))
    assert quiet == ()
    assert loud[0].startswith("The box flatters itself: among cases")
    assert "30\u00a0% and not 100\u00a0%" in loud[0]


def test_a_box_that_restricts_the_dummy_says_so(opened: Opener) -> None:
    columns = hypercube(40, 2)
    inside = columns["f1"] > 0.5
    contents = two_regimes(
        {"f0": columns["f0"], "dummy": columns["f1"]},
        [np.ones((40, 1)), np.where(inside, 2.0, 0.5)[:, None]],
        pointers={"dummy": "dummy"},
    )
    found = prim(worse(opened(contents), "open", "closed"), n_permutations=0, n_resamples=0)
    assert found.cautions == (
        "The box restricts the dummy, on which nothing depends: that limit is luck.",
    )


def test_cases_that_are_all_alike_have_no_box(opened: Opener) -> None:
    n = 30
    run = opened(two_regimes(hypercube(n, 3), [np.zeros((n, 1)), np.ones((n, 1))]))
    cases = worse(run, "open", "closed")
    for search in (prim, cart):
        found = search(cases, n_permutations=2, n_resamples=2)
        assert found.box.limits == ()
        assert found.box.coverage == 1
        assert found.cautions == ("All cases are alike, so no box can tell them apart.",)
        assert "100\u00a0% (30 of 30) of worlds; no limit" in in_words(found.box, cases)


def test_a_plan_is_no_sample(opened: Opener) -> None:
    levels = np.linspace(0, 1, 30)
    harm = [np.ones((30, 1)), np.where(levels > 0.5, 2.0, 1.0)[:, None]]
    run = opened(two_regimes({"f0": levels}, harm))
    found = prim(worse(run, "open", "closed"), n_permutations=3, n_resamples=2)
    assert "settings of a plan" in found.cautions[-1]


def test_cart_cuts_all_cases_into_leaves(opened: Opener) -> None:
    cases = planted(opened)
    found = cart(cases, **FEW)
    assert {limit.factor for limit in found.box.limits} == {"f0", "f1"}
    assert found.box.density == 1
    assert sum(box.n for box in found.boxes) == cases.n
    assert sum(box.of_interest for box in found.boxes) == cases.of_interest.sum()
    surely = [box.density_interval()[0] for box in found.boxes]
    assert surely == sorted(surely, reverse=True)
    assert len(found.trajectory) == len(found.boxes)
    assert found.p_chance == 1 / 20


def test_searches_with_the_same_seed_are_the_same(opened: Opener) -> None:
    cases = planted(opened, luck=0.2)
    np.random.seed(3)  # noqa: NPY002
    expected = np.random.random()  # noqa: NPY002
    np.random.seed(3)  # noqa: NPY002
    first, second = (cart(cases, **FEW) for _ in range(2))
    assert first.boxes == second.boxes
    np.testing.assert_array_equal(first.chance, second.chance)
    assert np.random.random() == expected  # noqa: NPY002 (others' draws are left alone)


def test_scores_rise_above_the_floor_where_a_factor_matters(opened: Opener) -> None:
    columns = hypercube(120, 5)
    harm = (3 * columns["f1"] + columns["f3"] + 10)[:, None]
    run = opened(two_regimes(columns, [np.ones((120, 1)), harm]))
    table = feature_scores(run, ["harm_musd"], regime="open", n_seeds=3, n_resamples=10)
    assert list(table["factor"][:2]) == ["f1", "f3"]
    rows = {row["factor"]: row for row in records(table)}
    for name, row in rows.items():
        assert (row["low"] > row["floor"]) == (name in ("f1", "f3"))
        assert row["low"] <= row["value"] <= row["high"]
    assert set(table["n"]) == {120}
    with pytest.raises(ValueError, match="say which regime"):
        feature_scores(run, ["harm_musd"])


def test_ranges_are_those_of_the_config_then_of_belief_then_tried(opened: Opener) -> None:
    experiment = {"factors": {"/population/f0": {"low": -1, "high": 2}}}
    contents = two_regimes(
        {**hypercube(20, 2), "count": np.linspace(5000.0, 9000, 20), "dummy": np.full(20, 0.5)},
        [np.ones((20, 1)), np.ones((20, 1))],
        config={"experiment": experiment},
        pointers={"count": "/population/developers/count", "dummy": "dummy"},
    )
    assert plausible_ranges(opened(contents)) == {
        "f0": (-1.0, 2.0),
        "f1": (0.025, 0.975),
        "count": (2000.0, 100000.0),
        "dummy": (0.0, 1.0),
    }


def test_limits_are_told_with_their_units() -> None:
    factors = (Factor("a", "/a", "M$"), Factor("b", "/b", "1"))
    inputs = pd.DataFrame({"a": [1.0, 2], "b": [0.0, 1]}, index=pd.Index([0, 1], name="world"))
    cases = Cases("it rains", inputs, np.array([True, False]), np.array([1.0, 0]), factors,
                  {"a": (0, 9), "b": (0, 1)}, "replicate", True)  # fmt: skip
    box = box_of(cases, {"a": (0.5, 1.5), "b": (math.nan, 0.5)}, {"a": 0.01})
    assert in_words(box, cases) == (
        "it rains in 100 % (1 of 1) of runs where 0.5 ≤ /a ≤ 1.5 M$ and /b ≤ 0.5; this holds "
        "100 % of all such runs. Of all runs it is 50 %."
    ).replace(" %", "\u00a0%")
