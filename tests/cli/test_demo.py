"""`fingers demo` in a pipe and on a terminal of its own."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import time

import pytest
from cli_program import ROOT, Program, program

pytest_plugins = ("cli_fixtures",)
pytestmark = pytest.mark.program

CLAIMS = sorted(path.stem for path in (ROOT / "configs" / "claims").glob("*.json"))


@pytest.mark.parametrize("claim", CLAIMS)
def test_every_claim_plays_in_a_pipe(fingers: Program, claim: str) -> None:
    said = fingers("demo", claim, "--replicates", "1")
    assert "\x1b" not in said.out
    assert "1 replicates of each regime" in said.out
    assert "It is no forecast" in said.out
    assert said.err == ""


def test_the_same_words_give_the_same_lines(fingers: Program) -> None:
    words = ("demo", "--replicates", "3", "--speed", "0")
    assert fingers(*words).out == fingers(*words).out


@pytest.mark.parametrize("speed", ["-1", "1001", "fast"])
def test_a_speed_that_is_none_is_refused(fingers: Program, speed: str) -> None:
    assert "--speed" in fingers("demo", "--speed", speed, code=2).err


def test_an_unknown_claim_is_refused_with_the_nearest_and_the_list(fingers: Program) -> None:
    said = fingers("demo", "eyebals", code=2).err
    assert 'did you mean "eyeballs"?' in said
    assert all(claim in " ".join(said.split()) for claim in CLAIMS)


def on_terminal(*words: str, seconds: float = 0, **environment: str) -> tuple[str, int]:
    """What a terminal is sent, and the exit code; after so many seconds Ctrl-C is pressed."""
    leader, follower = pty.openpty()
    env = {key: value for key, value in os.environ.items() if key != "NO_COLOR"}
    process = subprocess.Popen([program(), "demo", *words], stdout=follower, stderr=follower,
                               env={**env, "TERM": "xterm-256color", **environment})  # fmt: skip
    os.close(follower)
    started = time.monotonic()
    interrupted = seconds == 0
    sent = b""
    while True:
        if not interrupted and time.monotonic() - started > seconds:
            process.send_signal(signal.SIGINT)
            interrupted = True
        try:
            part = os.read(leader, 65536)
        except OSError:
            break
        if not part:
            break
        sent += part
    os.close(leader)
    return sent.decode(), process.wait(timeout=60)


def test_a_terminal_is_drawn_on_and_left_clean() -> None:
    sent, code = on_terminal("--speed", "0", "--replicates", "1")
    assert code == 0
    assert "\x1b[38;5;" in sent
    assert sent.index("\x1b[?25l") < sent.index("\x1b[?25h") < sent.index("It is no forecast")
    plain, _ = on_terminal("--speed", "0", "--replicates", "1", NO_COLOR="1")
    assert "\x1b[38;5;" not in plain
    assert "\x1b[1m" not in plain


def test_ctrl_c_leaves_the_terminal_clean() -> None:
    sent, code = on_terminal("--speed", "4", seconds=1)
    assert code == 130
    assert sent.rstrip().endswith("\x1b[?25h\x1b[?1049l")
