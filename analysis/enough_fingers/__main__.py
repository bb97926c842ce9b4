"""The command line: `python -m enough_fingers report FILE -o DIR`, and others.

Exit codes are those of `fingers`: 0 done, 2 wrong input or usage, 3 data unreadable, 74 cannot
write.
"""

from __future__ import annotations

import argparse
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path

from enough_fingers import IncompleteRunWarning, Run, RunFileError, __version__, open_run


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line.

    Args:
        arguments: Words after the program's name; those of the process when None.

    Returns:
        The exit code.
    """
    options = _parser().parse_args(arguments)
    try:
        said = options.act(options)
    except RunFileError as error:
        print(error, file=sys.stderr)
        return 3
    except (ValueError, ImportError) as error:
        print(error, file=sys.stderr)
        return 2
    except OSError as error:
        print(
            f"{_place(options, error)}: cannot write ({error.strerror or error})", file=sys.stderr
        )
        return 74
    print(said)
    return 0


def _place(options: argparse.Namespace, error: OSError) -> object:
    """What could not be written: the file, or else the place that was asked for."""
    return error.filename or getattr(options, "output", None) or "the output"


# Drawing and tables take a second to import, which `--help` need not wait for.


def _report(options: argparse.Namespace) -> str:
    from enough_fingers.judgement import Choices
    from enough_fingers.limits import parse_limit
    from enough_fingers.report import write_report

    limits = tuple(parse_limit(text) for text in options.tolerable)
    run = _opened(options.file)
    other = _opened(options.without_ai) if options.without_ai else None
    choices = Choices(
        reference=options.reference, limits=limits, without_ai=other, brief=options.brief
    )
    return str(write_report(run, options.output, choices))


def _hindcast(options: argparse.Namespace) -> str:
    """The loss of every point of a search, or the comparison of a single one."""
    from enough_fingers import hindcast, hindcast_page

    run = _opened(options.file)
    if not options.facts.is_file():
        raise ValueError(f"{options.facts}: not there; name the table of facts with --facts")
    facts = hindcast.read_facts(options.facts)
    if run.factors:
        return hindcast_page.search_markdown(hindcast.search(run, facts))
    table = hindcast.compare(run, facts)
    if options.output is not None:
        hindcast_page.write(table, options.output)
    return hindcast_page.summary(table) + "\n" + hindcast_page.markdown(table)


def _targets(options: argparse.Namespace) -> str:
    from enough_fingers import targets

    return targets.as_markdown(targets.compare(_opened(options.file)))


def _opened(file: Path | list[Path]) -> Run:
    """A run; that some of it is missing is said aloud."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", IncompleteRunWarning)
        run = open_run(file)
    for warning in caught:
        print(f"warning: {warning.message}", file=sys.stderr)
    return run


def _export(options: argparse.Namespace) -> str:
    from enough_fingers.convert import export

    run = _opened(options.file if len(options.file) > 1 else options.file[0])
    run = run.select(
        regimes=options.regime or None,
        replicates=options.replicate or None,
        kinds=options.kind or None,
        years=options.years,
    )
    tables = options.tables.split(",") if options.tables else None
    files = export(run, options.output, options.to, tables=tables, overwrite=options.overwrite)
    return "\n".join(str(file) for file in files)


def _describe(options: argparse.Namespace) -> str:
    from enough_fingers.described import describe

    forms = ("ro-crate", "croissant") if options.form == "both" else (options.form,)
    return "\n".join(map(str, describe(options.file, options.output, forms)))


def _years(text: str) -> tuple[float | None, float | None]:
    """Two years with a colon between them; either may be left out."""
    parts = text.split(":")
    try:
        low, high = (float(part) if part else None for part in parts)
    except ValueError as error:
        raise argparse.ArgumentTypeError(
            f'"{text}" is not two years, such as 2026:2028 (2028 is left out), 2026: or :2028'
        ) from error
    return low, high


def _claims(options: argparse.Namespace) -> str:
    from enough_fingers.claims import Asked, run_claims

    asked = Asked(
        configs=options.configs,
        output=options.output,
        program=options.program,
        names=tuple(options.names),
        replicates=options.replicates,
    )
    return str(run_claims(asked))


