"""RO-Crate 1.1, Process Run Crate 0.5: which program made a results file, from what, and when."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote

from enough_fingers.described import TABLE_TYPES, Described, sha256, sidecar_of
from enough_fingers.exported import Field, Table

_PROFILE = "https://w3id.org/ro/wfrun/process/0.5"
_CRATE = "https://w3id.org/ro/crate/1.1"
_SOFTWARE = "#enough-fingers"
Entity = dict[str, Any]


def crate(of: Described) -> Entity:
    """The content of ro-crate-metadata.json.

    Args:
        of: The results file and what is beside it.

    Returns:
        JSON-LD; sizes in bytes, times in UTC.
    """
    files = [_results(of), _file(sidecar_of(of.path), "How the file was made", "application/json")]
    files += [_table(of, table, path) for table, path in of.tables]
    columns = [_column(table, field) for table, _ in of.tables for field in table.fields]
    config = _config(of)
    graph = [
        {
            "@id": "ro-crate-metadata.json",
            "@type": "CreativeWork",
            "about": _to("./"),
            "conformsTo": _to(_CRATE),
        },
        _root(of, files),
        {"@id": _PROFILE, "@type": "CreativeWork", "name": "Process Run Crate", "version": "0.5"},
        {"@id": of.licence, "@type": "CreativeWork", "name": str(of.run.attributes["license"])},
        _software(of),
        _action(of, config),
        config,
        *_seeds(of),
        *files,
        *columns,
    ]
    return {
        "@context": [f"{_CRATE}/context", "https://w3id.org/ro/terms/workflow-run/context"],
        "@graph": graph,
    }


def _to(identity: str) -> Entity:
    return {"@id": identity}


def _root(of: Described, files: list[Entity]) -> Entity:
    title = str(of.run.attributes["title"])
    return {
        "@id": "./",
        "@type": "Dataset",
        "name": title,
        "description": f"{title}: {len(of.run.runs)} runs of a simulation, made by "
        f"{of.run.attributes['software']}",
        "datePublished": of.sidecar["ended"],
        "license": _to(of.licence),
        "conformsTo": _to(_PROFILE),
        "identifier": f"urn:uuid:{of.run.attributes['uuid']}",
        "hasPart": [_to(file["@id"]) for file in files],
        "mentions": [_to("#run")],
    }


def _software(of: Described) -> Entity:
    return {
        "@id": _SOFTWARE,
        "@type": "SoftwareApplication",
        "name": of.run.provenance["software"],
        "softwareVersion": of.run.provenance["version"],
        "identifier": str(of.sidecar["commit"]),
    }


def _action(of: Described, config: Entity) -> Entity:
    return {
        "@id": "#run",
        "@type": "CreateAction",
        "name": f"Run of {of.run.attributes['title']}",
        "description": of.run.provenance["command"],
        "startTime": of.sidecar["began"],
        "endTime": of.sidecar["ended"],
        "instrument": _to(_SOFTWARE),
        "object": [_to(config["@id"]), *(_to(seed["@id"]) for seed in _seeds(of))],
        "result": [_to(of.path.name)],
        "actionStatus": "http://schema.org/CompletedActionStatus"
        if of.run.complete
        else "http://schema.org/FailedActionStatus",
    }


def _config(of: Described) -> Entity:
    return {
        "@id": "#config",
        "@type": "PropertyValue",
        "name": "config_sha256",
        "description": "SHA-256 of the config, which the results file holds as /config",
        "value": str(of.run.attributes["config_sha256"]),
    }


def _seeds(of: Described) -> list[Entity]:
    """As texts: 64 bits are more than a number of JSON keeps in many readers."""
    seeds = of.run.provenance["seeds"].items()
    return [
        {"@id": f"#seed-{name}", "@type": "PropertyValue", "name": f"seed_{name}", "value": str(n)}
        for name, n in seeds
    ]


def _file(path: Path, name: str, kind: str) -> Entity:
    return {
        "@id": path.name,
        "@type": "File",
        "name": name,
        "encodingFormat": kind,
        "contentSize": str(path.stat().st_size),
        "sha256": sha256(path),
    }


def _results(of: Described) -> Entity:
    return _file(of.path, str(of.run.attributes["title"]), "application/x-hdf5")


def _table(of: Described, table: Table, path: Path) -> Entity:
    about = _file(path, f"Table {table.name}", TABLE_TYPES[path.suffix[1:]])
    about["description"] = f"One row a {table.row}{of.selected}"
    about["variableMeasured"] = [_to(_column_id(table, field)) for field in table.fields]
    return about


def _column_id(table: Table, field: Field) -> str:
    return f"#{quote(f'{table.name}/{field.name}', safe='/')}"


def _column(table: Table, field: Field) -> Entity:
    """A column with its unit; that of a pure number is "1"."""
    return {
        "@id": _column_id(table, field),
        "@type": "PropertyValue",
        "name": field.name,
        "description": field.meaning,
        "unitText": field.unit,
    }
