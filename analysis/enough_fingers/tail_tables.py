"""Tail indices per regime, their stability over thresholds, and what caps severities have."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from enough_fingers.clusters import clusters_of, harmful
from enough_fingers.distributions import normal_quantile
from enough_fingers.intervals import LEVEL
from enough_fingers.layout import grid
from enough_fingers.load import Run
from enough_fingers.tail_index import (
    FEWEST_OVER,
    N_RESAMPLES,
    NoMeanWarning,
    Tail,
    tail_of,
)
from enough_fingers.tails import SEVERITY

ESTIMATORS = ("Hill", "generalised Pareto")
#: Where a config says what severities of a kind are cut at; "*" stands for the event's domain.
_CAPS = {
    "misuse": "/domains/*/cap_musd",
    "exploit": "/domains/*/cap_musd",
    "loss_of_control": "/mechanisms/fingers/cap_musd",
    "state_attack": "/mechanisms/states/cap_musd",
    "capture": "/mechanisms/concentration/cap_musd",
}


def severity_cap(run: Run, events: pd.DataFrame) -> float:
    """What the severities of these events are cut at: the largest of their laws' caps.

    Args:
        run: The run, for its config and its factors (of a cap that varies, the largest).
        events: Rows of `Run.events`.

    Returns:
        The cap, M$. Kinds without a cap of their own (diffuse harm, which is bounded by its users)
        count with what was seen of them; infinite where no kind has a cap.
    """
    caps = []
    for (kind, domain), own in events.groupby(["kind", "domain"], observed=True):
        pointer = _CAPS.get(str(kind), "").replace("*", str(domain))
        cap = _configured(run, pointer) if pointer else None
        caps.append((cap, float(own[SEVERITY].max())))
    known = [cap for cap, _ in caps if cap is not None]
    if not known:
        return math.inf
    return max(*known, *(seen for cap, seen in caps if cap is None), 0.0)


def _configured(run: Run, pointer: str) -> float | None:
    for factor in run.factors:
        if factor.pointer == pointer:
            return float(run.design[factor.name].max())
    found: Any = run.config
    for name in pointer.strip("/").split("/"):
        if not isinstance(found, Mapping) or name not in found:
            return None
        found = found[name]
    return float(found) if isinstance(found, int | float) else None


def tail_of_events(
    run: Run,
    events: pd.DataFrame | None = None,
    *,
    threshold: float | None = None,
    estimators: Iterable[str] = ESTIMATORS,
    n_resamples: int = N_RESAMPLES,
) -> pd.DataFrame:
    """The tail index of event severities, per regime.

    Events of several kinds or domains have several laws: their pooled tail is that of the heaviest
    beyond the others' caps. Give one kind or domain to see a law of the model.

    Args:
        run: The run.
        events: Some rows of `Run.events`; all that did harm when not given.
        threshold: Where the tail begins, M$, the same for all regimes; else each its own, below the
            10 % largest and at most 1,000 of them.
        estimators: "Hill", "generalised Pareto" or both.
        n_resamples: Of the bootstrap of replicates; 0: none.

    Returns:
        One row a regime and estimator: regime, what a `Tail` holds, and `moments`: what it says of
        mean and variance.

    Warns:
        NoMeanWarning: Once, naming the regimes, where an average of severities misleads.
    """
    chosen = harmful(run.events if events is None else events)
    found, cap = clusters_of(run.outcomes), severity_cap(run, chosen)
    row = found.rows(chosen["run"])
    severity = chosen[SEVERITY].to_numpy(dtype=np.float64)
    rows: list[dict[str, Any]] = []
    doubts: dict[str, str] = {}
    for place, regime in enumerate(found.regimes):
        own = (row >= 0) & (found.regime[row] == place)
        n = np.unique(found.member[found.regime == place]).size
        for estimator in estimators:
            tail = tail_of(severity[own], found.member[row[own]], threshold=threshold, cap=cap,
                           estimator=estimator, n_resamples=n_resamples)  # fmt: skip
            rows.append(_row(regime, replace(tail, n=n)))
            if tail.moments and tail.beyond_cap < 1:
                doubts.setdefault(regime, tail.moments)
    _warn("severities of events", doubts)
    return pd.DataFrame(rows)


def tail_of_harm(
    outcomes: pd.DataFrame, measure: str = "harm_musd", *, threshold: float | None = None
) -> pd.DataFrame:
    """The tail index of what a replicate comes to, per regime.

    Args:
        outcomes: `Run.outcomes`.
        measure: One of its outcome columns.
        threshold: Where the tail begins; else each regime's own, below the 10 % largest.

    Returns:
        Rows as `tail_of_events`, by both estimators.

    Warns:
        NoMeanWarning: Once, naming the regimes, where an average of the measure misleads.
    """
    laid = grid(outcomes, measure)
    rows: list[dict[str, Any]] = []
    doubts: dict[str, str] = {}
    for position, regime in enumerate(laid.regimes):
        (sample,) = laid.replicates(position)
        unit = np.broadcast_to(np.arange(len(sample))[:, None], sample.shape)
        for estimator in ESTIMATORS:
            tail = tail_of(sample, unit, threshold=threshold, estimator=estimator)
            rows.append(_row(regime, replace(tail, n=len(sample))))
            if tail.moments:
                doubts.setdefault(regime, tail.moments)
    _warn(measure, doubts)
    return pd.DataFrame(rows)


def _row(regime: str, tail: Tail) -> dict[str, Any]:
    return {"regime": regime, **asdict(tail), "moments": tail.moments}


def _warn(name: str, doubts: Mapping[str, str]) -> None:
    if doubts:
        first, said = next(iter(doubts.items()))
        others = f", and of {len(doubts) - 1} more regime(s)" if len(doubts) > 1 else ""
        warnings.warn(
            f"{name}: of {first} {said}{others}. Use quantiles, probabilities or a truncated mean.",
            NoMeanWarning,
            stacklevel=3,
        )


def stability(
    values: npt.ArrayLike,
    unit: npt.ArrayLike | None = None,
    *,
    over: Iterable[int] | None = None,
    cap: float = math.inf,
    level: float = LEVEL,
    n_resamples: int = 0,
) -> pd.DataFrame:
    """How the tail's numbers change with the threshold: flat from where the tail's law holds.

    Over a threshold u from which a generalised Pareto law holds, ξ and the modified scale σ − ξ·u
    do not change with u, and the mean excess is a straight line in u of slope ξ/(1 − ξ) (Coles
    2001, An Introduction to Statistical Modeling of Extreme Values, 4.3).

    Args:
        values: [n_values].
        unit: Which replicate each came from, [n_values].
        over: How many of the largest values lie over each threshold; about twelve, from 10 to a
            fifth of all, when not given.
        cap: What values are cut at.
        level: Nominal coverage.
        n_resamples: Of the bootstrap of units; 0: none.

    Returns:
        One row a threshold and statistic ("Hill", "generalised Pareto", "modified scale", "mean
        excess"): threshold, n_over, statistic, value, low, high, bootstrap_low, bootstrap_high.
        Empty where fewer than 11 values are above 0.
    """
    sample = np.sort(np.asarray(values, dtype=np.float64).reshape(-1))[::-1]
    sample = sample[sample > 0]
    if over is None:
        most = max(FEWEST_OVER, sample.size // 5)
        over = np.unique(np.geomspace(FEWEST_OVER, most, 12).astype(np.int64)).tolist()
    rows: list[dict[str, Any]] = []
    for k in over:
        if k < sample.size and sample[k] < cap:
            rows += _at_threshold(values, unit, float(sample[k]), cap, level, n_resamples)
    return pd.DataFrame(rows)


def _at_threshold(
    values: npt.ArrayLike,
    unit: npt.ArrayLike | None,
    threshold: float,
    cap: float,
    level: float,
    n_resamples: int,
) -> list[dict[str, Any]]:
    fits = {
        name: tail_of(values, unit, threshold=threshold, cap=cap, estimator=name, level=level,
                      n_resamples=n_resamples)
        for name in ESTIMATORS
    }  # fmt: skip
    z = normal_quantile(level)
    law = fits["generalised Pareto"]
    # var(σ − ξu) = var σ − 2u·cov + u²·var ξ, with cov(σ, ξ) = −σ(1 + ξ)/k (Smith 1987)
    covariance = -law.scale * max(0.0, 1 + law.index) / max(1, law.n_over)
    variance = (
        law.scale_error**2 - 2 * threshold * covariance + (threshold * law.standard_error) ** 2
    )
    modified = law.scale - law.index * threshold
    sample = np.asarray(values, dtype=np.float64).reshape(-1)
    excess = sample[sample > threshold] - threshold
    mean = float(excess.mean()) if excess.size else math.nan
    error = float(excess.std(ddof=1)) / math.sqrt(excess.size) if excess.size > 1 else math.nan
    key = {"threshold": threshold, "n_over": law.n_over}
    none = {"bootstrap_low": math.nan, "bootstrap_high": math.nan}
    half = z * math.sqrt(variance)
    return [
        *({**key, "statistic": name, "value": tail.index, "low": tail.low, "high": tail.high,
           "bootstrap_low": tail.bootstrap_low, "bootstrap_high": tail.bootstrap_high}
          for name, tail in fits.items()),
        {**key, "statistic": "modified scale", "value": modified, "low": modified - half,
         "high": modified + half, **none},
        {**key, "statistic": "mean excess", "value": mean, "low": mean - z * error,
         "high": mean + z * error, **none},
    ]  # fmt: skip
