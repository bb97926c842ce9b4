"""Which replicate an event belongs to: events of a replicate share its draws, so it is the unit.

Every interval over events here draws whole replicates anew (whole worlds where a design samples
them, see `layout`), never single events.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from enough_fingers.distributions import Floats
from enough_fingers.layout import unit_of


@dataclass(frozen=True)
class Clusters:
    """The finished runs of a file by regime and unit.

    Attributes:
        regimes: Names, in the order of the design.
        unit: "replicate" or "world": what is drawn anew.
        labels: Numbers of the units that finished under at least one regime, [n_units].
        regime: Position in `regimes` of each run, [n_runs].
        member: Position in `labels` of each run, [n_runs].
        runs: Index of `Run.outcomes`, [n_runs].
    """

    regimes: list[str]
    unit: str
    labels: npt.NDArray[np.int64]
    regime: npt.NDArray[np.int64]
    member: npt.NDArray[np.int64]
    runs: pd.Index[int]

    def rows(self, run: pd.Series[int]) -> npt.NDArray[np.int64]:
        """Which row of this object's arrays each number of a run is; -1 where it is none."""
        return np.asarray(self.runs.get_indexer(pd.Index(run)), dtype=np.int64)

    def sums(self, values: Floats) -> list[Floats]:
        """Adds up what runs came to, within each unit.

        Args:
            values: [n_runs] or [n_runs, k].

        Returns:
            For each regime [n, ...] over the units that finished under it, in order.
        """
        found = []
        for place in range(len(self.regimes)):
            own = self.regime == place
            shape = (len(self.labels), *values.shape[1:])
            total = np.zeros(shape)
            np.add.at(total, self.member[own], values[own])
            found.append(total[np.unique(self.member[own])])
        return found


def clusters_of(outcomes: pd.DataFrame) -> Clusters:
    """The units of a file.

    Args:
        outcomes: `Run.outcomes`.

    Returns:
        The units.
    """
    unit = unit_of(outcomes)
    labels, member = np.unique(outcomes[unit].to_numpy(), return_inverse=True)
    return Clusters(
        regimes=[str(name) for name in outcomes["regime"].cat.categories],
        unit=unit,
        labels=np.asarray(labels, dtype=np.int64),
        regime=np.asarray(outcomes["regime"].cat.codes.to_numpy(), dtype=np.int64),
        member=np.asarray(member, dtype=np.int64),
        runs=outcomes.index,
    )


def harmful(events: pd.DataFrame) -> pd.DataFrame:
    """The events that did harm: all but those that a monitor averted."""
    return events[~events["averted"].to_numpy()] if "averted" in events else events


def choose_levels(values: npt.ArrayLike, count: int = 60) -> Floats:
    """Levels to show a heavy-tailed measure at: evenly apart in logarithm.

    Args:
        values: What was seen, in any shape; what is not above 0 is left out.
        count: How many levels.

    Returns:
        [count] from the 1 % point of what is positive to the largest value, or fewer where there
        are fewer different values; empty where there are none.
    """
    seen = np.asarray(values, dtype=np.float64).reshape(-1)
    seen = seen[np.isfinite(seen) & (seen > 0)]
    if seen.size == 0:
        return np.empty(0)
    low, high = float(np.quantile(seen, 0.01)), float(seen.max())
    if low == high:
        return np.array([low])
    # The largest itself is never exceeded; the last level lies just under it.
    return np.asarray(np.geomspace(low, high * (1 - 1e-9), count))
