"""Figures of analyses: what they show, what they say, and that a run or its table does alike."""

from __future__ import annotations

import math
import pickle
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from conftest import Opener
from enough_fingers import Run, canvas, figures, style
from enough_fingers.along_beliefs import along_factor
from enough_fingers.cases import exceeds
from enough_fingers.lineage import family
from enough_fingers.profiles import of_regimes
from enough_fingers.scenario_discovery import Discovery, cart, prim
from enough_fingers.swings import swings
from enough_fingers.wording import number, percent
from files import Contents, Model
from samples import REGIMES, experiment, hypercube, worlds


def texts(figure: Figure) -> str:
    found = figure.findobj(Text)
    return "\n".join(text.get_text() for text in found if isinstance(text, Text))


def sobol_table(n_factors: int = 4, noise: bool = True) -> pd.DataFrame:
    """Rows as `sensitivity.sobol` gives them."""
    rows = []
    for place in range(n_factors):
        for index, value in (("S1", 0.5 / (place + 1)), ("ST", 0.7 / (place + 1))):
            rows.append(
                {"of": "expected outcome", "index": index, "factor": f"f{place}",
                 "pointer": f"/mechanisms/room/factor_{place}", "value": value,
                 "low": value - 0.1, "high": value + 0.1}
            )  # fmt: skip
    rows.append({"of": "single run", "index": "noise", "factor": "", "pointer": "",
                 "value": 0.3, "low": 0.2, "high": 0.4})  # fmt: skip
    table = pd.DataFrame(rows if noise else rows[:-1])
    return table.assign(
        outcome="harm_musd", units="log10 M$", regime="open", reference="", transform="log10",
        other="", n=64, replicates=3, floor=0.05, method="", approximate="",
    )  # fmt: skip


def morris_table(n_factors: int = 20) -> pd.DataFrame:
    rows = [
        {"statistic": statistic, "factor": f"f{place}", "pointer": f"/room/f{place}",
         "value": value, "low": 0.8 * value, "high": 1.2 * value}
        for place in range(n_factors)
        for statistic, value in (("mu", 1.0), ("mu_star", 10.0 - place / 3), ("sigma", 2.0),
                                 ("noise", 1.0))
    ]  # fmt: skip
    return pd.DataFrame(rows).assign(
        outcome="harm_musd", units="M$", regime="open", reference="closed", transform="", n=30,
        replicates=2, method="", approximate="",
    )  # fmt: skip


def drawn(opened: Opener, n_worlds: int = 40) -> Run:
    return opened(hypercube(2, n_worlds, 3))


@pytest.fixture
def found(opened: Opener) -> Discovery:
    """A box that is really there: harm of the second regime grows with the first factor."""
    run = drawn(opened, 60)
    level = float(run.outcomes.loc[run.outcomes["regime"] == "hosted", "harm_musd"].median())
    return prim(exceeds(run, "hosted", "harm_musd", level), n_permutations=0, n_resamples=3)


def test_indices_show_both_indices_the_noise_and_the_floor() -> None:
    figure = figures.indices(sobol_table())
    (panel,) = figure.axes
    assert len(panel.containers) == 2 * (4 * 2 + 1)  # a bar and its interval
    words = texts(figure)
    assert "room/factor_0" in words
    assert "chance alone" in words
    assert "n = 64 base rows × 3 replicates" in words
    assert "Harm (M$), log10: open" in words
    assert "Chance alone makes 30" in figures.alt_text(figure)
    fewer = figures.indices(sobol_table(), most=2)
    assert "2 weaker factors are left out" in texts(fewer)
    assert "chance alone" not in texts(figures.indices(sobol_table(noise=False)))


def test_indices_that_leave_the_frame_are_told() -> None:
    table = sobol_table().assign(high=9.0)
    figure = figures.indices(table)
    assert figure.axes[0].get_xlim()[1] == 1.5
    assert "too few base rows" in texts(figure)
    with pytest.raises(ValueError, match="has no indices"):
        figures.indices(table.assign(value=math.nan))


