"""Fixtures of the tests of the program: a plugin, because tests/analysis has the `conftest`."""

from __future__ import annotations

from pathlib import Path

import pytest
from cli_program import TINY, Program


@pytest.fixture
def fingers(tmp_path: Path) -> Program:
    """The program in an empty folder."""
    return Program(tmp_path)


@pytest.fixture
def tiny(fingers: Program) -> Program:
    """The program in a folder with `tiny.json`."""
    fingers.write("tiny.json", TINY)
    return fingers
