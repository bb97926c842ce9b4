"""Holds metadata to the validators of others; called by `.ci/thorough.sh metadata` with a folder.

A crate names its contexts by address. They are written out in a copy, so that no network is needed:
that of RO-Crate is the one that the library rocrate brings, and of the terms of workflow runs only
`sha256` is used.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import rocrate

CRATE = "ro-crate-metadata.json"
PROFILE = "process-run-crate"


def without_addresses(folder: Path, to: Path) -> Path:
    """A copy of a crate whose contexts stand in it."""
    copy = Path(shutil.copytree(folder, to / "crate"))
    crate = json.loads((copy / CRATE).read_text(encoding="utf-8"))
    data = Path(rocrate.__file__).parent / "data" / "ro-crate.jsonld"
    context = json.loads(data.read_text(encoding="utf-8"))["@context"]
    terms = {"sha256": "https://w3id.org/ro/terms/workflow-run#sha256"}
    crate["@context"] = [*(context if isinstance(context, list) else [context]), terms]
    (copy / CRATE).write_text(json.dumps(crate), encoding="utf-8")
    return copy


def passes(*command: str) -> bool:
    """Whether a validator finds nothing; what it says is shown otherwise."""
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    log = said.stdout + said.stderr
    ok = said.returncode == 0 and "Found the following" not in log
    print(f"{Path(command[0]).name}: {'nothing found' if ok else log}")
    return ok


def main() -> int:
    """0 where both validators find nothing."""
    folder, tools = Path(sys.argv[1]), Path(sys.executable).parent
    fine = passes(
        str(tools / "mlcroissant"), "validate", "--jsonld", str(folder / "croissant.json")
    )
    with tempfile.TemporaryDirectory() as temporary:
        crate = without_addresses(folder, Path(temporary))
        fine &= passes(
            str(tools / "rocrate-validator"), "--no-interactive", "validate",
            "--profile-identifier", PROFILE, "--requirement-severity", "REQUIRED",
            "--skip-availability-check", str(crate),
        )  # fmt: skip
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
