"""The rules of the house, as functions from a source tree to complaints.

A complaint is one line, `path:line: what is wrong`; a tree that keeps the rule gets none.
`test_rules.py` shows each rule a tree that breaks it; `test_house.py` applies them to ours.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

# A room may include itself and the rooms to its right.
ROOMS_TO_THE_RIGHT = {
    "engine": [],
    "policies": ["engine"],
    "agents": ["policies", "engine"],
    "cli": ["agents", "policies", "engine"],
    "demo": ["agents", "policies", "engine"],
    "bindings": ["agents", "policies", "engine"],
}

# The engine runs any model: these words belong to ours.
DOMAIN_WORDS = frozenset(
    """lab labs weights harm harms regime regimes developer developers auditor auditors defender
    defenders attacker attackers misuse openness catastrophe catastrophes catastrophic safeguard
    safeguards jailbreak jailbreaks""".split()
)

# A word of the domain that is also one of the file's own field: the weights of a draw.
ALSO_OF_THE_ENGINE = {("random", "weights")}

# One door per library: which headers, and the only files that may include them.
DOORS = {
    "TBB": (r"(tbb|oneapi)/.*", r"engine/parallel[^/]*"),
    "HDF5": (r"(hdf5|hdf5_hl|H5[A-Za-z]\w*)\.h", r"engine/(store|hdf5)[^/]*"),
    "nlohmann_json": (r"nlohmann/.*", r"engine/(config_reader|json)[^/]*"),
    "Boost.Random": (r"boost/random.*", r"engine/random[^/]*"),
    "Random123": (r"Random123/.*", r"engine/random[^/]*"),
    "OpenSSL": (r"openssl/.*", r"engine/hash[^/]*"),
    "CLI11": (r"CLI/.*", r"cli/.*"),
}

# What must not be in the rooms that also run in a browser, with the reason. Draws and arithmetic
# have a room of their own, because the standard library's differ between systems.
PORTABLE_ROOMS = ("agents", "policies")
NOT_PORTABLE = {
    r"#include <(thread|mutex|shared_mutex|future|condition_variable|atomic)>": "no threads here",
    r"#include <(filesystem|fstream|iostream|cstdio)>": "no files or terminals here",
    r"#include <(format|expected|print)>": "not in the oldest compiler that we support",
    r"#include <random>": "draws come from engine/random",
    r"#include <unordered_(map|set)>": "the order of its elements is not portable",
    r"\bstd::(exp|exp2|expm1|log|log2|log10|log1p|pow)\b": "comes from engine/arithmetic",
}

AMERICAN = re.compile(
    r"\b(behaviors?|neighbors?|favors?|favored|colors?|centers?|defenses?|model(ed|ing)|label(ed|ing)"
    r"|analyze\w*|(optim|initial|normal|summar|random|serial|organ|recogn"
    r"|minim|maxim|general)iz(e[sd]?|er|ing|ation)|artifacts?)\b",
    re.IGNORECASE,
)
#: Names that are others': an element of the ODD protocol, methods of SALib, Google Benchmark.
OTHERS = re.compile(r"5\. Initialization|\banalyze_(sobol|morris)\b|benchmark::Initialize")

MAX_LINES = 500
SOURCE = (".cpp", ".hpp", ".in", ".py", ".sh", ".cmake", ".ts", ".js")
CPP = (".cpp", ".hpp")

# Folders in which machines keep what is theirs, not ours; put together so that this file passes.
MACHINE_PATH = re.compile(
    r"(?<![\w.~})\]/-])/(" + "|".join(["home", "Users", "root", "tmp", "work", "mnt"]) + r")/\w"
)
GENERATED = re.compile(
    r"(^|/)(build[^/]*|results|\.venv|__pycache__|[^/]*\.egg-info|[^/]*_cache)/"
    r"|\.(o|a|so|pyc|orig|rej|swp)$|^(?!tests/data/|demo/).*\.h5$"
)

Rule = Callable[[Path], list[str]]


def files_of(root: Path) -> list[Path]:
    """Files of the tree that are, or would be, committed; relative to it."""
    listing = subprocess.run(
        ["git", "-C", str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        capture_output=True,
        check=False,
    )
    if listing.returncode == 0:
        names = [Path(name) for name in listing.stdout.decode().split("\0") if name]
        return sorted(name for name in names if (root / name).is_file())
    return sorted(p.relative_to(root) for p in root.rglob("*") if p.is_file())


def lines_of(root: Path, suffixes: tuple[str, ...], *rooms: str) -> Iterator[tuple[Path, int, str]]:
    """File, number and text of each line of the files with these suffixes in these rooms."""
    for file in files_of(root):
        if file.suffix in suffixes and (not rooms or file.parts[0] in rooms):
            text = (root / file).read_text(encoding="utf-8", errors="replace")
            for number, line in enumerate(text.splitlines(), start=1):
                yield file, number, line


def included(line: str) -> str | None:
    """The header that a line includes."""
    match = re.match(r"\s*#\s*include\s*[<\"]([^>\"]+)[>\"]", line)
    return match.group(1) if match else None


def words(text: str) -> list[str]:
    """Words of a text, identifiers taken apart: `kOpenWeights`, `open_weights` hold "weights"."""
    return [word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", text)]


def includes_go_one_way(root: Path) -> list[str]:
    """A room includes only itself and the rooms to its right."""
    complaints = []
    for file, number, line in lines_of(root, CPP, *ROOMS_TO_THE_RIGHT):
        header = included(line)
        if header is None:
            continue
        room, target = file.parts[0], header.split("/")[0]
        if target in {"..", "."}:
            complaints.append(f'{file}:{number}: say "{room}/…", not a relative path: {header}')
        elif target in ROOMS_TO_THE_RIGHT and target not in [room, *ROOMS_TO_THE_RIGHT[room]]:
            complaints.append(f"{file}:{number}: {room} may not include {header}")
    return complaints


def engine_knows_no_domain(root: Path) -> list[str]:
    """No word of the domain in the engine, neither in code nor in comments."""
    return [
        f'{file}:{number}: "{word}" is a word of the domain'
        for file, number, line in lines_of(root, CPP, "engine")
        for word in words(line)
        if word in DOMAIN_WORDS and (file.stem, word) not in ALSO_OF_THE_ENGINE
    ]


def one_door_per_library(root: Path) -> list[str]:
    """A library is included by the files that wrap it, and by no other."""
    complaints = []
    for file, number, line in lines_of(root, CPP, *ROOMS_TO_THE_RIGHT):
        header = included(line)
        for library, (headers, door) in DOORS.items():
            if header and re.fullmatch(headers, header) and not re.fullmatch(door, str(file)):
                complaints.append(f"{file}:{number}: {library} has its door in {door}")
    return complaints


def model_is_portable(root: Path) -> list[str]:
    """Nothing in the model's rooms that differs between systems or is not there in a browser."""
    return [
        f"{file}:{number}: {reason}: {line.strip()}"
        for file, number, line in lines_of(root, CPP, *PORTABLE_ROOMS)
        for pattern, reason in NOT_PORTABLE.items()
        if re.search(pattern, line)
    ]


