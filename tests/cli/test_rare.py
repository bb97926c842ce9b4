"""`fingers rare`: rare events by splitting, as text and as JSON."""

from __future__ import annotations

import json
import math
import statistics

import pytest
from cli_program import TINY, Program, with_changes

pytest_plugins = ("cli_fixtures",)
pytestmark = pytest.mark.program

#: Bad actors of equal rates: their attempts of a year add up to a Poisson count.
RARE = with_changes(
    population={**TINY["population"], "bad_actors": {"count": 50, "attempts_shape": "infinite"}},
    experiment={
        "regimes": ["open-weights-permissive"],
        "splitting": {
            "score": "attempts",
            "threshold": 156,
            "trajectories": 100,
            "plain_runs": 200,
        },
    },
)


def asking(**members: object) -> dict[str, object]:
    """The tiny config with other members of experiment.splitting."""
    splitting = {**RARE["experiment"]["splitting"], **members}
    return {**RARE, "experiment": {**RARE["experiment"], "splitting": splitting}}


def jackknife(estimates: list[float], reduction: float) -> list[float]:
    """Student's 95 % over pseudo-values of the logarithm of the reduction."""

    def log_need(values: list[float]) -> float:
        mean = statistics.fmean(values)
        return math.log(mean * (1 - mean) / statistics.variance(values))

    n, all_of_them = len(estimates), log_need(estimates)
    pseudo = [
        n * all_of_them - (n - 1) * log_need(estimates[:i] + estimates[i + 1 :]) for i in range(n)
    ]
    half = 2.093024 * statistics.stdev(pseudo) / math.sqrt(n)
    middle = statistics.fmean(pseudo) - all_of_them
    return [reduction * math.exp(middle - half), reduction * math.exp(middle + half)]


def test_an_estimate_comes_with_interval_cost_and_plain_runs(fingers: Program) -> None:
    fingers.write("rare.json", RARE)
    said = fingers("rare", "rare.json", "-o", "one.json", "--threads", "1")
    assert said.out.startswith("event    sum of attempts >= 156, within 1 years\n")
    found = json.loads((fingers.folder / "one.json").read_text())
    (point,) = found["points"]
    assert point["usable"]
    assert point["doubts"] == []
    low, high = point["interval"]
    assert 0 < low < point["probability"] < high < 1
    assert len(point["estimates"]) == point["repetitions"] == 20
    assert math.isclose(sum(point["estimates"]) / 20, point["probability"])
    assert point["reduction"] > 1
    assert point["reduction_interval"] == pytest.approx(
        jackknife(point["estimates"], point["reduction"]), rel=1e-3
    )
    assert point["levels"][-1]["level"] == 156
    assert point["levels"][-1]["plain_runs"] == 200


def test_threads_decide_nothing(fingers: Program) -> None:
    fingers.write("rare.json", RARE)
    one = fingers("rare", "rare.json", "-o", "one.json", "--threads", "1")
    two = fingers("rare", "rare.json", "-o", "two.json", "--threads", "2")
    assert one.out == two.out
    assert (fingers.folder / "one.json").read_bytes() == (fingers.folder / "two.json").read_bytes()
    other = fingers("rare", "rare.json", "--threads", "2", "--seed", "6")
    assert other.out != one.out


def test_where_splitting_does_not_help_plain_runs_speak(fingers: Program) -> None:
    fingers.write("never.json", asking(threshold=1e9, trajectories=10))
    said = fingers("rare", "never.json", "-o", "never.out.json", code=2)
    assert "not usable: splitting does not help here" in said.out
    assert "no repetition reached the threshold" in said.out
    assert "plain runs   0 of 200: at most 1.5 %" in said.out
    (point,) = json.loads((fingers.folder / "never.out.json").read_text())["points"]
    assert point["probability"] is None
    assert point["interval"] is None
    assert [doubt["name"] for doubt in point["doubts"]] == ["never_reached"]


def test_mistakes_are_said_at_their_place(fingers: Program) -> None:
    fingers.write("wrong.json", asking(score="attempt"))
    said = fingers("rare", "wrong.json", code=2)
    assert "/experiment/splitting/score" in said.err
    assert 'did you mean "attempts"?' in said.err
    fingers.write("few.json", asking(repetitions=19))
    assert "/experiment/splitting/repetitions" in fingers("rare", "few.json", code=2).err
    fingers.write("none.json", with_changes())
    assert "asks for no rare event" in fingers("rare", "none.json", code=2).err


def test_a_run_is_the_same_with_and_without_the_question(fingers: Program) -> None:
    fingers.write("rare.json", {**RARE, "experiment": {**RARE["experiment"], "replicates": 2}})
    plain = {"regimes": RARE["experiment"]["regimes"], "replicates": 2}
    fingers.write("plain.json", {**RARE, "experiment": plain})
    fingers("run", "rare.json")
    fingers("run", "plain.json")
    digest = [fingers("info", name, "--digest").out.split()[0] for name in ("rare.h5", "plain.h5")]
    assert digest[0] == digest[1]
