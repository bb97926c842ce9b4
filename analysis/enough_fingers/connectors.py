"""`fingers` as a model of EMA Workbench and of SALib.

    from enough_fingers.connectors import ema_model, fingers_evaluator, salib_model

EMA Workbench asks a model for one experiment at a time, and each would start the program anew.
`fingers_evaluator` gives it all experiments of a batch in one run, on all processors.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from enough_fingers.batch import Batch, Factors, batch_of, by_point
from enough_fingers.distributions import Floats
from enough_fingers.optional import known, package, quietly
from enough_fingers.parameter_space import Uncertain
from enough_fingers.point_values import point_values
from enough_fingers.runner import Runner

#: The lever of a model of EMA Workbench.
REGIME = "regime"


def ema_model(
    config: str | Path | Mapping[str, Any], factors: Factors = None,
    outcomes: Sequence[str] = ("harm_musd",), *, regimes: Sequence[str], replicates: int = 1,
    program: str | Path | Runner = "",
) -> Any:  # fmt: skip # noqa: ANN401
    """`fingers` as an `ema_workbench.Model`.

    Its uncertainties are the parameters with their ranges of belief, wide ones by ratio; its lever
    is the regime; its outcomes are those of the file. With one replicate an outcome is a number,
    with more an array [replicates] whose name ends in `_by_replicate` (EMA Workbench does not let
    one name mean both); one that is "none" is NaN.

    Args:
        config: A config file, or a config; its own experiment is left out.
        factors: JSON pointers, or by pointer `{"low": …, "high": …, "scale": "log"}`; None for
            every number of the world that is assumed (some 200).
        outcomes: Names of outcomes.
        regimes: Names of regimes to be tried.
        replicates: Of each experiment, with random numbers common to all experiments.
        program: The program, or another runner; see `runner.runner_of`.

    Returns:
        The model, to be evaluated by `fingers_evaluator` or, slowly, by any evaluator of EMA
        Workbench. `policies(model)` gives one policy a regime.

    Raises:
        ProgramError: When there is no program, or it refuses the config.
        MissingLibraryError: When EMA Workbench is not installed.
    """
    workbench = package("ema_workbench")
    batch = batch_of(config, factors, regimes, replicates=replicates, program=program)
    names = [parameter.name for parameter in batch.space]

    def one(**given: Any) -> dict[str, Any]:  # noqa: ANN401
        """One experiment, as a run of the program of its own."""
        values = [[given[name] for name in names]]
        found = _listed(batch, values, [given[REGIME]], outcomes)
        return {outcome: found[outcome][0] for outcome in outcomes}

    with quietly():
        model = workbench.Model("fingers", function=one)
        model.uncertainties = [_uncertainty(workbench, parameter) for parameter in batch.space]
        model.levers = [workbench.CategoricalParameter(REGIME, list(regimes))]
        model.outcomes = [
            workbench.ScalarOutcome(name)
            if replicates == 1
            else workbench.ArrayOutcome(
                f"{name}_by_replicate", variable_name=name, shape=(replicates,), dtype=float
            )
            for name in outcomes
        ]
    model.batch = batch
    return model


def policies(model: Any) -> list[Any]:  # noqa: ANN401
    """One policy of EMA Workbench for each regime of a model from `ema_model`."""
    workbench = package("ema_workbench")
    return [workbench.Policy(name, **{REGIME: name}) for name in model.batch.regimes]


def fingers_evaluator(model: Any) -> Any:  # noqa: ANN401
    """An evaluator of EMA Workbench that runs all experiments in one batch of the program.

        with fingers_evaluator(model) as evaluator:
            experiments, outcomes = evaluator.perform_experiments(100, policies=policies(model))

    Args:
        model: From `ema_model`.

    Returns:
        The evaluator; like any other it also serves `optimize` and `robust_optimize`.
    """
    evaluators = package("ema_workbench.em_framework.evaluators")
    points = package("ema_workbench.em_framework.points")

    class FingersEvaluator(evaluators.BaseEvaluator):  # type: ignore[misc,name-defined]
        """Experiments of one call, in one run of the program."""

        def initialize(self) -> None:
            """Nothing to start."""

        def finalize(self) -> None:
            """Nothing to stop."""

        def evaluate_experiments(
            self,
            scenarios: Any,  # noqa: ANN401
            policies: Any,  # noqa: ANN401
            callback: Any,  # noqa: ANN401
            combine: str = "factorial",
        ) -> None:
            """Runs the experiments and hands each to the callback, in order."""
            found = points.experiment_generator(scenarios, self._msis, policies, combine=combine)
            _evaluate(model, list(found), callback)

    with quietly():
        return FingersEvaluator(model)


def _evaluate(model: Any, experiments: Sequence[Any], callback: Any) -> None:  # noqa: ANN401
    batch: Batch = model.batch
    values = [
        [_given(parameter.name, experiment, model) for parameter in batch.space]
        for experiment in experiments
    ]
    chosen = [
        known(str(_given(REGIME, experiment, model)), batch.regimes, "regime of this model")
        for experiment in experiments
    ]
    names = model.output_variables
    found = _listed(batch, values, chosen, names)
    for place, experiment in enumerate(experiments):
        model.outcomes_output = {name: found[name][place] for name in names}
        callback(experiment, dict(model.outcomes_output))


def _given(name: str, experiment: Any, model: Any) -> Any:  # noqa: ANN401
    """A value from the scenario or the policy, or the middle of its range where neither has one."""
    for part in (experiment.scenario, experiment.policy):
        if name in part:
            return part[name]
    if name == REGIME:
        return model.batch.regimes[0]
    parameter = {each.name: each for each in model.batch.space}[name]
    return middle(parameter)


def middle(parameter: Uncertain) -> float:
    """The middle of a parameter's range, by ratio where it is sampled so."""
    if parameter.log:
        return float(np.sqrt(parameter.low * parameter.high))
    return (parameter.low + parameter.high) / 2


