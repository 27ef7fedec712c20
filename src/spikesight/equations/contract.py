"""What a neuron model brings, so that every executor can run it.

A model is two pure functions without branches and without numeric literals, so that the same text runs as NumPy, Numba
and torch code and keeps float32 in float32:

``advance(*state, *inputs, now, where, *functions, *constants) -> (*moving, excess)``
    One time step: the new values of the state fields listed in `moving`, and how far the neuron is over its threshold
    (negative while refractory). `now` is the step number, `where(condition, a, b)` the executor's choice of two values.
    A model that needs elementary functions names them in `functions` and is handed the executor's own.
``fire(*state, now, *constants) -> state``
    What a spike does to the state of the neuron that emitted it: reset, refractoriness, adaptation.
``silence(*state, now, hold, where, *constants) -> state``, if the model has it,
    What a winner does to a neuron that lost a competition: its potential is gone, it may fire again `hold` steps on.
`adjoint`, if the model has it,
    How gradients go back through `advance` and `fire` (`Adjoint`), so that training can be compiled too.

They are two because spikes are rare: a fused executor pays for the second only where one happened. `step` composes
them; it is what the reference executes and what the others are compared with.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, get_type_hints

from numba.extending import register_jitable

from spikesight.base.errors import InputError, UnknownName
from spikesight.equations.presets import Preset

ELEMENTARY = ("cos", "cosh", "exp", "expm1", "log", "sqrt", "tanh")
"""Functions that every executor has. Executors may differ in the last bit of a result, `sqrt` excepted."""


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
class Adjoint:
    """How gradients go back through an equation: vector-Jacobian products, written like `advance` and `fire`.

    ``advance(*state, *inputs, now, where, *functions, *constants, *gradients, gradient of excess) -> gradients``
        `state` is that before the step; `gradients` are those of all its float fields after the step. Returned are
        the gradients of the float fields before it, of the inputs, and of the constants named in `constants`.
    ``fire(*state, now, *constants, *gradients) -> gradients``
        `state` is that which fired; `gradients` are those of its float fields afterwards. Returned are the gradients
        of the float fields before, and of the constants named in `constants`.
    Surrogates are not in it: the executor multiplies the gradient of a spike into that of the excess.
    """

    constants: tuple[str, ...]
    advance: Callable[..., tuple[Any, ...]]
    fire: Callable[..., tuple[Any, ...]]


@dataclass(frozen=True)
class Equation:
    """A neuron model: its name, its parts and where it comes from.

    `params` is a frozen dataclass in SI units; `state` a NamedTuple of field types, `int` for step numbers and `float`
    for the rest. `constants(params, dt)` turns parameters into the per-step numbers that `advance` and `fire` take, a
    NamedTuple in their order and with types of the same meaning. `initial(params)` is the state at rest.
    `crossing(excess)` is `above` or `reaches`. `moving` are the fields that `advance` changes; the others change only
    by `fire`, by `drift`, or by synapses. `drift(state, params, seconds)` moves fields so slow that once per call is
    enough. `frozen(params)` are the parameters with everything learned held still. `adjoint` takes gradients back.
    `functions` are the elementary functions that `advance` needs, of `ELEMENTARY`; `kicked` are the fields that
    synapses may add to (None: all moving ones); `usual_dt` is a step (seconds) that suits the model; `presets` are
    parameters that were published under a name.

    Errors: UnknownName for an elementary function that executors do not have.
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
    silence: Callable[..., tuple[Any, ...]] | None = None
    adjoint: Adjoint | None = None
    functions: tuple[str, ...] = ()
    kicked: tuple[str, ...] | None = None
    usual_dt: float = 0.5e-3
    presets: Mapping[str, Preset] = field(default_factory=dict, compare=False)
    _counted: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Once, for annotations cannot be looked at while torch traces a graph.
        hints = get_type_hints(self.state)
        counted = frozenset(name for name in self.state._fields if hints[name] is int)
        object.__setattr__(self, "_counted", counted)
        for function in self.functions:
            if function not in ELEMENTARY:
                raise UnknownName("elementary function", function, ELEMENTARY)

    def preset(self, name: str) -> Preset:
        """Return a preset.   Errors: UnknownName with the nearest ones, InputError where the model has none."""
        if not self.presets:
            raise InputError(f"{self.name} has no presets: set its parameters one by one")
        if name not in self.presets:
            raise UnknownName(f"preset of {self.name}", name, self.presets)
        return self.presets[name]

    @property
    def targets(self) -> tuple[str, ...]:
        """Names of the state fields that synapses may add to."""
        return self.moving if self.kicked is None else self.kicked

    @property
    def fields(self) -> tuple[str, ...]:
        """Names of the state fields, in the order that `advance` and `fire` take them."""
        return tuple(self.state._fields)

    @property
    def quantities(self) -> tuple[str, ...]:
        """Names of the state fields that are no step numbers: those that have gradients."""
        return tuple(field for field in self.fields if not self.is_step_number(field))

    def is_step_number(self, field: str) -> bool:
        """Whether a state field counts steps (int32) rather than holding a quantity (the network's float type)."""
        return field in self._counted


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
    library: Any,
) -> tuple[tuple[Any, ...], Any]:
    """Advance neurons by one time step: returns the new state and the spikes of this step.

    `library` is the module whose `where` and elementary functions take such arrays: numpy, torch.
    Shapes: state fields and inputs broadcast to (B, ...).   Units: those of the equation's `Params`.
    Errors: none; shapes are checked by the executor.
    """
    functions = (getattr(library, name) for name in equation.functions)
    *moved, excess = equation.advance(*state, *inputs, now, library.where, *functions, *constants)
    values = dict(zip(equation.fields, state, strict=True)) | dict(zip(equation.moving, moved, strict=True))
    before = tuple(values[field] for field in equation.fields)
    spikes = equation.crossing(excess)
    after = equation.fire(*before, now, *constants)
    return tuple(library.where(spikes, new, old) for new, old in zip(after, before, strict=True)), spikes
