"""Figures of tails, waiting times, freedoms and stories show every regime, n and what is drawn."""

from __future__ import annotations

import math
import re
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from matplotlib.figure import Figure
from matplotlib.text import Text

from enough_fingers import (
    Run,
    detection,
    figures_detection,
    figures_freedoms,
    figures_story,
    figures_tails,
    figures_time,
    freedoms,
    open_run,
    style,
    survival,
    tail_tables,
    tails,
)
from enough_fingers.figures_panels import panels_of, short, wrapped_footer
from files import Contents, Event, write_run_file
from samples import REGIMES, experiment

NAN = math.nan
AVERTED, CATASTROPHIC, OPEN = 1, 2, 8
DIFFUSE = 3


def some_events(n_runs: int) -> list[Event]:
    """Per run: 30 heavy-tailed misuses, one averted, one catastrophic, and eight diffuse flaws."""
    rng = np.random.default_rng(5)
    events = []
    for run in range(n_runs):
        for severity in rng.pareto(0.8, 30) + 1:
            time = 2024 + 10 * rng.random()
            events.append(Event(run=run, time=time, severity_musd=float(severity), seen_at=time))
        events.append(Event(run=run, time=2026.0, severity_musd=50.0, flags=AVERTED))
        events.append(Event(run=run, time=2030.0, severity_musd=1e6, flags=CATASTROPHIC))
        for _ in range(8):
            began, wait = 2024 + 8 * rng.random(), rng.exponential(1)
            seen = began + wait if began + wait < 2034 else NAN
            done = seen + 0.5 if seen + 0.5 < 2034 else NAN
            events.append(
                Event(run=run, kind=DIFFUSE, began_at=began, seen_at=seen, fixed_at=done, flaw=1,
                      time=2034.0 if math.isnan(done) else done,
                      flags=OPEN if math.isnan(done) else 0)
            )  # fmt: skip
    return events


@pytest.fixture(scope="module", params=[3, 14])
def run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Run:
    n = int(request.param)
    made = experiment(n, 6, events=some_events(6 * n))
    outcomes = dict(made.outcomes)
    for stage in ("granted", "possible"):
        for name in ("0", "1a", "1b", "2", "3"):
            outcomes[f"freedom_{name}_{stage}"] = [0.9] * (6 * n)
    contents = Contents(regimes=made.regimes, replicates=6, outcomes=outcomes,
                        events=made.events, times=made.times)  # fmt: skip
    return open_run(write_run_file(tmp_path_factory.mktemp("measures") / "run.h5", contents))


@pytest.fixture
def columns(run: Run) -> int:
    """Fourteen regimes on a page, three on a phone."""
    return 4 if len(run.regimes) == 14 else 2


def texts(figure: Figure) -> str:
    found = figure.findobj(Text)
    return "\n".join(text.get_text() for text in found if isinstance(text, Text))


def shown(figure: Figure) -> int:
    return sum(panel.get_visible() for panel in figure.axes)


def joined(figure: Figure) -> str:
    """All words of a figure, with those broken at hyphens and spaces joined again."""
    return re.sub(r"-\n", "-", texts(figure)).replace("\n", " ")


def assert_says_what_it_shows(figure: Figure, regimes: list[str], *words: str) -> None:
    said = joined(figure)
    for regime in regimes:
        assert regime in said
    for word in ("n = 6 replicates a regime", *words):
        assert word in said


def assert_saves(figure: Figure, tmp_path: Path, description: str) -> None:
    """Saves the smaller figures: fourteen panels save as three do, and take ten times as long."""
    if shown(figure) > 5:
        return
    for path in style.save(figure, tmp_path / "figure", "A title", description):
        assert path.stat().st_size > 5000
    svg = (tmp_path / "figure.svg").read_text(encoding="utf-8")
    assert "A title" in svg
    inline = style.inline_svg(figure, "x", "A title", description)
    assert "var(--ink)" in inline


