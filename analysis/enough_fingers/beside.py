"""Does one thing in a process beside this one, where the system can."""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar

T = TypeVar("T")
# What the other process does; it is handed over by forking, for it may hold what cannot be pickled.
_task: Callable[[], Any] | None = None


def _do() -> Any:  # noqa: ANN401
    assert _task is not None
    return _task()


@contextmanager
def beside(task: Callable[[], T]) -> Iterator[Callable[[], T]]:
    """Begins a task in a copy of this process; where there is but one processor, when it is asked.

    Args:
        task: Takes nothing; what it gives must be picklable. What it changes stays in the copy.

    Yields:
        Waits for the task and answers what it gave, or raises what it raised.
    """
    global _task
    if sys.platform != "linux" or len(os.sched_getaffinity(0)) < 2:
        yield task
        return
    _task = task
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("fork")) as pool:
        future = pool.submit(_do)
        _task = None
        try:
            yield future.result
        finally:
            future.cancel()
