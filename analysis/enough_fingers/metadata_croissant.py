"""Croissant 1.1: files, and the columns of exported tables with their units and meanings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from enough_fingers.described import TABLE_TYPES, Described, sha256
from enough_fingers.exported import Field, Table

_CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "sc": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "dct": "http://purl.org/dc/terms/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}


def croissant(of: Described) -> dict[str, Any]:
    """The content of croissant.json.

    Args:
        of: The results file and what is beside it.

    Returns:
        JSON-LD. Without exported tables it has files alone: Croissant reads no HDF5.
    """
    title = str(of.run.attributes["title"])
    provenance = of.run.provenance
    return {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.1",
        "name": title,
        "description": f"Made by {provenance['software']} {provenance['version']} with "
        f"`{provenance['command']}`; config SHA-256 {of.run.attributes['config_sha256']}; seeds "
        + ", ".join(f"{name} {seed}" for name, seed in provenance["seeds"].items()),
        "license": of.licence,
        "url": f"urn:uuid:{of.run.attributes['uuid']}",
        "version": f"{of.run.attributes['results_version']}.0.0",
        "dateCreated": of.sidecar["began"],
        "datePublished": of.sidecar["ended"],
        "creator": {"@type": "sc:Organization", "name": "The Enough Fingers contributors"},
        "citeAs": f"The Enough Fingers contributors. {title}. {of.run.attributes['uuid']}.",
        "distribution": [
            _file(of.path, "application/x-hdf5"),
            *(_file(path, TABLE_TYPES[path.suffix[1:]]) for _, path in of.tables),
        ],
        "recordSet": [_records(of, table, path) for table, path in of.tables],
    }


def _file(path: Path, kind: str) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": path.name,
        "name": path.name,
        "contentUrl": path.name,
        "contentSize": f"{path.stat().st_size} B",
        "encodingFormat": "application/x-parquet" if path.suffix == ".parquet" else kind,
        "sha256": sha256(path),
    }


def _records(of: Described, table: Table, path: Path) -> dict[str, Any]:
    return {
        "@type": "cr:RecordSet",
        "@id": table.name,
        "name": table.name,
        "description": f"One record a {table.row}{of.selected}",
        "field": [_column(table, field, path) for field in table.fields],
    }


def _column(table: Table, field: Field, path: Path) -> dict[str, Any]:
    unit = "" if field.unit == "1" else f" [{field.unit}]"
    return {
        "@type": "cr:Field",
        "@id": f"{table.name}/{field.name}",
        "name": field.name,
        "description": field.meaning + unit,
        "unitText": field.unit,
        "dataType": _type(field),
        "source": {"fileObject": {"@id": path.name}, "extract": {"column": field.name}},
    }


def _type(field: Field) -> str:
    if field.type in ("category", "text"):
        return "sc:Text"
    if field.type == "flag":
        return "sc:Boolean"
    return "sc:Float" if field.type.startswith("f") else "sc:Integer"
