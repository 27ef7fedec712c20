"""Events as a short film, a frame for each part of the recording: what a network reads step by step."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from spikesight.events.representations.cuts import Cut, EqualShares
from spikesight.events.representations.frames import count, mark
from spikesight.events.stream import EventStream


@dataclass(frozen=True)
class Film:
    """`film` as a value; 16 frames of equally many events where no other cut is given."""

    cut: Cut = EqualShares(16)

    def __call__(self, events: EventStream) -> NDArray[np.uint32]:
        """Return counts (T, 2, H, W).   Errors: InputError where events are not in order of time."""
        return film(events, self.cut)


@dataclass(frozen=True)
class BinaryFilm:
    """`binary_film` as a value; 16 frames of equally many events where no other cut is given."""

    cut: Cut = EqualShares(16)

    def __call__(self, events: EventStream) -> NDArray[np.bool_]:
        """Return spikes (T, 2, H, W).   Errors: InputError where events are not in order of time."""
        return binary_film(events, self.cut)


def film(events: EventStream, cut: Cut) -> NDArray[np.uint32]:
    """Return how many OFF and ON events each pixel had in each part, (T, 2, H, W).

    Cut by number, the film is fast where it moves fast; cut by time, it is dark where nothing moves.
    Errors: InputError where events are not in order of time.
    """
    frames = np.zeros((cut.parts, 2, events.height, events.width), np.uint32)
    for frame, (begin, end) in zip(frames, pairwise(cut.edges(events)), strict=True):
        count(events.x[begin:end], events.y[begin:end], events.p[begin:end], frame)
    return frames


def binary_film(events: EventStream, cut: Cut) -> NDArray[np.bool_]:
    """Return in which parts each pixel had an OFF event, and an ON event, (T, 2, H, W): spikes of a deep network.

    Errors: InputError where events are not in order of time.
    """
    frames = np.zeros((cut.parts, 2, events.height, events.width), np.bool_)
    for frame, (begin, end) in zip(frames, pairwise(cut.edges(events)), strict=True):
        mark(events.x[begin:end], events.y[begin:end], events.p[begin:end], frame)
    return frames
