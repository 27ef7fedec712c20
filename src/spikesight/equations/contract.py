"""What a neuron model brings, so that every executor can run it.

A model is two pure functions without branches and without numeric literals, so that the same text runs as NumPy, Numba
and torch code and keeps float32 in float32:

``advance(*state, *inputs, now, where, *constants) -> (*moving, excess)``
    One time step: the new values of the state fields listed in `moving`, and how far the neuron is over its threshold
    (negative while refractory). `now` is the step number, `where(condition, a, b)` the executor's choice of two values.
``fire(*state, now, *constants) -> state``
    What a spike does to the state of the neuron that emitted it: reset, refractoriness, adaptation.

They are two because spikes are rare: a fused executor pays for the second only where one happened. `step` composes
them; it is what the reference executes and what the others are compared with.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple, get_type_hints

from numba.extending import register_jitable


def shared(function: Callable[..., Any]) -> Callable[..., Any]:
    """Mark an equation's function as callable from another one's: it stays what it is, and Numba may compile it too."""
    jitable: Callable[..., Any] = register_jitable(function)
    return jitable


class Choices(NamedTuple):
    """The six choices that make "leaky integrate-and-fire" mean one thing."""

    decay: str
    input: str
    threshold: str
    reset: str
    spikes: str
    gradient: str


def as_they_are(params: Any) -> Any:
    """Parameters of a model in which nothing is learned; a named function, so that a model can be pickled."""
    return params


@dataclass(frozen=True)
class Equation:
    """A neuron model: its name, its parts and where it comes from.

    `params` is a frozen dataclass in SI units; `state` a NamedTuple of field types, `int` for step numbers and `float`
    for the rest. `constants(params, dt)` turns parameters into the per-step numbers that `advance` and `fire` take, a
    NamedTuple in their order and with types of the same meaning. `initial(params)` is the state at rest.
    `crossing(excess)` is `above` or `reaches`. `moving` are the fields that `advance` changes; the others change only
    by `fire`, by `drift`, or by synapses. `drift(state, params, seconds)` moves fields so slow that once per call is
    enough. `frozen(params)` are the parameters with everything learned held still.
    """

    name: str
    params: type[Any]
    state: type[Any]
    inputs: tuple[str, ...]
    moving: tuple[str, ...]
    advance: Callable[..., tuple[Any, ...]]
    fire: Callable[..., tuple[Any, ...]]
    crossing: Callable[[Any], Any]
    constants: Callable[[Any, float], tuple[float | int, ...]]
    initial: Callable[[Any], Any]
    choices: Choices
    source: str
    learned: tuple[str, ...] = ()
    drift: Callable[[Any, Any, float], Any] | None = None
    frozen: Callable[[Any], Any] = as_they_are

    @property
    def fields(self) -> tuple[str, ...]:
        """Names of the state fields, in the order that `advance` and `fire` take them."""
        return tuple(self.state._fields)

    def is_step_number(self, field: str) -> bool:
        """Whether a state field counts steps (int32) rather than holding a quantity (the network's float type)."""
        return get_type_hints(self.state)[field] is int


def above(excess: Any) -> Any:
    """Spike where the threshold is exceeded: ``>``."""
    return excess > 0


def reaches(excess: Any) -> Any:
    """Spike where the threshold is reached: ``>=``."""
    return excess >= 0


def step(
    equation: Equation,
    state: tuple[Any, ...],
    inputs: tuple[Any, ...],
    now: Any,
    constants: tuple[Any, ...],
    where: Callable[[Any, Any, Any], Any],
) -> tuple[tuple[Any, ...], Any]:
    """Advance neurons by one time step: returns the new state and the spikes of this step.

    Shapes: state fields and inputs broadcast to (B, ...).   Units: those of the equation's `Params`.
    Errors: none; shapes are checked by the executor.
    """
    *moved, excess = equation.advance(*state, *inputs, now, where, *constants)
    values = dict(zip(equation.fields, state, strict=True)) | dict(zip(equation.moving, moved, strict=True))
    before = tuple(values[field] for field in equation.fields)
    spikes = equation.crossing(excess)
    after = equation.fire(*before, now, *constants)
    return tuple(where(spikes, new, old) for new, old in zip(after, before, strict=True)), spikes