def test_the_morris_plane_names_the_strongest_and_shows_what_chance_makes() -> None:
    figure = figures.morris_plane(morris_table(), most=5)
    (panel,) = figure.axes
    assert len(panel.containers) == 5
    words = texts(figure)
    assert "Rings: 15 weaker factors" in words
    assert "n = 30 trajectories × 2 replicates" in words
    assert "[M$]" in words
    assert "open less closed" in words
    band = panel.collections[-1].get_paths()[0].get_extents()
    assert (band.x1, band.y1) == pytest.approx((math.sqrt(2 / math.pi), 1))
    assert "/room/f0 10" in figures.alt_text(figure)


def test_a_tornado_of_a_run_and_of_its_table_are_the_same(opened: Opener) -> None:
    run = drawn(opened)
    chosen: dict[str, Any] = {"regime": "hosted", "difference": "closed", "transform": "log"}
    table = swings(run, "harm_musd", **chosen)
    first, second = figures.tornado(table), figures.tornado(run, "harm_musd", **chosen)
    assert texts(first) == texts(second)
    words = texts(first)
    assert "n = 40 worlds" in words
    assert "log10 of the ratio" in words
    assert "the widest swing of 3 idle factors passes it once in twenty" in words
    widest = first.axes[0].get_yticklabels()[0].get_text()
    assert widest.startswith("population/factor_0\n")
    assert "/population/factor_0 at its" in figures.alt_text(first)


def test_the_trajectory_and_the_box_say_what_was_found(found: Discovery) -> None:
    figure = figures.peeling(found)
    words = texts(figure)
    assert "the chosen box" in words
    of_interest = int(found.cases.of_interest.sum())
    assert f"n = 60 worlds, {of_interest} of them of interest" in " ".join(words.split())
    assert f"all worlds: {percent(found.cases.base)}" in words
    assert "Among cases that such boxes had not seen" in figures.alt_text(figure)
    boxed = figures.box(found)
    words = texts(boxed)
    assert "population/factor_0" in words
    bars = [patch for patch in boxed.axes[0].patches if isinstance(patch, Rectangle)]
    assert len(bars) == 2 * len(found.box.limits)
    assert "plausible from" in figures.alt_text(boxed)
    dots = sum(len(np.atleast_1d(line.get_xdata())) for line in boxed.axes[0].lines)
    assert dots <= 60 * len(found.box.limits)


def test_a_box_without_limits_is_not_drawn(opened: Opener) -> None:
    run = opened(hypercube(2, 30, 2))
    every = exceeds(run, "closed", "harm_musd", 0.0)
    found = prim(every, n_permutations=0, n_resamples=0)
    with pytest.raises(ValueError, match="restricts no factor"):
        figures.box(found)
    with pytest.raises(ValueError, match="no peeling trajectory"):
        figures.peeling(found)
    with pytest.raises(ValueError, match="no peeling trajectory"):
        figures.peeling(cart(every, n_permutations=0, n_resamples=0))


def test_parallel_coordinates_have_an_axis_a_measure_and_a_line_a_regime(opened: Opener) -> None:
    run = opened(experiment(14))
    figure = figures.parallel_coordinates(run)
    (panel,) = figure.axes
    assert len(panel.containers) == 14
    words = texts(figure)
    assert "↓ less is" in words
    assert "↑ more is" in words
    for regime in REGIMES:
        assert regime in words
    assert "n = 12 replicates a regime" in words
    again = figures.parallel_coordinates(of_regimes(run))
    assert texts(again) == words
    assert "first_catastrophe_year from" in figures.alt_text(figure)
    # an axis from its least to its largest end of any interval
    table = of_regimes(run, ["harm_musd"])
    assert style.wrapped("Harm [M$], median", 15) in words
    assert number(float(table["high"].max())) in words