def files_are_short(root: Path) -> list[str]:
    """A source file that does not fit its subject in 500 lines has two subjects."""
    complaints = []
    for file in files_of(root):
        if file.suffix in SOURCE or file.name == "CMakeLists.txt":
            n_lines = (root / file).read_bytes().count(b"\n")
            if n_lines > MAX_LINES:
                complaints.append(f"{file}:{n_lines}: longer than {MAX_LINES} lines: split it")
    return complaints


def nothing_generated(root: Path) -> list[str]:
    """What a machine makes is not committed."""
    return [f"{file}:1: generated" for file in files_of(root) if GENERATED.search(str(file))]


def no_path_of_one_machine(root: Path) -> list[str]:
    """A path that exists on one machine only does not belong into a file for all."""
    text_files = (*SOURCE, "", ".json", ".toml", ".txt", ".lock", ".md", ".cff", ".jinja", ".css")
    return [
        f"{file}:{number}: a path of one machine: {match.group()}…"
        for file, number, line in lines_of(root, text_files)
        if (match := MACHINE_PATH.search(line))
    ]


def spelling_is_british(root: Path) -> list[str]:
    """One spelling in our own words; titles of works (docs/sources.md) keep theirs."""
    ours = (*CPP, ".md")
    return [
        f'{file}:{number}: "{match.group()}" is American spelling'
        for file, number, line in lines_of(root, ours)
        if str(file) != "docs/sources.md" and (match := AMERICAN.search(OTHERS.sub("", line)))
    ]


def types_have_their_own_names(root: Path) -> list[str]:
    """Two types of one name are one type to the linker, which takes the code of either."""
    complaints = []
    first: dict[str, str] = {}
    own = False
    for file, number, line in lines_of(root, CPP, *ROOMS_TO_THE_RIGHT):
        if number == 1 or line.startswith("}  // namespace"):
            own = False
        elif line.startswith("namespace {"):
            own = True
        match = re.match(r"(?:struct|class|enum class) (\w+)(?: final)?(?: : [^;]+)? \{", line)
        if match is None or own:
            continue
        here = f"{file}:{number}"
        if match.group(1) in first:
            complaints.append(f"{here}: {match.group(1)} is also a type in {first[match.group(1)]}")
        first.setdefault(match.group(1), here)
    return complaints


RULES: tuple[Rule, ...] = (
    includes_go_one_way,
    engine_knows_no_domain,
    one_door_per_library,
    model_is_portable,
    files_are_short,
    nothing_generated,
    no_path_of_one_machine,
    spelling_is_british,
    types_have_their_own_names,
)
