"""The program and its plain twin agree act for act, mechanism by mechanism and with all at once.

Worlds of a few hundred agents for three years, with rates so high that every mechanism fires. That it does,
the program's own records show, which differ when it is off.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import dangers
import diffuse
import exploits
import pytest
import reading
import twin
from variates import ROOT, logistic

pytestmark = pytest.mark.program

SMALL: dict[str, Any] = {
    "schema_version": 1, "base": "baseline", "seed": 7, "time": {"years": 3},
    "population": {
        "developers": {"count": 150, "weight": 3, "budget_mean_log10_usd": 4.5}, "auditors": {"count": 30},
        "bad_actors": {"count": 40, "attempts_mean": 8}, "defenders": {"count": 6},
        "users": {"middle_years": 0.5},
    },
    "labs": {
        "frontier": {"displacement": 0.3},
        "rest-of-the-world": {
            "displacement": 0.5, "strip_success": 0.5, "initial_models": [
                {"name": "first", "rank": 1, "capability_oom": 24.5, "year": 2024.4, "form": "open_weights"},
                {"name": "later", "rank": 2, "capability_oom": 25.5, "year": 2025.6, "form": "hosted",
                 "later": [{"year": 2026.2, "form": "gated_weights"}, {"year": 2026.9, "form": "internal"}]}],
        },
    },
    "domains": {
        "bio": {"share": 0.3, "base_logit": -3}, "cyber": {"share": 0.3, "base_logit": -2},
        "fraud": {"share": 0.4, "base_logit": -1},
    },
    "mechanisms": {
        "catastrophe": {"absorbing": False, "pause_months": 1},
        "fingers": {"press_scale": 0.3, "critical_oom": 27},
        "training": {"lab_presses": 20, "jump_probability": 0.5}, "flaws": {"virulence_low": 0.01},
        "leaks": {"closed_per_year": 0.3, "factor_per_level": 0.9}, "reporting": {"misuse": 0.5},
        "scrutiny": {"find_per_eye_year": 1, "eyes_per_bad_actor": 2},
        "monitoring": {"analysts": 20000, "arrest": 0.2, "reentry_months": 1},
        "misuse": {"risk_aversion_oom": 1, "strip_success": 0.7}, "states": {"oom": 26, "gap_offset_oom": -2},
        "derivatives": {"publish": 0.01, "merge": 0.8},
        "diffuse": {
            "observations_per_user_month": 1e-7, "disclosure": 0.5, "pooling": 0.3, "wrong_layer_months": 0.5,
        },
        "exploits": {"exploit_share": 0.5, "exploit_oom": 1}, "disclosure": {"pre_disclosure": 0.5},
        "concentration": {"capture_per_year": 50, "index_reference": 0.05, "capture_oom": 26},
        "shocks": {"shock_per_year": {"terms": 0.5, "withdraw": 0.3, "stop_release": 0.3}},
        "theft": {"per_year": {"one_below": 0.5, "level": 1, "one_above": 1.5}},
    },
    "states": {
        "adversary": {"attacks_per_year": 20}, "another": {"bloc": "third", "operational_capacity": 3.4},
    },
    "regimes": {
        "every-policy": {"builds_on": "selective-defence", "policies": [
            {"kind": "know_your_customer"}, {"kind": "liability"}, {"kind": "security"},
            {"kind": "slow_down", "pace": 0.8}, {"kind": "compute_commons", "multiplier": 1000},
            {"kind": "gate", "above_oom": 26, "form": "hosted_finetune"},
            {"kind": "later_step", "form": "full_source", "after_months": 4},
            {"kind": "licence", "named": "community", "user_cap": 1e6, "revocable": True},
            {"kind": "incident_response", "after_incidents": 20, "at_least_musd": 1, "to": "closed",
             "freeze": True}]},
    },
}  # fmt: skip
REGIMES = ("closed", "hosted-finetune-monitored", "staged-release", "gated-weights",
           "open-weights-permissive", "full-source-compute-commons", "adaptive-ratchet", "every-policy")
FEW_REGIMES = ("gated-weights", "hosted-finetune-monitored", "adaptive-ratchet")
#: Mechanisms that the twin has; others are off, which must be as if they did not exist.
KNOWN = ("appeals", "concentration", "copying", "defence", "derivatives", "diffuse", "disclosure", "exploits",
         "fingers", "flaws", "leaks", "misuse", "monitoring", "patches", "response", "scrutiny", "shocks",
         "states", "theft", "trends")
#: What a mechanism needs in order to matter, and to be seen to.
NEEDS = {
    "defence": {"misuse"}, "derivatives": {"flaws", "scrutiny", "patches", "fingers"}, "fingers": {"flaws"},
    "appeals": {"monitoring"}, "leaks": {"misuse"}, "monitoring": {"misuse"}, "diffuse": {"flaws"},
    "exploits": {"misuse", "flaws", "scrutiny"}, "disclosure": {"misuse", "flaws", "scrutiny", "exploits"},
    "patches": {"flaws", "scrutiny"}, "response": {"misuse"}, "scrutiny": {"flaws"}, "theft": {"states"},
}  # fmt: skip


def program() -> Path:
    path = Path(os.environ.get("FINGERS_PROGRAM", ROOT / "build" / "release" / "fingers")).resolve()
    assert path.is_file(), f"there is no {path}: cmake --build --preset release --target fingers"
    return path


def merged(a: Any, b: Any) -> Any:
    """JSON merge (RFC 7396) without its removals."""
    both = isinstance(a, dict) and isinstance(b, dict)
    return a | {key: merged(a.get(key), value) for key, value in b.items()} if both else b


def runs_of(folder: Path, regimes: tuple[str, ...], changes: dict[str, Any]) -> list[SimpleNamespace]:
    """What the program makes of the small world with these changes."""
    config = merged(SMALL, only(set(KNOWN)))
    config = merged(config, changes | {"experiment": {"regimes": list(regimes), "replicates": 1}})
    (folder / "small.json").write_text(json.dumps(config), encoding="utf-8")
    command = [program(), "run", "small.json", "--overwrite"]
    done = subprocess.run(command, cwd=folder, check=False, capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr.decode()
    return reading.stored(folder / "small.h5")


@cache
def mechanisms() -> tuple[str, ...]:
    """Whatever can be switched on and off: `fingers/enabled` and the like."""
    said = subprocess.run([program(), "schema", "--parameters"], check=True, capture_output=True).stdout
    return tuple(re.findall(r"`/mechanisms/(\w+/\w*enabled)`", said.decode()))


def only(names: set[str]) -> dict[str, Any]:
    """The switches of all mechanisms, with these on and others off."""
    switches: dict[str, Any] = {}
    for pointer in mechanisms():
        mechanism, switch = pointer.split("/")
        switches = merged(switches, {mechanism: {switch: mechanism in names}})
    return {"mechanisms": switches}


@pytest.mark.parametrize("regime", REGIMES)
def test_the_twin_agrees_with_all_mechanisms_together(tmp_path: Path, regime: str) -> None:
    (run,) = runs_of(tmp_path, (regime,), {})
    assert len(run.events) > 50
    assert reading.differences(run, reading.twin_of(run)) == []


def test_the_twin_agrees_with_no_mechanism_at_all(tmp_path: Path) -> None:
    for run in runs_of(tmp_path, FEW_REGIMES, only(set())):
        assert reading.differences(run, reading.twin_of(run)) == []


@pytest.mark.parametrize("mechanism", KNOWN)
def test_the_twin_agrees_on_each_mechanism_alone(tmp_path: Path, mechanism: str) -> None:
    needs = NEEDS.get(mechanism, set())
    without = runs_of(tmp_path, FEW_REGIMES, only(needs))
    runs = runs_of(tmp_path, FEW_REGIMES, only(needs | {mechanism}))
    assert repr([run.series for run in runs]) != repr([run.series for run in without]), "it never fires"
    for run in runs:
        assert reading.differences(run, reading.twin_of(run)) == []


@pytest.mark.parametrize("rule", ["own", "naive", "majority", "rational"])
def test_the_twin_agrees_on_gates_by_others(tmp_path: Path, rule: str) -> None:
    gate = {"kind": "gate", "above_oom": 25.7, "form": "hosted", "rule": rule}
    opening = [{"kind": "release", "form": "open_weights"}, {"kind": "licence"}]
    changes = {"regimes": {"gated": {"policies": [*opening, gate]}}}
    (run,) = runs_of(tmp_path, ("gated",), merged(only({"misuse"}), changes))
    assert run.series["weights_oom"] != run.series["accessible_oom"], "the gate lets all pass"
    assert reading.differences(run, reading.twin_of(run)) == []


def test_the_twin_agrees_on_a_world_that_ends(tmp_path: Path) -> None:
    changes = {"mechanisms": {"catastrophe": {"absorbing": True, "musd": 5000}}}
    runs = runs_of(tmp_path, FEW_REGIMES, changes)
    assert any(run.series["models"][-1] != run.series["models"][-1] for run in runs), "none ends"
    for run in runs:
        assert reading.differences(run, reading.twin_of(run)) == []


def test_the_twin_agrees_on_a_world_without_ai_and_on_a_step_of_another_length(tmp_path: Path) -> None:
    longer_steps = {"time": {"steps_per_year": 5}, "labs": {"rest-of-the-world": {"lag_months": 7}}}
    for changes in ({"ai": False}, longer_steps):
        for run in runs_of(tmp_path, FEW_REGIMES, changes):
            assert reading.differences(run, reading.twin_of(run)) == []


def test_the_twin_has_every_mechanism() -> None:
    assert {pointer.split("/")[0] for pointer in mechanisms()} == set(KNOWN)


def order_by_rank(w: Any, d: Any, identity: int, u: float, reach: Any) -> None:
    """Presses as they come, instead of the smallest uniform first."""
    right(w, d, identity, w.dynamics("act_press", identity, w.step).uniform(), reach)


right = twin.resolve_press


@pytest.mark.parametrize(
    ("module", "name", "wrong"),
    [
        (dangers, "logistic", lambda x: logistic(-x)),  # danger falls with capability
        (twin, "resolve_press", order_by_rank),
        (twin, "hide", lambda w, flaw: None),  # a fix leaves nothing to be found again
        (exploits, "private_coverage", lambda w, years: 0.9),
        (diffuse, "coverage", lambda w, age: 0.9),
        (twin, "followed", lambda w, lever, most: 0.05),
        (dangers, "fix_delay_years", lambda w, flaw, ordinal, d: 0.0),
    ],
)
def test_a_wrong_twin_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: Any, name: str, wrong: Any
) -> None:
    (run,) = runs_of(tmp_path, ("hosted-finetune-monitored",), {})
    monkeypatch.setattr(module, name, wrong)
    assert reading.differences(run, reading.twin_of(run)) != []


def test_the_twin_stays_short_enough_to_be_read() -> None:
    for path in Path(twin.__file__).parent.glob("*.py"):
        lines = path.read_text(encoding="utf-8").splitlines()
        assert len(lines) <= 400, path
        assert max(map(len, lines)) <= 110, path
