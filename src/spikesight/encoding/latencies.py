"""One spike time per neuron, or none: what a first-spike network computes with instead of a time axis."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spikesight.base.errors import InputError
from spikesight.trace.dense import Events, from_latencies

MOST_TICKS: Final = int(np.iinfo(np.int32).max)


@dataclass(frozen=True, eq=False)
class Latencies:
    """When each neuron fires its only spike, or that it never does: `times` (B, ...), items first.

    With a number of `steps`, times are whole steps from 0 to steps - 1, and `steps` itself means never. Without,
    they are seconds, and infinity means never. So an earlier spike is always the smaller number, and the earliest
    of several is their minimum.
    Errors: InputError for NaN, negative times, times beyond `steps`, times in steps that are not whole numbers, a
    number of steps that is none, and an array without an axis of items.
    """

    times: NDArray[Any]
    steps: int | None = None

    def __post_init__(self) -> None:
        times = np.asarray(self.times)
        if times.ndim < 1:
            raise InputError("latencies are (B, ...), items first; got a single number")
        if self.steps is not None:
            if self.steps < 1 or self.steps != int(self.steps):
                raise InputError(f"a stimulus lasts a step at least, and whole ones, got {self.steps}")
            if times.dtype.kind not in "ui":
                raise InputError(
                    f"latencies in steps are whole numbers, got {times.dtype}: encode them, or leave steps out for "
                    "seconds"
                )
            times = _within(times, self.steps)
        elif times.dtype.kind != "f":
            raise InputError(f"latencies in seconds are floating numbers, got {times.dtype}: give steps for whole ones")
        elif times.size and not times.min() >= 0:
            raise InputError("latencies in seconds hold NaN or negative times: inf means never")
        elif times.dtype not in (np.float32, np.float64):
            times = times.astype(np.float64)  # half precision and foreign byte orders, which are not compiled for
        object.__setattr__(self, "times", times)

    @classmethod
    def from_wave(cls, wave: ArrayLike) -> Latencies:
        """Read a spike wave (T, B, ...) of 0 and 1 that stays 1 once a neuron has fired.

        Errors: InputError for other values, for fewer than two axes, and where a neuron goes back to 0.
        """
        spikes = np.asarray(wave)
        if spikes.ndim < 2 or not len(spikes):
            raise InputError(f"a spike wave is (T, B, ...): steps, items, neurons; got shape {spikes.shape}")
        fired = spikes != 0
        if not np.array_equal(fired, spikes):
            raise InputError("a spike wave holds 0 and 1: take the sign of potentials first")
        if (fired[:-1] & ~fired[1:]).any():
            raise InputError("a spike wave stays 1 once a neuron has fired: give the cumulative form")
        steps = len(spikes)
        return cls((steps - fired.sum(axis=0)).astype(smallest(steps)), steps)

    def wave(self) -> NDArray[np.bool_]:
        """Return the cumulative spike wave (T, B, ...): True from a neuron's spike on. Undoes `from_wave`.

        Errors: InputError for latencies in seconds.
        """
        steps = self.in_steps
        wave: NDArray[np.bool_] = self.times[None] <= np.arange(steps).reshape(-1, *[1] * self.times.ndim)
        return wave

    def ticks(self, tick: float | None = None) -> NDArray[np.int32]:
        """Return times as whole ticks, -1 for never: what a trace takes. Seconds are rounded to ticks of `tick` s.

        Errors: InputError for latencies in seconds without a `tick`, and for more ticks than int32 counts.
        """
        if self.steps is None and tick is None:
            raise InputError("these latencies are in seconds: say how many a tick lasts")
        scale = 1.0 if self.steps is not None else tick
        found: NDArray[np.int32] = np.full(self.times.shape, -1, np.int32)
        whole = np.rint(self.times[self.fired] / scale)
        if whole.max(initial=0) > MOST_TICKS:
            raise InputError(
                f"the latest spike is in tick {whole.max():g}, ticks count to {MOST_TICKS}: take longer ones"
            )
        found[self.fired] = whole
        return found

    def events(self, tick: float, steps: int, first: int = 0, stim: int = 0) -> Events:
        """Return the spikes as a trace holds them: see `spikesight.trace.activity.Activity`.   Errors: InputError."""
        return from_latencies(self.ticks(tick), steps, first, stim)

    def count(self, until: NDArray[Any]) -> NDArray[np.int64]:
        """Return how many neurons of each item (B,) fire not later than `until` (B,), in steps or seconds as times."""
        flat = self.flat()
        found: NDArray[np.int64] = (flat.fired & (flat.times <= until[:, None])).sum(axis=1)
        return found

    @property
    def in_steps(self) -> int:
        """Number of steps.   Errors: InputError for latencies in seconds."""
        if self.steps is None:
            raise InputError("whole steps are needed, these latencies are in seconds: encode with a number of steps")
        return self.steps

    @property
    def never(self) -> float:
        """The time that means never: `steps`, or infinity."""
        return np.inf if self.steps is None else self.steps

    @property
    def fired(self) -> NDArray[np.bool_]:
        """Which neurons fire, (B, ...)."""
        return self.times < self.never

    @property
    def shape(self) -> tuple[int, ...]:
        """How the neurons of an item lie."""
        return self.times.shape[1:]

    def flat(self) -> Latencies:
        """Return the same with the neurons of an item in a row, (B, n)."""
        return Latencies(self.times.reshape(len(self.times), math.prod(self.shape)), self.steps)

    def __len__(self) -> int:
        return len(self.times)

    def __getitem__(self, items: slice | NDArray[Any]) -> Latencies:
        """Return some of the items: a slice or an array of their numbers.

        Errors: InputError for a single number, behind which there would be no axis of items.
        """
        if isinstance(items, int | np.integer):
            raise InputError(f"one item is a batch too: say [{items} : {items + 1}]")
        return Latencies(self.times[items], self.steps)

    def batches(self, size: int) -> Iterator[Latencies]:
        """Yield the items in order, `size` at a time; the last batch may be smaller."""
        for first in range(0, len(self), size):
            yield self[first : first + size]


def smallest(steps: int) -> np.dtype[Any]:
    """Return the smallest unsigned type that holds the times of `steps` steps, and never."""
    return np.min_scalar_type(steps)


def _within(times: NDArray[Any], steps: int) -> NDArray[Any]:
    """Return whole times in the smallest type.   Errors: InputError where they are outside 0 to steps."""
    if times.size and (times.min() < 0 or times.max() > steps):
        raise InputError(
            f"latencies of {steps} steps are 0 to {steps - 1}, and {steps} means never; got {times.min()} to "
            f"{times.max()}"
        )
    return times.astype(smallest(steps), copy=False)