def test_exceedance(run: Run, columns: int, tmp_path: Path) -> None:
    table = tails.exceedance_of_events(run)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fits = tail_tables.tail_of_events(run)
    figure = figures_tails.exceedance(table, fits, columns=columns)
    assert shown(figure) == len(run.regimes)
    assert_says_what_it_shows(figure, run.regimes, "chance only, not belief", "x (M$)", "ξ =")
    panel = figure.axes[0]
    assert (panel.get_xscale(), panel.get_yscale()) == ("log", "log")
    described = figures_tails.describe_exceedance(table, fits)
    assert f"{len(run.regimes)} panels" in described
    assert "Tail indices" in described
    assert_saves(figure, tmp_path, described)


def test_exceedance_of_replicates_without_a_tail(run: Run) -> None:
    table = tails.exceedance_of_harm(run.outcomes)
    figure = figures_tails.exceedance(table)
    assert "harm of a replicate" in joined(figure)
    assert "Hill" not in joined(figure)
    few = tail_tables.tail_of_harm(run.outcomes)
    assert "too few for a tail" in joined(figures_tails.exceedance(table, few))
    assert "a replicate" in figures_tails.describe_exceedance(table)


def test_return_periods(run: Run, columns: int, tmp_path: Path) -> None:
    table = tails.return_periods(run, n_resamples=0)
    figure = figures_tails.return_periods(table, columns=columns)
    assert shown(figure) == len(run.regimes)
    assert_says_what_it_shows(figure, run.regimes, "60 years in all", "Garwood")
    low, high = figure.axes[0].get_ylim()
    assert low == pytest.approx(1 / 12)
    assert high == 180
    described = figures_tails.describe_return_periods(table)
    assert "M$:" in described
    assert_saves(figure, tmp_path, described)


def test_survival(run: Run, columns: int, tmp_path: Path) -> None:
    table = survival.survival(run)
    figure = figures_time.survival(table, columns=columns)
    assert shown(figure) == len(run.regimes)
    assert_says_what_it_shows(figure, run.regimes, "Kaplan and Meier", "no catastrophe until")
    last = table[table["regime"] == run.regimes[0]].iloc[-1]
    assert f"{last['value']:.0%} ({last['low']:.0%}" in joined(figure)
    described = figures_time.describe_survival(table)
    assert f"{run.regimes[0]} {last['value']:.0%}" in described
    assert_saves(figure, tmp_path, described)


def fan(n_regimes: int = 3, **extra: int) -> xr.DataArray:
    rng = np.random.default_rng(1)
    dims = ["regime", *extra, "replicate", "time"]
    values = rng.normal(10, 1, [n_regimes, *extra.values(), 50, 24])
    return xr.DataArray(
        values,
        dims=dims,
        coords={
            "regime": list(REGIMES[:n_regimes]),
            "time": 2024 + np.arange(24) / 12,
        },
        attrs={"long_name": "honest users", "units": "people"},
    )


@pytest.mark.parametrize(("n_regimes", "columns"), [(3, 4), (14, 4), (14, 2)])
def test_a_fan_holds_the_quantiles_of_replicates(
    n_regimes: int, columns: int, tmp_path: Path
) -> None:
    values = fan(n_regimes)
    figure = figures_time.fan_chart(values, columns=columns)
    assert shown(figure) == n_regimes
    said = joined(figure)
    assert "honest users (people)" in said
    assert "not intervals of an estimate" in said
    assert "n = 50 replicates" in said
    first = figure.axes[0]
    median = np.quantile(values[0].to_numpy(), 0.5, axis=0)
    assert first.lines[0].get_ydata() == pytest.approx(median)
    described = figures_time.describe_fan(values)
    assert "honest users (people)" in described
    assert_saves(figure, tmp_path, described)


def test_a_fan_pools_worlds_and_leaves_out_what_is_not_there() -> None:
    values = fan(2, world=3)
    values[0, 0, 0] = np.nan
    figure = figures_time.fan_chart(values.transpose("time", "replicate", "world", "regime"))
    assert "in each of 3 worlds, pooled" in joined(figure)
    own = values[0].to_numpy().reshape(150, 24)[1:]
    assert figure.axes[0].lines[0].get_ydata() == pytest.approx(np.quantile(own, 0.5, axis=0))
    with pytest.raises(ValueError, match="replicate is not among regime, time"):
        figures_time.fan_chart(values.isel(world=0, replicate=0, drop=True))


