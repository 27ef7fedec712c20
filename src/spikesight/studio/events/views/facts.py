"""What a file of events is: its format, sensor and clock, and how far it has been read."""

from __future__ import annotations

from typing import Any

from spikesight.studio.events.open_events import OpenEvents
from spikesight.studio.query import Query
from spikesight.studio.shown import Empty
from spikesight.studio.view import View

MOST_TRIGGERS = 2000


def answer(opened: OpenEvents, query: Query) -> dict[str, Any]:
    """Return the facts; while the file is read, `reading` is true and `read_so_far` counts its events.

    `t_first_us`, `t_last_us` are absolute and text, as a page has no whole numbers of 64 bits. `gaps` (N, 2) are silent
    stretches, `triggers` and `frames` times; of more triggers than fit the first stand, of `trigger_count`.
    """
    source = opened.file.source
    known = {
        "name": opened.name,
        "format": opened.file.format.name,
        "title": opened.file.format.title,
        "bytes": source.size,
        "reading": opened.reading,
        "read_so_far": opened.read_so_far,
    }
    try:
        seen = opened.recorded
    except Empty as reason:
        return {**known, "empty": str(reason)}
    return {
        **known,
        "variant": seen.variant,
        "width": seen.width,
        "height": seen.height,
        "count": len(seen),
        "on": int(seen.on_before[-1]),
        "t_first_us": str(seen.begin),
        "t_last_us": str(seen.begin + seen.duration - 1),
        "duration": seen.duration,
        "backward_steps": seen.backward_steps,
        "gaps": [[int(first) - seen.begin, int(last) - seen.begin] for first, last in seen.gaps],
        "gap_count": seen.gap_count,
        "triggers": (seen.triggers.t[:MOST_TRIGGERS] - seen.begin).tolist(),
        "trigger_count": len(seen.triggers.t),
        "frames": len(seen.frames.t),
        "inertial": len(seen.inertial.t),
        "notes": list(seen.notes),
    }


VIEW = View(answer, "Facts")
