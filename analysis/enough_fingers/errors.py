"""What can be wrong with a results file or a config. Every message says what to do about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class RunFileError(Exception):
    """A results file cannot be used; the message says why and what to do."""


class ForeignFileError(RunFileError):
    """The path does not lead to a results file of ours."""


class NewerFileError(RunFileError):
    """The file was written by a newer program than this package knows."""


class NotRecordedError(RunFileError):
    """The config of the file did not ask for this table."""


class DamagedFileError(RunFileError):
    """The file claims to be ours but contradicts itself or cannot be read."""


class MissingRunsError(RunFileError):
    """An estimate needs every run of the design, and some are missing or failed."""


class MissingLibraryError(ImportError):
    """A library that only some commands need is not installed; the message says how to get it."""


class IncompleteRunWarning(UserWarning):
    """Some replicates are missing or failed; what is there can be used."""


class NoEngineError(RuntimeError):
    """The extension that runs configs in this process is not installed."""


@dataclass(frozen=True)
class Mistake:
    """One mistake in a config.

    Attributes:
        file: Where it stands, with line and column from 1 (0: no place).
        line: See file.
        column: See file.
        pointer: JSON pointer of what it concerns; may be empty.
        message: What was found, what is allowed, and the nearest valid name.
        text: All of it on one line, as `fingers validate` prints it.
    """

    file: str
    line: int
    column: int
    pointer: str
    message: str
    text: str


class ConfigError(ValueError):
    """A config has mistakes; `mistakes` lists all of them."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        """Takes the mistakes; the message has one a line."""
        super().__init__("\n".join(mistake.text for mistake in mistakes))
        self.mistakes = tuple(mistakes)
