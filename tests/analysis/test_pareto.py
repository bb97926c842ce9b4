"""The Pareto set with chance: only what is clearly dominated leaves it."""

from __future__ import annotations

import math

import numpy as np
import pytest

from conftest import Opener
from enough_fingers import Run, figures
from enough_fingers.canvas import alt_text
from enough_fingers.contents import records
from enough_fingers.pareto import pareto_set
from enough_fingers.style import PAPER
from files import Contents


def opened_with(
    opened: Opener, harm: dict[str, float], freedom: dict[str, float], noise: float = 1.0,
    replicates: int = 40,
) -> Run:  # fmt: skip
    """Regimes of given median harm and freedom 1a; luck is each regime's own."""
    rng = np.random.default_rng(4)
    return opened(
        Contents(
            regimes=list(harm),
            replicates=replicates,
            outcomes={
                "harm_musd": [
                    float(x)
                    for level in harm.values()
                    for x in level * rng.lognormal(0, 0.1 * noise, replicates)
                ],
                "freedom_1a_exercisable": [
                    float(np.clip(x, 0, 1))
                    for level in freedom.values()
                    for x in level + rng.normal(0, 0.01 * noise, replicates)
                ],
            },
        )
    )


def by_regime(run: Run) -> dict[str, tuple[bool, str]]:
    return {
        row["regime"]: (row["in_set"], row["dominated_by"])
        for row in records(pareto_set(run.outcomes))
    }


def test_what_has_clearly_more_harm_and_less_freedom_leaves_the_set(opened: Opener) -> None:
    run = opened_with(
        opened, {"a": 10, "b": 20, "c": 40, "d": 30}, {"a": 0.2, "b": 0.5, "c": 0.8, "d": 0.3}
    )
    assert by_regime(run) == {
        "a": (True, ""), "b": (True, ""), "c": (True, ""), "d": (False, "b")
    }  # fmt: skip


def test_what_chance_could_turn_stays(opened: Opener) -> None:
    # b is worse by both estimates, and by neither beyond chance
    run = opened_with(opened, {"a": 10, "b": 12}, {"a": 0.5, "b": 0.499}, noise=6)
    medians = run.outcomes.groupby("regime", observed=True)["harm_musd"].median()
    assert medians["a"] < medians["b"]
    assert by_regime(run) == {"a": (True, ""), "b": (True, "")}


def test_equal_in_every_replicate_is_no_less(opened: Opener) -> None:
    run = opened_with(opened, {"a": 10, "b": 30}, {"a": 0.0, "b": 0.0}, noise=0)
    contents_equal = by_regime(run)
    # without any luck a difference is a difference
    assert contents_equal == {"a": (True, ""), "b": (False, "a")}


def test_less_harm_alone_does_not_dominate(opened: Opener) -> None:
    run = opened_with(opened, {"a": 10, "b": 30}, {"a": 0.5, "b": 0.5})
    assert by_regime(run)["b"] == (True, "")


def test_one_replicate_puts_none_out(opened: Opener) -> None:
    run = opened_with(opened, {"a": 1, "b": 9}, {"a": 0.9, "b": 0.1}, replicates=1)
    assert all(in_set for in_set, _ in by_regime(run).values())


def test_the_figure_draws_what_is_dominated_hollow(opened: Opener) -> None:
    run = opened_with(opened, {"a": 10, "b": 20}, {"a": 0.5, "b": 0.2})
    figure = figures.harm_against_freedom(run, pareto=True)
    faces = [bars[0].get_markerfacecolor() for bars in figure.axes[0].containers]
    assert sorted(face == PAPER for face in faces) == [False, True]
    assert "clearly dominates, for freedom 1a a." in alt_text(figure)
    plain = figures.harm_against_freedom(run)
    assert "dominates" not in alt_text(plain)
    with pytest.raises(ValueError, match="no column in_set"):
        figures.harm_against_freedom(figures.plane_of(run), pareto=True)
    assert not math.isnan(float(figures.plane_of(run)["harm_low"].iloc[0]))
