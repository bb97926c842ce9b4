"""Sobol and Morris indices of functions whose indices are known, through the program's designs."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from SALib.sample import sobol as salib_sobol

from conftest import Opener
from designs import (
    ISHIGAMI_S1,
    ISHIGAMI_S13,
    ISHIGAMI_ST,
    ISHIGAMI_VARIANCE,
    THREE,
    ishigami,
    run_program,
    tiny_config,
    unit_inputs,
    with_outcomes,
)
from enough_fingers import Run, blocks
from enough_fingers.contents import records
from enough_fingers.errors import MissingRunsError
from enough_fingers.point_values import PointValues
from enough_fingers.sensitivity import EXPECTED, _of_luck, morris, sobol
from enough_fingers.structure import Factor
from files import Contents

Floats = npt.NDArray[np.float64]


@pytest.fixture(scope="module")
def saltelli(program: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """256 base rows of three factors and a dummy: 1,536 points."""
    config = tiny_config(
        {"design": "saltelli", "draws": 256, "dummy": True, "factors": THREE,
         "random_numbers": "independent"}
    )  # fmt: skip
    return run_program(program, tmp_path_factory.mktemp("saltelli"), config)


@pytest.fixture(scope="module")
def pairs(program: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The same with the blocks for pairs, without a dummy: 2,048 points."""
    config = tiny_config(
        {"design": "saltelli", "draws": 256, "second_order": True, "factors": THREE}
    )
    return run_program(program, tmp_path_factory.mktemp("pairs"), config)


