"""Events as pictures for people: all of them in one PNG, or a film of equal times as a GIF. ON is blue, OFF is red."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from spikesight.base.atomic import publish, temporary_name
from spikesight.base.errors import InputError
from spikesight.events.stream import EventStream

PAPER = np.array((255, 255, 255), np.float64)
INK = np.array(((190, 45, 40), (30, 95, 185)), np.float64)
"""Colours of OFF and ON; told apart by people who see no red or no green, as one is lighter."""
BRIGHT_SHARE = 0.99
"""Of the pixels with events; busier ones are drawn as busy as that, so that a hot pixel does not pale all others."""
LEAST_SIDE = 256
"""Pixels of a picture's shorter side: small sensors are enlarged."""
MOST_SIDE = 4096
"""Pixels of the longer side of a picture that is enlarged: a row of 700 pixels does not become 179,200 long."""
FRAMES = 50
MILLISECONDS_A_FRAME = 60


def save_png(path: Path, pieces: Iterable[EventStream]) -> None:
    """Write the events of all `pieces` of a recording as one picture.   Errors: InputError where there is no piece."""
    _save(path, "PNG", [_drawn(counted(pieces, 1, 0, 1)[0])])


def save_gif(path: Path, pieces: Iterable[EventStream], first: int, last: int, frames: int = FRAMES) -> None:
    """Write a film of `frames` pictures, each of an equal part of the time from `first` to `last` (microseconds).

    Errors: InputError where there is no piece or no frame.
    """
    if frames < 1:
        raise InputError(f"a film has a frame or more, got {frames}")
    counts = counted(pieces, frames, first, max(1, last - first + 1))
    busiest = _busiest(counts)
    _save(path, "GIF", [_drawn(frame, busiest) for frame in counts])


def counted(pieces: Iterable[EventStream], frames: int, first: int, length: int) -> NDArray[np.uint32]:
    """Return how often each pixel went OFF and ON in each of `frames` equal parts, (frames, 2, height, width).

    The parts begin at `first` and last `length` microseconds together; a single part takes all events.
    """
    counts: NDArray[np.uint32] | None = None
    begins = np.array([first - (-k * length // frames) for k in range(1, frames)], np.int64)
    for events in pieces:
        if counts is None:
            counts = np.zeros((frames, 2, events.height, events.width), np.uint32)
        frame = np.searchsorted(begins, events.t, "right")
        places = events.p * (events.width * events.height) + events.pixel
        for k in np.unique(frame):  # a film may be large: no second one is made to add to it
            seen = np.bincount(places[frame == k], minlength=counts[k].size)
            counts[k] += seen.reshape(counts[k].shape).astype(np.uint32)
    if counts is None:
        raise InputError("there is no event to draw")
    return counts


def _busiest(counts: NDArray[np.uint32]) -> float:
    """The count that is drawn in full colour."""
    seen = counts[counts > 0]
    return float(np.quantile(seen, BRIGHT_SHARE)) if len(seen) else 1.0


def _drawn(counts: NDArray[np.uint32], busiest: float | None = None) -> Image.Image:
    """Draw counts (2, height, width): the more events, the fuller the colour of the commoner polarity."""
    top = _busiest(counts) if busiest is None else busiest
    strength = np.sqrt(np.minimum(counts.sum(axis=0) / top, 1.0))[..., None]
    colour = INK[(counts[1] >= counts[0]).astype(np.intp)]
    picture = Image.fromarray(np.rint(PAPER + strength * (colour - PAPER)).astype(np.uint8))
    times = max(1, min(-(-LEAST_SIDE // min(picture.size)), MOST_SIDE // max(picture.size)))
    return picture.resize((picture.width * times, picture.height * times), Image.Resampling.NEAREST)


def _save(path: Path, kind: str, pictures: list[Image.Image]) -> None:
    """Write pictures as a file of a kind that Pillow knows, whatever its name; the file appears whole or not at all."""
    more = {"save_all": True, "append_images": pictures[1:], "duration": MILLISECONDS_A_FRAME, "loop": 0}
    temporary = temporary_name(path)
    try:
        pictures[0].save(temporary, kind, **(more if len(pictures) > 1 else {}))
        publish(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
