"""Figures show every regime, name units and n, and carry their alternative text."""

from __future__ import annotations

import re
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

from conftest import Opener
from enough_fingers import canvas, figures, figures_plane, figures_rules, measures, open_run, style
from enough_fingers.contents import Results, work_out, years_of
from enough_fingers.drawings import draw
from enough_fingers.judgement import Choices
from files import write_run_file
from samples import REGIMES, experiment, worlds

FAST = Choices(n_resamples=100)


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    path = tmp_path_factory.mktemp("figures") / "run.h5"
    return work_out(open_run(write_run_file(path, experiment(14))), FAST)


@pytest.fixture(scope="module")
def curves(results: Results) -> Figure:
    return figures.first_catastrophe(results.curve)


def texts(figure: Figure) -> str:
    found = figure.findobj(Text)
    return "\n".join(text.get_text() for text in found if isinstance(text, Text))


def test_harm_against_freedom_has_one_panel_a_freedom_and_one_point_a_regime(
    results: Results,
) -> None:
    figure = figures.harm_against_freedom(results.plane)
    titles = [panel.get_title(loc="left") for panel in figure.axes]
    assert [title.split(":")[0] for title in titles] == [
        "Freedom 0",
        "Freedom 1a",
        "Freedom 2",
        "Freedom 3",
    ]
    for panel in figure.axes:
        assert len(panel.containers) == len(REGIMES)
    words = texts(figure)
    for regime in REGIMES:
        assert regime in words
    assert "M$" in words
    assert "n = 12 replicates" in words
    assert "chance only, not belief" in words


