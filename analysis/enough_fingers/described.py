"""What metadata say of a results file: only what the file, its sidecar and its tables say."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from enough_fingers.exported import Table, tables_of
from enough_fingers.load import open_run
from enough_fingers.names import known
from enough_fingers.run import Run

#: Forms of exported tables that are described, by ending.
TABLE_TYPES = {"parquet": "application/vnd.apache.parquet", "csv": "text/csv"}
_LICENCES = {"CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/"}
_FILES = {"ro-crate": "ro-crate-metadata.json", "croissant": "croissant.json"}


@dataclass(frozen=True)
class Described:
    """A results file in the folder that is described.

    Attributes:
        run: The file, opened.
        path: Where it is.
        sidecar: What NAME.run.json says of how it was made.
        tables: Exported tables beside it, each with its file.
    """

    run: Run
    path: Path
    sidecar: dict[str, Any]
    tables: tuple[tuple[Table, Path], ...]

    @property
    def licence(self) -> str:
        """Address of the licence that the file names."""
        name = str(self.run.attributes["license"])
        return _LICENCES.get(name, f"https://spdx.org/licenses/{name}")


def sha256(path: Path) -> str:
    """SHA-256 of a file, as 64 hexadecimal digits."""
    with path.open("rb") as file:
        digest = hashlib.sha256()
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def describe(file: str | Path, folder: str | Path | None, forms: Iterable[str]) -> list[Path]:
    """Writes metadata beside a results file; the same file gives the same bytes.

    Args:
        file: The .h5 file, with its sidecar NAME.run.json beside it.
        folder: Where to; the file and its sidecar are copied there. Beside the file where None.
        forms: "ro-crate", "croissant", or both.

    Returns:
        The files of metadata.

    Raises:
        ValueError: When the sidecar is not there or is another file's, or there is no such form.
        OSError: When they cannot be written.
    """
    from enough_fingers import metadata_crate, metadata_croissant

    makers = {"ro-crate": metadata_crate.crate, "croissant": metadata_croissant.croissant}
    chosen = known(forms, list(makers), "form")
    path = Path(file)
    run, sidecar = open_run(path), _sidecar(path)
    if folder is not None:
        path = _copied(path, Path(folder))
    found = Described(run, path, sidecar, tuple(_tables(run, path.parent)))
    written = []
    for form in chosen:
        to = path.parent / _FILES[form]
        text = json.dumps(makers[form](found), indent=2, ensure_ascii=False)
        to.write_text(text + "\n", encoding="utf-8")
        written.append(to)
    return written


def sidecar_of(path: Path) -> Path:
    """Where the sidecar of a results file is."""
    return path.with_suffix(".run.json")


def _sidecar(path: Path) -> dict[str, Any]:
    beside = sidecar_of(path)
    if not beside.is_file():
        raise ValueError(
            f"{beside}: not there; it says when the run began and ended, without which no date can "
            "be given. Copy it beside the results file: `fingers run` writes both"
        )
    said: dict[str, Any] = json.loads(beside.read_text(encoding="utf-8"))
    if said.get("sha256") != sha256(path):
        raise ValueError(
            f"{beside}: is of a file with SHA-256 {said.get('sha256')}, and {path} has another; "
            "copy the sidecar that was written with the file"
        )
    return said


def _copied(path: Path, folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    to = folder / path.name
    if to.resolve() != path.resolve():
        shutil.copy2(path, to)
        shutil.copy2(sidecar_of(path), sidecar_of(to))
    return to


def _tables(run: Run, folder: Path) -> Iterable[tuple[Table, Path]]:
    """Tables in a folder that `export` wrote from this very run; of two forms, Parquet."""
    about = folder / "about.json"
    if not about.is_file():
        return
    if json.loads(about.read_text(encoding="utf-8")).get("uuid") != run.attributes["uuid"]:
        return
    for table in tables_of(run):
        there = [folder / f"{table.name}.{ending}" for ending in TABLE_TYPES]
        for path in [path for path in there if path.is_file()][:1]:
            yield table, path
