"""`fingers` as a model of EMA Workbench and SALib, and running configs from Python."""

from __future__ import annotations

import gc
import json
import math
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from conftest import ROOT
from designs import tiny_config
from enough_fingers import Run, open_run
from enough_fingers.batch import Batch, batch_of, by_point
from enough_fingers.connectors import (
    ema_model,
    fingers_evaluator,
    middle,
    policies,
    salib_model,
)
from enough_fingers.parameter_space import Uncertain, parameter_space
from enough_fingers.runner import Program, ProgramError, merged, runner_of, without_experiment
from files import Contents, write_run_file

DEEP = "/mechanisms/flaws/deep_share"
PRESS = "/mechanisms/fingers/press_scale"
LABS = "/labs/frontier/count"
SWITCH = "/mechanisms/scrutiny/enabled"
TINY = {key: value for key, value in tiny_config({}).items() if key != "experiment"}


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Imports of EMA Workbench warn of what is not installed, and its results of pandas 4."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


class Pretended:
    """A runner whose harm is ten times the first parameter plus the regime's number.

    Replicate j adds j; open's first catastrophe comes in 2030 where the first parameter is above 2.
    """

    def __init__(self, folder: Path) -> None:
        self.folder, self.asked = folder, 0

    def __call__(self, config: Mapping[str, Any]) -> Run:
        experiment = config["experiment"]
        columns, points = list(experiment["columns"]), experiment["points"]
        assert len({tuple(point) for point in points}) == len(points)
        if columns[0] != "regime":
            columns = ["regime", *columns]
            points = [[name, *point] for name in experiment["regimes"] for point in points]
        regimes = [point[0] for point in points]
        first = np.array([float(point[1]) for point in points])
        number = np.array([["closed", "open"].index(name) for name in regimes])
        n = int(experiment["replicates"])
        harm = (10 * first + number)[:, None] + np.arange(n)
        year = np.where((number == 1) & (first > 2), 2030.0, math.nan)
        names = [pointer.strip("/").replace("/", ".") for pointer in columns[1:]]
        self.asked += 1
        return open_run(
            write_run_file(
                self.folder / f"{self.asked}.h5",
                Contents(
                    regimes=regimes,
                    replicates=n,
                    factors={
                        name: [float(point[place]) for point in points]
                        for place, name in enumerate(names, 1)
                    },
                    pointers=dict(zip(names, columns[1:], strict=True)),
                    outcomes={
                        "harm_musd": [float(x) for x in harm.reshape(-1)],
                        "first_catastrophe_year": list(np.repeat(year, n)),
                    },
                    config={"experiment": experiment, "time": {"start_year": 2024, "years": 10}},
                    kind="csv",
                ),
            )
        )


def whole(name: str = "a", low: float = 1, high: float = 4) -> Uncertain:
    return Uncertain(f"/{name}", name, "1", low, high, False, "whole", "a count")


def real(name: str = "b", low: float = 0, high: float = 1) -> Uncertain:
    return Uncertain(f"/{name}", name, "1", low, high, False, "real", "a share")


def pretended(folder: Path, replicates: int = 1) -> Batch:
    space = (whole(), real())
    return Batch({}, space, ("closed", "open"), replicates, "common", Pretended(folder))


def test_points_are_rounded_run_once_and_given_back_in_order(tmp_path: Path) -> None:
    batch = pretended(tmp_path, replicates=2)
    values = [[2.2, 0.5], [3.6, 0.5], [1.8, 0.5], [4, 0.25]]
    run, places = batch.listed(values, ["open", "closed", "open", "closed"])
    assert list(places) == [0, 1, 0, 2]
    assert len(run.design) == 3
    assert by_point(run, "harm_musd")[places].tolist() == [[21, 22], [40, 41], [21, 22], [40, 41]]
    run, places = batch.crossed(values, ["open", "closed"])
    assert len(run.design) == 6
    assert list(places) == [0, 1, 0, 2]


