"""Libraries that may be missing, and names that may be mistyped."""

from __future__ import annotations

import warnings

import pytest

from enough_fingers.errors import MissingLibraryError
from enough_fingers.optional import known, package, quietly


def test_a_missing_library_says_how_to_get_it() -> None:
    with pytest.raises(MissingLibraryError, match=r'pip install "enough-fingers\[discovery\]"'):
        package("no_such_library.of_ours")
    with pytest.raises(ImportError, match="convert"):
        package("no_such_library", extra="convert")
    assert package("math").sqrt(4) == 2


def test_a_mistyped_name_meets_the_nearest() -> None:
    assert known("closed", ["closed", "open"], "regime") == "closed"
    with pytest.raises(ValueError, match=r'no regime "closd" here; did you mean "closed"\?'):
        known("closd", ["closed", "open"], "regime")
    with pytest.raises(ValueError, match=r"There are 40: 0, 1, .*…"):
        known("zebra", [str(number) for number in range(40)], "regime")


def test_warnings_are_silenced_only_inside() -> None:
    with quietly():
        warnings.warn("not to be seen", UserWarning, stacklevel=1)
    with pytest.warns(UserWarning, match="to be seen"):
        warnings.warn("to be seen", UserWarning, stacklevel=1)
