"""What the baseline's mix of regimes came to, beside the targets that it was set by.

The targets are stylised facts and forecasts (docs/baseline.md names their sources). They fix the
scale of guesses, so that no side of an argument is decided by it; they are not evidence for the
model.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from enough_fingers.distributions import Floats
from enough_fingers.intervals import Estimate, nothing, order_statistics, probability
from enough_fingers.load import Run
from enough_fingers.resampling import bootstrap, median, ratio_of

#: A death toll of 10 % of people at the value of a statistical life that scales harm [M$].
TENTH_OF_PEOPLE_MUSD = 4e9
#: Harm of this kind means deaths, so that "50 deaths or more" can hold (M18).
DEADLY_DOMAINS = ("bio",)
MALICIOUS = ("misuse", "exploit", "state_attack")
DEADLY_KINDS = ("loss_of_control", "state_attack", "capture")
# Why pooled events have no interval here: their number is not that of independent observations.
_SHARED = "events of one replicate share its draws"


@dataclass(frozen=True)
class Target:
    """A stylised fact, and how a run says it.

    Attributes:
        name: What is measured.
        unit: Of the value.
        low: Least value that counts as met.
        high: Greatest one.
        source: Whose number.
        measure: What the run says.
    """

    name: str
    unit: str
    low: float
    high: float
    source: str
    measure: Callable[[Run], Estimate]


def compare(run: Run) -> pd.DataFrame:
    """Each target beside what came out.

    Args:
        run: Results of `configs/todays-mix.json`, or of another mix.

    Returns:
        One row a target: target, unit, low, high, value, standard_error, value_low, value_high, n,
        method, met, source. `met` says whether the value lies within the target; the interval
        covers chance alone.
    """
    rows = []
    for target in TARGETS:
        estimate = target.measure(run)
        rows.append(
            {
                "target": target.name,
                "unit": target.unit,
                "low": target.low,
                "high": target.high,
                "value": estimate.value,
                "standard_error": estimate.standard_error,
                "value_low": estimate.low,
                "value_high": estimate.high,
                "n": estimate.n,
                "method": estimate.method,
                "met": bool(target.low <= estimate.value <= target.high),
                "source": target.source,
            }
        )
    return pd.DataFrame(rows)


def as_markdown(table: pd.DataFrame) -> str:
    """The table of `compare` for docs/baseline.md."""
    lines = [
        "| target | unit | asked | came out | standard error | 95 % by chance | |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in table.to_dict("records"):
        low, high = float(row["value_low"]), float(row["value_high"])
        chance = f"{low:.3g} to {high:.3g}" if math.isfinite(low) else row["method"]
        error = f"{row['standard_error']:.2g}" if math.isfinite(row["standard_error"]) else ""
        lines.append(
            f"| {row['target']} | {row['unit']} | {row['low']:g} to {row['high']:g} "
            f"| {row['value']:.3g} | {error} | {chance} | {'met' if row['met'] else '**missed**'} |"
        )
    return "\n".join(lines) + "\n"


def _years(run: Run) -> float:
    return float(run.config["time"]["years"])


def _start(run: Run) -> float:
    return float(run.config["time"]["start_year"])


def _harms(run: Run) -> pd.DataFrame:
    return run.events[~run.events["averted"]]


def _hazard(run: Run, rows: pd.DataFrame) -> Estimate:
    """Yearly hazard of a first event among rows, from the share of replicates that had one."""
    share = probability(rows["run"].nunique(), len(run.outcomes))
    value, low, high = (
        -math.log1p(-min(end, 1 - 1e-12)) / _years(run)
        for end in (share.value, share.low, share.high)
    )
    error = share.standard_error / max(1e-12, 1 - share.value) / _years(run)
    method = f"{share.method}, as a hazard"
    return Estimate(value, low, high, share.n, method, share.count, error)


def _catastrophes(run: Run) -> Estimate:
    return _hazard(run, _harms(run)[_harms(run)["catastrophic"]])


def _tenth_of_people(run: Run) -> Estimate:
    rows = _harms(run)
    deadly = rows["kind"].isin(DEADLY_KINDS) | rows["domain"].isin(DEADLY_DOMAINS)
    return _hazard(run, rows[deadly & (rows["severity_musd"] >= TENTH_OF_PEOPLE_MUSD)])


def _reported(run: Run, year: float) -> pd.DataFrame:
    """Events through AI that became known in a calendar year."""
    rows = _harms(run)
    seen = rows["seen_at"]
    return rows[(rows["route"] != "none") & (seen >= year) & (seen < year + 1)]


def _reported_in(run: Run, year: float, kinds: tuple[str, ...] = ()) -> Floats:
    rows = _reported(run, year)
    counts = (
        rows[rows["kind"].isin(kinds)]["run"].value_counts()
        if kinds
        else rows["run"].value_counts()
    )
    return np.asarray(counts.reindex(run.outcomes.index, fill_value=0), dtype=np.float64)


def _incidents_2025(run: Run) -> Estimate:
    return order_statistics(_reported_in(run, 2025.0), 0.5)


def _growth(run: Run) -> Estimate:
    """Growth a year of reported incidents from 2025 to 2027, medians over replicates."""

    def growth(first: Floats, last: Floats) -> Floats:
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.sqrt(median(last) / median(first))

    return bootstrap((_reported_in(run, 2025.0), _reported_in(run, 2027.0)), growth)


def _malicious_2025(run: Run) -> Estimate:
    return order_statistics(_reported_in(run, 2025.0, MALICIOUS), 0.5)


def _malicious(run: Run) -> Estimate:
    """Of all reports together; reports of a replicate share its draws, so replicates count."""
    return ratio_of(_reported_in(run, 2025.0, MALICIOUS), _reported_in(run, 2025.0))


def _losses(run: Run) -> Floats:
    """Logarithms of single losses through AI that became known in the first two years [ln $]."""
    rows = _harms(run)
    early = rows["time"] < _start(run) + 2
    known = rows["seen_at"].notna() & (rows["route"] != "none") & (rows["kind"] == "misuse")
    return np.log(rows.loc[early & known, "severity_musd"].to_numpy(dtype=float) * 1e6)


def _loss_median(run: Run) -> Estimate:
    losses = _losses(run)
    value = float(np.exp(np.median(losses))) if losses.size else math.nan
    return nothing(losses.size, value, _SHARED)


def _loss_sigma(run: Run) -> Estimate:
    losses = _losses(run)
    return nothing(losses.size, float(np.std(losses)) if losses.size else math.nan, _SHARED)


def _per_host(run: Run) -> Estimate:
    """Bans a year per monitored lab of the regime under study, over the first two years [M]."""
    labs = [group for group in run.config["labs"].values() if not group.get("regime")]
    n_hosts = sum(int(group["count"]) for group in labs)
    bans = _early(run, "bans") / n_hosts / 1e6
    return order_statistics(bans, 0.5)


def _early(run: Run, name: str) -> Floats:
    """Sum of a quantity over the first two years, a year, one for each replicate."""
    series = run.series_by_run
    early = series["time"].to_numpy() < _start(run) + 2
    sums: Floats = np.nansum(series[name].to_numpy()[:, early], axis=1) / 2
    return sums


def _wrongful(run: Run) -> Estimate:
    bans = _early(run, "bans")
    shares = np.divide(_early(run, "wrongful_bans"), bans, out=np.zeros_like(bans), where=bans > 0)
    return order_statistics(shares, 0.5)


def _weights_share(run: Run) -> Estimate:
    series = run.series_by_run
    at = int(np.searchsorted(series["time"].to_numpy(), 2025.5))
    return order_statistics(series["weights_use_share"].to_numpy()[:, at].astype(np.float64), 0.5)


def _open_lag(run: Run) -> Estimate:
    """Months by which the best weights follow the frontier, at the end of 2025, by its own path."""
    series = run.series_by_run
    time = series["time"].to_numpy()
    at = int(np.searchsorted(time, 2026.0))
    frontier, weights = (series[name].to_numpy() for name in ("frontier_oom", "weights_oom"))
    lags = []
    for path, level in zip(frontier, weights[:, at], strict=True):
        first = int(np.argmax(path >= level - 1e-9))
        lags.append(12 * (time[at] - time[first]))
    return order_statistics(np.asarray(lags, dtype=np.float64), 0.5)


def _gated_leak(run: Run) -> Estimate:
    """Median days until gated weights leak, as the rate implies."""
    rate = float(run.config["mechanisms"]["leaks"]["gated_per_year"])
    return nothing(len(run.outcomes), 365.25 * math.log(2) / rate, "follows from the config")


def _detection(share: float) -> Callable[[Run], Estimate]:
    def measure(run: Run) -> Estimate:
        rows = run.events[run.events["kind"] == "diffuse"]
        delays = (rows["seen_at"] - rows["began_at"]).fillna(math.inf).to_numpy(dtype=float) * 12
        if delays.size == 0:
            return nothing(0)
        value = float(np.quantile(delays, share, method="inverted_cdf"))
        return nothing(delays.size, value, _SHARED)

    return measure


TARGETS = (
    Target("first event of $100 B or more", "1/yr", 0.018, 0.049,
           "forecasts of experts and the public", _catastrophes),
    Target("event that kills over 10 % of people", "1/yr", 3e-4, 2e-3,
           "forecasts of experts and the public", _tenth_of_people),
    Target("reported incidents in 2025", "1/yr", 360, 440, "AI Incident Database", _incidents_2025),
    Target("their growth, 2025 to 2027", "x/yr", 1.4, 1.8, "AI Incident Database", _growth),
    Target("malicious ones of these", "1/yr", 180, 264, "AI Incident Database", _malicious_2025),
    Target("malicious share of them", "share", 0.5, 0.6, "AI Incident Database", _malicious),
    Target("median single loss", "$", 3e4, 3e5, "largest amounts named per incident", _loss_median),
    Target("sigma of ln(loss)", "1", 2.5, 3.7, "largest amounts named per incident", _loss_sigma),
    Target("bans a year and large host", "M", 1, 4, "reports of providers", _per_host),
    Target("wrongful share of bans", "share", 0.001, 0.036, "reports of providers", _wrongful),
    Target("open weights in use, 2025", "share", 0.2, 0.4, "routed tokens", _weights_share),
    Target("open-closed lag, end of 2025", "month", 1, 7, "Epoch AI", _open_lag),
    Target("gated weights leak (median)", "day", 7, 90, "five gated releases", _gated_leak),
    Target("a blatant diffuse harm is seen after (5 % point)", "month", 0, 1,
           "a rollback after days", _detection(0.05)),
    Target("a faint one after (median)", "month", 6, 36, "17 months in one case",
           _detection(0.5)),
)  # fmt: skip
