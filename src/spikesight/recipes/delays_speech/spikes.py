"""Spoken digits as an ear's spike counts: pictures of steps by channels."""

from __future__ import annotations

from spikesight.datasets.audio import SpokenDigits, fitted
from spikesight.datasets.images import ImageSet
from spikesight.encoding.cochlea import Cochlea, equally_loud

SECONDS = 0.8
"""Of each recording: longer ones (2 in 100) are cut, shorter ones followed by silence."""


def spikes_of(spoken: SpokenDigits, channels: int, dt: float = 10e-3, seconds: float = SECONDS) -> ImageSet:
    """Return the spike counts of recordings that were made equally loud, split as the data set says.

    Each row is a recording: its steps one after the other, `channels` counts each.
    """
    ear = Cochlea(rate=spoken.rate, channels=channels, highest=0.4375 * spoken.rate, dt=dt)
    samples = round(seconds * spoken.rate)
    counts = ear(equally_loud(fitted(spoken.waves, samples)))
    flat, test = counts.reshape(len(counts), -1), spoken.for_test
    shape = ear.steps(samples), channels
    return ImageSet("spoken-digits", shape, flat[~test], spoken.digit[~test], flat[test], spoken.digit[test])
