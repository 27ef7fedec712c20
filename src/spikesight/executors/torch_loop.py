"""The meaning of an equation in torch: one step after the other, differentiable by autograd. Slow and right.

Forwards it is the reference's arithmetic. Backwards a spike has the derivative of its surrogate, and what a spike does
to the state, mostly the reset, passes gradient on like any other choice between two values.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from spikesight.base.errors import InputError
from spikesight.equations.contract import Equation
from spikesight.equations.surrogate import Surrogate, slope


class Spike(torch.autograd.Function):
    """1 where the neuron fires, else 0; backwards the surrogate's derivative at the excess."""

    @staticmethod
    def forward(ctx: Any, excess: Tensor, equation: Equation, surrogate: Surrogate) -> Tensor:
        """Return the spikes of an excess over the threshold, both (B, ...)."""
        ctx.save_for_backward(excess)
        ctx.surrogate = surrogate
        fired: Tensor = equation.crossing(excess)
        return fired.to(excess.dtype)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None, None]:
        """Return the gradient of the excess."""
        (excess,) = ctx.saved_tensors
        return gradients[0] * slope(ctx.surrogate, excess, torch), None, None


class Choose(torch.autograd.Function):
    """`after` where a neuron fired, else `before`; the spike gets the gradient of its choice: after - before."""

    @staticmethod
    def forward(ctx: Any, spikes: Tensor, after: Tensor, before: Tensor) -> Tensor:
        """Return the chosen values, (B, ...)."""
        fired = spikes != 0
        ctx.save_for_backward(fired, after, before)
        return torch.where(fired, after, before)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return the gradients of the three."""
        fired, after, before = ctx.saved_tensors
        (gradient,) = gradients
        none = torch.zeros((), dtype=gradient.dtype, device=gradient.device)
        after_, before_ = torch.where(fired, gradient, none), torch.where(fired, none, gradient)
        return gradient * (after - before), after_.sum_to_size(after.shape), before_.sum_to_size(before.shape)


def run(
    equation: Equation,
    constants: Sequence[Any],
    inputs: Sequence[Tensor],
    state: Sequence[Tensor],
    surrogate: Surrogate,
    *,
    through_reset: bool = True,
) -> tuple[Tensor, tuple[Tensor, ...]]:
    """Run neurons over a sequence: returns the spikes (T, B, ...) as 0 and 1, and the state after it, fields (B, ...).

    `constants` are numbers, or tensors that broadcast against (B, ...) where they are learned or differ by channel.
    `inputs` are (T, B, ...), one for each input of the equation, `state` (B, ...), one for each field. Fields that are
    step numbers count from the start of the sequence, before and after. Without `through_reset` what a spike does to
    the state is taken as given, and no gradient passes through that choice.
    Errors: InputError where the sequence has no step.
    """
    if not len(inputs[0]):
        raise InputError(f"{equation.name}: a sequence has a step at least, got an input of {tuple(inputs[0].shape)}")
    fields, values, spikes = equation.fields, list(state), []
    functions = [getattr(torch, name) for name in equation.functions]
    for k in range(len(inputs[0])):
        now = torch.full((), k, dtype=torch.int32, device=inputs[0].device)
        arrived = (whole[k] for whole in inputs)
        *moved, excess = equation.advance(*values, *arrived, now, torch.where, *functions, *constants)
        held = dict(zip(fields, values, strict=True)) | dict(zip(equation.moving, moved, strict=True))
        before = [held[field] for field in fields]
        fired: Tensor = Spike.apply(excess, equation, surrogate)  # type: ignore[no-untyped-call]
        choice = fired if through_reset else fired.detach()
        after = equation.fire(*before, now, *constants)
        values = [_chosen(choice, new, old) for new, old in zip(after, before, strict=True)]
        spikes.append(fired)
    known = zip(fields, values, strict=True)
    counted = [value - len(spikes) if equation.is_step_number(field) else value for field, value in known]
    return torch.stack(spikes), tuple(counted)


def _chosen(spikes: Tensor, after: Any, before: Tensor) -> Tensor:
    unchanged = after is before
    if unchanged:
        return before
    new = torch.as_tensor(after, dtype=before.dtype, device=before.device)
    if not before.is_floating_point():
        counted: Tensor = torch.where(spikes != 0, new, before)
        return counted
    chosen: Tensor = Choose.apply(spikes, new.expand_as(before) if new.ndim == 0 else new, before)  # type: ignore[no-untyped-call]
    return chosen
