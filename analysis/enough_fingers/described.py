"""What metadata say of a results file: only what the file, its sidecar and its tables say."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from enough_fingers.exported import Table, tables_of
from enough_fingers.load import open_run
from enough_fingers.names import known
from enough_fingers.run import Run

#: Forms of exported tables that are described, by ending.
TABLE_TYPES = {"parquet": "application/vnd.apache.parquet", "csv": "text/csv"}
_LICENCES = {"CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/"}
#: What of a sidecar goes into metadata, besides its SHA-256.
_NEEDED = ("began", "ended", "commit")
_FILES = {"ro-crate": "ro-crate-metadata.json", "croissant": "croissant.json"}


@dataclass(frozen=True)
class Described:
    """A results file in the folder that is described.

    Attributes:
        run: The file, opened.
        path: Where it is.
        sidecar: What NAME.run.json says of how it was made.
        tables: Exported tables beside it, each with its file.
        selection: What of the run the tables hold, by name ("regimes", "replicates", "points",
            "kinds", "years"); empty: all of it.
    """

    run: Run
    path: Path
    sidecar: dict[str, Any]
    tables: tuple[tuple[Table, Path], ...]
    selection: dict[str, Any] = field(default_factory=dict)

    @property
    def selected(self) -> str:
        """The selection in words, to stand behind a description; nothing where all is there."""
        if not self.selection:
            return ""
        chosen = (
            f"{name} {', '.join(map(_shown, values))}" for name, values in self.selection.items()
        )
        return f"; a selection of the run: {'; '.join(chosen)}"

    @property
    def licence(self) -> str:
        """Address of the licence that the file names."""
        name = str(self.run.attributes["license"])
        return _LICENCES.get(name, f"https://spdx.org/licenses/{name}")


def _shown(value: object) -> str:
    """An end of a range of years that is open is nothing."""
    return "…" if value is None else str(value)


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
    tables = tuple(_tables(run, path.parent))
    selection = ((_about(run, path.parent) or {}).get("selection") or {}) if tables else {}
    rows = {name: values for name, values in selection.items() if name != "tables"}
    found = Described(run, path, sidecar, tables, rows)
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
    said = _json_of(beside)
    if said.get("sha256") != sha256(path):
        raise ValueError(
            f"{beside}: is of a file with SHA-256 {said.get('sha256')}, and {path} has another; "
            "copy the sidecar that was written with the file"
        )
    missing = [key for key in _NEEDED if not isinstance(said.get(key), str)]
    if missing:
        raise ValueError(
            f"{beside}: does not say {', '.join(missing)}, which metadata are made of; copy the "
            "sidecar as `fingers run` wrote it"
        )
    return said


def _json_of(path: Path) -> dict[str, Any]:
    """The object that a file of JSON holds."""
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ValueError(f"{path}: is no JSON ({error}); copy it anew") from error
    if not isinstance(said, dict):
        raise ValueError(f"{path}: holds no JSON object; copy it anew")
    return said


def _copied(path: Path, folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    to = folder / path.name
    if to.resolve() != path.resolve():
        shutil.copy2(path, to)
        shutil.copy2(sidecar_of(path), sidecar_of(to))
    return to


def _about(run: Run, folder: Path) -> dict[str, Any] | None:
    """What `export` said of the tables in a folder; None where they are not of this run."""
    path = folder / "about.json"
    if not path.is_file():
        return None
    about = _json_of(path)
    if about.get("uuid") != run.attributes["uuid"]:
        return None
    selection = about.setdefault("selection", {})
    if not isinstance(selection, dict) or not all(
        isinstance(values, list) for values in selection.values()
    ):
        raise ValueError(f"{path}: its selection is no object of lists; export the tables again")
    return about


def _tables(run: Run, folder: Path) -> Iterable[tuple[Table, Path]]:
    """Tables in a folder that `export` wrote from this very run; of two forms, Parquet.

    Those that its selection left out are not of this export, even where they lie there.
    """
    about = _about(run, folder)
    if about is None:
        return
    chosen = about["selection"].get("tables")
    for table in tables_of(run):
        if chosen is not None and table.name not in chosen:
            continue
        there = [folder / f"{table.name}.{ending}" for ending in TABLE_TYPES]
        for path in [path for path in there if path.is_file()][:1]:
            yield table, path
