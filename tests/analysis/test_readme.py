"""The lines of Python that the README shows, run as they stand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import enough_fingers as ef
from conftest import ROOT
from files import write_run_file
from samples import experiment


def blocks(page: str) -> list[str]:
    """Blocks of Python of a page, in order."""
    text = (ROOT / page).read_text(encoding="utf-8")
    return re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL)


def test_a_file_becomes_a_figure_in_at_most_five_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (block,) = blocks("README.md")
    assert len([line for line in block.splitlines() if line.strip()]) <= 5
    (tmp_path / "results").mkdir()
    write_run_file(tmp_path / "results" / "release-regimes.h5", experiment(14))
    monkeypatch.chdir(tmp_path)
    exec(compile(block, "README.md", "exec"), {})
    assert (tmp_path / "harm-against-freedom.pdf").read_bytes().startswith(b"%PDF")


def test_what_the_page_on_sensitivity_calls_is_there() -> None:
    text = "\n".join(blocks("docs/sensitivity.md"))
    calls = set(re.findall(r"\bef\.([a-z_]+)\.([a-z_]+)\(", text))
    assert len(calls) >= 8
    for room, name in calls:
        assert callable(getattr(getattr(ef, room), name)), (room, name)
    for block in blocks("docs/sensitivity.md"):
        compile(block, "docs/sensitivity.md", "exec")
