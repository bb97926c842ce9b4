"""All tables of coverage, as they stand in docs/intervals.md."""

from __future__ import annotations

from collections.abc import Iterator

from enough_fingers import coverage, coverage_measures
from enough_fingers.coverage import Coverages
from enough_fingers.coverage_looks import looks

REPETITIONS = 4000


def tables(repetitions: int = REPETITIONS) -> Iterator[Coverages]:
    """Measures every interval that the package prints, one kind after the other.

    Args:
        repetitions: Samples of each law and size; of what takes a bootstrap, fewer.

    Yields:
        The tables. A share of .95 has a standard error of .003 with 4000 repetitions, .005 with
        2000, .007 with 1000 and .015 with 200.
    """
    half, quarter = max(1, repetitions // 2), max(1, repetitions // 4)
    yield coverage.probabilities()
    yield coverage.differences()
    yield coverage.means(repetitions)
    yield coverage.mean_differences(repetitions)
    yield coverage.bootstrapped_means(quarter)
    yield coverage.quantiles(quarter)
    yield coverage.ratios(quarter)
    yield coverage.break_evens(repetitions)
    yield coverage.regime_places(half)
    yield coverage.rank_correlations(max(1, repetitions // 20))
    yield coverage_measures.rates(half)
    yield coverage_measures.clumped_shares(half)
    yield coverage_measures.tail_indices(half)
    yield coverage_measures.clumped_tails(max(1, quarter // 2))
    yield coverage_measures.survivals(quarter)
    yield coverage_measures.curves(quarter)
    yield coverage_measures.frontiers(half)
    yield looks(half)


def markdown(repetitions: int = REPETITIONS) -> str:
    """All tables.

    Args:
        repetitions: As `tables` takes them.

    Returns:
        The block of docs/intervals.md.
    """
    return "\n".join(table.markdown() for table in tables(repetitions))
