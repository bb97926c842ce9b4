"""All claims in one go: runs every config of a folder, reports on each, and lists them on one page.

`python -m enough_fingers claims -o DIR` needs the program `fingers` and nothing else.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

_PAGE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Claims</title>
<style>
body {{ font: 1rem/1.5 sans-serif; max-width: 46rem; margin: 2rem auto; padding: 1rem }}
blockquote {{ margin: .5rem 0; padding-left: 1rem; border-left: 3px solid #999 }}
img {{ max-width: 100%; height: auto }}
</style></head>
<body>
<h1>Claims</h1>
<p>Each experiment tests one argument. Nothing here is a forecast, and none of it names a best
regime: what a figure shows holds for the assumptions that its report lists.</p>
{sections}
</body></html>
"""


@dataclass(frozen=True)
class Asked:
    """What the one who calls wants.

    Attributes:
        configs: Folder of claims, one JSON file each.
        output: Folder to write to.
        program: The program `fingers`; found when empty.
        names: Only these claims; all when empty.
        replicates: Instead of each config's own; its own when None.
    """

    configs: Path
    output: Path
    program: str = ""
    names: tuple[str, ...] = ()
    replicates: int | None = None


def find_program(given: str = "") -> str:
    """The program: as given, FINGERS_PROGRAM, on the path, or where the release preset puts it.

    Args:
        given: A path, or empty.

    Returns:
        The path.

    Raises:
        ValueError: When there is none.
    """
    built = Path("build") / "release" / "fingers"
    for candidate in (given, os.environ.get("FINGERS_PROGRAM", ""), shutil.which("fingers"), built):
        if candidate and Path(candidate).is_file():
            return str(Path(candidate).resolve())
    raise ValueError("there is no program fingers: build it, or say where with --program")


def configs_of(folder: Path, names: Sequence[str] = ()) -> list[Path]:
    """The configs of a folder of claims, sorted by name.

    Args:
        folder: Where they are.
        names: Only these; all when empty.

    Returns:
        Their paths.

    Raises:
        ValueError: When there is none, or one that was named is not there.
    """
    found = {path.stem: path for path in sorted(folder.glob("*.json"))}
    missing = [name for name in names if name not in found]
    if missing or not found:
        raise ValueError(
            f"{folder}: no claim {', '.join(missing) or 'at all'}; there are {', '.join(found)}"
        )
    return [found[name] for name in (names or found)]


def run_claims(asked: Asked) -> Path:
    """Runs claims and writes a report of each, and the page that lists them.

    Args:
        asked: Which, from where, to where.

    Returns:
        The page.

    Raises:
        ValueError: When program or claims are not there, or the program fails.
    """
    # Drawing takes a second to import, which a wrong call need not wait for.
    from enough_fingers import open_run
    from enough_fingers.judgement import Choices
    from enough_fingers.report import write_report

    program = find_program(asked.program)
    configs = configs_of(asked.configs, asked.names)
    asked.output.mkdir(parents=True, exist_ok=True)
    sections = []
    for config in configs:
        file = asked.output / f"{config.stem}.h5"
        _run(program, config, file, asked.replicates)
        write_report(open_run(file), asked.output / config.stem, Choices(brief=True))
        sections.append(_section(config, asked.output))
        print(config.stem, flush=True)
    page = asked.output / "index.html"
    page.write_text(_PAGE.format(sections="\n".join(sections)), encoding="utf-8")
    return page


def _run(program: str, config: Path, file: Path, replicates: int | None) -> None:
    words = [program, "run", str(config), "-o", str(file), "--overwrite"]
    if replicates is not None:
        words += ["--replicates", str(replicates)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise ValueError(f"{config}: fingers ended with {done.returncode}\n{done.stderr.strip()}")


def _section(config: Path, output: Path) -> str:
    """A claim on the page: its words, what it varies, its figure, its report."""
    text = json.loads(config.read_text(encoding="utf-8"))
    claim = text.get("claim", {})
    figures = sorted((output / config.stem).glob("claim*.png"))
    pictures = "".join(
        f'<img src="{escape(config.stem)}/{escape(figure.name)}" alt="Figure of the claim; its '
        'values stand in the report">'
        for figure in figures
    )
    return (
        f"<h2>{escape(text['title'])}</h2>\n"
        f"<blockquote>{escape(claim.get('words', ''))}<br>{escape(claim.get('source', ''))}"
        f"</blockquote>\n<p>{escape(claim.get('about', ''))}</p>\n{pictures}\n"
        f'<p><a href="{escape(config.stem)}/report.html">Report</a></p>'
    )
