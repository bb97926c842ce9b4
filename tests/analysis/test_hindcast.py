"""The hindcast: a made-up past whose numbers can be worked out by hand, and the files we ship."""

from __future__ import annotations

import csv
import json
import math
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from enough_fingers import Run, hindcast, hindcast_page, open_run
from enough_fingers.__main__ import main
from enough_fingers.given import given_facts, releases
from files import Contents, Event, write_run_file

Opener = Callable[[Contents], Run]
ROOT = Path(__file__).resolve().parents[2]
FACTS = ROOT / "configs" / "hindcast" / "facts.csv"
CONFIG = ROOT / "configs" / "hindcast-2019-2025.json"
MISUSE, LOSS_OF_CONTROL = 0, 1
NONE, HOSTED, WEIGHTS = 0, 1, 2


def model(name: str, year: float, oom: float, form: str, **more: object) -> dict[str, Any]:
    return {"name": name, "year": year, "capability_oom": oom, "form": form, **more}


def made_up_config() -> dict[str, Any]:
    """Algorithms double in 12·log10(2) months, so that a year is worth one OOM."""
    models = [
        model("GPT-2", 2019.0, 19.0, "internal", later=[{"year": 2019.5, "form": "open_weights"}]),
        model("GPT-3", 2020.5, 20.0, "hosted"),
        model("Open", 2022.5, 22.0, "open_weights"),
    ]
    return {
        "mechanisms": {
            "trends": {"algorithm_doubling_months": 12 * math.log10(2)},
            "leaks": {"gated_per_year": 5},
        },
        "labs": {"makers": {"initial_models": models}, "empty": {}},
    }


def seen(run: int, year: float, route: int = HOSTED, kind: int = MISUSE, flags: int = 0) -> Event:
    """An event that became known at once; attributed when it came through weights."""
    attributed = int(route == WEIGHTS)
    return Event(run, year, kind, 1, 1.0, flags, route, seen_at=year, attributed=attributed)


#: Replicate 0 reports 1 event in 2022 and 8 in 2025, two of these no misuse; replicate 1 none.
EVENTS = (
    seen(0, 2022.5),
    *[seen(0, 2025.5) for _ in range(5)],
    seen(0, 2025.5, route=WEIGHTS),
    *[seen(0, 2025.5, kind=LOSS_OF_CONTROL) for _ in range(2)],
    Event(0, time=2025.5, route=HOSTED),  # never known
    seen(0, 2025.5, route=NONE),  # without AI
    seen(0, 2025.5, flags=1),  # averted
)


@pytest.fixture
def past(opened: Opener) -> Run:
    times = np.arange(2022, 2026, 1 / 12)
    models = np.stack([2.0 ** ((times - 2022) * 2), np.ones_like(times)])
    return opened(
        Contents(
            regimes=("as-it-was",),
            events=EVENTS,
            times=list(times),
            config=made_up_config(),
            series={"models": models, "weights_use_share": np.tile(times - 2022, (2, 1)) / 10},
        )
    )


def quantities(run: Run) -> hindcast.Quantities:
    return hindcast.simulated(run, 0, hindcast.reported(run))


def test_only_harm_that_became_known_and_used_ai_is_counted(past: Run) -> None:
    found = quantities(past)
    assert list(found["reported_events", "2022"].values) == [1, 0]
    assert list(found["reported_events", "2025"].values) == [8, 0]
    assert list(found["reported_events", "2024"].values) == [0, 0]


def test_shares_are_of_what_was_reported_and_of_nothing_there_is_none(past: Run) -> None:
    found = quantities(past)
    assert found["malicious_share", "2025"].values == pytest.approx([6 / 8, np.nan], nan_ok=True)
    assert found["unattributed_share", "2025"].values[0] == pytest.approx(7 / 8)
    assert found["named_open_share", "2025"].values[0] == pytest.approx(1 / 8)


def test_growth_doubling_and_share_of_use_are_those_of_the_run(past: Run) -> None:
    found = quantities(past)
    assert found["reported_growth", "2022-2025"].values[0] == pytest.approx(2)
    assert found["public_models_doubling", "2023-2025"].values == pytest.approx([6, np.inf])
    assert found["open_use_share", "2025-12"].values == pytest.approx([4 / 10 - 1 / 120] * 2)


