"""What a Diehl & Cook run did between two stimuli, in a handful of numbers, read from its trace."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError
from spikesight.trace.reader import Trace

SLICE = 0.05
"""Seconds: a slice of a stimulus without a spike counts as silent."""


@dataclass(frozen=True)
class Effects:
    """Means over a stretch of stimuli: the share answered rightly; spikes of the excitatory layer per stimulus; volts
    of the potential, and of the threshold's rise, of the neurons watched; the change of a weight between two snapshots;
    the share of slices of 50 ms, while a stimulus is on, in which no neuron fires; at the last snapshot the share of
    weights at 0, and mean and spread of the others.
    """

    accuracy: float
    spikes: float
    potential: float
    threshold: float
    change: float
    silent: float
    gone: float
    mean_left: float
    spread_left: float


def effects(trace: Trace, first: int, stop: int, shown: float, rest: float) -> Effects:
    """Measure the stimuli `first` <= number < `stop` of a trace; each is shown for `shown` and rests `rest` seconds.

    Errors: InputError where there are not as many stimuli, or fewer than two snapshots of the weights among them.
    """
    stimuli = trace.stimuli()
    if not 0 <= first < stop <= len(stimuli["stim"]):
        raise InputError(f"stimuli {first} to {stop} are asked for, the trace has {len(stimuli['stim'])}")
    t = float(stimuli["t_start"][first]), float(stimuli["t_end"][stop - 1])
    steps, weights = _weights(trace, first, stop)
    left = weights[weights != 0.0]
    return Effects(
        accuracy=float(np.ma.filled(stimuli["correct"][first:stop], False).mean()),
        spikes=trace.count("exc", t) / (stop - first),
        potential=float(trace.values("exc", "v", t).value.mean(dtype=np.float64)),
        threshold=float(trace.values("exc", "theta", t).value.mean(dtype=np.float64)),
        change=float(np.mean(steps)),
        silent=_silent(trace, t, shown, rest),
        gone=1.0 - left.size / weights.size,
        mean_left=float(left.mean()),
        spread_left=float(left.std()),
    )


def _weights(trace: Trace, first: int, stop: int) -> tuple[list[float], NDArray[np.float32]]:
    """Return the mean absolute changes between the snapshots among the stimuli, and the last of these snapshots."""
    stims = trace.snapshots("input_exc")["stim"]
    among = np.flatnonzero((stims >= first - 1) & (stims < stop))
    if len(among) < 2:
        raise InputError(f"stimuli {first} to {stop} have {len(among)} snapshots of the weights, two are needed")
    seen = [trace.weights("input_exc", int(k)) for k in among]
    return [float(np.abs(later - earlier).mean()) for earlier, later in pairwise(seen)], seen[-1]


def _silent(trace: Trace, t: tuple[float, float], shown: float, rest: float) -> float:
    per_try, on = round((shown + rest) / SLICE), round(shown / SLICE)
    tries = round((t[1] - t[0]) / (shown + rest))
    counts = trace.raster("exc", t, bins=tries * per_try, rows=1).reshape(tries, per_try)
    return float((counts[:, :on] == 0).mean())
