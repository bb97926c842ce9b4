"""A selection holds what was asked for, reads no more than that, and names what is nearest."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from enough_fingers import Run, measures
from enough_fingers.columns import Values
from enough_fingers.load import run_of
from enough_fingers.sources import FileSource
from files import Contents, Event, Model, write_run_file

# Eight runs: two regimes in two worlds, two replicates each; run 5 failed.
EVENTS = [
    Event(run, time=2024.0 + number / 4, kind=number % 3, severity_musd=10.0 * run + number,
          flags=2 * (number == 1))
    for run, count in enumerate((3, 0, 5, 1, 4, 2, 0, 6))
    for number in range(count)
]  # fmt: skip
CONTENTS = Contents(
    regimes=("closed", "closed", "open", "open"),
    factors={"count": [1e3, 1e5, 1e3, 1e5]},
    outcomes={"harm_musd": [float(10 * run) for run in range(8)]},
    status=[0, 0, 0, 0, 0, 2, 0, 0],
    events=EVENTS,
    models=[Model(run) for run in (0, 0, 2, 4, 7, 7)],
    series={"openness": np.arange(24).reshape(8, 3) / 100},
)


class Counting(FileSource):
    """Remembers which rows of which groups were read."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.rows: list[tuple[str, tuple[str, ...], int, int | None]] = []

    def read(
        self, group: str, names: Iterable[str], start: int = 0, stop: int | None = None
    ) -> dict[str, Values]:
        names = tuple(names)
        self.rows.append((group, names, start, stop))
        return super().read(group, names, start, stop)


@pytest.fixture
def source(tmp_path: Path) -> Counting:
    return Counting(write_run_file(tmp_path / "run.h5", CONTENTS))


@pytest.fixture
def run(source: Counting) -> Run:
    return run_of(source)


def test_a_regime_alone_is_what_every_table_holds(run: Run) -> None:
    part = run.select(regimes="open")
    assert part.regimes == ["open"]
    assert list(part.runs.index) == [4, 5, 6, 7]
    assert list(part.outcomes.index) == [4, 6, 7]
    assert list(part.outcomes["harm_musd"]) == [40.0, 60.0, 70.0]
    assert list(part.outcomes["regime"].cat.categories) == ["open"]
    assert list(part.events["run"]) == [4] * 4 + [7] * 6
    assert list(part.models["run"]) == [4, 7, 7]
    assert list(part.models["model"]) == [0, 0, 1]
    assert list(part.catastrophic_harm_musd) == [41.0, 0.0, 71.0]
    assert part.series["openness"].sizes == {"regime": 1, "world": 2, "replicate": 2, "time": 3}
    assert list(part.series_by_run["run"].values) == [4, 6, 7]
    assert list(measures.absolute(part.outcomes, "harm_musd")["regime"].unique()) == ["open"]


def test_the_rest_is_as_in_the_whole(run: Run) -> None:
    part = run.select(replicates=0, worlds=1)
    whole = run.outcomes
    expected = whole[(whole["replicate"] == 0) & (whole["world"] == 1)]
    pd.testing.assert_frame_equal(part.outcomes, expected)
    expected = run.events[run.events["run"].isin([2, 6])].reset_index(drop=True)
    pd.testing.assert_frame_equal(part.events, expected)
    assert part.outcomes.attrs["sampled"] == run.outcomes.attrs["sampled"]


def test_selections_follow_one_another(run: Run) -> None:
    part = run.select(regimes=["closed", "open"]).select(worlds=[1]).select(points=3)
    assert list(part.runs.index) == [6, 7]
    with pytest.raises(ValueError, match=r'no regime "closed" here.*There are 1: open'):
        part.select(regimes="closed")
    part = run.select(years=(None, 2025)).select(years=(2024.25, None))
    assert part.years == (2024.25, 2025.0)


def test_runs_that_were_selected_by_a_mask_stay_so(run: Run) -> None:
    mask = np.array([False, True] * 4)
    part = replace(run, selected=mask).select(regimes="open")
    assert list(part.outcomes.index) == [7]


def test_series_lay_out_the_points_that_a_mask_leaves(run: Run) -> None:
    # As where worlds with and without AI are parted: without the factor they would share a place.
    design = run.design.drop(columns="count").assign(world=0)
    mask = np.array([True, True, False, False] * 2)
    part = replace(run, selected=mask, design=design, factors=())
    assert part.series["point"].values.tolist() == [[0], [2]]
    assert part.series["openness"].sel(regime="open", world=0, replicate=0).values[0] == (
        pytest.approx(0.12)
    )


