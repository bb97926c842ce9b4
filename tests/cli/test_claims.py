"""Every claim that we ship runs, small, and shows what it says it shows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from cli_program import ROOT, Program, program
from enough_fingers import open_run, report
from enough_fingers.__main__ import main
from enough_fingers.claims import configs_of
from enough_fingers.contents import Choices
from enough_fingers.report import write_report

pytest_plugins = ("cli_fixtures",)

CLAIMS = ROOT / "configs" / "claims"
ESSAY = "MFR, \"Contra Zuckerberg on 'Open Source AI'\" (2024)"


def names() -> list[str]:
    return sorted(path.stem for path in CLAIMS.glob("*.json"))


def small(name: str) -> dict[str, Any]:
    """A claim with few people, years, replicates and draws."""
    claim = json.loads((CLAIMS / f"{name}.json").read_text(encoding="utf-8"))
    config: dict[str, Any] = {
        "schema_version": 1,
        "base": str(CLAIMS / f"{name}.json"),
        "time": {"years": 0.5},
        "population": {
            "developers": {"count": 100},
            "auditors": {"count": 10},
            "bad_actors": {"count": 50},
            "defenders": {"count": 5},
        },
        "experiment": {"replicates": 2},
    }
    if claim["experiment"].get("design") == "latin_hypercube":
        config["experiment"] |= {"draws": 2, "except": ["/population", "/output"]}
        config["experiment"]["factors"] = dict.fromkeys(claim["experiment"].get("factors", {}))
    return config


@pytest.mark.parametrize("name", names())
def test_a_claim_quotes_briefly_and_says_what_it_varies(name: str) -> None:
    claim = json.loads((CLAIMS / f"{name}.json").read_text(encoding="utf-8"))
    assert 0 < len(claim["claim"]["words"].split()) <= 15
    assert claim["claim"]["source"] == ESSAY
    assert claim["claim"]["about"].endswith(("?", "."))
    assert claim["note"]


@pytest.mark.slow
@pytest.mark.program
@pytest.mark.parametrize("name", names())
def test_a_claim_runs_and_its_figure_has_its_columns(name: str, fingers: Program) -> None:
    fingers.write("claim.json", small(name))
    fingers("run", "claim.json", "-o", "claim.h5", "--progress", "never")
    run = open_run(fingers.folder / "claim.h5")
    assert run.complete
    if name == "fingers":  # a report takes longer than the runs
        write_report(run, fingers.folder / "report", Choices(n_resamples=10))
    figure = run.config["claim"]["figure"]
    assert set(figure["outcomes"]) <= set(run.outcomes.attrs["outcomes"])
    if "x" in figure:
        (across,) = (factor for factor in run.factors if factor.pointer == figure["x"])
        assert run.design[across.name].nunique() > 1


@pytest.mark.program
def test_one_command_runs_claims_and_makes_a_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    reported = []
    monkeypatch.setattr(
        report, "write_report", lambda run, folder, choices: reported.append(folder.name)
    )
    folder = tmp_path / "claims"
    folder.mkdir()
    for name in ("fingers", "path-forward"):
        claim = json.loads((CLAIMS / f"{name}.json").read_text(encoding="utf-8"))
        own = small(name) | {"title": claim["title"], "claim": claim["claim"]}
        (folder / f"{name}.json").write_text(json.dumps(own), encoding="utf-8")
    words = ["claims", "--configs", str(folder), "--program", str(program())]
    assert main([*words, "-o", str(tmp_path / "out")]) == 0
    assert reported == ["fingers", "path-forward"]
    page = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    for name in reported:
        assert f'href="{name}/report.html"' in page
    assert "given enough fingers" in page
    assert main([*words, "-o", str(tmp_path / "out"), "figners"]) == 2
    assert "no claim figners" in capsys.readouterr().err


def test_claims_are_found_by_name(tmp_path: Path) -> None:
    (tmp_path / "b.json").write_text("{}")
    (tmp_path / "a.json").write_text("{}")
    assert [path.stem for path in configs_of(tmp_path)] == ["a", "b"]
    assert [path.stem for path in configs_of(tmp_path, ["b"])] == ["b"]
    with pytest.raises(ValueError, match="no claim c"):
        configs_of(tmp_path, ["c"])
