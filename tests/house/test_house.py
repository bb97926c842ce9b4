"""This checkout keeps the rules of the house."""

from pathlib import Path

import pytest
import rules

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.__name__)
def test_this_checkout_keeps_the_rule(rule: rules.Rule) -> None:
    assert rule(ROOT) == []


def test_the_rules_look_at_something() -> None:
    rooms = {file.parts[0] for file in rules.files_of(ROOT)}
    assert {"engine", "policies", "agents", "cli", "configs", "analysis"} <= rooms
