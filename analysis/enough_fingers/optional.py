"""Libraries that only some analyses need, and names that a caller may have mistyped."""

from __future__ import annotations

import importlib
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from enough_fingers.errors import MissingLibraryError
from enough_fingers.names import known as known_names


@contextmanager
def quietly() -> Iterator[None]:
    """Silences warnings of a library about its own dependencies, which no caller can act on."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def package(name: str, extra: str = "discovery") -> Any:  # noqa: ANN401
    """Imports an optional library when it is first needed.

    Args:
        name: Of the module, such as "SALib.analyze.sobol".
        extra: The extra of this package that brings it.

    Returns:
        The module.

    Raises:
        MissingLibraryError: When it is not installed.
    """
    try:
        with quietly():
            return importlib.import_module(name)
    except ModuleNotFoundError as error:
        top = name.split(".")[0]
        raise MissingLibraryError(
            f'{top} is not installed, and this needs it: pip install "enough-fingers[{extra}]"'
        ) from error


def known(name: str, allowed: Iterable[str], what: str) -> str:
    """A name that is one of those allowed, or an error that says which is nearest.

    Args:
        name: What the caller gave.
        allowed: All valid names.
        what: What they name, for the message: "regime", "outcome".

    Returns:
        The name.

    Raises:
        ValueError: When it is none of them.
    """
    return known_names([name], list(allowed), what)[0]
