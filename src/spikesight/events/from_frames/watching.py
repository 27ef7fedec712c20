"""A camera watches a film: events between each frame and the next, in which every pixel's answer moves along a line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import zip_longest
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spikesight.base.errors import InputError
from spikesight.base.randomness import generator
from spikesight.events.from_frames.crossing import report
from spikesight.events.from_frames.pixel import Array, Drawn, Pixel, Stays, draw, followed, noise_rate
from spikesight.events.stream import EventStream, joined

MICROSECONDS = 1e6
IDEAL = Pixel()


class State(NamedTuple):
    """Where the pixels are at `t` (microseconds): their answer `level`, its `difference` to what they last reported,
    and the time of their `last` event, (H, W) each; -inf where there was none.
    """

    t: int
    level: Array
    difference: Array
    last: Array


def watch(
    frames: Iterable[ArrayLike],
    times: Iterable[int],
    pixel: Pixel = IDEAL,
    seed: int = 0,
) -> EventStream:
    """Return the events that a camera of such pixels sees in `frames` (N, H, W) of intensities at `times` (N,).

    Times are microseconds; between two frames, events of one time are in the order of pixels. There each pixel's answer
    moves along a straight line, so a film needs frames enough: no edge should move by more than a pixel from one to the
    next.
    Errors: InputError where there is no frame, one is no (H, W) of finite numbers from 0 up or of another size, times
    do not rise or are not whole, or there are not as many of them as frames.
    """
    return joined(*watched(frames, times, pixel, seed)).after(f"seen by {pixel}, seed {seed}")


def watched(
    frames: Iterable[ArrayLike],
    times: Iterable[int],
    pixel: Pixel = IDEAL,
    seed: int = 0,
) -> Iterator[EventStream]:
    """Give the events from each frame to the next, in memory that does not grow with the film; the first are none.

    Errors: as `watch`.
    """
    state = drawn = None
    for number, (frame, time) in enumerate(_timed(frames, times)):
        light = _checked(frame, None if state is None else state.level.shape) / pixel.white
        if state is None or drawn is None:
            drawn = draw(pixel, light.shape, seed)
            state = State(time, pixel.response(light), np.zeros(light.shape), np.full(light.shape, -np.inf))
            height, width = light.shape
            none = np.empty(0, np.uint16)
            yield EventStream(np.empty(0, np.int64), none, none, np.empty(0, np.bool_), width, height)
            continue
        if time <= state.t:
            raise InputError(f"times of frames rise, but number {number} is at {time} us after one at {state.t} us")
        events, state = advance(state, light, time, pixel, drawn, generator(seed, "shot noise", number))
        yield events
    if state is None:
        raise InputError("a film without a frame shows nothing: give one or more")


def advance(
    state: State, light: Array, t: int, pixel: Pixel, drawn: Drawn, random: np.random.Generator
) -> tuple[EventStream, State]:
    """Return the events from `state` until `light` (H, W), of which white is 1, at `t`, and the state then."""
    length = float(t - state.t)
    seconds = length / MICROSECONDS
    level = followed(pixel, state.level, light, seconds)
    slope = ((level - state.level) / length + drawn.leak / MICROSECONDS).ravel()
    difference, last = state.difference.ravel().copy(), state.last.ravel().copy()
    noise, first = _noise(noise_rate(pixel, drawn, light) * seconds, length, random)
    on, off = drawn.on.ravel(), drawn.off.ravel()
    most = int(np.sum((np.abs(difference) + np.abs(slope) * length) / np.minimum(on, off) + 1.0)) + len(noise) + len(on)
    when, who, polarity = np.empty(most), np.empty(most, np.int64), np.empty(most, np.bool_)
    silent, stays = pixel.refractory.seconds * MICROSECONDS, isinstance(pixel.refractory, Stays)
    found = report(
        difference, slope, on, off, last, float(state.t), length, silent, stays, noise, first, when, who, polarity
    )
    order = np.argsort(np.rint(when[:found]), kind="stable")
    y, x = np.divmod(who[order], light.shape[1])
    height, width = light.shape
    times = np.rint(when[order]).astype(np.int64)
    events = EventStream(times, x.astype(np.uint16), y.astype(np.uint16), polarity[order], width, height)
    return events, State(t, level, difference.reshape(light.shape), last.reshape(light.shape))


def _noise(expected: Array, length: float, random: np.random.Generator) -> tuple[Array, NDArray[np.int64]]:
    """Draw noise events of pixels that have `expected` (2, H, W) of them: times, negative for OFF, pixel after pixel.

    Second: where each pixel's times begin, (H W + 1,).
    """
    off, on = (random.poisson(rate.ravel()) for rate in expected)
    first = np.concatenate([[0], np.cumsum(off + on)])
    if not first[-1]:
        return np.empty(0), first
    pixel = np.repeat(np.arange(len(on)), off + on)
    sign = np.repeat(np.tile((-1.0, 1.0), len(on)), np.stack([off, on], axis=1).ravel())
    times = random.uniform(0.0, length, len(pixel))
    return (sign * times)[np.lexsort((times, pixel))], first


def _timed(frames: Iterable[ArrayLike], times: Iterable[int]) -> Iterator[tuple[ArrayLike, int]]:
    for number, (frame, time) in enumerate(zip_longest(frames, times)):
        if frame is None or time is None:
            missing = "frame" if frame is None else "time"
            raise InputError(f"a film has a time for each frame, but {missing} number {number} is missing")
        if not float(time).is_integer():
            raise InputError(f"times of frames are whole microseconds, got {time}: a second has 1,000,000")
        yield frame, int(time)


def _checked(frame: ArrayLike, shape: tuple[int, ...] | None) -> Array:
    light = np.asarray(frame, np.float64)
    if light.ndim != 2 or not light.size or (shape is not None and light.shape != shape):
        expected = "(H, W)" if shape is None else f"{shape} as the ones before"
        raise InputError(f"a frame is {expected}, got {light.shape}: turn colours to grey first")
    if not np.isfinite(light).all() or light.min() < 0.0:
        raise InputError("intensities of a frame are finite and 0 or more: scale what is negative, mend what is NaN")
    return light
