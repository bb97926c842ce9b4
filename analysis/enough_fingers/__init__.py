"""Reads, measures, draws and reports runs of Enough Fingers.

One corridor, one direction: `load` → `measures` → `figures` → `report`.
"""

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
