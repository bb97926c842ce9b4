"""Made-up outcomes at the points of real designs, so that a test knows what an index must be.

The program makes the design, of a world as small as it goes; its outcomes are thrown away and a
known function of the factors is put in their place.
"""

from __future__ import annotations

import json
import math
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from conftest import ROOT
from enough_fingers import Run, open_run
from files import Contents

Floats = npt.NDArray[np.float64]

#: Three factors of different scale: log, linear, linear.
THREE: dict[str, dict[str, Any]] = {
    "/mechanisms/fingers/press_scale": {"low": 1e-8, "high": 1e-4, "scale": "log"},
    "/mechanisms/flaws/deep_share": {"low": 0.02, "high": 0.6},
    "/mechanisms/scrutiny/returns_to_eyeballs": {"low": 0.3, "high": 1.0},
}
_TINY = {
    "population": {
        "developers": {"count": 10},
        "auditors": {"count": 5},
        "bad_actors": {"count": 5},
        "defenders": {"count": 5},
    },
    "time": {"years": 1},
}


def tiny_config(experiment: Mapping[str, Any]) -> dict[str, Any]:
    """A config of one year and a few people."""
    base = str(ROOT / "configs" / "baseline.json")
    head = {"schema_version": 1, "title": "A design", "base": base, "seed": 5}
    return head | _TINY | {"experiment": {"regimes": ["closed"], "replicates": 1, **experiment}}


def run_program(program: Path, folder: Path, config: Mapping[str, Any]) -> Run:
    """Runs a config and opens what came out."""
    path = folder / "design.json"
    path.write_text(json.dumps(config), encoding="utf-8")
    made = folder / "design.h5"
    command = [str(program), "run", str(path), "-o", str(made), "--overwrite"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}\n{done.stderr}"
    return open_run(made)


def unit_inputs(run: Run, ranges: Mapping[str, Mapping[str, Any]]) -> Floats:
    """The factors of each point, from 0 to 1 over their ranges; a dummy as it is."""
    columns = []
    for factor in run.factors:
        values = run.design[factor.name].to_numpy(dtype=np.float64)
        if factor.pointer != "dummy":
            low, high = float(ranges[factor.pointer]["low"]), float(ranges[factor.pointer]["high"])
            if ranges[factor.pointer].get("scale") == "log":
                values, low, high = np.log(values), math.log(low), math.log(high)
            values = (values - low) / (high - low)
        columns.append(values)
    return np.column_stack(columns)


def ishigami(units: Floats, a: float = 7.0, b: float = 0.1) -> Floats:
    """Ishigami and Homma (1990) of the first three columns, each from 0 to 1 for -π to π."""
    x = (2 * units[:, :3] - 1) * math.pi
    return np.asarray(
        np.sin(x[:, 0]) + a * np.sin(x[:, 1]) ** 2 + b * x[:, 2] ** 4 * np.sin(x[:, 0])
    )


#: Its variance and indices in closed form, for a = 7 and b = 0.1.
ISHIGAMI_VARIANCE = 0.5 + 7**2 / 8 + 0.1 * math.pi**4 / 5 + 0.1**2 * math.pi**8 / 18
_FIRST = (0.5 * (1 + 0.1 * math.pi**4 / 5) ** 2, 7**2 / 8, 0.0)
_PAIR = 0.1**2 * math.pi**8 * (1 / 18 - 1 / 50)
ISHIGAMI_S1 = tuple(part / ISHIGAMI_VARIANCE for part in _FIRST)
ISHIGAMI_ST = tuple(
    (part + pair) / ISHIGAMI_VARIANCE for part, pair in zip(_FIRST, (_PAIR, 0, _PAIR), strict=True)
)
ISHIGAMI_S13 = _PAIR / ISHIGAMI_VARIANCE


def with_outcomes(
    run: Run,
    values: Mapping[str, npt.ArrayLike],
    regime: Callable[[str], str] = str,
    **changes: Any,  # noqa: ANN401
) -> Contents:
    """The design of a real run with other outcomes.

    Args:
        run: From `run_program`.
        values: By outcome, [n_points, n_replicates].
        regime: New name of a regime.
        changes: Of the contents.
    """
    design = run.design
    arrays = {name: np.asarray(array, dtype=np.float64) for name, array in values.items()}
    return Contents(
        regimes=[regime(name) for name in design["regime"].astype(str)],
        replicates=next(iter(arrays.values())).shape[1],
        factors={factor.name: list(design[factor.name]) for factor in run.factors},
        pointers={factor.name: factor.pointer for factor in run.factors},
        outcomes={name: [float(x) for x in array.reshape(-1)] for name, array in arrays.items()},
        config={"experiment": run.config["experiment"]},
        kind=str(run.config["experiment"]["design"]),
        blocks={
            name: list(design[name]) for name in ("base_row", "step", "block") if name in design
        },
        **changes,
    )