def test_memory_stays_flat_over_many_blocks(tmp_path: Path) -> None:
    events = [Event(place // 25_000) for place in range(100_000)]
    run = run_of(FileSource(write_run_file(
        tmp_path / "run.h5", Contents(outcomes={"harm_musd": [0.0] * 4}, events=events)
    )))  # fmt: skip

    def peak_of(act: Callable[[], object]) -> int:
        tracemalloc.start()
        act()
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return peak

    whole = peak_of(lambda: run.read_events())
    small = peak_of(lambda: [len(frame) for frame in run.iter_events(2_000)])
    assert small < whole / 10
    few = peak_of(lambda: run.read_events(columns=["kind"]))
    assert few < whole / 4


def test_kinds_and_years_hold_for_events_and_leave_totals_alone(run: Run) -> None:
    part = run.select(kinds="attack", years=(2024.5, 2025.25))
    everything = run.events
    expected = everything[
        (everything["kind"] == "attack")
        & (everything["time"] >= 2024.5)
        & (everything["time"] < 2025.25)
    ]
    assert len(expected) == 4
    pd.testing.assert_frame_equal(part.events, expected.reset_index(drop=True))
    pd.testing.assert_frame_equal(part.outcomes, run.outcomes)
    pd.testing.assert_series_equal(part.catastrophic_harm_musd, run.catastrophic_harm_musd)
    assert list(part.series["time"].values) == [2024.5, 2025.0]
    assert list(part.series_by_run["openness"].sel(run=7).values) == pytest.approx([0.22, 0.23])


def test_only_rows_of_chosen_runs_are_read(source: Counting, run: Run) -> None:
    source.rows.clear()
    _ = run.select(points=1, replicates=0).read_events(["time"])
    assert source.rows == [("events", ("time",), 3, 8)]
    source.rows.clear()
    _ = run.select(regimes="open").series["openness"].sel(replicate=1).values
    assert source.rows == [("series", ("time",), 0, None), ("series", ("openness",), 7, 8)]


def test_the_beginning_of_the_events_reads_no_more(source: Counting, run: Run) -> None:
    source.rows.clear()
    head = run.read_events(first=4)
    assert {(start, stop) for _, _, start, stop in source.rows} == {(0, 4)}
    pd.testing.assert_frame_equal(head, run.events.head(4))
    assert len(run.select(kinds="attack").read_events(first=2)) == 2
    assert run.read_events(first=100).equals(run.events)


@pytest.mark.parametrize("rows", [1, 2, 7, 1000])
def test_frames_of_any_size_make_up_the_table(run: Run, rows: int) -> None:
    for part in (run, run.select(replicates=1), run.select(kinds=["attack", "misuse"])):
        frames = list(part.iter_events(rows))
        assert max(len(frame) for frame in frames) <= rows
        assert min(len(frame) for frame in frames) > 0
        pd.testing.assert_frame_equal(pd.concat(frames), part.events)


def test_columns_are_chosen_by_name(run: Run) -> None:
    some = run.read_events(["severity_musd", "regime", "catastrophic", "kind"])
    assert list(some.columns) == ["severity_musd", "regime", "catastrophic", "kind"]
    pd.testing.assert_frame_equal(some, run.events[list(some.columns)])
    for frame in run.iter_events(5, columns=["time"]):
        assert list(frame.columns) == ["time"]
    with pytest.raises(ValueError, match=r'no column of events.*did you mean "severity_musd"'):
        run.read_events(["severity"])


def test_a_selection_without_events_gives_an_empty_table(run: Run) -> None:
    part = run.select(points=0, replicates=1)
    assert len(part.events) == 0
    assert list(part.events.columns) == list(run.events.columns)
    assert (part.events.dtypes == run.events.dtypes).sum() >= len(part.events.columns) - 1
    assert list(part.iter_events()) == []


def test_what_is_not_there_is_named_with_what_is_nearest(run: Run) -> None:
    with pytest.raises(ValueError, match='no regime "clsoed" here; did you mean "closed"'):
        run.select(regimes="clsoed")
    with pytest.raises(ValueError, match='no kind of event "atack" here; did you mean "attack"'):
        run.select(kinds=["misuse", "atack"])
    with pytest.raises(ValueError, match="no point 9 here; there are 0 to 3"):
        run.select(points=[0, 9])
    with pytest.raises(ValueError, match="no replicate 2 here; there are 0 to 1"):
        run.select(replicates=range(3))
    with pytest.raises(ValueError, match="no world 7 here"):
        run.select(worlds=7)
    with pytest.raises(ValueError, match="no time lies from 2026 up to 2025"):
        run.select(years=(2026, 2025))
    with pytest.raises(ValueError, match=r"no run is of all.*regimes open, points 0"):
        run.select(regimes="open", points=0)
    with pytest.raises(ValueError, match="give at least 1"):
        list(run.iter_events(0))


def test_slices_far_apart_are_read_apart(tmp_path: Path) -> None:
    counts = (3, 70_000, 2, 70_000, 4)
    events = [Event(run) for run, count in enumerate(counts) for _ in range(count)]
    contents = Contents(
        regimes=[f"regime-{place}" for place in range(5)], replicates=1, events=events,
        outcomes={"harm_musd": [0.0] * 5},
    )  # fmt: skip
    source = Counting(write_run_file(tmp_path / "run.h5", contents))
    part = run_of(source).select(points=[0, 2, 4])
    source.rows.clear()
    assert list(part.read_events(["run"])["run"]) == [0] * 3 + [2] * 2 + [4] * 4
    assert [row[2:] for row in source.rows] == [(0, 3), (70_003, 70_005), (140_005, 140_009)]