def test_derivatives_are_published_month_by_month_and_add_up(opened: Opener) -> None:
    times = np.arange(2022, 2026, 1 / 12)
    one_a_month = np.ones((1, times.size))
    run = opened(
        Contents(
            regimes=("as-it-was",),
            replicates=1,
            times=list(times),
            config=made_up_config(),
            series={
                "models": one_a_month,
                "derivatives": one_a_month,
                "weights_use_share": one_a_month,
            },
        )
    )
    # 24 at the end of 2023, 48 at the end of 2025.
    assert quantities(run)["public_models_doubling", "2023-2025"].values == pytest.approx([24])


def test_a_leak_rate_implies_its_median(past: Run) -> None:
    days = quantities(past)["llama_leak", "2023"].values
    assert np.exp(-5 * days / 365.25) == pytest.approx([0.75, 0.25])


def test_a_run_that_ends_early_says_nothing_of_later_years(opened: Opener) -> None:
    run = opened(Contents(regimes=("as-it-was",), times=(2019.0, 2019.5), config=made_up_config()))
    found = quantities(run)
    assert ("reported_events", "2019") in found
    assert ("reported_events", "2020") not in found
    assert ("open_use_share", "2025-12") not in found


def test_given_facts_follow_from_the_releases() -> None:
    models = releases(made_up_config())
    # Physical compute: effective compute, and one OOM for each year before mid-2024.
    assert [math.log10(m.flop) for m in models] == pytest.approx([24.5, 24, 24])
    facts = given_facts(models)
    assert facts["gpt2_withheld", "2019"] == pytest.approx(0.5 * 365.25)
    assert facts["open_lag_gpt3_compute", "2022"] == pytest.approx(-12)  # GPT-2's weights
    assert facts["weights_share", "2022"] == 1
    assert facts["unreleased_share", "2019"] == 1
    assert models[0].form(2018) == ""
    assert [models[0].form(year) for year in (2019.2, 2020)] == ["internal", "open_weights"]


@pytest.mark.parametrize(
    ("spread", "said"),
    [
        ((10, 8, 12), "hit"),
        ((13, 11, 14), "near"),
        ((7, 6, 9), "near"),
        ((13, 12.5, 14), "miss"),
        ((7, 6, 8), "miss"),
        ((math.nan, math.nan, math.nan), "cannot say"),
    ],
)
def test_a_verdict_asks_for_the_median_then_for_the_interval(
    spread: tuple[float, float, float], said: str
) -> None:
    assert hindcast.verdict(9, 12, np.array(spread)) == said


def facts_of(role: str) -> pd.DataFrame:
    rows = [
        {"quantity": "reported_events", "period": "2022", "value": 1, "role": role},
        {"quantity": "malicious_share", "period": "2025", "value": 0.67, "role": role},
        {"quantity": "malicious_share", "period": "2024", "value": 0.5, "role": role},
        {"quantity": "reported_events", "period": "2025", "value": 400, "role": "hold-out"},
    ]
    return pd.DataFrame(rows)


def test_the_loss_is_in_tolerances_capped_and_blind_to_the_hold_out(past: Run) -> None:
    found = quantities(past)
    # Median count 0.5 against 1; share .75 against .67 in half of the runs; no share in 2024.
    first = (math.log(1.0 / 1.5) / math.log(1.25)) ** 2
    second = (0.08 / 0.08) ** 2
    assert hindcast.loss(found, facts_of("calibrate")) == pytest.approx((first + second + 25) / 3)
    assert math.isnan(hindcast.loss(found, facts_of("check")))


def test_the_page_shows_every_fact_and_names_what_is_input(past: Run, tmp_path: Path) -> None:
    table = hindcast.compare(past, hindcast.read_facts(FACTS))
    page = hindcast_page.markdown(table)
    assert page.count("\n") == len(table) + 2
    assert "input, outside" in page
    assert "cannot say" in page
    assert hindcast_page.summary(table).startswith("calibrate: ")
    for file in hindcast_page.write(table, tmp_path / "made"):
        assert file.stat().st_size > 0


