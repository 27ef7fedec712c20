"""The events of "What changed?" over time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spikesight.studio.plots.style import ACCENT, SOFT, WRONG, say, say_empty


def draw(axes: Any, answer: Mapping[str, Any]) -> None:
    """Draw the answer of `happened`: a line for each event, with the stretch in which it may have begun."""
    events = answer["events"]
    for row, event in enumerate(events):
        colour = WRONG if event["better"] < 0 else ACCENT if event["better"] > 0 else SOFT
        axes.plot([event["t"], event["end"]], [row, row], color=colour, lw=3, solid_capstyle="butt")
        axes.errorbar(event["t"], row, xerr=event["uncertain"], color=colour, fmt="o", ms=4, lw=1)
    axes.set_yticks(range(len(events)), [f"{event['series']} {event['kind']}" for event in events])
    axes.set_xlim(answer["t0"], answer["t1"])
    axes.invert_yaxis()
    if not events:
        say_empty(axes, "Nothing changed by more than chance would bring.")
    say(axes, "What changed", "simulated time, s")