@pytest.fixture(scope="module")
def trajectories(program: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """40 trajectories, of which one factor is a switch and one a small whole number."""
    config = tiny_config(
        {
            "design": "morris",
            "trajectories": 40,
            "levels": 6,
            "factors": {
                "/mechanisms/scrutiny/enabled": {},
                "/mechanisms/flaws/deep_share": {"low": 0.0, "high": 1.0},
                "/population/auditors/count": {"low": 1, "high": 3},
            },
        }
    )
    return run_program(program, tmp_path_factory.mktemp("morris"), config)


def noisy(run: Run, replicates: int, variance: float, shared: bool = False) -> Floats:
    """Ishigami's function with normal noise, [n_points, n_replicates]."""
    rng = np.random.default_rng(11)
    exact = ishigami(unit_inputs(run, THREE))[:, None]
    noise = rng.normal(0, math.sqrt(variance), (len(exact), replicates))
    if shared:
        noise = np.repeat(noise[:1] * 20, len(exact), axis=0)
    return np.asarray(exact + noise + 100)  # far from 0, for what is not centred goes wrong there


def opened_ishigami(
    opened: Opener, run: Run, values: Floats, random_numbers: str = "independent"
) -> Run:
    contents = with_outcomes(run, {"harm_musd": values})
    experiment = dict(contents.config["experiment"]) | {"random_numbers": random_numbers}
    return opened(dataclasses.replace(contents, config={"experiment": experiment}))


def picked(table: pd.DataFrame, index: str, of: str) -> list[dict[str, Any]]:
    """Rows of one index, by factor in order."""
    return records(table[(table["index"] == index) & (table["of"] == of)])


def values_of(table: pd.DataFrame, index: str, of: str) -> list[float]:
    return [float(row["value"]) for row in picked(table, index, of)]


def noise_of(table: pd.DataFrame) -> dict[str, dict[str, Any]]:
    return {row["of"]: row for row in records(table[table["index"] == "noise"])}


def by_factor(table: pd.DataFrame, run: Run) -> list[dict[str, float]]:
    """Each factor's effects by statistic, in order."""
    return [
        {row["statistic"]: row["value"] for row in records(table[table["factor"] == factor.name])}
        for factor in run.factors
    ]


def test_indices_of_ishigami_lie_within_their_intervals(opened: Opener, saltelli: Run) -> None:
    exact = noisy(saltelli, 1, 0.0)
    table = sobol(opened_ishigami(opened, saltelli, exact), "harm_musd")
    for index, known in (("S1", ISHIGAMI_S1), ("ST", ISHIGAMI_ST)):
        rows = picked(table, index, "one replicate")
        assert [row["factor"] for row in rows] == [factor.name for factor in saltelli.factors]
        for row, value in zip(rows, known, strict=False):
            assert row["low"] < value < row["high"], (index, row["factor"])
            assert row["value"] == pytest.approx(value, abs=0.12)
    assert set(table["n"]) == {256}
    # the dummy does nothing, and there is no noise
    idle = picked(table, "ST", "one replicate")[3]
    assert (idle["pointer"], idle["value"], idle["floor"]) == ("dummy", 0.0, 0.0)
    assert math.isnan(idle["low"])
    assert idle["method"] == "none (no run changed with this factor)"


def test_rows_of_the_file_in_any_order_give_the_same(opened: Opener, saltelli: Run) -> None:
    exact = noisy(saltelli, 1, 0.0)
    contents = with_outcomes(saltelli, {"harm_musd": exact})
    order = np.random.default_rng(3).permutation(len(exact))
    turned = dataclasses.replace(
        contents,
        factors={name: [values[i] for i in order] for name, values in contents.factors.items()},
        blocks={name: [values[i] for i in order] for name, values in contents.blocks.items()},
        outcomes={"harm_musd": [float(x) for x in exact[order, 0]]},
    )
    first, second = (sobol(opened(each), "harm_musd") for each in (contents, turned))
    pd.testing.assert_frame_equal(first, second)


def test_indices_of_pairs(opened: Opener, pairs: Run) -> None:
    contents = with_outcomes(pairs, {"harm_musd": noisy(pairs, 1, 0.0)})
    table = sobol(opened(contents), "harm_musd")
    rows = records(table[table["index"] == "S2"])
    names = [factor.name for factor in pairs.factors]
    assert [(row["factor"], row["other"]) for row in rows] == [
        (names[0], names[1]), (names[0], names[2]), (names[1], names[2])
    ]  # fmt: skip
    for row, value in zip(rows, (0.0, ISHIGAMI_S13, 0.0), strict=True):
        assert row["low"] < value < row["high"]


def test_without_noise_replicates_change_nothing(opened: Opener, saltelli: Run) -> None:
    exact = np.repeat(noisy(saltelli, 1, 0.0), 3, axis=1)
    table = sobol(opened_ishigami(opened, saltelli, exact), "harm_musd")
    noise = table[table["index"] == "noise"]
    assert list(noise["value"]) == [0.0, 0.0]
    assert set(noise["method"]) == {"none (replicates do not differ)"}
    three, expected = (values_of(table, "ST", of) for of in ("mean of 3 replicates", EXPECTED))
    # SALib scales by all of the values, this by A and B: 1e-3 apart at most here
    np.testing.assert_allclose(three, expected, atol=2e-3)


def test_known_noise_is_recovered_and_taken_out(opened: Opener, saltelli: Run) -> None:
    # Half of the variance of a single run is noise; of the mean of four, a fifth.
    values = noisy(saltelli, 4, ISHIGAMI_VARIANCE)
    table = sobol(opened_ishigami(opened, saltelli, values), "harm_musd")
    noise = noise_of(table)
    for of, share in (("mean of 4 replicates", 1 / 5), ("single run", 1 / 2)):
        assert noise[of]["low"] < share < noise[of]["high"], of
        assert noise[of]["high"] - noise[of]["low"] < 0.12
    totals = {of: picked(table, "ST", of) for of in (*noise, EXPECTED)}
    for place, (first, total) in enumerate(zip(ISHIGAMI_S1, ISHIGAMI_ST, strict=True)):
        row = totals[EXPECTED][place]
        assert row["low"] < total < row["high"]
        row = picked(table, "S1", EXPECTED)[place]
        assert row["low"] < first < row["high"]
        # of a single run: (V_T + noise) / (V + noise)
        row = totals["single run"][place]
        assert row["low"] < (total + 1) / 2 < row["high"]
    # The dummy's total index is the noise share, and nothing once noise is taken out.
    idle = {of: rows[3] for of, rows in totals.items()}
    assert idle["mean of 4 replicates"]["value"] == pytest.approx(0.2, abs=0.05)
    assert idle["single run"]["value"] == pytest.approx(0.5, abs=0.05)
    assert idle[EXPECTED]["value"] == pytest.approx(0.0, abs=0.05)
    assert {row["floor"] for row in totals["single run"]} == {idle["single run"]["high"]}


def test_luck_that_all_points_share_is_in_no_index(opened: Opener, saltelli: Run) -> None:
    values = noisy(saltelli, 4, ISHIGAMI_VARIANCE, shared=True)
    table = sobol(opened_ishigami(opened, saltelli, values, "common"), "harm_musd")
    noise = noise_of(table)
    assert noise["mean of 4 replicates"]["value"] == pytest.approx(0.0, abs=1e-9)
    assert noise["single run"]["value"] == pytest.approx(0.0, abs=1e-9)
    # Their variance as drawn, over itself and Ishigami's; three in a thousand is 256 rows' error.
    luck = values.mean(axis=0).var(ddof=1)
    shared = noise["single run, with the luck that all points share"]
    assert shared["value"] == pytest.approx(luck / (luck + ISHIGAMI_VARIANCE), abs=0.003)
    for place, total in enumerate(ISHIGAMI_ST):
        row = picked(table, "ST", EXPECTED)[place]
        assert row["low"] < total < row["high"]


def test_an_outcome_that_never_differs_has_no_index(opened: Opener, saltelli: Run) -> None:
    values = np.full((len(saltelli.design), 2), 3.0)
    table = sobol(opened_ishigami(opened, saltelli, values), "harm_musd")
    assert table["value"].isna().all()
    assert "does not vary" in table["method"].iloc[0]


def test_the_difference_of_two_regimes(opened: Opener, saltelli: Run) -> None:
    contents = with_outcomes(saltelli, {"harm_musd": noisy(saltelli, 2, 1.0)})
    rng = np.random.default_rng(4)
    harm = np.asarray(contents.outcomes["harm_musd"]).reshape(-1, 2)
    factor = unit_inputs(saltelli, THREE)[:, [1]]
    more = harm + factor + rng.normal(0, 1e-6, harm.shape)
    both = dataclasses.replace(
        contents,
        regimes=["closed"] * len(harm) + ["open"] * len(harm),
        factors={name: [*values, *values] for name, values in contents.factors.items()},
        blocks={name: [*values, *values] for name, values in contents.blocks.items()},
        outcomes={"harm_musd": [*map(float, harm.reshape(-1)), *map(float, more.reshape(-1))]},
    )
    table = sobol(opened(both), "harm_musd", regime="open", difference="closed")
    totals = values_of(table, "ST", "mean of 2 replicates")
    np.testing.assert_allclose(totals, [0, 1, 0, 0], atol=0.03)
    assert set(table["reference"]) == {"closed"}
    with pytest.raises(ValueError, match="say which regime: closed, open"):
        sobol(opened(both), "harm_musd")


def test_a_year_that_may_not_come_is_a_probability_or_a_waiting_time(
    opened: Opener, saltelli: Run
) -> None:
    units = unit_inputs(saltelli, THREE)
    # It comes where the second factor is above a half, and then after 2 (1 - x) years.
    year = np.where(units[:, 1] > 0.5, 2024 + 2 * (1 - units[:, 1]), np.nan)[:, None]
    contents = with_outcomes(saltelli, {"first_catastrophe_year": year})
    run = opened(contents)
    happened = sobol(run, "first_catastrophe_year")
    assert set(happened["units"]) == {"share"}
    assert values_of(happened, "S1", "one replicate")[1] == pytest.approx(1, abs=0.05)
    waited = sobol(run, "first_catastrophe_year", transform="waited")
    assert set(waited["units"]) == {"yr"}
    with pytest.raises(ValueError, match='"happened" or "waited", not log'):
        sobol(run, "first_catastrophe_year", transform="log")


def test_heavy_tails_are_told_and_logarithms_tame_them(opened: Opener, saltelli: Run) -> None:
    units = unit_inputs(saltelli, THREE)
    harm = 10 ** (8 * units[:, [0]] ** 8 + units[:, [1]])
    run = opened(with_outcomes(saltelli, {"harm_musd": harm}))
    plain, log = sobol(run, "harm_musd"), sobol(run, "harm_musd", transform="log")
    assert plain["approximate"].str.contains("makes").any()
    assert (log["approximate"] == "").all()
    assert set(log["transform"]) == {"log10"}


def test_missing_runs_are_refused_with_what_to_do(opened: Opener, saltelli: Run) -> None:
    contents = with_outcomes(saltelli, {"harm_musd": noisy(saltelli, 2, 1.0)})
    status = [0] * contents.n_runs
    status[3], status[5], status[6] = 1, 2, 2
    with pytest.raises(MissingRunsError, match=r"1 are missing and 2 failed.*fingers retry run0"):
        sobol(opened(dataclasses.replace(contents, status=status)), "harm_musd")


@pytest.mark.parametrize(
    ("outcome", "changes", "message"),
    [
        ("harm_must", {}, 'did you mean "harm_musd"'),
        ("patch_coverage_90_days", {}, '"none" in 1 of 3072 runs'),
    ],
)
def test_what_cannot_be_analysed_is_said(
    opened: Opener, saltelli: Run, outcome: str, changes: dict[str, Any], message: str
) -> None:
    values = noisy(saltelli, 2, 1.0)
    share = np.full(values.shape, 0.5)
    share[7, 1] = np.nan
    contents = with_outcomes(
        saltelli, {"harm_musd": values, "patch_coverage_90_days": share}, **changes
    )
    with pytest.raises(ValueError, match=message):
        sobol(opened(contents), outcome)


def test_intervals_cover_from_64_base_rows_on() -> None:
    # 60 designs of 64 base rows, 4 replicates, half of a run's variance noise. At .95 the share of
    # 60 has a standard error of .028; three of them below .95 are .865.
    problem = {"num_vars": 3, "names": ["a", "b", "c"], "bounds": [[0, 1]] * 3}
    factors = tuple(Factor(name, f"/{name}", "1") for name in "abc")
    inside: dict[tuple[str, int], list[bool]] = {}
    for seed in range(60):
        units = salib_sobol.sample(problem, 64, calc_second_order=False, seed=seed)
        noise = np.random.default_rng(seed + 1).normal(
            0, math.sqrt(ISHIGAMI_VARIANCE), (len(units), 4)
        )
        values = ishigami(units)[:, None] + noise
        laid = blocks.Saltelli(values.reshape(64, 5, 4), second_order=False)
        points = PointValues("o", "1", "r", "", "", pd.DataFrame(), factors, values, False, "")
        table = pd.DataFrame(_of_luck(points, laid, 200, seed + 2))
        for index, known in (("S1", ISHIGAMI_S1), ("ST", ISHIGAMI_ST)):
            for place, row in enumerate(picked(table, index, EXPECTED)):
                covered = bool(row["low"] <= known[place] <= row["high"])
                inside.setdefault((index, place), []).append(covered)
    for hits in inside.values():
        assert np.mean(hits) >= 0.865


def test_another_design_is_refused(opened: Opener) -> None:
    grid = Contents(factors={"count": [1.0, 2.0]}, regimes=("closed", "closed"),
                    outcomes={"harm_musd": [1.0, 2, 3, 4]})  # fmt: skip
    with pytest.raises(ValueError, match=r'run is "factorial".*needs "saltelli"'):
        sobol(opened(grid), "harm_musd")
    with pytest.raises(ValueError, match='needs "morris"'):
        morris(opened(grid), "harm_musd")


def moves(run: Run) -> Iterator[tuple[int, int, int, int]]:
    """Point before, point after, way (1 or -1) and factor of each move."""
    for _, rows in run.design.groupby("base_row"):
        ordered = rows.sort_values("step")
        points, names = [int(str(point)) for point in ordered.index], list(ordered["block"])
        for place in range(1, len(points)):
            way, factor = str(names[place]).split(":")
            yield points[place - 1], points[place], 1 if way == "up" else -1, int(factor) - 1


def steps(run: Run) -> Floats:
    """Position of each point in units of a factor's range, from the moves of its trajectory."""
    position = np.zeros((len(run.design), len(run.factors)))
    for before, after, way, factor in moves(run):
        position[after] = position[before]
        position[after, factor] += 0.6 * way
    return position


def test_effects_of_a_linear_function_are_its_slopes(opened: Opener, trajectories: Run) -> None:
    # The switch and the whole number stay where they are in some steps; the blocks say what moved.
    slopes = np.array([5.0, -2.0, 0.0])
    values = (steps(trajectories) @ slopes)[:, None]
    table = morris(opened(with_outcomes(trajectories, {"benefit": values + 50})), "benefit")
    for effect, slope in zip(by_factor(table, trajectories), slopes, strict=True):
        assert effect["mu"] == pytest.approx(slope, abs=1e-9)
        assert effect["mu_star"] == pytest.approx(abs(slope), abs=1e-9)
        assert effect["sigma"] == pytest.approx(0, abs=1e-9)
        assert math.isnan(effect["noise"])
    assert set(table["n"]) == {40}


def test_noise_of_effects_is_that_of_two_runs(opened: Opener, trajectories: Run) -> None:
    # Two runs of standard deviation 1, a move of 0.6, 9 replicates: √2 / 0.6 / 3 = 0.786.
    rng = np.random.default_rng(5)
    values = (steps(trajectories) @ np.array([5.0, 0, 0]))[:, None]
    values = values + rng.normal(0, 1, (len(values), 9)) + 50
    table = morris(opened(with_outcomes(trajectories, {"benefit": values})), "benefit")
    for row in records(table[table["statistic"] == "noise"]):
        assert row["low"] < math.sqrt(2) / 0.6 / 3 < row["high"]
    idle = by_factor(table, trajectories)[2]
    assert idle["mu_star"] == pytest.approx(0.786 * math.sqrt(2 / math.pi), abs=0.2)
    assert idle["sigma"] == pytest.approx(0.786, abs=0.2)


def test_effects_are_those_of_salib_by_hand(opened: Opener, trajectories: Run) -> None:
    rng = np.random.default_rng(6)
    values = rng.normal(10, 1, (len(trajectories.design), 2))
    table = morris(opened(with_outcomes(trajectories, {"benefit": values})), "benefit")
    by_hand: dict[int, list[float]] = {}
    mean = values.mean(axis=1)
    for before, after, way, factor in moves(trajectories):
        by_hand.setdefault(factor, []).append(float(mean[after] - mean[before]) / (0.6 * way))
    for place, effects in by_hand.items():
        row = by_factor(table, trajectories)[place]
        assert row["mu"] == pytest.approx(np.mean(effects))
        assert row["mu_star"] == pytest.approx(np.mean(np.abs(effects)))
        assert row["sigma"] == pytest.approx(np.std(effects, ddof=1))
