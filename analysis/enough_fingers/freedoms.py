"""Freedoms as triads: what the licence grants, the artefacts make possible, and people can afford.

A freedom that is granted to nobody who could use it is a freedom in name only. The three shares of
each freedom stand beside each other and are never multiplied or added up here, nor are freedoms
merged; the gaps between them are paired, for all three come from the same replicate.
"""

from __future__ import annotations

import itertools
import re
from typing import Any

import numpy as np
import pandas as pd

from enough_fingers.distributions import Floats
from enough_fingers.intervals import LEVEL, mean
from enough_fingers.layout import Grid, grid

#: The stages of a freedom, from what is said to what is had.
STAGES = ("granted", "possible", "exercisable")
_NAME = re.compile(rf"freedom_(.+)_({'|'.join(STAGES)})")


def freedoms_of(outcomes: pd.DataFrame) -> dict[str, dict[str, str]]:
    """Which freedoms a file has, and the outcome of each of their stages.

    Args:
        outcomes: `Run.outcomes`.

    Returns:
        By freedom ("0", "1a", …) and stage: the name of the outcome. Freedoms of one budget alone
        (`freedom_0_exercisable_firm`) are not among them.
    """
    found: dict[str, dict[str, str]] = {}
    for name in outcomes.columns:
        match = _NAME.fullmatch(str(name))
        if match:
            found.setdefault(match.group(1), {})[match.group(2)] = str(name)
    return found


def triads(outcomes: pd.DataFrame, level: float = LEVEL) -> pd.DataFrame:
    """The share of each stage of each freedom, mean over the run, per regime.

    Args:
        outcomes: `Run.outcomes`.
        level: Nominal coverage.

    Returns:
        One row a freedom, regime and stage: freedom, regime, stage, measure, units (1), and what an
        Estimate holds (Student's interval of a mean over replicates, within 0 and 1). Rules that
        are the same in all replicates have no interval: chance does not move them.
    """
    rows: list[dict[str, Any]] = []
    for freedom, stages in freedoms_of(outcomes).items():
        grids = {stage: grid(outcomes, stages[stage]) for stage in STAGES if stage in stages}
        for stage, laid in grids.items():
            for position, regime in enumerate(laid.regimes):
                (sample,) = laid.replicates(position)
                key = {"freedom": freedom, "regime": regime, "stage": stage}
                estimate = mean(sample, least=0.0, most=1.0, level=level)
                rows.append({**key, "measure": laid.measure, "units": "1", **vars(estimate)})
    return pd.DataFrame(rows)


def gaps(
    outcomes: pd.DataFrame, reference: str | None = None, level: float = LEVEL
) -> pd.DataFrame:
    """How much of each freedom is lost from one stage to another, per regime.

    "granted − exercisable" is what is granted in name only; it is below 0 where the other stages
    are wider than the licence, as for those who mind no licence.

    Args:
        outcomes: `Run.outcomes`.
        reference: A regime: then each other regime's gap less that of the reference, paired by
            replicate.
        level: Nominal coverage.

    Returns:
        One row a freedom, regime and pair of stages: freedom, regime, reference (empty without
        one), gap, units (1), and what an Estimate holds.

    Raises:
        ValueError: When there is no such regime.
    """
    rows: list[dict[str, Any]] = []
    for freedom, stages in freedoms_of(outcomes).items():
        grids = {stage: grid(outcomes, stages[stage]) for stage in STAGES if stage in stages}
        for wide, narrow in itertools.combinations(grids, 2):
            regimes = grids[wide].regimes
            if reference is not None and reference not in regimes:
                raise ValueError(f'no regime "{reference}" here; there are {", ".join(regimes)}')
            for position, regime in enumerate(regimes):
                if regime == reference:
                    continue
                rows_of = [position] if reference is None else [position, regimes.index(reference)]
                apart = _gap(grids[wide], grids[narrow], rows_of)
                reach = float(len(rows_of))
                estimate = mean(apart, least=-reach, most=reach, level=level)
                key = {"freedom": freedom, "regime": regime, "reference": reference or ""}
                rows.append({**key, "gap": f"{wide} − {narrow}", "units": "1", **vars(estimate)})
    return pd.DataFrame(rows)


def _gap(wide: Grid, narrow: Grid, rows: list[int]) -> Floats:
    """Wide less narrow of the first row, less the same of the second where there is one."""
    parts = [laid.values[row].T for row in rows for laid in (wide, narrow)]
    usable = np.all([np.isfinite(part).all(axis=1) for part in parts], axis=0)
    parts = [part[usable] for part in parts]
    apart = np.asarray(parts[0] - parts[1], dtype=np.float64)
    return apart if len(parts) == 2 else np.asarray(apart - (parts[2] - parts[3]))
