"""`fingers` as a function: many points of its parameters in one run of the program."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from enough_fingers.distributions import Floats
from enough_fingers.load import Run
from enough_fingers.parameter_space import Uncertain, parameter_space
from enough_fingers.runner import Runner, merged, runner_of, without_experiment

#: What may be varied: pointers, or by pointer the range; None for all that is assumed.
Factors = Sequence[str] | Mapping[str, Mapping[str, Any]] | None


@dataclass(frozen=True)
class Batch:
    """A config whose parameters can be given, many points at once.

    Attributes:
        config: Without an experiment.
        space: The parameters that are given.
        regimes: Those that can be tried.
        replicates: Of each point.
        random_numbers: "common" (replicates of the same number share theirs over all points, so
            that differences between points are theirs) or "independent".
        runner: What runs it.
    """

    config: Mapping[str, Any]
    space: tuple[Uncertain, ...]
    regimes: tuple[str, ...]
    replicates: int
    random_numbers: str
    runner: Runner

    def crossed(
        self, values: npt.ArrayLike, regimes: Sequence[str]
    ) -> tuple[Run, npt.NDArray[np.int64]]:
        """Runs every point under every regime.

        Points that come to the same, once rounded, are run once.

        Args:
            values: [n_points, n_parameters]; whole numbers are rounded, of switches 0.5 and more
                are on.
            regimes: Names.

        Returns:
            The run; and for each row of the values which point of a regime it is, [n_points].

        Raises:
            ProgramError: When the program refuses a value, or some run fails.
        """
        points, places = _distinct([self._point(row) for row in _table(values)])
        columns = [parameter.pointer for parameter in self.space]
        return self._run({"regimes": list(regimes), "columns": columns, "points": points}), places

    def listed(
        self, values: npt.ArrayLike, regimes: Sequence[str]
    ) -> tuple[Run, npt.NDArray[np.int64]]:
        """Runs every point under a regime of its own.

        Args:
            values: [n_points, n_parameters], as for `crossed`.
            regimes: One name a point.

        Returns:
            The run; and for each row of the values which point of the run it is, [n_points].

        Raises:
            ProgramError: When the program refuses a value, or some run fails.
        """
        rows = [
            [name, *self._point(row)] for name, row in zip(regimes, _table(values), strict=True)
        ]
        points, places = _distinct(rows)
        columns = ["regime", *(parameter.pointer for parameter in self.space)]
        return self._run({"columns": columns, "points": points}), places

    def _point(self, row: Floats) -> list[Any]:
        return [parameter.value(number) for parameter, number in zip(self.space, row, strict=True)]

    def _run(self, design: Mapping[str, Any]) -> Run:
        experiment = {
            "design": "csv",
            "replicates": self.replicates,
            "random_numbers": self.random_numbers,
            **design,
        }
        return self.runner(merged(self.config, {"experiment": experiment}))


def _table(values: npt.ArrayLike) -> Floats:
    return np.atleast_2d(np.asarray(values, dtype=np.float64))


def _distinct(points: list[list[Any]]) -> tuple[list[list[Any]], npt.NDArray[np.int64]]:
    """Each point once, in order of appearance, and which of them each was."""
    found: dict[tuple[Any, ...], int] = {}
    places = [found.setdefault(tuple(point), len(found)) for point in points]
    return [list(point) for point in found], np.asarray(places, dtype=np.int64)


def batch_of(
    config: str | Path | Mapping[str, Any], factors: Factors, regimes: Sequence[str], *,
    replicates: int = 1, random_numbers: str = "common", program: str | Path | Runner = "",
) -> Batch:  # fmt: skip
    """Makes `fingers` a function of some parameters of a config.

    Args:
        config: A config file, or a config; its own experiment is left out.
        factors: What is varied; see `parameter_space`.
        regimes: Names of regimes to be tried, at least one.
        replicates: Of each point.
        random_numbers: "common" or "independent".
        program: See `runner.runner_of`.

    Returns:
        The function.

    Raises:
        ProgramError: When there is no program, or it refuses the config.
    """
    if not regimes:
        raise ValueError("say which regimes are to be tried (`fingers regimes` lists them)")
    runner = runner_of(program)
    bare = without_experiment(config)
    space = parameter_space(bare, factors, regimes[0], runner)
    return Batch(bare, space, tuple(regimes), replicates, random_numbers, runner)


def by_point(run: Run, outcome: str) -> Floats:
    """An outcome [n_points, n_replicates], in the order of the design; NaN where it is "none"."""
    wide: pd.DataFrame = run.outcomes.pivot(index="point", columns="replicate", values=outcome)
    return wide.reindex(run.design.index).to_numpy(dtype=np.float64)
