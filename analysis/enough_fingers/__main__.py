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
    from enough_fingers.contents import Choices
    from enough_fingers.report import write_report

    choices = Choices(reference=options.reference, tolerable_harm_musd=options.tolerable_harm_musd)
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always", IncompleteRunWarning)
            run = open_run(options.file)
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
        "--tolerable-harm-musd",
        type=float,
        metavar="M$",
        help="also show how often harm over the run is above this level",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
