"""Scenes as films whose frames follow one another as fast as anything moves, and as an event camera sees them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import tee
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError
from spikesight.datasets.scenes.measuring import displacement
from spikesight.datasets.scenes.world import Scene
from spikesight.events.from_frames.pixel import Pixel
from spikesight.events.from_frames.watching import IDEAL, watched
from spikesight.events.stream import EventStream, joined

FINEST, COARSEST = 100, 10_000
"""Microseconds from frame to frame at least and at most."""


class Shot(NamedTuple):
    """A picture (H, W) at `t` microseconds."""

    t: int
    picture: NDArray[np.float64]


def film(scene: Scene, first: int = 0, last: int | None = None, pixels: float = 0.5) -> Iterator[Shot]:
    """Draw a scene from `first` to `last` microseconds (its end), so often that nothing moves by more than `pixels`.

    The step follows from how fast what is seen moves now; what appears within it may be faster. It is never shorter
    than `FINEST`: what moves by more than `pixels` within that does so.   Errors: InputError for no time or no pixels.
    """
    last = scene.last if last is None else last
    if first >= last or not pixels > 0.0:
        raise InputError(f"a film takes time and moves by a part of a pixel, got {first} to {last} us, {pixels} pixels")
    t = first
    while True:
        view, picture = scene.look(t)
        yield Shot(t, picture)
        if t >= last:
            return
        moved = displacement(scene, t, t + FINEST, view)
        fastest = float(np.nanmax(np.hypot(moved[..., 0], moved[..., 1]), initial=0.0))
        step = min(COARSEST, FINEST * pixels / max(fastest, 1e-9))
        t = min(last, t + max(FINEST, int(step)))


def seen(shots: Iterator[Shot], pixel: Pixel = IDEAL, seed: int = 0) -> Iterator[EventStream]:
    """Give the events of a film, as a camera of such pixels sees them, those of a step at a time.

    No more than a frame or two are in memory, however long the film.   Errors: InputError.
    """
    pictures, times = tee(shots)
    return watched((shot.picture for shot in pictures), (shot.t for shot in times), pixel, seed)


def scene_pieces(scene: Scene, pixel: Pixel = IDEAL, pixels: float = 0.5) -> Iterator[EventStream]:
    """Give the events of a scene as a camera of such pixels sees them, those of a step of its film at a time.

    Nothing moves by more than `pixels` in a step.   Errors: InputError.
    """
    return seen(film(scene, pixels=pixels), pixel, scene.seed)


def watch_scene(scene: Scene, pixel: Pixel = IDEAL, pixels: float = 0.5) -> EventStream:
    """Return all events of a scene as a camera of such pixels sees them.   Errors: InputError."""
    return joined(*scene_pieces(scene, pixel, pixels)).after(f"scene of seed {scene.seed} seen by {pixel}")
