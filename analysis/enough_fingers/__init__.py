"""Reads, measures, draws and reports runs of Enough Fingers.

One corridor, one direction: `load` → `measures` → `figures` → `report`. Rooms are opened when first
asked for: `enough_fingers.figures` needs no import of its own.
"""

from importlib import import_module
from types import ModuleType

from enough_fingers.errors import (
    ConfigError,
    DamagedFileError,
    ForeignFileError,
    IncompleteRunWarning,
    NewerFileError,
    NoEngineError,
    NotRecordedError,
    RunFileError,
)
from enough_fingers.in_process import run
from enough_fingers.load import NONE, Run, open_run
from enough_fingers.structure import Factor

__version__ = "0.1.0"

__all__ = [
    "NONE",
    "ConfigError",
    "DamagedFileError",
    "Factor",
    "ForeignFileError",
    "IncompleteRunWarning",
    "NewerFileError",
    "NoEngineError",
    "NotRecordedError",
    "Run",
    "RunFileError",
    "__version__",
    "open_run",
    "run",
]


def __getattr__(name: str) -> ModuleType:
    """A room of this package; drawing libraries take a second to load, and not all need them."""
    if not name.startswith("_"):
        try:
            return import_module(f"{__name__}.{name}")
        except ModuleNotFoundError as error:
            if error.name != f"{__name__}.{name}":
                raise
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
