from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from enough_fingers import open_run
from enough_fingers.drawings_evidence import draw_evidence
from enough_fingers.evidence import (
    FEW_PANELS,
    MANY_REGIMES,
    Evidence,
    gather,
    readable_part,
    shown_regimes,
)
from enough_fingers.style import inlined
from enough_fingers.tables_evidence import evidence_tables


def test_of_few_regimes_all_are_shown_of_many_the_first_and_the_reference() -> None:
    few = [f"r{place}" for place in range(MANY_REGIMES)]
    assert shown_regimes(few, "r3") == few
    many = [*few, "last"]
    assert shown_regimes(many, "r3") == many[:FEW_PANELS]
    assert shown_regimes(many, "last") == [*many[: FEW_PANELS - 1], "last"]


@pytest.fixture(scope="module")
def evidence(real_file: Path) -> Evidence:
    run = open_run(real_file)
    return gather(run, run.regimes[1])


@pytest.mark.program
def test_events_are_of_as_many_replicates_as_can_be_read(real_file: Path) -> None:
    run = open_run(real_file)
    assert readable_part(run) is run
    of_first = int(run.runs.loc[run.runs["replicate"] == 0, "event_count"].sum())
    part = readable_part(run, most=of_first)
    assert set(part.outcomes["replicate"]) == {0}
    assert len(part.events) == of_first
    assert set(readable_part(run, most=1).outcomes["replicate"]) == {0}  # never none


@pytest.mark.program
def test_harm_so_far_ends_at_the_harm_of_the_run(evidence: Evidence, real_file: Path) -> None:
    run = open_run(real_file)
    assert evidence.fan is not None
    last = evidence.fan.isel(time=-1)
    for row in run.outcomes.itertuples():
        found = float(last.sel(regime=row.regime, world=row.world, replicate=row.replicate))
        assert found == pytest.approx(row.harm_musd, rel=1e-3)  # series are of 12 bits


@pytest.mark.program
def test_the_story_is_that_of_the_replicate_of_median_harm(
    evidence: Evidence, real_file: Path
) -> None:
    run = open_run(real_file)
    assert evidence.story is not None
    own = run.outcomes[run.outcomes["regime"] == run.regimes[1]]["harm_musd"]
    number = int(evidence.story.events["run"].iloc[0])
    below = int((own < own[number]).sum())
    assert below == (len(own) - 1) // 2
    assert evidence.story.events["run"].nunique() == 1
    assert run.regimes[1] in evidence.story.title


@pytest.mark.program
def test_every_figure_has_a_table_and_every_table_a_figure(evidence: Evidence) -> None:
    drawings, tables = draw_evidence(evidence), evidence_tables(evidence)
    assert set(drawings) == set(tables)
    assert {"triads", "fan", "exceedance", "periods", "seen", "story"} <= set(drawings)
    for found in tables.values():
        for table in found:
            assert table.rows
            assert {len(row) for row in table.rows} == {len(table.header)}
    assert len({drawing.stem for drawing in drawings.values()}) == len(drawings)


def test_paths_of_a_page_are_short_and_where_they_were() -> None:
    points = np.column_stack([np.linspace(0, 500, 300), 200 + 100 * np.sin(np.arange(300.0))])
    path = "M" + " \nL".join(f" {x:.6f} {y:.6f}" for x, y in points)
    document = f'<svg width="1" height="1"><path d="{path}"/></svg>'
    short = inlined(document, "a", "t", "d").split(' d="')[1].split('"')[0]
    assert len(short) < 0.5 * len(path)
    place, found = np.zeros(2), []
    for piece in short[1:].replace("l", " ").split(" "):
        found.append(float(piece))
    place = np.cumsum(np.reshape(found, (-1, 2)), axis=0)
    np.testing.assert_allclose(place, points, atol=0.0501)
