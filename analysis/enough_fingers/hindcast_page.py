"""A hindcast as a table in Markdown, as CSV and as one figure; nothing is computed here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from enough_fingers.style import INK, RC, RULE, save
from enough_fingers.wording import NOTHING, number

#: Points of a search that are shown.
_MOST_ROWS = 12
#: Years that no search has seen.
HOLD_OUT = 2024
_PANELS = (
    ("reported_events", "H5: events reported in a year", "events"),
    ("malicious_share", "H6: malicious share of them", "share"),
    ("unattributed_share", "H7: share without a named maker", "share"),
)
_FACT, _RUN = "#d55e00", "#0072b2"
_HEADER = ("fact", "quantity", "period", "role", "reported", "tolerance", "simulated (5–95 %)",
           "verdict")  # fmt: skip


def markdown(table: pd.DataFrame) -> str:
    """The comparison as a Markdown table, one row a fact."""
    lines = ["| " + " | ".join(_HEADER) + " |", "|" + "---|" * len(_HEADER)]
    for row in table.to_dict("records"):
        verdict = row["verdict"]
        if row["role"] == "given" and verdict != "cannot say":
            verdict = "input, within" if verdict == "hit" else "input, outside"
        cells = [
            row["fact"],
            f"`{row['quantity']}` [{row['unit']}]",
            row["period"],
            row["role"],
            number(row["value"]),
            _span(row["low"], row["high"]),
            _simulated(row),
            verdict,
        ]
        lines.append("| " + " | ".join(str(cell) for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def summary(table: pd.DataFrame) -> str:
    """One line a role: how many hits, near misses, misses, and what cannot be said."""
    lines = []
    for role in ("calibrate", "hold-out", "check"):
        counts = table.loc[table["role"] == role, "verdict"].value_counts()
        said = [
            f"{counts.get(word, 0)} {word}"
            for word in ("hit", "near", "miss", "cannot say")
            if counts.get(word, 0) or word != "cannot say"
        ]
        lines.append(f"{role}: {', '.join(said)}")
    return "\n".join(lines) + "\n"


def search_markdown(table: pd.DataFrame, within: float = 0.05) -> str:
    """The points of a search whose loss is within a share of the least, least first."""
    near = table[table["loss"] <= table["loss"].iloc[0] * (1 + within)]
    said = (
        f"\n{len(near)} of {len(table)} points within {within:.0%} of the least loss; "
        f"the greatest is {table['loss'].iloc[-1]:.4g}\n"
    )
    near = near.head(_MOST_ROWS)
    names = [name for name in table.columns if name != "point"]
    lines = ["| " + " | ".join(names) + " |", "|" + "---|" * len(names)]
    lines += [
        "| " + " | ".join(f"{row[name]:.4g}" for name in names) + " |"
        for row in near.to_dict("records")
    ]
    return "\n".join(lines) + "\n" + said


def draw(table: pd.DataFrame) -> Figure:
    """H5 to H7 by year: what was reported with its tolerance, and what came out.

    Args:
        table: `hindcast.compare`.

    Returns:
        The figure.
    """
    with mpl.rc_context(RC):
        figure = Figure(figsize=(9.2, 3.4), layout=ConstrainedLayoutEngine(rect=(0, 0.07, 1, 0.93)))
        panels = figure.subplots(1, len(_PANELS))
        for panel, (quantity, title, unit) in zip(panels, _PANELS, strict=True):
            rows = table[table["quantity"] == quantity]
            _by_year(panel, rows)
            panel.set_title(title)
            panel.set_ylabel(unit)
            if unit == "share":
                panel.set_ylim(-0.03, 1.03)
            else:
                panel.set_yscale("symlog", linthresh=10)
                panel.set_ylim(bottom=0)
        panels[0].legend(loc="upper left", fontsize=8)
        n = int(table["n"].max())
        figure.text(
            0.01,
            0.01,
            f"Intervals: 5 to 95 % over {n} replicates, chance only, not belief. "
            f"Grey: tolerance. From {HOLD_OUT} on (shaded): no search has seen it.",
            fontsize=7.5,
            color=INK,
        )
    return figure


def write(table: pd.DataFrame, folder: Path) -> list[Path]:
    """Writes hindcast.md, hindcast.csv and the figure; answers the files."""
    folder.mkdir(parents=True, exist_ok=True)
    page, data = folder / "hindcast.md", folder / "hindcast.csv"
    page.write_text(summary(table) + "\n" + markdown(table), encoding="utf-8")
    table.to_csv(data, index=False, lineterminator="\n")
    drawn = save(
        draw(table),
        folder / "hindcast",
        "Hindcast 2019 to 2025",
        "Reported events, their malicious share and the share without a named maker by year, as "
        "reported and as simulated.",
    )
    return [page, data, *drawn]


def _by_year(panel: Axes, rows: pd.DataFrame) -> None:
    years = rows["period"].astype(int).to_numpy()
    panel.axvspan(HOLD_OUT - 0.5, 2025.5, color=RULE, alpha=0.5, linewidth=0)
    columns = ["value", "low", "high", "simulated", "simulated_low", "simulated_high"]
    value, low, high, median, from_, to = rows[columns].to_numpy(dtype=np.float64).T
    panel.fill_between(years, low, high, color="#9a9a9a", alpha=0.35, linewidth=0)
    panel.plot(years, value, color=_FACT, marker="s", markersize=4, label="reported in life")
    arms = np.vstack([np.maximum(median - from_, 0), np.maximum(to - median, 0)])
    panel.errorbar(
        years,
        median,
        yerr=arms,
        color=_RUN,
        marker="o",
        markersize=4,
        elinewidth=0.9,
        label="simulated",
    )
    panel.set_xticks(years, [str(year) for year in years], rotation=45)
    panel.set_xlim(years.min() - 0.5, years.max() + 0.5)


def _span(low: float, high: float) -> str:
    return NOTHING if low != low else f"{number(low)} to {number(high)}"


def _simulated(row: dict[Any, Any]) -> str:
    if row["simulated"] != row["simulated"]:
        return NOTHING
    text = number(row["simulated"])
    if row["n"] > 1:
        text += f" ({number(row['simulated_low'])} to {number(row['simulated_high'])})"
    return text + (f", {row['how']}" if row["how"] not in ("", "given") else "")