def test_of_very_many_regimes_points_are_neither_numbered_nor_listed() -> None:
    n = figures_plane._NUMBERED + 1
    table = pd.DataFrame(
        {
            "freedom": "0",
            "regime": [f"regime-{place}" for place in range(n)],
            **{f"freedom_{end}": np.linspace(0, 1, n) for end in ("value", "low", "high")},
            **{f"harm_{end}": np.linspace(1, 100, n) for end in ("value", "low", "high")},
            "in_set": np.arange(n) % 2 == 0,
            "n": 5,
        }
    )
    figure = figures.harm_against_freedom(table, pareto=True)
    drawn = [line for line in figure.axes[0].lines if line.get_marker() == "o"]
    assert sorted(np.size(line.get_xdata()) for line in drawn) == [n // 2, n // 2 + 1]
    words = texts(figure)
    assert "regime-3" not in words
    assert "none is numbered" in words
    assert f"{n} regimes" in canvas.alt_text(figure)
    numbered = figures.harm_against_freedom(table[table["regime"] != "regime-3"])
    assert "regime-4" in texts(numbered)


def test_harm_of_zero_is_drawn_not_lost() -> None:
    table = pd.DataFrame(
        {
            "freedom": "0",
            "regime": ["a", "b"],
            **{f"freedom_{end}": [0.5, 0.5] for end in ("value", "low", "high")},
            **{f"harm_{end}": [0.0, 100.0] for end in ("value", "low", "high")},
            "n": 5,
        }
    )
    panel = figures.harm_against_freedom(table).axes[0]
    assert panel.get_yscale() == "symlog"
    assert panel.get_ylim()[0] == 0


def test_equal_freedoms_are_drawn_side_by_side_and_others_stay() -> None:
    moved = figures_plane._side_by_side(np.array([0.0, 0.5, 0.0]))
    assert moved[1] == 0.5
    assert moved[2] - moved[0] == pytest.approx(0.014)
    assert moved[0] + moved[2] == pytest.approx(0)


def test_numbers_beside_points_never_overlap_or_leave_the_panel() -> None:
    spread = figures_plane._spread(np.linspace(0.96, 0.99, 9))
    assert np.diff(spread).min() > 0.06
    assert spread[0] > 0
    assert spread[-1] <= 0.98 + 1e-9


def test_first_catastrophe_has_one_panel_a_regime_with_its_last_value(
    results: Results, curves: Figure
) -> None:
    shown = [panel for panel in curves.axes if panel.get_visible()]
    assert len(shown) == len(REGIMES)
    last = results.curve[results.curve["year"] == 2034].iloc[0]
    assert f"{last['value']:.0%} (" in texts(curves)
    assert "pointwise" in texts(curves)


def test_years_run_to_the_horizon(opened: Opener) -> None:
    assert years_of(opened(experiment())) == [float(year) for year in range(2025, 2035)]


def test_marks_tell_regimes_apart_without_colour_alone() -> None:
    drawn = style.marks([f"r{i}" for i in range(49)])
    assert len({(mark.colour, mark.marker) for mark in drawn.values()}) == 49
    first = list(drawn.values())[:14]
    for mark in first:
        twins = [other for other in first if other.colour == mark.colour]
        assert len({twin.marker for twin in twins}) == len(twins)


def test_inline_svg_follows_the_page_and_says_what_it_shows(curves: Figure) -> None:
    svg = style.inline_svg(curves, "x", "A title", "1 < 2 & so on")
    assert svg.startswith("<svg")
    assert 'role="img" aria-labelledby="x-title x-description"' in svg
    assert '<desc id="x-description">1 &lt; 2 &amp; so on</desc>' in svg
    assert "var(--ink)" in svg
    assert "#222222" not in svg
    ids = re.findall(r'\bid="([^"]+)"', svg)
    assert len(ids) == len(set(ids))
    assert all(name.startswith("x-") for name in ids)
    used = set(re.findall(r'href="#([^"]+)"', svg)) | set(re.findall(r"url\(#([^)]+)\)", svg))
    assert used <= set(ids)


def test_saved_figures_are_the_same_each_time(opened: Opener, tmp_path: Path) -> None:
    curve = measures.catastrophe_curve(opened(experiment(2)).outcomes, [2025, 2030])

    def files(stem: str) -> list[bytes]:
        figure = figures.first_catastrophe(curve)
        return [path.read_bytes() for path in style.save(figure, tmp_path / stem, "t", "d")]

    assert files("one") == files("two")


def test_curve_of_one_regime_needs_one_panel(opened: Opener) -> None:
    outcomes = opened(experiment(1)).outcomes
    figure = figures.first_catastrophe(measures.catastrophe_curve(outcomes, [2025, 2030]))
    assert len(figure.axes) == 1


PLACES = pd.DataFrame(
    {
        "regime": ["a", "b", "c"] * 2,
        "column": ["Mean"] * 3 + ["Worst"] * 3,
        "order": [1.0, 2, 3, 2.5, 2.5, 1],
        "letters": ["a", "ab", "b", "a", "a", "b"],
        "unit": "replicate",
        "n": 40,
    }
)


def test_places_have_one_line_a_regime_and_a_bar_a_group() -> None:
    figure = figures_rules.changing_places({"Harm": PLACES})
    (panel,) = figure.axes
    lines = [line for line in panel.lines if line.get_linewidth() == 1.3]
    assert [list(np.asarray(line.get_ydata())) for line in lines] == [[1, 2], [2, 3], [3, 1]]
    bars = [line for line in panel.lines if line.get_linewidth() == 2]
    # Under the mean a–b and b–c; under the worst world a–b only.
    assert len(bars) == 3
    assert panel.get_ylim()[0] > panel.get_ylim()[1]
    words = texts(figure)
    assert "n = 40 replicates" in words
    assert "chance cannot tell apart" in words


def test_bars_that_overlap_stand_beside_each_other() -> None:
    panel = figures_rules.changing_places({"Harm": PLACES}).axes[0]
    mean = [line for line in panel.lines if line.get_linewidth() == 2][:2]
    assert len({float(np.asarray(line.get_xdata())[0]) for line in mean}) == 2


def test_relative_stands_beside_absolute_with_the_levels_marked() -> None:
    rows = [{"regime": name, "value": 0.2, "low": 0.1, "high": 0.3} for name in ("a", "b")]
    level = figures_rules.Levels("Harm", rows, rows[1:], "M$", False, 0.05, 0.01)
    figure = figures_rules.relative_and_absolute([level], ["a", "b"], "a", "n", narrow=False)
    absolute, relative = figure.axes
    assert absolute.get_xlim()[0] == 0
    assert len(absolute.containers) == 2
    assert len(relative.containers) == 1
    assert {"tolerable", "without AI"} <= {text.strip() for text in texts(figure).split("\n")}


@pytest.mark.slow
def test_long_names_are_not_cut_off_at_any_resolution(opened: Opener) -> None:
    run = opened(experiment(14))
    figure = draw(run, work_out(run, FAST))["levels"].wide
    with mpl.rc_context(style.RC):
        for dpi in (72, 100, 160):
            figure.set_dpi(dpi)
            figure.draw_without_rendering()
            boxes = [panel.get_tightbbox() for panel in figure.axes]
            assert all(box is not None and box.x0 >= 0 for box in boxes)


def test_a_file_of_several_worlds_has_all_figures(opened: Opener) -> None:
    run = opened(worlds(3, 2, 4))
    drawn = draw(run, work_out(run, FAST))
    assert set(drawn) == {"plane", "curve", "levels", "measures", "rules"}


def test_shares_of_a_claim_stay_linear_where_harm_is_on_a_log_scale() -> None:
    def panel(statistic: str, value: float) -> pd.DataFrame:
        row = {"regime": "closed", "x": 1.0, "value": value, "low": value, "high": value, "n": 9}
        return pd.DataFrame([row | {"statistic": statistic}])

    panels = {"Harm": panel("median", 1e6), "A first catastrophe": panel("probability", 0.3)}
    figure = figures_rules.along_factor(panels, "people", log_x=False, log_y=True, columns=2)
    assert [axes.get_yscale() for axes in figure.axes[:2]] == ["log", "linear"]
