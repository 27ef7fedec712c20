"""Log-mel pictures of sound: how much power there is in bands that are as wide as the ear's, step by step.

Bands follow the mel scale of Slaney's Auditory Toolbox, linear below 1 kHz and logarithmic above, and are triangles of
equal area.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.signal import ShortTimeFFT, savgol_filter
from scipy.signal.windows import hann

from spikesight.base.errors import InputError

Pictures = NDArray[np.float32]

HERTZ_PER_MEL, CORNER, STEP = 200.0 / 3.0, 1000.0, np.log(6.4) / 27.0
"""Slaney's mel scale: linear up to 1 kHz, then 27 mels for each factor of 6.4."""

DELTA_FRAMES = 9
"""Over which a difference over time is fitted, as is usual for speech."""

ITEMS_AT_ONCE = 64


def to_mel(hertz: ArrayLike) -> NDArray[np.float64]:
    """Return places on the mel scale."""
    f = np.asarray(hertz, np.float64)
    return np.where(
        f < CORNER, f / HERTZ_PER_MEL, CORNER / HERTZ_PER_MEL + np.log(np.maximum(f, CORNER) / CORNER) / STEP
    )


def to_hertz(mel: ArrayLike) -> NDArray[np.float64]:
    """Return frequencies: the inverse of `to_mel`."""
    m = np.asarray(mel, np.float64)
    corner = CORNER / HERTZ_PER_MEL
    return np.where(m < corner, m * HERTZ_PER_MEL, CORNER * np.exp(STEP * (np.maximum(m, corner) - corner)))


@dataclass(frozen=True)
class ByLargest:
    """``log(1 + power / largest power of the recording)``: between 0 and 0.7, however loud.

    Source: Zimmer et al. 2019.
    """

    def __call__(self, power: Pictures) -> Pictures:
        """Return pictures (B, T, bands); silence stays 0."""
        largest = power.max(axis=(1, 2), keepdims=True)
        return np.log1p(power / np.where(largest > 0.0, largest, np.float32(1.0)))


@dataclass(frozen=True)
class Decibels:
    """Decibels above `floor` below the recording's largest power, divided by -`floor`: between 0 and 1."""

    floor: float = -60.0

    def __call__(self, power: Pictures) -> Pictures:
        """Return pictures (B, T, bands); silence is 0."""
        largest = power.max(axis=(1, 2), keepdims=True)
        share = power / np.where(largest > 0.0, largest, np.float32(1.0))
        decibels = 10.0 * np.log10(np.maximum(share, np.finfo(np.float32).tiny))
        return np.maximum(1.0 - decibels / self.floor, 0.0).astype(np.float32)


@dataclass(frozen=True)
class LogMel:
    """Pictures of waves at `rate` samples per second, a frame every `hop` seconds of `window` seconds each.

    `bands` triangles lie between `lowest` and `highest` hertz. Frames are centred: the first one at 0, half of it in
    the silence before. Per recording alone: a picture does not depend on the others.
    Errors: InputError for frequencies that waves at `rate` do not hold, and for bands so narrow that no frequency of
    the window's spectrum falls into them.   Source: Slaney 1998; values of Zimmer et al. 2019.
    """

    rate: int = 16000
    window: float = 0.030
    hop: float = 0.010
    bands: int = 40
    lowest: float = 20.0
    highest: float = 4000.0
    compress: ByLargest | Decibels = ByLargest()

    def __post_init__(self) -> None:
        if not 0.0 <= self.lowest < self.highest <= self.rate / 2:
            raise InputError(
                f"bands between {self.lowest:g} and {self.highest:g} Hz: waves of {self.rate} samples per second hold "
                f"frequencies up to {self.rate / 2:g} Hz"
            )
        if self.bands < 1 or round(self.hop * self.rate) < 1 or self.window < self.hop:
            raise InputError(
                f"one band at least, and frames that leave nothing out: got {self.bands} bands, frames of "
                f"{self.window} s every {self.hop} s"
            )
        empty = np.flatnonzero(self.filters.max(axis=1) == 0.0)
        if len(empty):
            raise InputError(
                f"bands {empty.tolist()} of {self.bands} are narrower than a spectrum of {self.window} s tells apart "
                f"({1 / self.window:.0f} Hz): take fewer bands, or a longer window"
            )

    @property
    def filters(self) -> NDArray[np.float64]:
        """Triangles (bands, frequencies) of equal area over the frequencies of a frame's spectrum."""
        edges = to_hertz(np.linspace(to_mel(self.lowest), to_mel(self.highest), self.bands + 2))
        width = round(self.window * self.rate)
        frequencies = np.fft.rfftfreq(width, 1.0 / self.rate)
        rise = (frequencies - edges[:-2, None]) / np.diff(edges)[:-1, None]
        fall = (edges[2:, None] - frequencies) / np.diff(edges)[1:, None]
        heights: NDArray[np.float64] = 2.0 / (edges[2:] - edges[:-2])
        return np.maximum(np.minimum(rise, fall), 0.0) * heights[:, None]

    def frames(self, samples: int) -> int:
        """Return how many frames waves of so many samples have."""
        return 1 + samples // round(self.hop * self.rate)

    def __call__(self, waves: ArrayLike) -> Pictures:
        """Return pictures (B, T, bands) of waves (B, samples).   Errors: InputError for other shapes, and NaN."""
        x = checked_waves(waves)
        width, hop = round(self.window * self.rate), round(self.hop * self.rate)
        spectrum = ShortTimeFFT(hann(width, sym=False), hop, self.rate)
        filters, count = self.filters.T, self.frames(x.shape[1])
        out = np.empty((len(x), count, self.bands), np.float32)
        padded = np.pad(x, ((0, 0), (0, width)))  # so that every frame is whole
        for at in range(0, len(x), ITEMS_AT_ONCE):
            power = spectrum.spectrogram(padded[at : at + ITEMS_AT_ONCE], p0=0, p1=count)
            out[at : at + ITEMS_AT_ONCE] = self.compress((power.transpose(0, 2, 1) @ filters).astype(np.float32))
        return out


def with_differences(pictures: ArrayLike) -> Pictures:
    """Return pictures (B, T, bands) with their first and second differences over time beside them: (B, 3, T, bands).

    They are the slope of a line and the curvature of a parabola fitted to nine frames, per frame; near the ends to the
    first and the last nine.   Errors: InputError for fewer than nine frames.   Source: Savitzky & Golay 1964.
    """
    x = np.asarray(pictures, np.float32)
    if x.ndim != 3 or x.shape[1] < DELTA_FRAMES:
        raise InputError(f"pictures are (B, T, bands) with {DELTA_FRAMES} frames at least, got shape {x.shape}")
    orders = [savgol_filter(x, DELTA_FRAMES, order, deriv=order, axis=1, mode="interp") for order in (1, 2)]
    return np.stack([x, *orders], axis=1).astype(np.float32)


def checked_waves(waves: ArrayLike) -> NDArray[np.float32]:
    """Return waves (B, samples).   Errors: InputError for other shapes, no samples, NaN and infinite values."""
    x = np.asarray(waves)
    if x.ndim != 2 or not x.shape[1] or x.dtype.kind != "f":
        raise InputError(f"waves are (B, samples) of floats between -1 and 1, got shape {x.shape} of {x.dtype}")
    if not np.isfinite(x).all():
        bad = np.flatnonzero(~np.isfinite(x).all(axis=1))
        raise InputError(f"waves hold NaN or infinite values in {len(bad)} of {len(x)} recordings, first in {bad[0]}")
    return x.astype(np.float32, copy=False)
