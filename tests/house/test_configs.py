"""Every config that we ship is one that the program accepts, so that no example rots."""

import json
import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CONFIGS = ROOT / "configs"


def program() -> str:
    """The built program: FINGERS_PROGRAM, or where the release preset puts it."""
    path = os.environ.get("FINGERS_PROGRAM")
    if path is None:
        path = str(ROOT / "build" / "release" / "fingers")
        if not Path(path).exists():
            pytest.skip("the program is not built: cmake --build --preset release")
    return path


def experiments() -> list[Path]:
    """Configs that stand for themselves: not the regimes, which are parts, nor the schema."""
    return sorted(
        path
        for path in CONFIGS.rglob("*.json")
        if path.parent.name != "regimes" and not path.name.endswith(".schema.json")
    )


def validate(config: Path) -> None:
    done = subprocess.run([program(), "validate", config], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.program
@pytest.mark.parametrize("config", experiments(), ids=lambda path: path.name)
def test_the_program_accepts_the_config(config: Path) -> None:
    validate(config)


@pytest.mark.program
@pytest.mark.parametrize(
    "regime", sorted((CONFIGS / "regimes").glob("*.json")), ids=lambda path: path.stem
)
def test_the_program_accepts_the_file_of_the_regime(regime: Path, tmp_path: Path) -> None:
    """The file on disk, not the copy that was built into the program."""
    config = tmp_path / "config.json"
    text = {
        "schema_version": 1,
        "title": regime.stem,
        "base": str(CONFIGS / "baseline.json"),
        "regimes": {regime.stem: json.loads(regime.read_text(encoding="utf-8"))},
        "experiment": {"regimes": [regime.stem], "replicates": 1},
    }
    config.write_text(json.dumps(text), encoding="utf-8")
    validate(config)
