"""When pixels report: a difference that moves along a straight line crosses thresholds, and noise comes between."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

Array = NDArray[np.float64]


@njit(cache=True, nogil=True)
def report(difference, slope, on, off, last, begin, length, silent, stays, noise, noise_first, out_t, out_pixel, out_p):  # type: ignore[no-untyped-def]
    """Find the events of all pixels within `length` microseconds after `begin`; returns how many there are.

    `difference` (N,) between the answer and what was last reported grows by `slope` (N,) a microsecond; where it comes
    to `on` an ON event takes that away from it, where it comes to -`off` an OFF event adds it. `last` (N,) are times of
    the last events, and for `silent` microseconds after one there is none: what is compared moves on meanwhile, or
    `stays` until then. Noise events of pixel k are numbers `noise_first[k]` to `noise_first[k + 1]` of `noise`: times
    after `begin`, in order, negative for OFF; they set the difference to 0, but for those of a silent pixel.
    `difference` and `last` are changed; times (with fractions), pixels and polarities are written to the outputs.
    """
    events = 0
    for k in range(len(difference)):
        d, t, ready = difference[k], 0.0, last[k] + silent - begin
        n = noise_first[k]
        while True:
            now, d_now = _next_crossing(d, slope[k], on[k], off[k], t)
            if stays and now < ready:
                now, d_now = ready, d + slope[k] * (ready - t)
            noisy = n < noise_first[k + 1] and abs(noise[n]) <= now
            if noisy:
                now, d_now = abs(noise[n]), d + slope[k] * (abs(noise[n]) - t)
            if now > length:
                break
            d, t, polarity, told = d_now, now, True, now >= ready
            if noisy:
                polarity = noise[n] > 0.0
                d = 0.0 if told else d
                n += 1
            elif d >= on[k]:
                d -= on[k]
            elif d <= -off[k]:
                d, polarity = d + off[k], False
            else:
                told = False  # it came back while the pixel was silent
            if told:
                out_t[events], out_pixel[events], out_p[events] = begin + t, k, polarity
                events += 1
                ready = t + silent
                last[k] = begin + t
        difference[k] = d + slope[k] * (length - t)
    return events


@njit(cache=True, nogil=True)
def _next_crossing(d, slope, on, off, t):  # type: ignore[no-untyped-def]
    """Return when a difference is at a threshold next, and the difference then: the threshold itself, to the bit."""
    if d >= on or d <= -off:
        return t, d
    if slope > 0.0:
        return t + (on - d) / slope, on
    if slope < 0.0:
        return t - (off + d) / slope, -off
    return np.inf, d