def test_values_are_what_a_config_takes() -> None:
    assert whole().value(2.5) == 2
    assert isinstance(whole().value(3.0), int)
    switch = Uncertain("/s", "s", "1", 0, 1, False, "switch", "")
    assert (switch.value(0.49), switch.value(0.5)) == (False, True)
    assert middle(real(low=2, high=4)) == 3
    assert middle(Uncertain("/p", "p", "1", 1e-8, 1e-4, True, "real", "")) == pytest.approx(1e-6)


def test_layers_are_merged_as_rfc_7396_has_it() -> None:
    below = {"a": {"b": 1, "c": [1, 2]}, "d": 4}
    assert merged(below, {"a": {"c": [3]}, "d": None}) == {"a": {"b": 1, "c": [3]}}
    assert merged(below, {"d": {"e": None, "f": 1}}) == {**below, "d": {"f": 1}}
    assert below["a"] == {"b": 1, "c": [1, 2]}


def test_ema_workbench_gets_all_experiments_from_one_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = pretended(tmp_path)
    monkeypatch.setattr("enough_fingers.connectors.batch_of", lambda *_, **__: batch)
    outcomes = ["harm_musd", "first_catastrophe_year"]
    model = ema_model({}, None, outcomes, regimes=["closed", "open"])
    with fingers_evaluator(model) as evaluator:
        experiments, found = evaluator.perform_experiments(6, policies=policies(model))
    assert batch.runner.asked == 1  # type: ignore[attr-defined]
    assert list(experiments["policy"]) == ["closed"] * 6 + ["open"] * 6
    number = (experiments["policy"] == "open").to_numpy()
    first = experiments["a"].to_numpy(dtype=float)
    np.testing.assert_allclose(found["harm_musd"], 10 * first + number)
    np.testing.assert_array_equal(
        np.isnan(found["first_catastrophe_year"]), ~(number & (first > 2))
    )
    # the same experiments one by one, as any other evaluator has them
    alone = model.function(a=3, b=0.5, regime="open")
    assert alone == {"harm_musd": 31.0, "first_catastrophe_year": 2030.0}