def test_worlds_are_lines_and_those_of_interest_stand_out(opened: Opener) -> None:
    run = drawn(opened)
    level = float(run.outcomes["harm_musd"].median())
    cases = exceeds(run, "closed", "harm_musd", level)
    figure = figures.parallel_coordinates(run, worlds_of="closed", highlight=cases)
    grey, coloured = (part for part in figure.axes[0].collections
                      if isinstance(part, LineCollection))  # fmt: skip
    assert len(coloured.get_segments()) == cases.of_interest.sum()
    assert len(grey.get_segments()) == 40 - cases.of_interest.sum()
    assert "is shown without an interval" in texts(figure)


def test_a_heat_map_has_a_cell_a_regime_and_value_and_hatches_doubt(opened: Opener) -> None:
    run = opened(worlds(4, 2, 12))
    table = along_factor(run, "/population/count", "freedom_0_exercisable", "closed")
    figure = figures.heat_map(table)
    words = texts(figure)
    (panel,) = figure.axes
    assert [label.get_text() for label in panel.get_yticklabels()] == list(REGIMES[1:4])
    hatched = [patch for patch in panel.patches if patch.get_hatch()]
    assert len(hatched) == int((~table["told_apart"]).sum())
    assert "n = 12 replicates a cell, paired" in words
    assert "percentage points" in words
    same = figures.heat_map(run, "/population/count", "freedom_0_exercisable")
    assert texts(same) == words
    assert "A grid of 3 regimes by 2 values of /population/count" in figures.alt_text(same)


def test_a_heat_map_of_a_run_is_along_what_a_catastrophe_counts_for(opened: Opener) -> None:
    figure = figures.heat_map(opened(experiment(3)))
    assert "one catastrophe counts for [M$]" in texts(figure)
    title = " ".join(figure.axes[0].get_title(loc="left").split())
    assert title.startswith("Other harm and catastrophes, less that of closed [M$]: mean of min(x")


def test_a_break_even_beyond_the_columns_is_no_diamond() -> None:
    rows = [
        {"regime": "open", "reference": "closed", "outcome": "harm_musd", "statistic": "mean",
         "units": "M$", "belief": "/a", "belief_units": "1", "at": at, "value": value,
         "low": value - 1, "high": value + 1, "unit": "world", "n": 9,
         "told_apart": True, "turns": 1, "break_even": even, "break_even_low": 2.0,
         "break_even_high": math.inf}
        for even in (5.0, 50.0)
        for at, value in ((1.0, -2.0), (10.0, 3.0))
    ]  # fmt: skip
    diamonds = [
        sum(line.get_marker() == "D" for line in figures.heat_map(pd.DataFrame(part)).axes[0].lines)
        for part in (rows[:2], rows[2:])
    ]
    assert diamonds == [1, 0]


def lineage(opened: Opener, **changes: Any) -> Run:  # noqa: ANN401
    """Two bases; of the first came 2 and 3, of 2 came 4; the second has none."""
    models = [
        Model(run=0, release_year=2024.0),
        Model(run=0, release_year=2024.2),
        Model(run=0, release_year=2024.4, parent=0, agent_kind=0),
        Model(run=0, release_year=2024.6, parent=0, agent_kind=0),
        Model(run=0, release_year=2024.8, parent=2, agent_kind=0),
    ]
    roots = [0, 1, 0, 0, 0]
    return opened(
        Contents(
            regimes=["open"],
            replicates=1,
            outcomes={"harm_musd": [1.0]},
            models=[
                Model(model.run, model.release_year, model.parent, model.agent_kind, root)
                for model, root in zip(models, roots, strict=True)
            ],
            config={"time": {"start_year": 2024, "years": 1}},
            **changes,
        )
    )


