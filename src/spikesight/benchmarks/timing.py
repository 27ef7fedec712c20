"""What benchmarks measure with: a stopwatch, and the rate of this machine's arithmetic."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba
import numpy as np


def timed(work: Callable[[], Any]) -> float:
    """Return the seconds that `work` takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def cpu_timed(work: Callable[[], Any]) -> float:
    """Return the seconds of processor that `work` takes in this thread: waiting for others is not counted."""
    started = time.thread_time()
    work()
    return time.thread_time() - started


def resident() -> int:
    """Return the bytes of memory that this process holds now; 0 where the system does not say."""
    status = Path("/proc/self/statm")
    return int(status.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") if status.exists() else 0


def seconds_per_flop() -> float:
    """Return the time of one float32 addition or multiplication, on numbers in the first cache: the best of seven."""
    values = np.ones(1024, np.float32)
    _multiply_and_add(values, np.float32(0.5), np.float32(0.5), 1)
    repeats = 20_000
    best = min(
        cpu_timed(lambda: _multiply_and_add(values, np.float32(0.5), np.float32(0.5), repeats)) for _ in range(7)
    )
    return best / (2 * repeats * values.size)


@numba.njit
def _multiply_and_add(values, factor, term, repeats):  # type: ignore[no-untyped-def]
    for _ in range(repeats):
        for i in range(values.size):
            values[i] = values[i] * factor + term
