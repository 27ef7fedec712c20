"""A pixel of an event camera: what it answers to, how it differs from its neighbours, and how it errs."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError
from spikesight.base.randomness import generator
from spikesight.events.from_frames.response import LinLog, Log

LEAST_THRESHOLD = 0.01
Array = NDArray[np.float64]


@dataclass(frozen=True)
class Moves:
    """For `seconds` after an event a pixel is silent, but what it compares with moves on at each crossing (ESIM)."""

    seconds: float = 0.0


@dataclass(frozen=True)
class Stays:
    """For `seconds` after an event a pixel is silent, and what it compares with stays: it catches up later (v2e)."""

    seconds: float = 0.0


class Response(Protocol):
    """From light (H, W), of which white is 1, to the answer of the photoreceptors (H, W)."""

    def __call__(self, light: Array, /) -> Array:
        """Return the answer."""


@dataclass(frozen=True)
class Pixel:
    """A pixel compares its photoreceptor's answer with the one it last reported, and reports each step of a threshold.

    Defaults are the ideal pixel; `noisy` is one of a real camera in poor light.
    Source: Rebecq et al., ESIM, CoRL 2018; Hu, Liu, Delbruck, v2e, CVPR Workshops 2021. Other than v2e, every event has
    the time of its own crossing, whatever other pixels do, and nothing depends on the rate of frames.
    """

    on: float = 0.2
    off: float = 0.2
    """Contrast thresholds, in units of the response (of the natural logarithm)."""
    mismatch: float = 0.0
    """Standard deviation of the thresholds from pixel to pixel; none is below 0.01."""
    refractory: Moves | Stays = field(default_factory=Moves)
    response: Response = field(default_factory=Log)
    bandwidth: float = inf
    """Cut-off frequency of the photoreceptor in white light, Hz; in the dark it is slower, down to 20/275 of it."""
    leak: float = 0.0
    """ON events a second of a pixel that sees no change; they come regularly."""
    leak_spread: float = 0.1
    """Standard deviation of the leak from pixel to pixel, in decades."""
    shot: float = 0.0
    """Noise events a second, of both polarities, of a pixel in the dark; in white light a quarter of that."""
    white: float = 1.0
    """The intensity that is called white: 255 where frames are grey levels."""

    def __post_init__(self) -> None:
        for name in ("on", "off"):
            if not getattr(self, name) >= LEAST_THRESHOLD:
                raise InputError(f"threshold {name} of a pixel is {LEAST_THRESHOLD} or more, got {getattr(self, name)}")
        for name in ("mismatch", "leak", "leak_spread", "shot"):
            if not 0.0 <= getattr(self, name) < inf:
                raise InputError(f"{name} of a pixel is 0 or more, got {getattr(self, name)}")
        if not self.bandwidth > 0.0 or not 0.0 < self.white < inf or not 0.0 <= self.refractory.seconds < inf:
            raise InputError(f"bandwidth and white of a pixel are above 0 and its refractory time is 0 or more: {self}")

    @classmethod
    def noisy(cls) -> Pixel:
        """Return a pixel in poor light: the preset "noisy" of v2e."""
        return cls(mismatch=0.05, refractory=Stays(5e-4), response=LinLog(), bandwidth=30.0, leak=0.1, shot=5.0)


class Drawn(NamedTuple):
    """What differs from pixel to pixel, (H, W) each: thresholds, and how fast the compared level falls (1/s)."""

    on: Array
    off: Array
    leak: Array


def draw(pixel: Pixel, shape: tuple[int, ...], seed: int) -> Drawn:
    """Draw the pixels of a sensor of `shape` (H, W)."""
    random = generator(seed, "event camera")
    on, off = (
        np.maximum(LEAST_THRESHOLD, mean + pixel.mismatch * random.standard_normal(shape))
        for mean in (pixel.on, pixel.off)
    )
    return Drawn(on, off, pixel.leak * on * 10.0 ** (pixel.leak_spread * random.standard_normal(shape)))


def noise_rate(pixel: Pixel, drawn: Drawn, light: Array) -> Array:
    """Return the noise events a second of each polarity, (2, H, W), OFF first, of pixels that see `light` (H, W)."""
    darkness = 1.0 - 0.75 * np.clip(light, 0.0, 1.0)
    return np.stack(
        [0.5 * pixel.shot * darkness * mean / own for mean, own in ((pixel.off, drawn.off), (pixel.on, drawn.on))]
    )


def followed(pixel: Pixel, level: Array, light: Array, seconds: float) -> Array:
    """Return the photoreceptors' answer (H, W) to `light`, shown for `seconds` after they had come to `level`."""
    goal = pixel.response(light)
    if pixel.bandwidth == inf:
        return goal
    speed = (255.0 * np.clip(light, 0.0, 1.0) + 20.0) / 275.0
    return goal + np.exp(-2.0 * np.pi * pixel.bandwidth * seconds * speed) * (level - goal)
