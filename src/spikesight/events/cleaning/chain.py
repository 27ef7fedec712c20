"""One thing after the other is done to a stream."""

from __future__ import annotations

from typing import Protocol

from spikesight.events.stream import EventStream


class Cleaning(Protocol):
    """Anything that makes a stream of a stream."""

    def __call__(self, events: EventStream, /) -> EventStream:
        """Return a new stream; `events` stays as it is."""


def clean(events: EventStream, *steps: Cleaning) -> EventStream:
    """Return the events after all `steps`, the first one first.   Errors: those of the steps."""
    for step in steps:
        events = step(events)
    return events