def test_a_family_hangs_from_its_base_without_crossing_lines(opened: Opener) -> None:
    tree = family(lineage(opened))
    assert list(tree.models["model"]) == [0, 3, 2, 4, 1]
    assert list(tree.models["generation"]) == [0, 1, 1, 2, 0]
    assert (tree.n_models, tree.n_bases, tree.last_year) == (5, 2, 2025)
    cut = family(lineage(opened), most=4)
    assert set(cut.models["root"]) == {0}
    alone = family(lineage(opened), most=2)
    assert list(alone.models["model"]) == [0, 2]
    with pytest.raises(ValueError, match="has no replicate 3; there are 0"):
        family(lineage(opened), replicate=3)
    with pytest.raises(ValueError, match="has no world 7"):
        family(lineage(opened), world=7)


def test_the_lineage_tree_marks_forms_and_says_it_is_one_story(opened: Opener) -> None:
    figure = figures.lineage_tree(lineage(opened), most=4)
    words = texts(figure)
    assert "One replicate (number 0) of open: 5 models, 2 of them bases" in words
    assert "The 1 models of smaller families are left out" in words
    assert "not an estimate" in words
    assert "1 trees of 4 models" in figures.alt_text(figure)
    assert "2 steps from its base" in figures.alt_text(figure)


@pytest.mark.slow
@pytest.mark.parametrize("columns", [1, 2])
def test_no_text_is_cut_off_or_written_over_another(
    opened: Opener, found: Discovery, columns: int
) -> None:
    drawings = [
        figures.indices(sobol_table(), columns=columns),
        figures.morris_plane(morris_table(), columns=columns),
        figures.tornado(drawn(opened), "harm_musd", regime="hosted", columns=columns),
        figures.peeling(found, columns=columns),
        figures.box(found, columns=columns),
        figures.parallel_coordinates(opened(experiment(14)), columns=columns),
        figures.heat_map(opened(worlds(14, 2, 12)), "/population/count",
                         "freedom_0_exercisable", columns=columns),
        figures.heat_map(opened(experiment(14)), columns=columns),
        figures.lineage_tree(lineage(opened), columns=columns),
        figures.harm_against_freedom(opened(experiment(14)), pareto=True, columns=columns),
    ]  # fmt: skip
    for figure in drawings:
        width, height = figure.get_size_inches()
        figure.canvas.draw()
        drawn_on = figure.get_tightbbox()  # inches, of all that is drawn
        assert drawn_on.x0 > -0.02, texts(figure)
        assert drawn_on.x1 < width + 0.02, texts(figure)
        assert drawn_on.y0 > -0.02, texts(figure)
        assert drawn_on.y1 < height + 0.02, texts(figure)
        for legend in figure.legends:
            box = legend.get_window_extent()
            for text in figure.texts:
                assert not box.overlaps(text.get_window_extent()), text.get_text()
        assert len(figures.alt_text(figure)) > 60


def test_figures_stand_in_pages_of_any_colour_and_can_be_kept(found: Discovery) -> None:
    figure = figures.peeling(found)
    svg = style.inline_svg(figure, "x", "Peeling", figures.alt_text(figure))
    assert "var(--paper)" in svg
    assert "#0072b2" not in svg
    assert figures.alt_text(pickle.loads(pickle.dumps(figure))) == figures.alt_text(figure)


def test_names_of_factors_are_broken_behind_strokes() -> None:
    pointer = "/mechanisms/scrutiny/returns_to_eyeballs"
    assert canvas.factor_label(pointer) == "scrutiny/returns_to_eyeballs"
    assert canvas.factor_label(pointer, "1/yr", 20) == "scrutiny/\nreturns_to_eyeballs [1/yr]"
    assert canvas.factor_label(pointer, "1", 12) == "scrutiny/\nreturns_to_\neyeballs"
    assert canvas.factor_label("/labs/frontier/count") == "labs/frontier/count"
    assert canvas.factor_label("dummy", "1") == "dummy"
