"""How figures look, on paper and in a page: colours, markers, and SVG that follows the page.

Fourteen regimes cannot be told apart by colour alone. Each has a number, a marker and a colour
(after Okabe and Ito 2008, darkened to 3:1 against white); names and numbers stand beside the data.
"""

from __future__ import annotations

import io
import re
import textwrap
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

_PAPER = "#ffffff"
INK, RULE, FAINT = "#222222", "#d8d8d8", "#c4c4c4"
#: The ground, to hide what lies behind; not quite the white of a figure's own ground.
PAPER = "#fefefe"
_COLOURS = ("#0072b2", "#d55e00", "#00855f", "#b4568c", "#b87a00", "#2e8bc7", "#6b6b6b")
_LINES = ("-", (0, (4, 1.5)), (0, (1, 1.2)), (0, (6, 1.5, 1, 1.5)))
_MARKERS = ("o", "s", "^", "D", "v", "P", "X")
# In a page, colours are names that the page's own style sheet fills, for light and for dark.
_NAMES = {INK: "ink", RULE: "rule", FAINT: "faint", PAPER: "paper"} | {
    colour: f"c{number}" for number, colour in enumerate(_COLOURS, 1)
}
_PATH = re.compile(r' d="([^"]*)"')
_NUMBER = re.compile(r"-?[0-9]+\.[0-9]{2,}(?![0-9e])")
RC: Any = {
    "axes.edgecolor": INK,
    "axes.facecolor": "none",
    "axes.grid": True,
    "axes.labelcolor": INK,
    "axes.labelsize": 9,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlelocation": "left",
    "axes.titlesize": 9.5,
    "axes.titlecolor": INK,
    "figure.facecolor": "white",
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans", "sans-serif"],
    "font.size": 9,
    "grid.color": RULE,
    "grid.linewidth": 0.6,
    "legend.frameon": False,
    "legend.labelcolor": INK,
    "svg.fonttype": "none",
    "svg.hashsalt": "enough-fingers",
    "text.color": INK,
    # Hinted text has another width at each resolution, and names beside an axis would be cut off.
    "text.hinting": "no_hinting",
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.labelsize": 8,
    "ytick.labelsize": 8,
}


@dataclass(frozen=True)
class Mark:
    """How a regime is drawn everywhere: by number, colour, marker and line."""

    number: int
    colour: str
    marker: str
    line: Any = "-"


def marks(regimes: list[str]) -> dict[str, Mark]:
    """A mark for each regime, in order; colour and marker together are unique up to 49."""
    found = {}
    for place, regime in enumerate(regimes):
        turn, colour = divmod(place, len(_COLOURS))
        marker = _MARKERS[(colour + turn) % len(_MARKERS)]
        found[regime] = Mark(place + 1, _COLOURS[colour], marker, _LINES[turn % len(_LINES)])
    return found


def wrapped(name: str, width: int) -> str:
    """A regime's name in lines of at most `width`, broken at its hyphens."""
    return "\n".join(textwrap.wrap(name, width, break_long_words=False))


def inline_svg(figure: Figure, prefix: str, title: str, description: str) -> str:
    """A figure as an SVG element to stand in a page.

    Colours become the page's CSS variables, ids get a prefix so that two figures never share one,
    and title and description make the alternative text.

    Args:
        figure: What to draw.
        prefix: Unique in the page.
        title: Short name, plain text.
        description: What a reader who cannot see it should know, plain text.

    Returns:
        One `<svg>` element.
    """
    return inlined(as_svg(figure, title, description), prefix, title, description)


def as_svg(figure: Figure, title: str, description: str) -> str:
    """A figure as a whole SVG document on white, with its alternative text as metadata."""
    buffer = io.StringIO()
    notes = {**_no_metadata(), "Title": title, "Description": description}
    with mpl.rc_context(RC):
        figure.savefig(buffer, format="svg", facecolor=_PAPER, metadata=notes)
    return buffer.getvalue()


