"""The model description and the code say the same."""

import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "model.md").read_text()
ELEMENTS = (
    "Purpose and patterns",
    "Entities, state variables, and scales",
    "Process overview and scheduling",
    "Design concepts",
    "Initialization",
    "Input data",
    "Submodels",
)


#: Symbols of equations that look like names.
SYMBOLS = {"U_m", "a_b", "c_adopted", "c_best", "c_hosted", "c_k", "c_parent", "c_visible", "da_b",
           "flop_per_usd", "pace_b", "v_internal"}  # fmt: skip


def schema(part: str) -> str:
    """What `fingers schema` says of a part."""
    path = os.environ.get("FINGERS_PROGRAM", str(ROOT / "build" / "release" / "fingers"))
    if not Path(path).exists():
        pytest.skip("the program is not built: cmake --build --preset release")
    return subprocess.run([path, "schema", part], capture_output=True, text=True, check=True).stdout


def sources(*folders: str) -> str:
    """The text of all C++ files of some folders."""
    files = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.?pp"))]
    return "\n".join(path.read_text() for path in files)


def block(name: str) -> str:
    """What stands between the marks of a generated part."""
    found = re.search(rf"<!-- {name}:[^>]*-->\n(.*?)<!-- end -->", PAGE, re.DOTALL)
    assert found, f"docs/model.md has no block {name}"
    return found.group(1).strip()


def test_it_has_the_seven_elements_of_odd_in_order() -> None:
    titles = re.findall(r"^## \d\. (.*)$", PAGE, re.MULTILINE)
    assert titles == list(ELEMENTS)


def test_the_month_is_that_of_the_code() -> None:
    month = (ROOT / "agents" / "month.cpp").read_text()
    calls = re.findall(r"^  (\w+)\(world\);$", month, re.MULTILINE)
    assert block("month") == " → ".join(calls)


@pytest.mark.program
def test_the_random_decisions_are_those_of_the_declarations() -> None:
    table = schema("--draws")
    assert block("draws") == table.strip(), "run: fingers schema --draws"


def test_every_declared_draw_is_made_somewhere() -> None:
    enumeration = re.search(r"enum class Process[^{]*\{(.*?)\};", sources("agents"), re.DOTALL)
    assert enumeration
    names = re.findall(r"^  (\w+),", enumeration.group(1), re.MULTILINE)
    assert len(names) > 40
    code = "\n".join(
        path.read_text()
        for path in (ROOT / "agents").glob("*.?pp")
        if path.name not in ("draws.cpp", "addresses.hpp")
    )
    unused = [name for name in names if f"Process::{name}" not in code]
    assert unused == []


def test_every_label_that_the_code_cites_is_described() -> None:
    cited = set(re.findall(r"\bM\d+\.\d+", sources("agents", "policies", "cli")))
    described = set(re.findall(r"\*\*(M\d+\.\d+)\*\*", PAGE))
    assert len(cited) > 30
    assert cited - described == set()


def test_every_block_of_mechanisms_is_named_and_no_other() -> None:
    parameters = (ROOT / "docs" / "parameters.md").read_text()
    declared = set(re.findall(r"^\| `/mechanisms/(\w+)", parameters, re.MULTILINE))
    named: set[str] = set()
    for part in re.findall(r"\(`mechanisms/([^)]*)\)", PAGE):
        named |= set(re.findall(r"`?(\w+)`", "`" + part.split(";")[0]))
    assert declared - named == set()
    assert named - declared == set()


def test_the_essays_arguments_are_all_there() -> None:
    rows = re.findall(r"^\| (\d+) \|", PAGE, re.MULTILINE)
    assert rows == [str(number) for number in range(1, 68)]


@pytest.mark.program
def test_every_name_in_the_submodels_is_a_parameter_or_is_recorded() -> None:
    submodels = PAGE[PAGE.index("## 7. Submodels") : PAGE.index("## Laws")]
    said = {
        name
        for code in re.findall(r"`([^`\n]+)`", submodels)
        for name in re.findall(r"[A-Za-z][A-Za-z0-9]*_[A-Za-z0-9_]+", code)
    }
    parameters = re.findall(r"^\| `([^`]*)`", schema("--parameters"), re.MULTILINE)
    known = set(re.findall(r"\w+", " ".join(parameters) + schema("--data"))) | SYMBOLS
    starts = {name for name in said if name.endswith("_")}
    assert len(said) > 80
    assert said - starts - known == set()
    assert all(any(name.startswith(start) for name in known) for start in starts)
