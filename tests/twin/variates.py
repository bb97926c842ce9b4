"""The engine's variates by address, through the test library `fingers_variates` (ctypes)."""

from __future__ import annotations

import ctypes
import os
import re
from functools import cache, partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
_REAL = ctypes.c_double
_WHOLE = ctypes.c_uint64
_ROOM = ctypes.c_void_p
#: What each function of tests/support/variates_library.cpp gives, and takes.
_SIGNATURES = {
    "room_bytes": (_WHOLE, []),
    "begin": (None, [_ROOM, ctypes.POINTER(_WHOLE)]),
    "word": (_WHOLE, [_ROOM]),
    "uniform": (_REAL, [_ROOM]),
    "normal": (_REAL, [_ROOM]),
    "exponential": (_REAL, [_ROOM]),
    "uniform_index": (_WHOLE, [_ROOM, _WHOLE]),
    "discrete": (_WHOLE, [_ROOM, ctypes.POINTER(_REAL), _WHOLE]),
    "poisson": (_WHOLE, [_ROOM, _REAL]),
    "large_count": (_WHOLE, [_ROOM, _REAL]),
    "gamma_with_mean": (_REAL, [_ROOM, _REAL, _REAL]),
    "beta": (_REAL, [_ROOM, _REAL, _REAL]),
    "lognormal": (_REAL, [_ROOM, _REAL, _REAL]),
    "weibull": (_REAL, [_ROOM, _REAL, _REAL]),
    "truncated_pareto": (_REAL, [_ROOM, _REAL, _REAL, _REAL]),
    "truncated_power": (_REAL, [_ROOM, _REAL, _REAL, _REAL]),
    "poisson_of_uniform": (_WHOLE, [_REAL, _REAL]),
    "birth_identity": (_WHOLE, [_WHOLE] * 4),
    "name_identity": (_WHOLE, [ctypes.c_char_p, _WHOLE]),
    "actor_identity": (_WHOLE, [_WHOLE] * 3),
    "exp": (_REAL, [_REAL]),
    "expm1": (_REAL, [_REAL]),
    "log": (_REAL, [_REAL]),
    "log1p": (_REAL, [_REAL]),
    "log10": (_REAL, [_REAL]),
    "pow": (_REAL, [_REAL, _REAL]),
    "power_of_ten": (_REAL, [_REAL]),
    "logistic": (_REAL, [_REAL]),
    "chance_of_hazard": (_REAL, [_REAL]),
}


def library_path() -> Path:
    """FINGERS_VARIATES, or where the build of FINGERS_PROGRAM puts it; absence is a failure."""
    program = Path(os.environ.get("FINGERS_PROGRAM", ROOT / "build" / "release" / "fingers"))
    beside = program.resolve().parent / "tests" / "libfingers_variates.so"
    path = Path(os.environ.get("FINGERS_VARIATES", beside))
    how = "cmake --build --preset release --target fingers_variates"
    assert path.is_file(), f"there is no {path}: {how}"
    return path


def _load() -> dict[str, Any]:
    library = ctypes.CDLL(str(library_path()))
    functions = {}
    for name, (gives, takes) in _SIGNATURES.items():
        function = getattr(library, "variates_" + name)
        function.restype, function.argtypes = gives, takes
        functions[name] = function
    return functions


_LIBRARY = _load()
_ROOM_OF_A_STREAM = ctypes.c_char * _LIBRARY["room_bytes"]()
_ADDRESS = _WHOLE * 7
exp, expm1, log, log1p = (_LIBRARY[name] for name in ("exp", "expm1", "log", "log1p"))
log10, power, power_of_ten = (_LIBRARY[name] for name in ("log10", "pow", "power_of_ten"))
logistic, chance_of_hazard = _LIBRARY["logistic"], _LIBRARY["chance_of_hazard"]
poisson_of_uniform = _LIBRARY["poisson_of_uniform"]


@cache
def _numbers(kind: str) -> dict[str, int]:
    """Names and numbers of an enumeration of agents/addresses.hpp."""
    text = (ROOT / "agents" / "addresses.hpp").read_text(encoding="utf-8")
    body = re.search(rf"enum class {kind} .*?\{{(.*?)\}};", text, re.DOTALL)
    assert body is not None
    numbers, number = {}, -1
    for name, given in re.findall(r"(\w+)(?: = (\d+))?", re.sub(r"//.*", "", body[1])):
        number = int(given) if given else number + 1
        numbers[name] = number
    return numbers


def actor(kind: str, index: int, act: int = 0) -> int:
    """Identity of an act of an agent that is not born in the run."""
    return _LIBRARY["actor_identity"](_numbers("Actor")[kind], index, act)


def birth(kind: str, maker: int, step: int = 0, ordinal: int = 0) -> int:
    """Identity of what is born in the run."""
    return _LIBRARY["birth_identity"](_numbers("Birth")[kind], maker, step, ordinal)


def named(name: str) -> int:
    """Identity of a named thing."""
    return _LIBRARY["name_identity"](name.encode(), len(name.encode()))


class Stream:
    """Draws at an address, one after the other: `stream.uniform()`, `stream.beta(a, b)`, …"""

    def __init__(self, *address: int) -> None:
        """Of seed, kind of stream, replicate, identity, step, process and draw."""
        self._room = _ROOM_OF_A_STREAM()
        _LIBRARY["begin"](self._room, _ADDRESS(*address))

    def __getattr__(self, name: str) -> Any:
        """A variate of the library."""
        return partial(_LIBRARY[name], self._room)

    def discrete(self, weights: list[float]) -> int:
        """Index drawn with probability proportional to weights."""
        return _LIBRARY["discrete"](self._room, (_REAL * len(weights))(*weights), len(weights))


class Key:
    """What all draws of a replicate from one stream share."""

    def __init__(self, seed: int, kind: str, replicate: int) -> None:
        """`kind` is population or dynamics."""
        self._of = seed, ("design", "population", "dynamics").index(kind), replicate

    def __call__(self, process: str, identity: int, step: int = 0, draw: int = 0) -> Stream:
        """The stream of what `identity` draws for `process`."""
        return Stream(*self._of, identity, step, _numbers("Process")[process], draw)