def inlined(document: str, prefix: str, title: str, description: str) -> str:
    """An SVG document of `as_svg` as an element to stand in a page; see `inline_svg`."""
    svg = document[document.index("<svg") :]
    # The page is the ground, whatever its colour.
    svg = svg.replace(f"fill: {_PAPER}", "fill: none", 1)
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r"<defs>\s*<style.*?</defs>", "", svg, count=1, flags=re.DOTALL)
    svg = _without_repetition(svg, prefix)
    svg = re.sub(r'\bid="', f'id="{prefix}-', svg)
    svg = re.sub(r'href="#', f'href="#{prefix}-', svg)
    svg = svg.replace("url(#", f"url(#{prefix}-")
    svg = _PATH.sub(lambda path: f' d="{_compact(path[1])}"', svg)
    for colour, name in _NAMES.items():
        svg = svg.replace(colour, f"var(--{name})")
    svg = re.sub(r'(<svg[^>]*?) width="[^"]*"', r"\1", svg, count=1)
    svg = re.sub(r'(<svg[^>]*?) height="[^"]*"', r"\1", svg, count=1)
    label = f'role="img" aria-labelledby="{prefix}-title {prefix}-description"'
    words = (
        f'<title id="{prefix}-title">{_escaped(title)}</title>'
        f'<desc id="{prefix}-description">{_escaped(description)}</desc>'
    )
    return re.sub(r"<svg([^>]*)>", lambda m: f"<svg{m[1]} {label}>{words}", svg, count=1)


def as_png(figure: Figure, title: str, description: str) -> bytes:
    """A figure as PNG, with its alternative text as metadata."""
    buffer = io.BytesIO()
    with mpl.rc_context(RC):
        notes = {"Title": title, "Description": description}
        figure.savefig(buffer, dpi=160, format="png", metadata={**notes, "Software": None})
    return buffer.getvalue()


def save(figure: Figure, stem: Path, title: str, description: str) -> list[Path]:
    """Saves a figure as PNG and SVG, each with its alternative text inside.

    Args:
        figure: What to save.
        stem: Path without an ending.
        title: Short name.
        description: Alternative text.

    Returns:
        The two files.
    """
    png, svg = stem.with_suffix(".png"), stem.with_suffix(".svg")
    png.write_bytes(as_png(figure, title, description))
    svg.write_text(as_svg(figure, title, description), encoding="utf-8")
    return [png, svg]


def _without_repetition(svg: str, prefix: str) -> str:
    """Leaves out comments and ids that nothing refers to, and names styles that come again."""
    svg = re.sub(r"<!--.*?-->", "", svg, flags=re.DOTALL)
    svg = re.sub(r"\n\s*", "\n", svg)
    referred = set(re.findall(r'(?:url\(#|href="#)([^)"]+)', svg))
    svg = re.sub(r' id="([^"]*)"', lambda m: m[0] if m[1] in referred else "", svg)
    times = Counter(re.findall(r' style="([^"]*)"', svg))
    names = {
        style: f"{prefix}-s{place}"
        for place, (style, count) in enumerate(times.most_common())
        if count > 2
    }

    def named(match: re.Match[str]) -> str:
        return f' class="{names[match[1]]}"' if match[1] in names else match[0]

    svg = re.sub(r' style="([^"]*)"', named, svg)
    rules = "".join(f".{name}{{{style}}}" for style, name in names.items())
    return re.sub(r"(<svg[^>]*>)", lambda m: f"{m[1]}<style>{rules}</style>", svg, count=1)


def _compact(path: str) -> str:
    """Path data to a tenth of a point: a third as long, and the same to the eye.

    Lines become relative to the point before, as it is written, so that no error adds up.
    """
    words = path.split()
    if not set(words[::3]) <= {"M", "L"} or len(words) % 3:
        return " ".join(_NUMBER.sub(lambda found: f"{float(found[0]):.1f}", path).split())
    pieces, last, x, y = [], "", 0, 0
    for command, across, down in zip(words[::3], words[1::3], words[2::3], strict=True):
        to_x, to_y = round(10 * float(across)), round(10 * float(down))
        if command == "M":
            pieces.append(f"M{to_x / 10:g} {to_y / 10:g}")
        else:
            pieces.append(f"{' ' if last == 'L' else 'l'}{(to_x - x) / 10:g} {(to_y - y) / 10:g}")
        last, x, y = command, to_x, to_y
    return "".join(pieces)


def _no_metadata() -> dict[str, None]:
    # Neither the hour nor the version of the drawing library: equal numbers give equal files.
    return {"Date": None, "Creator": None, "Format": None, "Type": None}


def _escaped(words: str) -> str:
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
