"""What a file says twice must agree: HDF5 guards numbers by checksums, but not its texts.

The config is held to its hash, the attributes of columns to the data dictionary, the regimes and
parameters to the config. Files that have a hash of all texts are held to it (`stored_texts`); in
older ones texts that stand only once are unguarded (sources and meanings of parameters that are not
assumed): `fingers verify` holds the whole file to the SHA-256 in its sidecar.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from enough_fingers.columns import Column, damaged
from enough_fingers.sources import Source

_NOWHERE = object()


def check_config(source: Source, config: Mapping[str, Any], design: pd.DataFrame) -> None:
    """Holds the config to its hash, and the regimes of the design to the config.

    Raises:
        DamagedFileError: When they disagree.
    """
    declared = source.attributes().get("config_sha256")
    found = hashlib.sha256(source.text("config").encode("utf-8")).hexdigest()
    if declared is not None and declared != found:
        raise damaged(source.name, "/config is not that whose SHA-256 the file names")
    regimes = config.get("regimes")
    if isinstance(regimes, dict):
        strange = sorted(set(design["regime"].astype(str)) - set(regimes))
        if strange:
            raise damaged(source.name, f"/design names regimes that /config lacks: {strange}")


def check_dictionary(source: Source, schema: Mapping[str, Any]) -> None:
    """Holds every column to what the data dictionary of the file says of it.

    Args:
        source: Where the columns are.
        schema: Its data dictionary; where it is empty nothing is held to it.

    Raises:
        DamagedFileError: When a column is not there, or is described in another way.
    """
    try:
        _hold_to(source, schema)
    except (KeyError, TypeError, AttributeError) as error:
        raise damaged(source.name, f"/schema_json is no data dictionary ({error})") from error


def _hold_to(source: Source, schema: Mapping[str, Any]) -> None:
    names = {row["name"]: row["names"] for row in schema.get("dictionaries", [])}
    for group, listed in _listed(schema):
        if group not in source.groups():
            raise damaged(source.name, f"the group /{group} is not there")
        columns = source.columns(group)
        order = [row["name"] for row in listed]
        said = source.attributes(group).get("columns")
        if said is not None and str(said).split() != order:
            raise damaged(source.name, f"/{group} and /schema_json list other columns")
        for row in listed:
            column = columns.get(row["name"])
            if column is None:
                raise damaged(source.name, f"/{group}/{row['name']} is not there")
            wrong = _disagrees(column, row, names)
            if wrong:
                what = f"/{group}/{row['name']} and /schema_json disagree on its {wrong}"
                raise damaged(source.name, what)


def _listed(schema: Mapping[str, Any]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Groups with their columns, as the data dictionary lists them."""
    for table in schema.get("tables", []):
        yield table["name"], table["columns"]
    if "series" in schema:
        yield "series", schema["series"]
    if "outcomes" in schema:
        yield "runs", schema["outcomes"]


def _disagrees(column: Column, row: Mapping[str, Any], names: Mapping[str, list[str]]) -> str:
    """In what a column differs from its row of the data dictionary; nothing where it does not."""
    codes = names.get(row.get("dictionary", ""), [])
    facts = {
        "unit": (column.units, row["unit"]),
        "meaning": (column.long_name, row["meaning"]),
        "type": (column.dtype, np.dtype(row["type"])),
        "codes": (list(column.codes), list(range(len(codes)))),
        "categories": (list(column.codes.values()), [name.replace(" ", "_") for name in codes]),
        "marks": (list(column.masks.values()), row.get("flags", [])),
    }
    return next((what for what, (one, other) in facts.items() if one != other), "")


def check_parameters(provenance: Mapping[str, Any], config: Mapping[str, Any], where: str) -> None:
    """Holds the parameters of a provenance to the config, and to the list of those assumed.

    Raises:
        DamagedFileError: When a value, a unit or a range differs.
    """
    try:
        _hold_parameters(provenance, config, where)
    except (TypeError, AttributeError) as error:
        raise damaged(where, f"/provenance does not list parameters ({error})") from error


def _hold_parameters(provenance: Mapping[str, Any], config: Mapping[str, Any], where: str) -> None:
    listed = {row.get("pointer"): row for row in provenance.get("parameters", [])}
    for pointer, row in listed.items():
        value = at(config, str(pointer))
        if value is not _NOWHERE and value != row.get("value"):
            raise damaged(where, f"/provenance and /config disagree on {pointer}")
    for row in provenance.get("assumed", []):
        other = listed.get(row.get("pointer"), {})
        if any(other.get(key) != value for key, value in row.items()):
            raise damaged(where, f"/provenance says two things of {row.get('pointer')}")


def at(config: Any, pointer: str) -> Any:  # noqa: ANN401
    """What stands at a JSON pointer (RFC 6901) of a config; `_NOWHERE` where nothing does."""
    found = config
    for key in _keys(pointer):
        if isinstance(found, dict) and key in found:
            found = found[key]
        elif isinstance(found, list) and key.isdecimal() and int(key) < len(found):
            found = found[int(key)]
        else:
            return _NOWHERE
    return found


def _keys(pointer: str) -> Iterable[str]:
    return [key.replace("~1", "/").replace("~0", "~") for key in pointer.split("/")[1:]]