def test_replicates_are_an_array_in_ema_workbench(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = pretended(tmp_path, replicates=3)
    monkeypatch.setattr("enough_fingers.connectors.batch_of", lambda *_, **__: batch)
    model = ema_model({}, None, ["harm_musd"], regimes=["closed", "open"], replicates=3)
    with fingers_evaluator(model) as evaluator:
        experiments, found = evaluator.perform_experiments(4, policies=policies(model)[:1])
    array = found["harm_musd_by_replicate"]
    assert array.shape == (4, 3)
    expected = 10 * experiments["a"].to_numpy(dtype=float)[:, None] + np.arange(3)
    np.testing.assert_allclose(array, expected)


def test_salib_samples_evaluates_and_analyses_in_a_chain(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = pretended(tmp_path, replicates=2)
    monkeypatch.setattr("enough_fingers.connectors.batch_of", lambda *_, **__: batch)
    problem = salib_model({}, None, regime="open", replicates=2)
    assert problem["bounds"] == [[0.5, 4.5], [0, 1]]
    problem.sample_sobol(32, calc_second_order=False, seed=2).evaluate_fingers()
    assert problem.results.shape == (32 * 4,)
    rounded = np.clip(np.round(problem.samples[:, 0]), 1, 4)
    np.testing.assert_allclose(problem.results, 10 * rounded + 1 + 0.5)
    indices = problem.analyze_sobol(calc_second_order=False, seed=3).analysis
    assert indices["ST"] == pytest.approx([1, 0], abs=0.15)
    # of a year that may not come, a probability; and the difference of two regimes
    happened = salib_model({}, None, "first_catastrophe_year", regime="open", difference="closed")
    assert list(happened.model([[2, 0.5], [3, 0.5]])) == [0, 1]
    with pytest.raises(ValueError, match="no samples yet"):
        happened.evaluate_fingers()


def test_the_program_says_what_is_believed_of_each_parameter(program: Path) -> None:
    factors = {DEEP: {}, PRESS: {"low": 1e-7, "high": 1e-5, "scale": "linear"}, LABS: {}}
    space = parameter_space(TINY, factors | {SWITCH: {}}, "closed", runner_of(program))
    deep, press, labs, switch = space
    assert (deep.pointer, deep.low, deep.high, deep.kind, deep.log) == (
        DEEP, 0.1, 0.7, "real", False
    )  # fmt: skip
    assert deep.name == "mechanisms.flaws.deep_share"
    assert deep.meaning
    assert (press.low, press.high, press.log) == (1e-7, 1e-5, False)
    # three labs are believed possible, and four have models at the start
    assert (labs.low, labs.high, labs.kind, labs.units) == (4, 8, "whole", "labs")
    assert switch.kind == "switch"


def test_all_that_is_assumed_can_vary(program: Path) -> None:
    batch = batch_of(TINY, None, ["closed"], program=program)
    assert len(batch.space) > 150
    assert {parameter.pointer for parameter in batch.space} >= {DEEP, PRESS}
    assert next(parameter.log for parameter in batch.space if parameter.pointer == PRESS)


def test_both_libraries_run_the_program(program: Path) -> None:
    # Through a config file whose own experiment must not leak into this one.
    path = ROOT / "configs" / "claims" / "path-forward.json"
    small = {**TINY, "base": str(path)}
    model = ema_model(
        small, [DEEP, LABS, SWITCH], ["harm_musd"],
        regimes=["closed", "open-weights-permissive"], program=program,
    )  # fmt: skip
    with fingers_evaluator(model) as evaluator:
        experiments, found = evaluator.perform_experiments(3, policies=policies(model))
    assert len(experiments) == 6
    assert np.isfinite(found["harm_musd"]).all()
    problem = salib_model(small, [DEEP, PRESS], regime="closed", transform="log", program=program)
    assert problem["dists"] == ["unif", "logunif"]
    problem.sample_sobol(4, calc_second_order=False, seed=1).evaluate_fingers()
    # the same points give the same numbers, whoever asks
    again = problem.model(problem.samples)
    np.testing.assert_array_equal(problem.results, again)


def test_results_go_with_their_run_and_stay_where_they_are_kept(
    program: Path, tmp_path: Path
) -> None:
    config = tiny_config({})
    run = runner_of(program)(config)
    path = run.path
    assert path.exists()
    del run
    gc.collect()
    assert not path.exists()
    kept = [Program(program, threads=1, keep=tmp_path)(config).path for _ in range(2)]
    gc.collect()
    assert [path.parent.name for path in kept] == ["run-0000", "run-0001"]
    assert all(path.exists() for path in kept)


def test_what_the_program_refuses_is_said_in_its_own_words(program: Path) -> None:
    with pytest.raises(ProgramError, match=r"code 2:\n.*deep_shar"):
        batch_of(TINY, ["/mechanisms/flaws/deep_shar"], ["closed"], program=program)


def test_a_missing_program_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("FINGERS_PROGRAM", raising=False)
    with pytest.raises(ProgramError, match=r"no program fingers on the PATH.*quickstart"):
        runner_of()
    with pytest.raises(ProgramError, match='no program "nowhere"'):
        runner_of("nowhere")
    with pytest.raises(FileNotFoundError, match="no such config"):
        without_experiment("nowhere.json")


def test_bases_are_merged_and_experiments_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "below").mkdir()
    files = {
        "below/base.json": {"time": {"years": 9, "start_year": 2024}, "experiment": {"draws": 3}},
        "below/mine.json": {"base": "base.json", "time": {"years": 4}, "claim": {"words": "x"}},
        "loop.json": {"base": "loop.json"},
        "list.json": [],
    }
    for name, content in files.items():
        (tmp_path / name).write_text(json.dumps(content), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    expected = {"time": {"years": 4, "start_year": 2024}}
    assert without_experiment("below/mine.json") == expected
    assert without_experiment({"base": "below/mine.json", "seed": 4}) == {**expected, "seed": 4}
    with pytest.raises(ValueError, match="is its own base"):
        without_experiment("loop.json")
    with pytest.raises(ValueError, match="no JSON object"):
        without_experiment("list.json")
