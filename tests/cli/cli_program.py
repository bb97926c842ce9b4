"""The built program as tests use it: run it somewhere, look at what it said and how it ended."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]

#: A world of a few hundred agents for a year: a run takes a hundredth of a second.
TINY: Mapping[str, Any] = {
    "schema_version": 1,
    "title": "Tiny",
    "base": "baseline",
    "seed": 5,
    "time": {"years": 1},
    "population": {
        "developers": {"count": 200},
        "auditors": {"count": 10},
        "bad_actors": {"count": 50},
    },
    "experiment": {"regimes": ["hosted", "open-weights-permissive"], "replicates": 3},
}


def program() -> Path:
    """FINGERS_PROGRAM, or where the release preset puts it; its absence is a failure, no skip."""
    path = Path(os.environ.get("FINGERS_PROGRAM", ROOT / "build" / "release" / "fingers")).resolve()
    assert path.is_file(), f"there is no {path}: cmake --build --preset release --target fingers"
    return path


@dataclass(frozen=True)
class Said:
    """How a command ended, and what it wrote."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Program:
    """Runs commands in one folder."""

    folder: Path

    def __call__(self, *words: str | Path, stdin: str | bytes = b"", code: int = 0) -> Said:
        """Runs a command to its end; the exit code must be the expected one."""
        done = subprocess.run(
            [program(), *map(str, words)],
            cwd=self.folder,
            input=stdin.encode() if isinstance(stdin, str) else stdin,
            capture_output=True,
            check=False,
            timeout=120,
        )
        said = Said(done.returncode, done.stdout.decode(), done.stderr.decode())
        assert said.code == code, said
        return said

    def start(self, *words: str | Path) -> subprocess.Popen[str]:
        """Starts a command and answers it while it runs."""
        return subprocess.Popen(
            [program(), *map(str, words)],
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def write(self, name: str, content: Mapping[str, Any] | str | bytes) -> Path:
        """Writes a config (or any text) into the folder."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            text = content if isinstance(content, str) else json.dumps(content, indent=2)
            path.write_text(text, encoding="utf-8")
        return path

    def files(self) -> set[str]:
        """Names of all that is in the folder and below."""
        return {str(path.relative_to(self.folder)) for path in self.folder.rglob("*")}


def with_changes(**changes: Any) -> dict[str, Any]:  # noqa: ANN401
    """The tiny config with other top-level values."""
    return {**TINY, **changes}
