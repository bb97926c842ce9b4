"""The parameters of a config that are not known: name, unit, kind, range of belief, scale."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from enough_fingers.cases import plausible_ranges
from enough_fingers.load import Run
from enough_fingers.runner import Runner, merged
from enough_fingers.structure import Factor

Kind = Literal["real", "whole", "switch"]
# As the program chooses where a factor does not say: log where a range is positive and wider.
_LOG_FROM = 100.0
# So many draws of a real number are never all whole.
_PROBES = 16


@dataclass(frozen=True)
class Uncertain:
    """A parameter and the range of its plausible values.

    Attributes:
        pointer: JSON pointer of the parameter.
        name: The same with dots, as columns of a design are called.
        units: Its unit.
        low: Lowest plausible value.
        high: Highest.
        log: Whether the range is to be sampled evenly by ratio and not by difference.
        kind: What values it takes: "real", "whole" or "switch" (0 or 1).
        meaning: What it is.
    """

    pointer: str
    name: str
    units: str
    low: float
    high: float
    log: bool
    kind: Kind
    meaning: str

    def value(self, number: object) -> float | int | bool:
        """A number as the config takes it: whole numbers rounded, switches as truth values."""
        given = float(number)  # type: ignore[arg-type]
        if self.kind == "switch":
            return given >= 0.5
        return round(given) if self.kind == "whole" else given


def parameter_space(
    config: Mapping[str, Any], factors: Sequence[str] | Mapping[str, Mapping[str, Any]] | None,
    regime: str, runner: Runner,
) -> tuple[Uncertain, ...]:  # fmt: skip
    """The ranges of a config's parameters, as their declarations say them.

    The program is asked, by a month's run of a few draws from those ranges: its file says of every
    parameter what is believed of it, and the draws show which values it takes.

    Args:
        config: A config without an experiment (`runner.without_experiment`).
        factors: JSON pointers, or by pointer `{"low": …, "high": …, "scale": "log"}` of which each
            may be left out; None for every number of the world that is assumed.
        regime: One regime of the config, to have something to run.
        runner: What runs it.

    Returns:
        The parameters, in the order given.

    Raises:
        ProgramError: When there is no such parameter, or it has no range; the program says which.
    """
    experiment: dict[str, Any] = {"regimes": [regime], "replicates": 1, "design": "sobol"}
    experiment["draws"] = _PROBES
    if factors is None:
        experiment["beliefs"] = "all"
    else:
        given = factors if isinstance(factors, Mapping) else {pointer: {} for pointer in factors}
        experiment["factors"] = {pointer: dict(given[pointer]) for pointer in given}
    month = {"years": 1 / 12, "steps_per_year": 12}
    run = runner(merged(config, {"time": month, "experiment": experiment}))
    ranges = plausible_ranges(run)
    by_pointer = {factor.pointer: factor for factor in run.factors}
    # The file lists factors in the order of their pointers.
    order = list(by_pointer) if factors is None else list(experiment["factors"])
    declared = {row["pointer"]: row for row in run.provenance["parameters"]}
    return tuple(
        _uncertain(run, by_pointer[pointer], ranges[by_pointer[pointer].name], declared[pointer])
        for pointer in order
    )


def _uncertain(
    run: Run, factor: Factor, ends: tuple[float, float], declared: Mapping[str, Any]
) -> Uncertain:
    drawn = run.design[factor.name].to_numpy(dtype=np.float64)
    kind: Kind = "whole" if bool((drawn == np.round(drawn)).all()) else "real"
    if isinstance(declared["value"], bool):
        kind, ends = "switch", (0.0, 1.0)
    elif kind == "whole" and ends[1] - ends[0] < _PROBES / 2:
        # So few values are all drawn, but for those that the world does not allow (fewer labs than
        # have models at the start).
        ends = (float(drawn.min()), float(drawn.max()))
    low, high = ends
    scale = run.config["experiment"]["factors"].get(factor.pointer, {}).get("scale", "automatic")
    wide = low > 0 and high / low > _LOG_FROM
    return Uncertain(
        pointer=factor.pointer,
        name=factor.name,
        units=factor.units,
        low=low,
        high=high,
        log=scale == "log" or (scale == "automatic" and wide),
        kind=kind,
        meaning=str(declared.get("meaning", "")),
    )
