"""Places under different rules, against tables worked out by hand."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import pytest

from conftest import Opener
from enough_fingers.layout import grid
from enough_fingers.robustness import (
    Worlds,
    letters,
    places,
    rules,
    told_apart,
    worlds_first,
    worlds_of,
)
from files import Contents

NAN = math.nan
#: Harm of three regimes in three worlds, the same in both replicates: no luck.
#: worlds:     w0  w1  w2    mean  worst  regrets   largest
#: steady       4   4   4       4      4  3  3  0         3
#: gambler      1   1  10       4     10  0  0  6         6
#: middling     3   3   5   11/3      5   2  2  1         2
HARM: dict[str, list[float]] = {"steady": [4, 4, 4], "gambler": [1, 1, 10], "middling": [3, 3, 5]}


def by_world(harm: Mapping[str, Sequence[float]], replicates: int = 2) -> Contents:
    """A file in which every replicate of a regime and world has the same harm."""
    regimes = [regime for regime, values in harm.items() for _ in values]
    worlds = [float(world) for values in harm.values() for world in range(len(values))]
    values = [value for row in harm.values() for value in row for _ in range(replicates)]
    return Contents(
        regimes=regimes,
        replicates=replicates,
        factors={"count": worlds},
        outcomes={"harm_musd": values},
    )


def worlds(outcomes: pd.DataFrame, measure: str = "harm_musd") -> Worlds:
    found = worlds_of(outcomes, measure)
    assert found is not None
    return found


def table(opened: Opener, contents: Contents, measure: str = "harm_musd") -> pd.DataFrame:
    return places(worlds(opened(contents).outcomes, measure))


def column(found: pd.DataFrame, rule: str, name: str) -> dict[str, float]:
    own = found[found["rule"] == rule]
    return dict(zip(own["regime"], own[name], strict=True))


def test_rules_disagree_as_worked_out_by_hand(opened: Opener) -> None:
    found = table(opened, by_world(HARM))
    assert column(found, "Mean over worlds", "value") == pytest.approx(
        {"steady": 4, "gambler": 4, "middling": 11 / 3}
    )
    assert column(found, "Mean over worlds", "order") == {
        "steady": 2.5,
        "gambler": 2.5,
        "middling": 1,
    }
    assert column(found, "Worst world", "value") == {"steady": 4, "gambler": 10, "middling": 5}
    assert column(found, "Worst world", "order") == {"steady": 1, "gambler": 3, "middling": 2}
    assert column(found, "Largest regret", "value") == {"steady": 3, "gambler": 6, "middling": 2}
    assert column(found, "Largest regret", "order") == {"steady": 2, "gambler": 3, "middling": 1}


def test_regret_at_the_90_percent_point_lies_between_order_statistics(opened: Opener) -> None:
    found = table(opened, by_world(HARM))
    # Of 0 0 6 the 90 % point lies at 0.9·2 = 1.8: 0 + 0.8·6.
    assert column(found, "Regret, 90 % point", "value") == pytest.approx(
        {"steady": 3, "gambler": 4.8, "middling": 2}
    )


def test_hurwicz_mixes_worst_and_kindest_world_by_optimism(opened: Opener) -> None:
    found = table(opened, by_world(HARM))
    assert column(found, "Hurwicz, optimism 0.25", "value") == {
        "steady": 4,
        "gambler": 0.25 * 1 + 0.75 * 10,
        "middling": 0.25 * 3 + 0.75 * 5,
    }
    assert column(found, "Hurwicz, optimism 0.75", "order") == {
        "steady": 3,
        "gambler": 1,
        "middling": 2,
    }


def test_of_a_freedom_more_is_wanted_but_regret_stays_positive(opened: Opener) -> None:
    contents = by_world({"closed": [0.25, 0.5], "open": [0.75, 0.5]})
    contents = Contents(
        regimes=contents.regimes,
        factors=contents.factors,
        outcomes={"freedom_0_exercisable": contents.outcomes["harm_musd"]},
    )
    found = table(opened, contents, "freedom_0_exercisable")
    assert column(found, "Worst world", "value") == {"closed": 0.25, "open": 0.5}
    assert column(found, "Worst world", "order") == {"closed": 2, "open": 1}
    assert column(found, "Largest regret", "value") == {"closed": 0.5, "open": 0}


def test_a_year_or_none_is_ranked_by_how_often_it_came(opened: Opener) -> None:
    years = [2025.0, 2030, NAN, NAN, NAN, 2026, NAN, NAN]
    contents = Contents(
        regimes=("closed", "closed", "open", "open"),
        factors={"count": [1, 2, 1, 2]},
        outcomes={"first_catastrophe_year": years},
    )
    found = table(opened, contents, "first_catastrophe_year")
    assert column(found, "Worst world", "value") == {"closed": 1.0, "open": 0.5}
    assert column(found, "Mean over worlds", "order") == {"closed": 2, "open": 1}
    assert set(found["statistic"]) == {"probability"}


def test_harm_is_ranked_by_a_truncated_mean_with_its_cap_named(opened: Opener) -> None:
    found = table(opened, by_world(HARM))
    assert found["statistic"].str.startswith("mean of min(x, ").all()


def test_in_one_world_rules_coincide(opened: Opener) -> None:
    found = table(opened, by_world({"a": [3], "b": [1], "c": [2]}))
    for rule in rules():
        assert column(found, rule.name, "order") == {"a": 3, "b": 1, "c": 2}


def test_no_rule_where_the_wanted_direction_is_a_matter_of_view(opened: Opener) -> None:
    outcomes = opened(Contents(outcomes={"averted_events": [1.0, 2, 3, 4]})).outcomes
    assert worlds_of(outcomes, "averted_events") is None


def test_places_that_chance_cannot_tell_apart_are_shared(opened: Opener) -> None:
    # a and b differ by less than they scatter; c is far behind both in every replicate.
    a, b = [1.0, 9, 5, 3, 8, 2], [2.0, 8, 4, 4, 7, 4]
    contents = Contents(
        regimes=("a", "b", "c"),
        replicates=6,
        outcomes={"harm_musd": [*a, *b, *(x + 100 for x in b)]},
    )
    found = table(opened, contents)
    mean = found[found["rule"] == "Mean over worlds"].set_index("regime")
    assert list(mean["first"]) == [1, 1, 3]
    assert list(mean["last"]) == [2, 2, 3]
    assert list(mean["letters"]) == ["a", "a", "b"]


def test_pairs_tell_apart_what_levels_cannot(opened: Opener) -> None:
    # Levels overlap wholly, but b is one more in every replicate.
    a = [1.0, 90, 50, 30, 80, 20]
    contents = Contents(
        regimes=("a", "b"), replicates=6, outcomes={"harm_musd": [*a, *(x + 1 for x in a)]}
    )
    outcomes = opened(contents).outcomes
    mean = places(worlds(outcomes), rules(())[:1]).set_index("regime")
    assert (mean["first"] == mean["last"]).all()


def test_equal_regimes_share_all_places() -> None:
    rng = np.random.default_rng(3)
    drawn = rng.normal(size=(300, 1)) + np.zeros((1, 4))
    before = told_apart(np.zeros(4), drawn, 300)
    assert not before.any()
    assert letters(np.zeros(4), before) == ["a"] * 4


def test_idle_differences_are_rarely_told_apart() -> None:
    # Five regimes without any difference: at 95 % a regime is told from some other in at most
    # about 5 % of repetitions; 300 of them have a standard error of .013, three of them .04.
    rng = np.random.default_rng(9)
    wrong = 0
    for _ in range(300):
        sample = rng.normal(size=(40, 5))
        index = rng.integers(0, 40, (200, 40))
        before = told_apart(sample.mean(axis=0), sample[index].mean(axis=1), 40)
        wrong += bool(before[0].any() or before[:, 0].any())
    assert wrong / 300 < 0.05 + 0.04


def test_letters_join_neighbours_only() -> None:
    # a–b and b–c cannot be told apart, a–c can.
    before = np.array([[False, False, True], [False] * 3, [False] * 3])
    assert letters(np.array([1.0, 2, 3]), before) == ["a", "ab", "b"]


def test_without_a_second_replicate_only_equal_numbers_share_a_place(opened: Opener) -> None:
    found = table(opened, by_world({"a": [3], "b": [3], "c": [2]}, replicates=1))
    mean = found[found["rule"] == "Mean over worlds"].set_index("regime")
    assert list(mean["first"]) == [2, 2, 1]
    assert list(mean["last"]) == [3, 3, 1]
    assert set(mean["unit"]) == {"none"}


def test_worlds_first_counts_worlds_and_ties(opened: Opener) -> None:
    first = worlds_first(worlds(opened(by_world({"a": [1, 5, 2], "b": [2, 4, 2]})).outcomes))
    rows = first.set_index("regime")
    assert list(rows["alone"]) == [1, 1]
    assert list(rows["shared"]) == [2, 2]
    assert list(rows["n"]) == [3, 3]


def sampled(n: int = 30, replicates: int = 2) -> Contents:
    """Two factors that are drawn, not chosen: n worlds of n² combinations."""
    rng = np.random.default_rng(2)
    first, second = rng.permutation(n) / n, rng.permutation(n) / n
    harm = {"closed": np.full(n, 0.5), "open": first}
    values = [float(x) for row in harm.values() for x in np.repeat(row, replicates)]
    return Contents(
        regimes=["closed"] * n + ["open"] * n,
        replicates=replicates,
        factors={"used": [*first, *first], "idle": [*second, *second]},
        outcomes={"harm_musd": values},
    )


def test_of_a_sampled_design_worlds_are_drawn_anew(opened: Opener) -> None:
    outcomes = opened(sampled()).outcomes
    assert outcomes.attrs["sampled"]
    laid = grid(outcomes, "harm_musd")
    assert (laid.unit, laid.values.shape) == ("world", (2, 2, 30))
    found = worlds(outcomes)
    assert (found.unit, found.n_units) == ("world", 30)
    assert found.drawn(0, 5).shape == (5, 2, 30)


def test_of_a_grid_replicates_are_drawn_anew_over_all_worlds_together(opened: Opener) -> None:
    outcomes = opened(by_world(HARM)).outcomes
    assert not outcomes.attrs["sampled"]
    assert worlds(outcomes).unit == "replicate"


def test_worlds_without_every_replicate_still_count_where_worlds_are_drawn(
    opened: Opener,
) -> None:
    contents = sampled(n=20)
    status = [0] * contents.n_runs
    status[0] = 1
    missing = Contents(**{**vars(contents), "status": status})
    found = worlds(opened(missing).outcomes)
    assert found.n_units == 20
    assert found.loss[0, 0] == pytest.approx(0.5)
