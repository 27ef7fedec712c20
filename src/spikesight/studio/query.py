"""What a request asks for, checked once at the door."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from spikesight.base.errors import InputError

MOST_BINS = 4096
MOST_ROWS = 2048


@dataclass(frozen=True)
class Query:
    """One question about a run. Times are seconds of simulated time.

    `t0`, `t1`: the window, None for the ends of the run. `at`: the cursor, None for the newest moment. `bins`, `rows`:
    the finest raster that the asker can show. `unit`: a unit of the population whose receptive fields are shown.
    """

    t0: float | None = None
    t1: float | None = None
    at: float | None = None
    bins: int = 800
    rows: int = 128
    unit: int | None = None


def parse(given: Mapping[str, str]) -> Query:
    """Return the question in the parameters of a URL; unknown parameters are refused.

    Errors: InputError, which says what was given and what is expected.
    """
    known: dict[str, Callable[[str, str], Any]] = {
        "t0": _time,
        "t1": _time,
        "at": _time,
        "bins": _count(MOST_BINS),
        "rows": _count(MOST_ROWS),
        "unit": _unit,
    }
    unknown = sorted(set(given) - set(known))
    if unknown:
        raise InputError(f"no parameter is called '{unknown[0]}'. Known: {', '.join(known)}")
    query = Query(**{name: known[name](name, text) for name, text in given.items()})
    if query.t0 is not None and query.t1 is not None and query.t1 <= query.t0:
        raise InputError(f"a window of time ends after it starts, got t0={query.t0} t1={query.t1}")
    return query


def _time(name: str, text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not math.isfinite(seconds) or abs(seconds) > 1e12:
        raise InputError(f"{name} is a time in seconds, got '{text}'")
    return seconds


def _whole(name: str, text: str, least: int, most: int) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 10 or not least <= int(text) <= most:
        raise InputError(f"{name} is a whole number from {least} to {most}, got '{text}'")
    return int(text)


def _count(most: int) -> Callable[[str, str], int]:
    return lambda name, text: _whole(name, text, 1, most)


def _unit(name: str, text: str) -> int:
    return _whole(name, text, 0, 2**31 - 1)
