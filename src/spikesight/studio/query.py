"""What a request asks for, checked once at the door."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from spikesight.base.errors import InputError, UnknownName

MOST_BINS = 4096
MOST_ROWS = 2048
LONGEST_TEXT = 8000
"""Characters of a parameter: room for a statement of SQL."""


@dataclass(frozen=True)
class Query:
    """One question about a run. Times are seconds of simulated time.

    `t0`, `t1`: the window, None for the ends of the run. `at`: the cursor, None for the newest moment. `bins`, `rows`:
    the finest raster that the asker can show. `layer`, `projection`: a population, a bundle of synapses; None for the
    one that the view prefers. `unit`: a unit of that layer. `other`: the run to compare with. `options`: parameters
    of the view's own, as text.
    """

    t0: float | None = None
    t1: float | None = None
    at: float | None = None
    bins: int = 800
    rows: int = 128
    unit: int | None = None
    layer: str | None = None
    projection: str | None = None
    other: str | None = None
    options: Mapping[str, str] = field(default_factory=dict)

    def choice(self, name: str, among: Collection[str]) -> str:
        """Return the option `name`, one of `among`; their first where it was not given.   Errors: UnknownName."""
        chosen = self.options.get(name) or next(iter(among))
        if chosen not in among:
            raise UnknownName(name, chosen, among)
        return chosen

    def number(self, name: str, otherwise: float, least: float = -1e300, most: float = 1e300) -> float:
        """Return the option `name` as a number from `least` to `most`.   Errors: InputError."""
        text = self.options.get(name)
        try:
            value = otherwise if text is None else float(text)
        except ValueError:
            value = math.nan
        if not least <= value <= most:
            raise InputError(f"{name} is a number from {least:g} to {most:g}, got '{text}'")
        return value

    def whole(self, name: str, otherwise: int, least: int = 0, most: int = 2**31 - 1) -> int:
        """Return the option `name` as a whole number from `least` to `most`.   Errors: InputError."""
        text = self.options.get(name)
        return otherwise if text is None else _whole(name, text, least, most)

    def text(self, name: str) -> str:
        """Return the option `name` as it was given, '' where it was not."""
        return self.options.get(name, "")


def parse(given: Mapping[str, str], options: Collection[str] = ()) -> Query:
    """Return the question in the parameters of a URL; what is neither known nor one of `options` is refused.

    Errors: InputError, which says what was given and what is expected.
    """
    known: dict[str, Callable[[str, str], Any]] = {
        "t0": _time,
        "t1": _time,
        "at": _time,
        "bins": _count(MOST_BINS),
        "rows": _count(MOST_ROWS),
        "unit": _unit,
        "layer": _text,
        "projection": _text,
        "other": _text,
    }
    unknown = sorted(set(given) - set(known) - set(options))
    if unknown:
        raise InputError(f"no parameter is called '{unknown[0]}'. Known: {', '.join([*known, *options])}")
    common = {name: known[name](name, text) for name, text in given.items() if name in known}
    own = {name: _text(name, text) for name, text in given.items() if name not in known}
    query = Query(**common, options=own)
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


def _text(name: str, text: str) -> str:
    if len(text) > LONGEST_TEXT:
        raise InputError(f"{name} has at most {LONGEST_TEXT} characters, got {len(text)}")
    return text
