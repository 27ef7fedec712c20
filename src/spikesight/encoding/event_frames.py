"""Events of a camera as a short film: each frame counts the events of a part of the recording."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError
from spikesight.events.stream import EventStream


def frames_of_equal_number(stream: EventStream, frames: int) -> NDArray[np.uint16]:
    """Return counts (frames, 2, height, width), of OFF and ON events; each frame has as many events, but for one.

    Where it moves fast the film is fast too. Frame k has the events k N / frames to (k + 1) N / frames of N, rounded
    down.   Errors: InputError for no frame, or where events are not in order of time.
    Source: "split by number" of Fang et al., ICCV 2021.
    """
    if frames < 1:
        raise InputError(f"a film has a frame at least, got {frames}")
    cuts = np.arange(frames + 1) * len(stream.in_order()) // frames
    frame = np.repeat(np.arange(frames), np.diff(cuts))
    size = stream.width * stream.height
    places = (frame * 2 + stream.p) * size + stream.pixel
    counts = np.bincount(places, minlength=frames * 2 * size)
    return counts.reshape(frames, 2, stream.height, stream.width).astype(np.uint16)
