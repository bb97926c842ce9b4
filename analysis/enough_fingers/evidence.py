"""What a report takes from events and series: how large, how often, who could have known, a story.

Events are many, so they are those of a part of the replicates where there are more than a report
can read in a minute; the page then says which. Figures have one panel a regime, so that of many
regimes only some are shown; the tables of outcomes hold all.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr

from enough_fingers import detection, freedoms, tails
from enough_fingers.judgement import HARM
from enough_fingers.load import Run
from enough_fingers.tail_index import NoMeanWarning
from enough_fingers.tail_tables import tail_of_harm

#: More events than this are not read for a report.
MOST_EVENTS = 2_000_000
#: With more regimes than this only some have panels of their own, so many.
MANY_REGIMES, FEW_PANELS = 24, 12
_N_RESAMPLES = 400
_ENDED = "ended_year"
#: Months after the beginning at which detection is drawn.
_MONTHS = tuple(float(month) for month in (0, 1, 2, 3, 4, 6, 9, 12, 18, 24, 36, 48, 60, 84, 120))


@dataclass(frozen=True)
class Story:
    """One replicate, told by its events.

    Attributes:
        title: Which one, and why it.
        events: Its rows of `Run.events`.
        ended: Calendar year in which something ended it, if any.
    """

    title: str
    events: pd.DataFrame
    ended: float | None


@dataclass(frozen=True)
class Evidence:
    """The numbers; tables are empty where the file has nothing for them.

    Attributes:
        regimes: Those that are shown, in the order of the design.
        n_regimes: How many there are.
        n_replicates: Of these many replicates events were read.
        n_all: How many there are.
        harm: `tails.exceedance_of_harm`.
        tail: `tail_tables.tail_of_harm`.
        periods: `tails.return_periods`.
        kind: The kind of event that `seen` and `fixed` are of.
        seen: `detection.shares_by_time` of it.
        fixed: The same for fixes.
        triads: `freedoms.triads`.
        fan: Harm so far, dimensions regime, world, replicate, time; None where it is not recorded.
        story: One replicate under the reference; None without events.
        no_mean: What to know of means that do not exist; empty where nothing.
    """

    regimes: list[str]
    n_regimes: int
    n_replicates: int
    n_all: int
    harm: pd.DataFrame
    tail: pd.DataFrame
    periods: pd.DataFrame
    kind: str
    seen: pd.DataFrame
    fixed: pd.DataFrame
    triads: pd.DataFrame
    fan: xr.DataArray | None
    story: Story | None
    no_mean: str


def no_evidence(run: Run) -> Evidence:
    """Of a report that leaves events and series out.

    Args:
        run: The run.

    Returns:
        Nothing to show.
    """
    n = run.outcomes["replicate"].nunique()
    empty = pd.DataFrame()
    return Evidence(
        regimes=shown_regimes(run.regimes, run.regimes[0]), n_regimes=len(run.regimes),
        n_replicates=n, n_all=n, harm=empty, tail=empty, periods=empty, kind="", seen=empty,
        fixed=empty, triads=empty, fan=None, story=None, no_mean="",
    )  # fmt: skip


def gather(run: Run, reference: str) -> Evidence:
    """Works out what a report shows of events and series.

    Args:
        run: The run, with at least one finished replicate.
        reference: The regime that others are compared with; it is always among those shown.

    Returns:
        The numbers.
    """
    regimes = shown_regimes(run.regimes, reference)
    chosen = run if len(regimes) == len(run.regimes) else run.select(regimes=regimes)
    part = readable_part(chosen)
    tail, no_mean = _tail(chosen)
    seen, fixed, kind = _detection(part)
    return Evidence(
        regimes=regimes,
        n_regimes=len(run.regimes),
        n_replicates=part.outcomes["replicate"].nunique(),
        n_all=run.outcomes["replicate"].nunique(),
        harm=_only(tails.exceedance_of_harm(chosen.outcomes), regimes)
        if HARM in run.outcomes
        else pd.DataFrame(),
        tail=tail,
        periods=_only(tails.return_periods(part, n_resamples=_N_RESAMPLES), regimes)
        if len(part.events)
        else pd.DataFrame(),
        kind=kind,
        seen=_only(seen, regimes),
        fixed=_only(fixed, regimes),
        triads=_only(freedoms.triads(chosen.outcomes), regimes),
        fan=_harm_so_far(chosen),
        story=_story(part, reference),
        no_mean=no_mean,
    )


def shown_regimes(regimes: list[str], reference: str) -> list[str]:
    """The regimes that get panels: all of a few, of many the first, the reference among them.

    Args:
        regimes: All, in the order of the design.
        reference: One of them.

    Returns:
        Names in the order of the design.
    """
    if len(regimes) <= MANY_REGIMES:
        return regimes
    first = regimes[:FEW_PANELS]
    return first if reference in first else [*first[:-1], reference]


def readable_part(run: Run, most: int = MOST_EVENTS) -> Run:
    """A run, or its first replicates with no more events than `most` (but at least one replicate).

    Args:
        run: The run.
        most: Rows of events.

    Returns:
        The run itself where it is small enough.
    """
    runs = run.runs.loc[run.outcomes.index]
    events = runs.groupby("replicate")["event_count"].sum().sort_index().cumsum()
    if events.empty or int(events.iloc[-1]) <= most:
        return run
    kept = max(1, int((events <= most).sum()))
    return run.select(replicates=events.index[:kept].tolist())


def _only(table: pd.DataFrame, regimes: list[str]) -> pd.DataFrame:
    return table if table.empty else table[table["regime"].isin(regimes)]


def _tail(run: Run) -> tuple[pd.DataFrame, str]:
    if HARM not in run.outcomes:
        return pd.DataFrame(), ""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", NoMeanWarning)
        tail = tail_of_harm(run.outcomes)
    said = [str(one.message) for one in caught if issubclass(one.category, NoMeanWarning)]
    return _only(tail, run.regimes), " ".join(said)


def _detection(run: Run) -> tuple[pd.DataFrame, pd.DataFrame, str]:
    """Of the kind of event whose causes are fixed; where there is none, of the most frequent."""
    if run.events.empty:
        return pd.DataFrame(), pd.DataFrame(), ""
    fixed = detection.shares_by_time(run, "fixed", months=_MONTHS, n_resamples=_N_RESAMPLES)
    kinds = (fixed if len(fixed) else run.events)["kind"].astype(str)
    kind = str(kinds.mode().iloc[0])
    events = run.events[(run.events["kind"].astype(str) == kind).to_numpy()]
    seen = detection.shares_by_time(run, "seen", events, months=_MONTHS, n_resamples=_N_RESAMPLES)
    return seen, fixed[fixed["kind"].astype(str) == kind] if len(fixed) else fixed, kind


def _harm_so_far(run: Run) -> xr.DataArray | None:
    try:
        series = run.series
    except ValueError:  # points that have no place in a grid of regimes and worlds
        return None
    if HARM not in series:
        return None
    harm = series[HARM].sel(regime=run.regimes)
    total = harm.fillna(0).cumsum("time").where(harm.notnull())
    # By quarter, counted from the end: every month would be no clearer, and three times as long.
    total = total.isel(time=slice((total.sizes["time"] - 1) % 3, None, 3))
    return total.assign_attrs(units="M$", long_name="harm so far")


def _story(run: Run, reference: str) -> Story | None:
    """The replicate of median harm under the reference: an ordinary one, not the worst."""
    own = run.outcomes[(run.outcomes["regime"] == reference).to_numpy()]
    if HARM not in own or own.empty:
        return None
    own = own[own["world"] == own["world"].min()].sort_values(HARM)
    row = own.iloc[(len(own) - 1) // 2]
    events = run.events[(run.events["run"] == row.name).to_numpy()]
    if events.empty:
        return None
    ended = row.get(_ENDED, np.nan)
    return Story(
        title=f"{reference}, replicate {row['replicate']}: the one of median harm",
        events=events,
        ended=None if np.isnan(ended) else float(ended),
    )