def curves(run: Run, *whats: detection.What) -> dict[str, pd.DataFrame]:
    flaws = run.events[run.events["kind"] == "diffuse"]
    return {
        what: detection.shares_by_time(run, what, flaws, months=np.arange(0, 49, 2.0))
        for what in whats
    }


def test_detection_and_patch_curves(run: Run, columns: int, tmp_path: Path) -> None:
    tables = curves(run, "seen", "fixed")
    figure = figures_detection.detection_curves(tables, columns=columns)
    assert shown(figure) == len(run.regimes)
    assert_says_what_it_shows(figure, run.regimes, "months after the first user", "censored")
    assert "share of diffuse events seen and fixed" in joined(figure)
    assert len(figure.legends[0].get_lines()) == 2
    single = figures_detection.patch_curves({"fixed": tables["fixed"]}, columns=columns)
    assert not single.legends
    described = figures_detection.describe_curves(tables)
    assert "seen, 48 months after the first user" in described
    assert_saves(figure, tmp_path, described)


def test_curves_are_of_one_kind(run: Run) -> None:
    table = detection.shares_by_time(run, "seen")
    with pytest.raises(ValueError, match="one kind of event at a time; here are misuse, diffuse"):
        figures_detection.detection_curves({"seen": table})


def test_freedom_triads(run: Run, columns: int, tmp_path: Path) -> None:
    columns -= 1
    table = freedoms.triads(run.outcomes)
    figure = figures_freedoms.freedom_triads(table, columns=columns)
    assert shown(figure) == 5
    assert_says_what_it_shows(figure, run.regimes, "granted", "possible", "exercisable")
    described = figures_freedoms.describe_triads(table)
    assert "freedom 1b: granted from 90% to 90%, possible from 90% to 90%" in described
    assert_saves(figure, tmp_path, described)


def test_a_time_line_numbers_the_worst(run: Run, columns: int, tmp_path: Path) -> None:
    columns //= 2
    own = run.events[run.events["run"] == 0]
    figure = figures_story.time_line(
        own, title="closed, replicate 0", ended=2033.0, columns=columns
    )
    said = joined(figure)
    assert "40 events, 1 of them averted, 1 catastrophic" in said
    assert "2030.0  misuse, cyber: 1,000,000 M$" in said
    assert "the run ended" in said
    numbers = [text.get_text() for text in figure.axes[0].texts]
    assert sorted(numbers) == ["1", "2", "3", "4", "5", "6"]
    described = figures_story.describe_time_line(own, "closed, replicate 0")
    assert "2 kinds of event" in described
    assert "2030.0 misuse of 1,000,000 M$" in described
    assert_saves(figure, tmp_path, described)


def test_a_time_line_is_of_one_run(run: Run) -> None:
    with pytest.raises(ValueError, match="a story is of one run"):
        figures_story.time_line(run.events)


def test_a_time_line_without_events_is_empty_not_broken(run: Run) -> None:
    figure = figures_story.time_line(run.events.iloc[:0])
    assert "0 events" in joined(figure)


def test_numbers_are_spread_and_stay_in_bounds() -> None:
    spread = figures_story._spread(np.array([1.0, 1.0, 1.05, 9.9]), 0.5, 0.0, 10.0)
    assert spread == pytest.approx([1, 1.5, 2, 9.9])
    assert figures_story._spread(np.array([9.9, 9.95]), 0.5, 0.0, 9.0) == pytest.approx([8.5, 9])


def test_axes_labels_and_footers() -> None:
    assert [short(value) for value in (0.01, 5, 20_000, 3e6, 1e-6)] == [
        "0.01", "5", "20k", "3M", "10⁻⁶"
    ]  # fmt: skip
    assert all(len(line) <= 40 for line in wrapped_footer("word " * 40, 2.3).split("\n"))
    assert wrapped_footer("one\ntwo", 8) == "one\ntwo"


def test_three_regimes_fill_a_page_and_a_phone_gets_one_column() -> None:
    page, phone = panels_of(["a", "b", "c"], 4, ""), panels_of(["a", "b", "c"], 2, "")
    assert page.figure.get_figwidth() == pytest.approx(3 * 2.85)
    assert phone.figure.get_figwidth() == pytest.approx(4.2)
    many = panels_of(list(REGIMES), 2, "")
    assert many.figure.get_figwidth() == pytest.approx(4.3)