def _coverage(options: argparse.Namespace) -> str:
    from enough_fingers.coverage_page import markdown

    text = markdown(options.repetitions)
    if options.output is None:
        return text
    options.output.write_text(text, encoding="utf-8")
    return str(options.output)


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number


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
    report.add_argument(
        "--brief", action="store_true", help="leave out what events and series show: much faster"
    )
    report.set_defaults(act=_report)
    past = commands.add_parser(
        "hindcast",
        help="compare a run of the past with what was reported",
        description="Prints the table of docs/hindcast.md; of a file with factors, the losses.",
    )
    past.add_argument("file", type=Path, metavar="FILE", help="the .h5 file of `fingers run`")
    past.add_argument(
        "--facts",
        type=Path,
        default=Path("configs/hindcast/facts.csv"),
        metavar="CSV",
        help="what was reported (default: %(default)s)",
    )
    past.add_argument(
        "-o", "--output", type=Path, metavar="DIR", help="also write table, CSV and figure there"
    )
    past.set_defaults(act=_hindcast)
    asked = commands.add_parser(
        "targets",
        help="hold a run of configs/todays-mix.json against the baseline's targets",
        description="Prints the table of docs/baseline.md.",
    )
    asked.add_argument("file", type=Path, metavar="FILE", help="the .h5 file of `fingers run`")
    asked.set_defaults(act=_targets, output=None)
    _add_export(commands)
    _add_describe(commands)
    claims = commands.add_parser(
        "claims",
        help="run all claims, and make a report of each and a page of all",
        description="Runs every config of a folder of claims with the program `fingers`.",
    )
    claims.add_argument("names", nargs="*", metavar="NAME", help="only these claims")
    claims.add_argument(
        "-o", "--output", type=Path, required=True, metavar="DIR", help="folder to write to"
    )
    claims.add_argument(
        "--configs", type=Path, default=Path("configs/claims"), metavar="DIR", help="their folder"
    )
    claims.add_argument("--program", default="", metavar="FILE", help="the program `fingers`")
    claims.add_argument("--replicates", type=int, metavar="R", help="instead of each config's own")
    claims.set_defaults(act=_claims)
    covers = commands.add_parser(
        "coverage",
        help="measure how often every interval covers what it should",
        description="Makes the tables of docs/intervals.md, by exact sums and seeded simulation.",
    )
    covers.add_argument(
        "--repetitions",
        type=_positive,
        default=4000,
        metavar="R",
        help="samples of each law and size (default: %(default)s, which takes about 5 minutes)",
    )
    covers.add_argument(
        "-o", "--output", type=Path, metavar="FILE", help="write there instead of printing"
    )
    covers.set_defaults(act=_coverage)
    return parser


def _add_export(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "export",
        help="convert the tables to CSV, JSON, Parquet or NetCDF",
        description="Writes a file a table, with a data dictionary beside them.",
    )
    parser.add_argument(
        "file", type=Path, nargs="+", metavar="FILE", help="the .h5 file, or several of one batch"
    )
    parser.add_argument("--to", required=True, metavar="FORM", help="csv, json, parquet or netcdf")
    parser.add_argument(
        "-o", "--output", type=Path, required=True, metavar="DIR", help="folder to write to"
    )
    parser.add_argument("--tables", metavar="A,B", help="these tables only: events,outcomes,…")
    parser.add_argument(
        "--regime", action="append", metavar="NAME", help="this regime only, as often as you like"
    )
    parser.add_argument(
        "--replicate", action="append", type=int, metavar="R", help="this replicate only, likewise"
    )
    parser.add_argument(
        "--kind", action="append", metavar="KIND", help="events of this kind only, likewise"
    )
    parser.add_argument(
        "--years", type=_years, metavar="A:B", help="events and series from A up to B, without B"
    )
    parser.add_argument(
        "--overwrite", action="store_true", help="replace files that are there already"
    )
    parser.set_defaults(act=_export)


def _add_describe(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "describe",
        help="write RO-Crate and Croissant metadata beside a results file",
        description="Describes the file, and tables that `export` wrote to the same folder.",
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="the .h5 file of `fingers run`")
    parser.add_argument(
        "-o", "--output", type=Path, metavar="DIR", help="copy the file there and describe it there"
    )
    parser.add_argument(
        "--as",
        dest="form",
        choices=("ro-crate", "croissant", "both"),
        default="both",
        help="which metadata (default: %(default)s)",
    )
    parser.set_defaults(act=_describe)


if __name__ == "__main__":
    sys.exit(main())
