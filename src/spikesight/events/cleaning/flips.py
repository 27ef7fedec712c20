"""The mirrored scene, and the scene whose light is turned round."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from spikesight.events.stream import EventStream


@dataclass(frozen=True)
class FlipLeftRight:
    """Left becomes right."""

    def __call__(self, events: EventStream) -> EventStream:
        """Return all events at their mirrored places."""
        return replace(events, x=np.uint16(events.width - 1) - events.x).after(repr(self))


@dataclass(frozen=True)
class FlipUpsideDown:
    """Above becomes below."""

    def __call__(self, events: EventStream) -> EventStream:
        """Return all events at their mirrored places."""
        return replace(events, y=np.uint16(events.height - 1) - events.y).after(repr(self))


@dataclass(frozen=True)
class FlipPolarity:
    """ON becomes OFF: the scene as its negative."""

    def __call__(self, events: EventStream) -> EventStream:
        """Return all events with the other polarity."""
        return replace(events, p=~events.p).after(repr(self))
