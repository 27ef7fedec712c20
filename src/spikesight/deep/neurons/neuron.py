"""A neuron model of `equations/` as a torch module."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn

from spikesight.base.errors import InputError, UnknownName
from spikesight.deep.neurons.parameters import broadcast, constants_of, from_learned, is_decay, to_learned, wide
from spikesight.deep.temporal import Temporal
from spikesight.equations.contract import Equation
from spikesight.equations.reset import Reset, Subtract
from spikesight.equations.surrogate import ArcTan, Surrogate
from spikesight.executors import torch_op

NOT_LEARNED = ("keep", "floor", "none", "never")


class Neuron(Temporal):
    """Neurons of one equation, with the parameters `params` (SI units) and steps of `dt` seconds.

    Input: current (T, B, ...), in the unit that the equation states. Output: spikes (T, B, ...), 0 and 1 in the type of
    the input. `params` is one set for all neurons, or a tuple of one for each channel, the first axis after the batch.
    `learn` names constants of the equation that are learned, one for all or for each channel as `params` has them;
    decays are learned as their logits. `surrogate` is the derivative of a spike; without `through_reset` no gradient
    passes through what a spike does to the state.
    Errors: InputError for an equation of several inputs, parameters that are no numbers, decays that cannot be learned;
    UnknownName for a name in `learn` that is no such constant.
    """

    fires = True

    def __init__(
        self,
        equation: Equation,
        params: Any,
        *,
        dt: float = 1e-3,
        surrogate: Surrogate = ArcTan(),  # noqa: B008 (frozen)
        through_reset: bool = True,
        learn: Sequence[str] = (),
    ) -> None:
        super().__init__()
        if len(equation.inputs) != 1:
            raise InputError(f"{equation.name} has inputs {equation.inputs}; a neuron of a layer has one")
        self.equation, self.dt = equation, dt
        self.params: tuple[Any, ...] = params if isinstance(params, tuple) else (params,)
        self.surrogate, self.through_reset, self.learn = surrogate, through_reset, tuple(learn)
        self._numbers = constants_of(equation, self.params, dt, type(self).__name__)
        for name in self.learn:
            values = self._numbers.get(name, (0,))
            if isinstance(values[0], int) or name in NOT_LEARNED:
                known = [one for one, value in self._numbers.items() if isinstance(value[0], float)]
                raise UnknownName(f"learnable constant of {type(self).__name__}", name, set(known) - set(NOT_LEARNED))
            learned = nn.Parameter(to_learned(name, values, type(self).__name__))
            self.register_parameter(self._parameter(name), learned)

    def constants(self, x: Tensor) -> tuple[Any, ...]:
        """Return the equation's constants for an input x (T, B, ...): numbers, or tensors that broadcast against
        (B, ...) where they are learned or differ by channel.

        Errors: InputError naming a learned one that is no finite number any more, and where channels do not fit.
        """
        values: dict[str, Any] = dict(self._numbers)
        for name in self.learn:
            learned = getattr(self, self._parameter(name))
            self._check_finite(name, learned)
            values[name] = from_learned(name, learned)
        return broadcast(self.tied(values) if self.learn else values, x, type(self).__name__)

    def tied(self, values: dict[str, Any]) -> dict[str, Any]:
        """Return the constants with those that follow from learned ones made to follow."""
        return values

    def initial(self, x: Tensor) -> Any:
        """Return the state at rest for neurons that an input x (T, B, ...) drives."""
        at_rest = [self.equation.initial(one)._asdict() for one in self.params]
        rest = {field: tuple(one[field] for one in at_rest) for field in self.equation.fields}
        fields = zip(self.equation.fields, broadcast(rest, x, type(self).__name__), strict=True)
        return self.equation.state(*(self._filled(field, value, x) for field, value in fields))

    def run(self, x: Tensor, state: Any | None = None) -> tuple[Tensor, Any]:
        """See `Temporal`; the state is the equation's, with a tensor (B, ...) for each of its fields."""
        begun = self.begun(x, state)
        spikes, after = torch_op.run(
            self.equation, self.constants(x), (x,), begun, self.surrogate, through_reset=self.through_reset
        )
        return spikes, self.equation.state(*after)

    def begun(self, x: Tensor, state: Any | None) -> Any:
        """Return the state to begin x (T, B, ...) with: at rest, or the one given, in the type of x, or float32 where
        that is of half precision.

        Errors: InputError where x has no time or batch, or the state is of another neuron or shape.
        """
        who = type(self).__name__
        if x.ndim < 2 or not x.is_floating_point():
            raise InputError(f"{who} takes a current (T, B, ...) of floats, got {x.dtype} of shape {tuple(x.shape)}")
        if state is None:
            return self.initial(x)
        if getattr(state, "_fields", None) != self.equation.fields:
            raise InputError(f"the state of {who} has the fields {self.equation.fields}, got {type(state).__name__}")
        shapes = {field: tuple(value.shape) for field, value in state._asdict().items()}
        if set(shapes.values()) != {tuple(x.shape[1:])}:
            raise InputError(
                f"the state of {who} has shapes {shapes}, an input of {tuple(x.shape)} needs "
                f"{tuple(x.shape[1:])}: begin with state None where the batch changes"
            )
        return self.equation.state(*(self._filled(field, value, x) for field, value in state._asdict().items()))

    def extra_repr(self) -> str:
        """Return parameters, step and what is learned."""
        channels = f" and {len(self.params) - 1} more" if len(self.params) > 1 else ""
        learned = f", learn={self.learn}" if self.learn else ""
        return f"{self.params[0]}{channels}, dt={self.dt}{learned}"

    def _landed(self, values: dict[str, Any], reset: Reset) -> dict[str, Any]:
        """Return the constants of a neuron whose landing by subtraction follows from a learned threshold or rest."""
        if isinstance(reset, Subtract) and "landing" not in self.learn and {"threshold", "rest"} & set(self.learn):
            values["landing"] = self._tensor(values["rest"]) - self._tensor(values["threshold"])
        return values

    def _tensor(self, value: Any) -> Tensor:
        """Return a constant, learned or one for each channel, as a tensor."""
        if isinstance(value, Tensor):
            return value
        device = next(self.parameters()).device
        return torch.tensor(value[0] if len(value) == 1 else value, dtype=torch.float64, device=device)

    @staticmethod
    def _parameter(name: str) -> str:
        return f"logit_{name}" if is_decay(name) else name

    def _filled(self, field: str, value: Any, x: Tensor) -> Tensor:
        """Return a field of the state as a tensor (B, ...), in the type of membranes unless it counts steps."""
        kind = torch.int32 if self.equation.is_step_number(field) else wide(x.dtype)
        if isinstance(value, Tensor):
            return value.to(x.device, kind).expand(x.shape[1:]).contiguous()
        # One number that stands for all: a state at rest takes no memory.
        return torch.full((), value, dtype=kind, device=x.device).expand(x.shape[1:])

    def _check_finite(self, name: str, learned: Tensor) -> None:
        if torch.compiler.is_compiling():
            return
        try:
            fine = bool(torch.isfinite(learned).all())
        except RuntimeError:  # parameters of many networks at once, under vmap: they cannot be asked
            return
        if not fine:
            raise InputError(f"{type(self).__name__}: the learned {name} is {learned.detach()}: training has diverged")
