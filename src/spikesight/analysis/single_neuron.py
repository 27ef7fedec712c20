"""One neuron under a current, as in a first lecture: what it does over time, and how its rate depends on the current.

Times follow the published figures: step k is at ``t = k dt``, from 0 to the end, both included; a spike and the
membrane after a step carry the t of that step, and a constant current acts in the steps later than its onset.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError, UnknownName
from spikesight.equations.contract import Equation
from spikesight.executors.watching import watch

Floats = NDArray[np.floating[Any]]
Current = Callable[[Floats], Floats]
P = TypeVar("P")

MOST_STEPS = 20_000_000
"""A membrane of so many steps takes some hundred megabytes to look at."""

VALUES_AT_ONCE = 4_000_000
"""Steps times currents that are simulated in one go: 32 megabytes of drive."""


@dataclass(frozen=True)
class Constant:
    """A current that begins after `onset` (seconds) and stays; `value` in the unit of the model."""

    value: float
    onset: float = 10e-3

    def __call__(self, seconds: Floats) -> Floats:
        """Return the current at these times, to the nearest nanosecond."""
        return np.where(np.round(seconds - self.onset, 9) > 0.0, self.value, 0.0)


@dataclass(frozen=True)
class Response:
    """What one neuron did: times (seconds), current and membrane (the model's units), spike times (seconds)."""

    model: str
    times: Floats
    current: Floats
    v: Floats
    spikes: Floats

    @property
    def intervals(self) -> Floats:
        """Seconds between spikes."""
        return np.diff(self.spikes)

    @property
    def rate(self) -> float:
        """Spikes per second of the whole time."""
        return float(len(self.spikes) / self.times[-1])

    def as_json(self) -> dict[str, Any]:
        """Return what a program wants to know, times in seconds."""
        return {
            "model": self.model,
            "seconds": float(self.times[-1]),
            "spikes": len(self.spikes),
            "spike_times": self.spikes.tolist(),
            "rate_hz": self.rate,
        }


def driven(equation: Equation) -> str:
    """Return what a current goes into: the model's input, or the first field that synapses may add to."""
    return (*equation.inputs, *equation.targets)[0]


def times(dt: float, seconds: float) -> Floats:
    """Return the times of all steps.   Errors: InputError where they are none, or too many to look at."""
    if not 0.0 < dt <= seconds:
        raise InputError(
            f"dt is {dt} s and the time to simulate {seconds} s: take a positive dt, and at least one step"
        )
    if seconds / dt > MOST_STEPS:
        raise InputError(
            f"{seconds} s in steps of {dt} s are {seconds / dt:.0f} steps; at most {MOST_STEPS} can be shown"
        )
    return np.arange(round(seconds / dt) + 1) * dt


def respond(equation: Equation, params: Any, current: Current, dt: float, seconds: float) -> Response:
    """Simulate one neuron from rest (or from where `params` say) in float64.

    `current(times)` is its drive; for models without an input it is a kick per step, see `driven`.
    Errors: InputError where dt does not suit the model.
    """
    at = times(dt, seconds)
    drive = current(at)
    seen = watch(equation, params, {driven(equation): drive[:, None]}, dt, ("v",))
    return Response(equation.name, at, drive, seen.fields["v"][:, 0], at[seen.spikes[:, 0]])


def rates(equation: Equation, params: Any, currents: Floats, dt: float, seconds: float) -> Floats:
    """Return the rate (spikes per second) under each constant current, from time 0 on: the f-I curve.

    Few currents at a time, so that a fine curve takes no more memory than a coarse one.
    Shapes: (n,).   Errors: as `respond`.
    """
    steps, currents = len(times(dt, seconds)), np.asarray(currents, np.float64)
    at_once = max(1, VALUES_AT_ONCE // steps)
    counts = np.zeros(len(currents))
    for first in range(0, len(currents), at_once):
        drive = {driven(equation): np.tile(currents[first : first + at_once], (steps, 1))}
        counts[first : first + at_once] = watch(equation, params, drive, dt).spikes.sum(axis=0)
    return counts / seconds


def adjusted(params: P, words: Mapping[str, str]) -> P:
    """Return parameters with some numbers changed: `words` by name, as typed.

    Errors: UnknownName, with the nearest ones, for a parameter the model does not have; InputError for a word that is
    no number, and for parameters that are no numbers (a reset is chosen in Python).
    """
    known: dict[str, Any] = get_type_hints(type(params))
    values = {}
    for name, word in words.items():
        if name not in known:
            raise UnknownName("parameter of this model", name, [one.name for one in fields(params)])  # type: ignore[arg-type]
        kind = _number(known[name])
        if kind is None:
            raise InputError(f"parameter '{name}' is no number: set it in Python")
        try:
            values[name] = kind(word)
        except ValueError as error:
            raise InputError(f"parameter '{name}' takes a number ({kind.__name__}), got '{word}'") from error
    return replace(params, **values)  # type: ignore[type-var]


def _number(kind: Any) -> type[int] | type[float] | None:
    """Return int or float for a parameter's type, such as float or float | None; None for any other."""
    choices = set(get_args(kind)) - {types.NoneType} if get_origin(kind) in (Union, types.UnionType) else {kind}
    return next((number for number in (float, int) if choices == {number}), None)