def test_the_command_compares_a_run_and_ranks_a_search(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    contents = Contents(
        regimes=("a", "b"),
        events=tuple(seen(run, 2019.5) for run in (2, 3) for _ in range(43)),
        times=(2019.0, 2019.5),
        config=made_up_config(),
        factors={"count": [1.0, 2.0]},
    )
    file = write_run_file(tmp_path / "search.h5", contents)
    assert main(["hindcast", str(file), "--facts", str(FACTS)]) == 0
    rows = capsys.readouterr().out.splitlines()
    assert rows[0] == "| loss | count |"
    assert rows[2] == "| 22.5 | 2 |"  # the second point reports what life did in 2019
    assert rows[4].startswith("1 of 2 points within 5%")
    assert main(["hindcast", str(file), "--facts", str(tmp_path / "none.csv")]) == 2
    assert "not there" in capsys.readouterr().err


def test_a_table_of_facts_without_a_column_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "facts.csv"
    path.write_text("fact,value\nH1,3\n", encoding="utf-8")
    with pytest.raises(ValueError, match="no column quantity"):
        hindcast.read_facts(path)


def test_every_fact_has_a_role_a_source_and_a_tolerance_around_it() -> None:
    facts = hindcast.read_facts(FACTS)
    roles = {"given", "calibrate", "hold-out", "check", "out of reach"}
    assert set(facts["role"]) == roles
    assert facts["source"].notna().all()
    assert not facts.duplicated(["quantity", "period"]).any()
    told = facts[facts["role"] != "out of reach"]
    assert (told["low"] <= told["value"]).all()
    assert (told["value"] <= told["high"]).all()
    tuned = facts.loc[facts["role"] == "calibrate", "period"].astype(int)
    assert tuned.max() == 2023


def test_the_config_gives_the_releases_of_the_table() -> None:
    config = json.loads(CONFIG.read_text(encoding="utf-8"))
    given = {
        (name, m["name"]): m
        for name, group in config["labs"].items()
        for m in (group or {}).get("initial_models", [])
    }
    with (ROOT / "configs" / "hindcast" / "releases.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(given) == 79
    for row in rows:
        there = given[row["group"], row["name"]]
        for key in ("rank", "year", "capability_oom"):
            assert there[key] == float(row[key]), row["name"]
        assert (there["form"], there["licence"]) == (row["form"], row["licence"])
        assert there.get("monitored", False) == (row["monitored"] == "yes")
        day = pd.Timestamp(row["release_date"])
        assert abs(there["year"] - (day.year + (day.day_of_year - 1) / 365.25)) < 0.01
        gain = 12 * math.log10(2) / 8 * (there["year"] - 2024.5)
        oom = math.log10(float(row["training_flop"])) + gain
        assert there["capability_oom"] == pytest.approx(oom, abs=0.02), row["name"]
        forms = [step["form"] for step in there.get("later", [])]
        assert forms == ([row["later"].split("@")[0]] if row["later"] else [])


@pytest.mark.program
def test_a_small_hindcast_runs_and_compares(program: Path, tmp_path: Path) -> None:
    """Two replicates of the shipped config."""
    small = {"base": str(CONFIG), "schema_version": 1, "experiment": {"replicates": 2}}
    config, made = tmp_path / "small.json", tmp_path / "small.h5"
    config.write_text(json.dumps(small), encoding="utf-8")
    command = [str(program), "run", str(config), "-o", str(made)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    table = hindcast.compare(open_run(made), hindcast.read_facts(FACTS))
    said = table[table["role"] != "out of reach"]
    counts = said[said["quantity"] == "reported_events"]
    assert (counts["n"] == 2).all()
    given = table[table["quantity"] == "gpt2_withheld"].iloc[0]
    assert given["simulated"] == pytest.approx(264, abs=4)
    lag = table[table["quantity"] == "open_lag_gpt4_compute"].iloc[0]
    assert lag["verdict"] == "hit"