def _listed(
    batch: Batch, values: Sequence[Sequence[Any]], regimes: Sequence[str], outcomes: Iterable[str]
) -> dict[str, Any]:
    """Outcomes by name, one entry a point: a number, or [n_replicates]."""
    run, places = batch.listed(np.asarray(values, dtype=np.float64), regimes)
    found = {}
    for name in outcomes:
        known(name, run.outcomes.attrs["outcomes"], "outcome")
        table = by_point(run, name)[places]
        found[name] = [float(row[0]) if batch.replicates == 1 else row for row in table]
    return found


def _uncertainty(workbench: Any, parameter: Uncertain) -> Any:  # noqa: ANN401
    if parameter.kind == "switch":
        return workbench.BooleanParameter(parameter.name)
    if parameter.log:
        spread = package("scipy.stats").loguniform(parameter.low, parameter.high)
        return workbench.RealParameter.from_dist(parameter.name, spread)
    if parameter.kind == "whole":
        return workbench.IntegerParameter(parameter.name, int(parameter.low), int(parameter.high))
    return workbench.RealParameter(parameter.name, parameter.low, parameter.high)


def salib_model(
    config: str | Path | Mapping[str, Any], factors: Factors, outcome: str = "harm_musd", *,
    regime: str, difference: str = "", transform: str = "", replicates: int = 1,
    random_numbers: str = "common", program: str | Path | Runner = "",
) -> Any:  # fmt: skip # noqa: ANN401
    """`fingers` as a `SALib.ProblemSpec` that can evaluate its own samples.

        problem = salib_model("configs/baseline.json", [pointer, …], regime="closed")
        problem.sample_sobol(64).evaluate_fingers().analyze_sobol()

    Args:
        config: A config file, or a config; its own experiment is left out.
        factors: JSON pointers, or by pointer `{"low": …, "high": …, "scale": "log"}`; None for
            every number of the world that is assumed.
        outcome: What is analysed, as a mean over replicates.
        regime: Whose outcome.
        difference: A regime whose values at the same points and replicates are taken off.
        transform: "", "log", "happened" or "waited"; see `point_values`.
        replicates: Of each point.
        random_numbers: "common" or "independent"; see docs/designs.md.
        program: The program, or another runner; see `runner.runner_of`.

    Returns:
        The problem. `problem.model` is the function from samples [n, n_parameters] to values [n],
        to be used as `problem.evaluate(problem.model)` or outside SALib. Switches are sampled from
        0 to 1 and are on from 0.5 up; whole numbers from half below their range to half above.

    Raises:
        ProgramError: When there is no program, or it refuses the config.
        MissingLibraryError: When SALib is not installed.
    """
    specification = package("SALib").ProblemSpec
    regimes = [regime, difference] if difference else [regime]
    batch = batch_of(
        config, factors, regimes, replicates=replicates, random_numbers=random_numbers,
        program=program,
    )  # fmt: skip

    def model(values: npt.ArrayLike) -> Floats:
        run, places = batch.crossed(_within(batch.space, values), regimes)
        chosen = {"regime": regime, "difference": difference, "transform": transform}
        return np.asarray(point_values(run, outcome, **chosen).values.mean(axis=1)[places])

    problem = _problem(specification, batch.space, outcome)
    problem.model = model
    return problem


def _problem(specification: Any, space: Sequence[Uncertain], outcome: str) -> Any:  # noqa: ANN401
    class FingersProblem(specification):  # type: ignore[misc]
        """A problem that can evaluate its own samples."""

        def evaluate_fingers(self) -> Any:  # noqa: ANN401
            """Evaluates the samples in one run of the program.

            Returns:
                The problem itself, so that calls can be chained.
            """
            if self.samples is None:
                raise ValueError("there are no samples yet: sample first, as in sample_sobol(64)")
            return self.evaluate(self.model)

    with quietly():
        return FingersProblem(
            {
                "names": [parameter.name for parameter in space],
                "bounds": [_bounds(parameter) for parameter in space],
                "dists": ["logunif" if parameter.log else "unif" for parameter in space],
                "outputs": [outcome],
            }
        )


def _bounds(parameter: Uncertain) -> list[float]:
    if parameter.kind == "whole" and not parameter.log:
        return [parameter.low - 0.5, parameter.high + 0.5]
    return [parameter.low, parameter.high]


def _within(space: Sequence[Uncertain], values: npt.ArrayLike) -> Floats:
    """Values held to their ranges: the half beyond a whole number's range is that number."""
    lows = [parameter.low for parameter in space]
    highs = [parameter.high for parameter in space]
    return np.asarray(np.clip(np.asarray(values, dtype=np.float64), lows, highs))
