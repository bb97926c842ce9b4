"""The claim that an experiment tests, as its config declares it, and the numbers of its figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from enough_fingers.intervals import mean, share
from enough_fingers.layout import grid, is_bounded, is_year
from enough_fingers.load import Run
from enough_fingers.resampling import quantile_of

_NAMES = {"source": "Whose words", "about": "How it is tested"}


@dataclass(frozen=True)
class Claim:
    """What an experiment tests.

    Attributes:
        words: The words tested.
        notes: What else the claim says of itself, as text by name.
        outcomes: Outcomes that its figure shows, one panel each.
        factor: Column of the factor along its figure; empty where it compares regimes alone.
        pointer: JSON pointer of that factor.
        log_x: Whether the factor is drawn on a log scale.
        log_y: Whether outcomes are.
    """

    words: str
    notes: Mapping[str, str]
    outcomes: tuple[str, ...]
    factor: str
    pointer: str
    log_x: bool
    log_y: bool


def claim_of(run: Run) -> Claim | None:
    """Reads the claim that a run's config declares.

    Args:
        run: The run.

    Returns:
        The claim, less outcomes or factors that the file does not have; None where there is none.
    """
    block = run.config.get("claim")
    if not isinstance(block, dict) or not block:
        return None
    if not any(block.get(key) for key in ("words", "quote", "figure")):
        return None
    figure = block.get("figure")
    figure = figure if isinstance(figure, dict) else {}
    known = run.outcomes.attrs["outcomes"]
    wanted = _texts(figure.get("outcomes", figure.get("outcome", ())))
    pointer = str(figure.get("x", figure.get("x_factor", "")))
    by_pointer = {factor.pointer: factor.name for factor in run.factors}
    by_pointer |= {factor.name: factor.name for factor in run.factors}
    scale = figure.get("scale", "linear")
    notes = {
        _NAMES.get(key, key.replace("_", " ").capitalize()): text
        for key, value in block.items()
        if key not in ("words", "quote", "figure") and (text := "; ".join(_texts(value)))
    }
    return Claim(
        words=str(block.get("words", block.get("quote", ""))),
        notes=notes,
        outcomes=tuple(name for name in wanted if name in known),
        factor=by_pointer.get(pointer, ""),
        pointer=pointer if pointer in by_pointer else "",
        log_x="log" in _axis(scale, "x"),
        log_y="log" in _axis(scale, "y"),
    )


def _texts(value: Any) -> list[str]:  # noqa: ANN401
    if isinstance(value, str):
        return [value]
    return [str(part) for part in value] if isinstance(value, Sequence) else []


def _axis(scale: Any, axis: str) -> str:  # noqa: ANN401
    return str(scale.get(axis, "")) if isinstance(scale, dict) else str(scale)


def along(run: Run, claim: Claim, outcome: str) -> pd.DataFrame:
    """One outcome along the claim's factor, under every regime.

    At each value of the factor: the probability that a year-or-none outcome came, else the mean of
    a share or the median of anything else. Other factors are averaged over.

    Args:
        run: The run.
        claim: Its claim.
        outcome: One of the claim's outcomes.

    Returns:
        One row a regime and value: regime, x, what an Estimate holds, statistic. Without a factor x
        is the number of the regime.
    """
    outcomes = run.outcomes
    values = sorted(set(outcomes[claim.factor])) if claim.factor else [float("nan")]
    sampled = outcomes.attrs["sampled"] and not claim.factor
    rows = []
    for value in values:
        part = outcomes[outcomes[claim.factor] == value] if claim.factor else outcomes.copy()
        part.attrs = {**outcomes.attrs, "sampled": sampled}
        laid = grid(part, outcome)
        for place, regime in enumerate(laid.regimes):
            x = float(value) if claim.factor else float(place)
            rows.append({"regime": regime, "x": x, **_estimate(outcomes, laid, place)})
    return pd.DataFrame(rows)


def _estimate(outcomes: pd.DataFrame, laid: Any, place: int) -> dict[str, Any]:  # noqa: ANN401
    if is_year(laid.measure):
        (happened,) = laid.happened(place)
        return {**vars(share(happened)), "statistic": "probability"}
    (sample,) = laid.replicates(place)
    if is_bounded(outcomes, laid.measure):
        return {**vars(mean(sample, least=0.0, most=1.0)), "statistic": "mean"}
    return {**vars(quantile_of(sample, 0.5)), "statistic": "median"}
