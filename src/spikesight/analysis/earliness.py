"""What units answered: how often they spiked, or how early, where nobody spikes twice."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from spikesight.trace.reader import Trace
from spikesight.trace.schema import VIRTUAL

LOOKED_AT = 100
"""Stimuli, the newest ones, by which it is told whether units spike once at most."""


def fires_once(trace: Trace, layer: str) -> bool:
    """Whether units of `layer` spike once a stimulus at most: then when they do is all that they say.

    Asked of traces on a virtual time axis, where stimuli are told apart; single spikes must have been kept.
    Errors: UnknownName.
    """
    if trace.header.time != VIRTUAL or not trace.header.layer(layer).recorded.rows:
        return False
    stims = trace.stimuli(LOOKED_AT)["stim"]
    return bool(len(stims)) and trace.spike_counts(layer, (int(stims.min()), int(stims.max()) + 1)).max(initial=0) <= 1


def answers(trace: Trace, layer: str, stim: tuple[int, int], once: bool | None = None) -> NDArray[np.float64]:
    """Return what the units of `layer` answered to the stimuli from the first up to, and without, the last: (S, units).

    How many spikes each fired; where `fires_once`, how early (`earliness`), 0 for those that did not.
    Who asks again and again may say `once`, what that is.
    Errors: UnknownName.
    """
    if not (fires_once(trace, layer) if once is None else once):
        return trace.spike_counts(layer, stim).astype(np.float64)
    found, size = trace.spikes(layer, stim=stim), trace.header.layer(layer).size
    early = np.zeros((stim[1] - stim[0], size))
    early[np.asarray(found.stim) - stim[0], found.unit] = earliness(found.t, found.stim, trace.header.tick)
    return early


def earliness(t: NDArray[np.float64], stim: NDArray[np.int64], tick: float) -> NDArray[np.float64]:
    """Return how early each spike at `t` (N,) seconds is among those of its stimulus.

    1 for the first of them, falling evenly to a little above 0 for the last: to what is left of the time from the
    first to a tick after the last.
    """
    _, group = np.unique(stim, return_inverse=True)
    first = np.full(group.max(initial=-1) + 1, np.inf)
    last = -first
    np.minimum.at(first, group, t)
    np.maximum.at(last, group, t)
    return np.asarray(1.0 - (t - first[group]) / (last[group] - first[group] + tick), np.float64)
