"""The picture that the camera itself took last, where it takes pictures."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from spikesight.studio.events.open_events import OpenEvents
from spikesight.studio.events.pixels import MOST_PIXELS
from spikesight.studio.query import Query
from spikesight.studio.shown import Empty
from spikesight.studio.view import View


def answer(opened: OpenEvents, query: Query) -> dict[str, Any]:
    """Return the newest frame before `to`: `t`, its `number`, `levels` uint8 (height, width), brightest 255.

    It stays the newest up to `until`, None where no other follows.   Errors: Empty where there is none.
    """
    _, at = opened.window(query)
    seen = opened.recorded
    t = seen.frames.t - np.int64(seen.begin)
    if not len(t):
        raise Empty("The file has no frames.")
    number = int(np.searchsorted(t, at)) - 1
    if number < 0:
        raise Empty("No frame was taken before this moment.")
    until = int(t[number + 1]) if number + 1 < len(t) else None
    pixels = seen.frames[number].pixels
    if not pixels.size:
        raise Empty("The frame of this moment has no pixels.")
    levels = _grey(pixels)
    return {"t": int(t[number]), "until": until, "number": number, "levels": levels}


def _grey(pixels: NDArray[Any]) -> NDArray[np.uint8]:
    """Return pictures of any kind in 8 bits, colours as their mean, NaN black, of many pixels every so-many-th."""
    side = 1
    while (pixels.shape[0] // side) * (pixels.shape[1] // side) > MOST_PIXELS:
        side += 1
    pixels = pixels[::side, ::side]
    grey = np.nan_to_num(pixels if pixels.ndim == 2 else pixels.mean(axis=2))
    top = 255 if pixels.dtype == np.uint8 else max(float(np.max(grey, initial=0)), 1e-12)
    bright: NDArray[np.uint8] = np.clip(np.rint(grey * (255 / top)), 0, 255).astype(np.uint8)
    return bright


VIEW = View(answer, "Frame", options=("from", "to"))
