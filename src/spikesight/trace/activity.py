"""What the neurons of a layer did with a batch, whichever engine computed it: spikes over time, or numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError
from spikesight.trace.dense import Events, as_array, from_steps

INTENSITY = "intensity"
"""The variable of an input that is numbers, such as pixels that are held."""


class Activity(Protocol):
    """The spikes of a layer while B items were shown. `Latencies` of neurons that fire once are one, `Trains` another.

    `steps` is how many steps an item takes, None where times are in seconds; `shape` is how the neurons lie.
    """

    @property
    def steps(self) -> int | None:
        """Number of steps, or None."""

    @property
    def shape(self) -> tuple[int, ...]:
        """How the neurons of an item lie."""

    def __len__(self) -> int:
        """Return the number of items."""

    def events(self, tick: float, steps: int, first: int = 0, stim: int = 0) -> Events:
        """Return the spikes as a trace holds them, in ticks of `tick` seconds, `steps` of them per item.

        Item b is stimulus `stim` + b and begins at tick `first` + b * `steps`.
        Errors: InputError for spikes that come after an item's end.
        """

    def count(self, until: NDArray[Any]) -> NDArray[np.int64]:
        """Return the spikes of each item (B,) not later than `until` (B,), which is in steps or seconds as times."""


class Samples(NamedTuple):
    """Values of a state variable: t (N,) int64 ticks, ascending, unit (N,), value (N,)."""

    t: NDArray[np.int64]
    unit: NDArray[np.int64]
    value: NDArray[Any]


@dataclass(frozen=True, eq=False)
class Trains:
    """Spikes (T, B, ...) of T steps and B items, True or 1 where a neuron fires; n where it gives n spikes in a step.

    Several spikes in a step, as sums of spiking layers have, become as many rows of a trace, none is lost.
    Errors: InputError for fewer than two axes, no step, negative numbers, fractions and NaN: those are no spikes.
    """

    spikes: NDArray[Any]

    def __post_init__(self) -> None:
        given = as_array(self.spikes)
        if given.ndim < 2 or not len(given):
            raise InputError(f"spikes are (T, B, ...): steps, items, units; got shape {given.shape}")
        object.__setattr__(self, "spikes", given if given.dtype == np.bool_ else _whole(given))

    @property
    def steps(self) -> int:
        """Number of steps."""
        return len(self.spikes)

    @property
    def shape(self) -> tuple[int, ...]:
        """How the neurons of an item lie."""
        return self.spikes.shape[2:]

    @property
    def most(self) -> int:
        """The most spikes that a neuron gave in a step."""
        return int(self.spikes.max(initial=0))

    def __len__(self) -> int:
        return int(self.spikes.shape[1])

    def events(self, tick: float, steps: int, first: int = 0, stim: int = 0) -> Events:
        """Return the spikes as a trace holds them; a step is a tick.   Errors: InputError for more than `steps`."""
        if self.steps > steps:
            raise InputError(
                f"a stimulus has ticks 0 to {steps - 1}, got {self.steps} steps of spikes: give more steps"
            )
        if self.steps == steps and self.most <= 1:
            return from_steps(self.spikes, first, stim)
        found = from_steps(self.spikes != 0)
        item, unit = found.stim.astype(np.int64), found.unit
        t = found.t + item * (steps - self.steps)
        if self.most > 1:
            several = self.spikes.reshape(self.steps, len(self), -1)[found.t - item * self.steps, item, unit]
            t, item, unit = (np.repeat(column, several) for column in (t, item, unit))
        return Events(first + t, unit, (stim + item).astype(np.int32))

    def count(self, until: NDArray[Any]) -> NDArray[np.int64]:
        """Return the spikes of each item (B,) up to step `until` (B,), this one too."""
        by_step = self.spikes.reshape(self.steps, len(self), -1).sum(axis=2, dtype=np.int64)
        counts: NDArray[np.int64] = (by_step * (np.arange(self.steps)[:, None] <= until)).sum(axis=0)
        return counts


@dataclass(frozen=True, eq=False)
class Graded:
    """Numbers (S, B, ...) of B items that are no spikes, in S steps: pixels that are held (S = 1), membranes, currents.

    A trace keeps them as samples of `variable`.   Errors: InputError for fewer than two axes, or no step.
    """

    numbers: NDArray[Any]
    variable: str = INTENSITY

    def __post_init__(self) -> None:
        given = as_array(self.numbers)
        if given.ndim < 2 or not len(given):
            raise InputError(f"graded values are (S, B, ...): steps, items, units; got shape {given.shape}")
        object.__setattr__(self, "numbers", given)

    @property
    def steps(self) -> int | None:
        """None: there are no spikes to tell the times of."""
        return None

    @property
    def shape(self) -> tuple[int, ...]:
        """How the numbers of an item lie."""
        return self.numbers.shape[2:]

    def __len__(self) -> int:
        return int(self.numbers.shape[1])

    def events(self, tick: float, steps: int, first: int = 0, stim: int = 0) -> Events:
        """Return no spikes."""
        return Events(np.empty(0, np.int64), np.empty(0, np.int32), np.empty(0, np.int32))

    def samples(self, steps: int, first: int = 0) -> Samples:
        """Return the numbers as a trace holds them; item b begins at tick `first` + b * `steps`, a step is a tick.

        Errors: InputError for more steps than these.
        """
        taken, items = self.numbers.shape[:2]
        if taken > steps:
            raise InputError(f"stimuli have ticks 0 to {steps - 1}, got {taken} steps of values: give more steps")
        by_item = self.numbers.reshape(taken, items, -1).swapaxes(0, 1)
        t = first + np.arange(items)[:, None] * steps + np.arange(taken)
        units = by_item.shape[2]
        return Samples(np.repeat(t.ravel(), units), np.tile(np.arange(units), t.size), by_item.ravel())

    def count(self, until: NDArray[Any]) -> NDArray[np.int64]:
        """Return 0 for each item."""
        return np.zeros(len(self), np.int64)


def _whole(given: NDArray[Any]) -> NDArray[Any]:
    """Return numbers of spikes in the smallest type.   Errors: InputError where they are none."""
    low, high = (given.min(), given.max()) if given.size else (0, 0)
    if not 0 <= low <= high < np.inf or (given.dtype.kind == "f" and not np.array_equal(given, np.rint(given))):
        raise InputError(
            f"spikes are whole numbers from 0 on, got values from {low} to {high}: a layer of graded values has no "
            "spikes to record, record its values"
        )
    return given.astype(np.min_scalar_type(int(high)))
