"""Names that were asked for, held to those that there are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

_LISTED = 15


def known(asked: str | Iterable[str], names: Sequence[str], what: str) -> list[str]:
    """The names asked for, once each.

    Args:
        asked: One or several.
        names: Those that there are.
        what: What they are names of, for the message ("regime").

    Returns:
        Them, in the order asked for.

    Raises:
        ValueError: When one is not there; names those that are nearest.
    """
    wanted = [asked] if isinstance(asked, str) else list(dict.fromkeys(asked))
    for name in wanted:
        if name not in names:
            near = get_close_matches(str(name), names, n=1)
            hint = f'; did you mean "{near[0]}"?' if near else "."
            shown = ", ".join(names[:_LISTED]) + (", …" if len(names) > _LISTED else "")
            raise ValueError(f'no {what} "{name}" here{hint} There are {len(names)}: {shown}')
    return wanted


def known_numbers(asked: int | Iterable[int], numbers: Iterable[int], what: str) -> set[int]:
    """The numbers asked for.

    Args:
        asked: One or several.
        numbers: Those that there are.
        what: What they are numbers of, for the message ("replicate").

    Returns:
        Them.

    Raises:
        ValueError: When one is not there; says which there are.
    """
    wanted = {int(asked)} if isinstance(asked, int) else {int(one) for one in asked}
    there = {int(number) for number in numbers}
    strange = sorted(wanted - there)
    if strange:
        span = f"{min(there)} to {max(there)}" if there else "none"
        if there and len(there) != max(there) - min(there) + 1:
            span += ", with gaps"
        raise ValueError(f"there is no {what} {strange[0]} here; there are {span}")
    return wanted
