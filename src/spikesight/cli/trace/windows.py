"""Windows as people type them: times with a unit, and stimuli as first:stop."""

from __future__ import annotations

import math
import re
from typing import Any, Final

import click

_UNITS: Final = {"": 1.0, "s": 1.0, "ms": 1e-3, "us": 1e-6, "min": 60.0, "h": 3600.0}
_NUMBER = re.compile(r"(-?\d+(?:\.\d*)?|-?\.\d+)\s*([a-z]*)")
_CLOCK = re.compile(r"(?:(\d+):)?(\d+):(\d\d(?:\.\d*)?)")


class Time(click.ParamType[float]):
    """A time in seconds: `10`, `10s`, `250ms`, `40us`, `2min`, `1:30` (minutes and seconds) or `1:02:30`."""

    name = "time"

    def convert(self, value: Any, parameter: click.Parameter | None, context: click.Context | None) -> float:
        """Read `value`.   Errors: click.BadParameter saying what is understood."""
        text = str(value).strip()
        if found := _CLOCK.fullmatch(text):
            hours, minutes, seconds = (float(part or 0) for part in found.groups())
            return 3600 * hours + 60 * minutes + seconds
        found = _NUMBER.fullmatch(text)
        if found is None or found[2] not in _UNITS or not math.isfinite(float(found[1])):
            self.fail(f"'{value}' is no time: 10s, 250ms, 2min, 1:30 and 1:02:30 are", parameter, context)
        return float(found[1]) * _UNITS[found[2]]


class Stimuli(click.ParamType[tuple[int, int]]):
    """Stimuli by number: `100:200` are those from 100 up to, and without, 200."""

    name = "first:stop"

    def convert(self, value: Any, parameter: click.Parameter | None, context: click.Context | None) -> tuple[int, int]:
        """Read `value`.   Errors: click.BadParameter."""
        found = re.fullmatch(r"(\d{1,10}):(\d{1,10})", str(value).strip())
        if found is None or int(found[1]) >= int(found[2]):
            self.fail(f"'{value}' is no window of stimuli: 100:200 are those from 100 to 199", parameter, context)
        return int(found[1]), int(found[2])
