"""Targets of the baseline: numbers that can be worked out by hand."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from enough_fingers import targets

N = 4
TIMES = 2024.5 + np.arange(36) / 12


def made_up_run() -> SimpleNamespace:
    """Four replicates of three years: one catastrophe, four reports in 2025, nine in 2027."""
    rows = []
    for run in range(N):
        rows += [(run, 2025.2, "misuse", "fraud", "hosted", 0.1, 2025.4, False)] * 3
        rows += [(run, 2025.3, "loss_of_control", "none", "weights", 1.0, 2025.5, False)]
        rows += [(run, 2025.3, "misuse", "fraud", "none", 1.0, 2025.5, False)]  # without AI
        rows += [(run, 2027.1, "misuse", "fraud", "weights", 10.0, 2027.2, False)] * 9
    rows += [(0, 2026.0, "misuse", "bio", "weights", 5e9, 2026.0, True)]
    events = pd.DataFrame(
        rows,
        columns=["run", "time", "kind", "domain", "route", "severity_musd", "seen_at",
                 "catastrophic"],
    )  # fmt: skip
    events["averted"] = False
    events["began_at"] = math.nan
    flat = np.ones((N, TIMES.size))
    series = xr.Dataset(
        {
            "bans": (("run", "time"), flat * 1e6),
            "wrongful_bans": (("run", "time"), flat * 1e4),
            "weights_use_share": (("run", "time"), flat * 0.3),
            "frontier_oom": (("run", "time"), np.tile(25 + np.arange(36) / 12, (N, 1))),
            "weights_oom": (("run", "time"), np.tile(25 + (np.arange(36) - 4) / 12, (N, 1))),
        },
        {"time": TIMES},
    )
    config = {
        "time": {"years": 3, "start_year": 2024.5},
        "labs": {"frontier": {"count": 3}, "rest": {"count": 2, "regime": "hosted"}},
        "mechanisms": {"leaks": {"gated_per_year": 5}},
    }
    outcomes = pd.DataFrame(index=range(N))
    return SimpleNamespace(events=events, series_by_run=series, config=config, outcomes=outcomes)


def value(name: str) -> float:
    """What the made-up run gives for a target."""
    (target,) = (t for t in targets.TARGETS if t.name == name)
    return target.measure(made_up_run()).value  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("first event of $100 B or more", -math.log(0.75) / 3),
        ("event that kills over 10 % of people", -math.log(0.75) / 3),
        ("reported incidents in 2025", 4),
        ("their growth, 2025 to 2027", 1.5),
        ("malicious ones of these", 3),
        ("malicious share of them", 0.75),
        ("median single loss", 1e5),
        ("bans a year and large host", 4.0),
        ("wrongful share of bans", 0.01),
        ("open weights in use, 2025", 0.3),
        ("open-closed lag, end of 2025", 4.0),
        ("gated weights leak (median)", 365.25 * math.log(2) / 5),
    ],
)
def test_a_target_is_measured_as_by_hand(name: str, expected: float) -> None:
    assert value(name) == pytest.approx(expected)


def test_the_table_says_what_is_met_and_what_is_missed() -> None:
    table = targets.compare(made_up_run())  # type: ignore[arg-type]
    assert len(table) == len(targets.TARGETS)
    met = table.set_index("target")["met"]
    assert met["wrongful share of bans"]
    assert not met["reported incidents in 2025"]
    text = targets.as_markdown(table)
    assert "none (events of one replicate share its draws)" in text
    hazard = table.set_index("target").loc["first event of $100 B or more"]
    # 1 of 4: sqrt(.25 .75 / 4) / .75, a year of three
    assert hazard["standard_error"] == pytest.approx(math.sqrt(0.1875 / 4) / 0.75 / 3)
    assert "**missed**" in text
    assert text.count("\n") == len(table) + 2
