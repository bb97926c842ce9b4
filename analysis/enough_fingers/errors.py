"""What can be wrong with a results file. Every message says what to do about it."""


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
