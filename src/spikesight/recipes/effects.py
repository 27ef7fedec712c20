"""What a Diehl & Cook run did between two stimuli, in a handful of numbers, read from its trace."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

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
    return Effects(
        accuracy=float(np.ma.filled(stimuli["correct"][first:stop], False).mean()),
        spikes=trace.count("exc", t) / (stop - first),
        potential=float(trace.values("exc", "v", t).value.mean(dtype=np.float64)),
        threshold=float(trace.values("exc", "theta", t).value.mean(dtype=np.float64)),
        silent=_silent(trace, t, shown, rest),
        **_weights(trace, first, stop),
    )


def comparable(before: int, after: int, apart: int) -> int:
    """Return how many stimuli before and after something can be compared, where there are `before` and `after`.

    Errors: InputError where they are too few for two snapshots of the weights, which are `apart` stimuli apart.
    """
    length = min(before, after)
    if length < 2 * apart:
        raise InputError(
            f"{before} images before and {after} images after are too few to compare: at least {2 * apart} are needed"
        )
    return length


def _weights(trace: Trace, first: int, stop: int) -> dict[str, float]:
    """Return what `Effects` tells of weights, from what is known of every snapshot among the stimuli.

    The snapshots themselves have 11 bits: their smallest weights are 0, as those that are gone.
    """
    known, size = trace.snapshots("input_exc"), math.prod(trace.header.projection("input_exc").shape)
    among = np.flatnonzero((known["stim"] >= first - 1) & (known["stim"] < stop))
    if len(among) < 2:
        raise InputError(f"stimuli {first} to {stop} have {len(among)} snapshots of the weights, two are needed")
    gone, mean, std = (float(known[name][among[-1]]) for name in ("zeros", "mean", "std"))
    left = size / (size - gone)
    mean_left, squares_left = mean * left, (std**2 + mean**2) * left
    return {
        "change": float(np.mean(known["changed"][among[1:]])) / size,
        "gone": gone / size,
        "mean_left": mean_left,
        "spread_left": math.sqrt(max(0.0, squares_left - mean_left**2)),
    }


def _silent(trace: Trace, t: tuple[float, float], shown: float, rest: float) -> float:
    per_try, on = round((shown + rest) / SLICE), round(shown / SLICE)
    tries = round((t[1] - t[0]) / (shown + rest))
    counts = trace.raster("exc", t, bins=tries * per_try, rows=1).reshape(tries, per_try)
    return float((counts[:, :on] == 0).mean())
