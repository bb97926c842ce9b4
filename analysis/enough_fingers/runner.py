"""Runs a config and hands out what came out: the one seam between this package and the program.

A *runner* is anything that takes a config and gives a `Run`. `Program` is one, by the command line
in a folder of its own; whatever else can run a config in this process is another.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
import weakref
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from enough_fingers.load import Run, open_run

#: From a config, as a config file holds it, to its run.
Runner = Callable[[Mapping[str, Any]], Run]
#: Environment variable that names the program.
PROGRAM = "FINGERS_PROGRAM"
# A base that the program has in itself.
_BUILT_IN = "baseline"
_BUILT = ("build/release/fingers", "build/dev/fingers")


class ProgramError(RuntimeError):
    """The program is not there, or did not do what it was asked; the message holds its own."""


@dataclass(frozen=True)
class Program:
    """The program `fingers` as a runner.

    Attributes:
        path: Of the program.
        threads: Worlds side by side; 0 for all processors.
        keep: A folder in which configs and results are kept, numbered; None for a folder of each
            run's own, which goes with its `Run`.
    """

    path: Path
    threads: int = 0
    keep: Path | None = None

    def __call__(self, config: Mapping[str, Any]) -> Run:
        """Runs a config.

        Args:
            config: As in a config file; a `base` must be absolute.

        Returns:
            Its run; with `keep` None the file behind it is deleted when the run is.

        Raises:
            ProgramError: When the program refuses the config, or some run fails.
        """
        folder, temporary = self._folder()
        source, made = folder / "config.json", folder / "results.h5"
        source.write_text(json.dumps(config, indent=1), encoding="utf-8")
        command = [str(self.path), "run", str(source), "-o", str(made), "--progress", "never"]
        if self.threads:
            command += ["--threads", str(self.threads)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            said = (done.stderr or done.stdout).strip()
            raise ProgramError(f"{' '.join(command)} ended with code {done.returncode}:\n{said}")
        run = open_run(made)
        if temporary is not None:
            weakref.finalize(run, temporary.cleanup)
        return run

    def _folder(self) -> tuple[Path, tempfile.TemporaryDirectory[str] | None]:
        if self.keep is None:
            temporary = tempfile.TemporaryDirectory(prefix="fingers-")
            return Path(temporary.name), temporary
        number = 0
        while (self.keep / f"run-{number:04d}").exists():
            number += 1
        folder = self.keep / f"run-{number:04d}"
        folder.mkdir(parents=True)
        return folder, None


def runner_of(program: str | Path | Runner = "") -> Runner:
    """The runner that a caller means.

    Args:
        program: A runner; or the path or name of the program; or "" for the one that the
            environment variable `FINGERS_PROGRAM` names, that is on the PATH, or that was built in
            the current folder (`build/release/fingers`).

    Returns:
        The runner.

    Raises:
        ProgramError: When there is no such program.
    """
    if callable(program):
        return program
    named = str(program) or os.environ.get(PROGRAM, "")
    for candidate in [named] if named else ["fingers", *_BUILT]:
        found = shutil.which(candidate)
        if found is not None:
            return Program(Path(found).resolve())
    where = f'"{named}"' if named else f"fingers on the PATH, nor {' or '.join(_BUILT)} here"
    raise ProgramError(
        f"there is no program {where}. Build it (./quickstart.sh), then give its path: "
        f'program="build/release/fingers", or the environment variable {PROGRAM}.'
    )


def without_experiment(config: str | Path | Mapping[str, Any]) -> dict[str, Any]:
    """A config with its bases merged into it, and without its experiment and claim.

    What a base says of an experiment would be merged into another one put on top, so it must go.

    Args:
        config: A config file; or a config, whose relative `base` counts from the current folder.

    Returns:
        A config without `experiment` and `claim`, and without `base` but for the built-in one.

    Raises:
        FileNotFoundError: When there is no such file.
    """
    merged = _with_bases(config) if isinstance(config, Mapping) else _read(Path(config), ())
    return {key: value for key, value in merged.items() if key not in ("experiment", "claim")}


def _with_bases(
    config: Mapping[str, Any], folder: Path = Path(), above: tuple[Path, ...] = ()
) -> dict[str, Any]:
    own = {key: value for key, value in config.items() if key != "base"}
    base = config.get("base")
    if base == _BUILT_IN and not (folder / base).is_file():
        return dict(config)
    return merged(_read(folder / base, above), own) if isinstance(base, str) else dict(own)


def _read(path: Path, above: tuple[Path, ...]) -> dict[str, Any]:
    path = path.resolve()
    if not path.is_file():
        raise FileNotFoundError(f"{path}: there is no such config")
    if path in above:
        raise ValueError(f"{path}: is its own base, by way of {', '.join(map(str, above))}")
    content = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(content, dict):
        raise ValueError(f"{path}: is no config, for it holds no JSON object")
    return _with_bases(content, path.parent, (*above, path))


def merged(config: Mapping[str, Any], patch: Mapping[str, Any]) -> dict[str, Any]:
    """A config with another merged into it: JSON Merge Patch (RFC 7396).

    Args:
        config: The one below.
        patch: The one on top: objects are merged, null removes, anything else replaces.

    Returns:
        A new config.
    """
    found = dict(config)
    for key, value in patch.items():
        if value is None:
            found.pop(key, None)
        elif isinstance(value, Mapping):
            own = found.get(key)
            found[key] = merged(own if isinstance(own, Mapping) else {}, value)
        else:
            found[key] = value
    return found
