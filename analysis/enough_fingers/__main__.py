"""The command line: `python -m enough_fingers report FILE -o DIR`.

Exit codes are those of `fingers`: 0 done, 2 wrong input or usage, 3 data unreadable, 74 cannot
write.
"""

from __future__ import annotations

import argparse
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path

from enough_fingers import IncompleteRunWarning, RunFileError, __version__, open_run


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line.

    Args:
        arguments: Words after the program's name; those of the process when None.

    Returns:
        The exit code.
    """
    options = _parser().parse_args(arguments)
    # Drawing and tables take a second to import, which `--help` need not wait for.
    from enough_fingers.judgement import Choices
    from enough_fingers.limits import parse_limit
    from enough_fingers.report import write_report

    try:
        limits = tuple(parse_limit(text) for text in options.tolerable)
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always", IncompleteRunWarning)
            run = open_run(options.file)
            other = open_run(options.without_ai) if options.without_ai else None
        choices = Choices(reference=options.reference, limits=limits, without_ai=other)
        for warning in caught:
            print(f"warning: {warning.message}", file=sys.stderr)
        page = write_report(run, options.output, choices)
    except RunFileError as error:
        print(error, file=sys.stderr)
        return 3
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    except OSError as error:
        print(f"{options.output}: cannot write the report ({error})", file=sys.stderr)
        return 74
    print(page)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m enough_fingers", description="Reads results files of `fingers`."
    )
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(dest="command", required=True)
    report = commands.add_parser(
        "report",
        help="make one HTML page with figures and the table of outcomes",
        description="Writes report.html, its figures as PNG and SVG, and outcomes.csv.",
    )
    report.add_argument("file", type=Path, metavar="FILE", help="the .h5 file of `fingers run`")
    report.add_argument(
        "-o", "--output", type=Path, required=True, metavar="DIR", help="folder to write to"
    )
    report.add_argument(
        "--reference",
        default="",
        metavar="REGIME",
        help="regime that others are compared with (default: the first of the design)",
    )
    report.add_argument(
        "--tolerable",
        action="append",
        default=[],
        metavar="OUTCOME=LEVEL",
        help="a level that you call tolerable, to hold every regime to, as often as you like: "
        "p_catastrophe=0.01, harm_musd=1e5, freedom_1a_exercisable=0.3 (at most or at least as the "
        "outcome wants it; <= and >= say it outright)",
    )
    report.add_argument(
        "--without-ai",
        type=Path,
        metavar="FILE",
        help='the same experiment run with "ai": false, to compare every regime with',
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
