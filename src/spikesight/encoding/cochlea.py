"""From sound to spikes as an ear does it: a bank of filters, rectified, compressed, each driving a leaky neuron.

A channel is a gammatone filter of fourth order, as wide as a critical band of the ear at its frequency. What it lets
through is half-wave rectified, raised to a power below 1, and charges a leaky integrate-and-fire neuron.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.fft import irfft, next_fast_len, rfft

from spikesight.base.errors import InputError
from spikesight.encoding.mel import checked_waves
from spikesight.equations import leaky
from spikesight.executors.fused_cpu import FusedCpu

ORDER, BANDWIDTH = 4, 1.019
"""Of a gammatone filter; its bandwidth over that of the critical band."""

RINGING = 24.0
"""Time constants after which a filter's response is cut off."""

NUMBERS_AT_ONCE = 1 << 23
"""Samples of all channels that are in memory at a time."""


MOST_SPIKES = 255
"""Of a neuron in a step: counts are bytes."""


def critical_band(hertz: ArrayLike) -> NDArray[np.float64]:
    """Return the equivalent rectangular bandwidth of the ear in hertz.   Source: Glasberg & Moore 1990."""
    band: NDArray[np.float64] = 24.7 * (4.37e-3 * np.asarray(hertz, np.float64) + 1.0)
    return band


def equally_loud(waves: ArrayLike) -> NDArray[np.float32]:
    """Return waves (B, samples), each divided by its largest amplitude; silence stays.   Errors: as `Cochlea`."""
    x = checked_waves(waves)
    largest = np.abs(x).max(axis=1, keepdims=True)
    return (x / np.where(largest > 0.0, largest, np.float32(1.0))).astype(np.float32, copy=False)


@dataclass(frozen=True)
class Cochlea:
    """Spike counts of `channels` neurons in steps of `dt` seconds, of waves at `rate` samples per second.

    The channels' frequencies lie between `lowest` and `highest` hertz, evenly in critical bands. `power` compresses;
    `gain` is the drive of a neuron, over its threshold, at an amplitude of 1; `tau` and `refractory` of the neurons in
    seconds. A neuron is at rest before the first sample; recordings do not know of each other. Deterministic.
    Errors: InputError for frequencies that such waves do not hold, steps that are no whole number of samples or so long
    that a byte might not count the spikes, and numbers out of range.
    Source: Patterson et al. 1992 (gammatone), Glasberg & Moore 1990 (bandwidths).
    """

    rate: int = 8000
    channels: int = 40
    lowest: float = 100.0
    highest: float = 3500.0
    dt: float = 10e-3
    power: float = 0.3
    gain: float = 8.0
    tau: float = 5e-3
    refractory: float = 1e-3

    def __post_init__(self) -> None:
        if not 0.0 < self.lowest < self.highest < self.rate / 2 or self.channels < 2:
            raise InputError(
                f"{self.channels} channels from {self.lowest:g} to {self.highest:g} Hz: two at least, and waves of "
                f"{self.rate} samples per second hold frequencies below {self.rate / 2:g} Hz"
            )
        samples = self.dt * self.rate
        if round(samples) < 1 or abs(samples - round(samples)) > 1e-6:
            raise InputError(f"a step of {self.dt} s is {samples:g} samples at {self.rate} per second: no whole number")
        if not (0.0 < self.power <= 1.0 and self.gain > 0.0 and self.tau > 0.0 and self.refractory >= 0.0):
            raise InputError(f"power from above 0 to 1, gain and tau above 0, refractory from 0 up: got {self}")
        most = -(-round(samples) // (1 + round(self.refractory * self.rate)))
        if most > MOST_SPIKES:
            raise InputError(
                f"a neuron may fire {most} times in a step of {self.dt} s, a count holds {MOST_SPIKES}: take shorter "
                "steps, or a longer refractory time"
            )

    @property
    def frequencies(self) -> NDArray[np.float64]:
        """Centre of each channel in hertz, from low to high."""
        low, high = np.log(critical_band([self.lowest, self.highest]))  # the scale's derivative is one over the band
        bands = np.exp(np.linspace(float(low), float(high), self.channels))
        return (bands / 24.7 - 1.0) / 4.37e-3

    def steps(self, samples: int) -> int:
        """Return how many steps waves of so many samples take; the last one may end in silence."""
        return -(-samples // round(self.dt * self.rate))

    def heard(self, waves: ArrayLike) -> NDArray[np.float32]:
        """Return what drives the neurons (B, channels, samples): filtered, rectified, compressed, without the gain.

        A tone of amplitude 1 at a channel's frequency peaks at 1.   Errors: as calling.
        """
        x = checked_waves(waves)
        kept = x.shape[1]
        filters = self.filters
        length = next_fast_len(kept + filters.shape[1] - 1, real=True)
        through = irfft(rfft(x, length)[:, None] * rfft(filters, length), length)[..., :kept]
        compressed: NDArray[np.float32] = np.maximum(through, np.float32(0.0)) ** np.float32(self.power)
        return compressed

    @property
    def filters(self) -> NDArray[np.float32]:
        """Impulse response of each channel (channels, samples): its gain is 1 at the centre, its rest below 1e-6."""
        hertz = self.frequencies[:, None]
        fall = BANDWIDTH * critical_band(hertz) * 2.0 * np.pi / self.rate  # per sample
        n = np.arange(int(RINGING / fall.min()))
        grown = np.prod([(n + k) / k for k in range(1, ORDER)], axis=0)  # of ORDER equal poles
        height = 2.0 * (1.0 - np.exp(-fall)) ** ORDER
        ringing: NDArray[np.float64] = grown * np.exp(-fall * n) * np.cos(2.0 * np.pi * hertz / self.rate * n)
        return (height * ringing).astype(np.float32)

    def __call__(self, waves: ArrayLike) -> NDArray[np.uint8]:
        """Return spike counts (B, T, channels) of waves (B, samples).

        Errors: InputError for other shapes, no samples, NaN and infinite values.
        """
        x, bin_ = checked_waves(waves), round(self.dt * self.rate)
        steps = self.steps(x.shape[1])
        x = np.pad(x, ((0, 0), (0, steps * bin_ - x.shape[1])))
        params = leaky.Params(tau=self.tau, refractory=self.refractory, drive=leaky.Resistor(self.gain))
        counts = np.empty((len(x), steps, self.channels), np.uint8)
        together = max(1, NUMBERS_AT_ONCE // (x.shape[1] * self.channels))
        for at in range(0, len(x), together):
            drive = np.ascontiguousarray(self.heard(x[at : at + together]).transpose(2, 0, 1))
            spikes, _ = FusedCpu().run(leaky.EQUATION, params, {"current": drive}, 1.0 / self.rate)
            counts[at : at + together] = spikes.reshape(steps, bin_, *spikes.shape[1:]).sum(1).transpose(1, 0, 2)
        return counts
