"""`torch.vmap` over the operator: the mapped axis becomes another axis of neurons."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor


def register_vmap(neurons: Any, back: Any) -> None:
    """Tell torch how the operator and its backward pass are mapped."""
    neurons.register_vmap(_neurons)
    back.register_vmap(_back)


def _neurons(info: Any, in_dims: Any, *arguments: Any) -> tuple[list[Tensor], list[int]]:
    head, (inputs, state, tensors), tail = arguments[:3], arguments[3:6], arguments[6:]
    mapped = _mapped(info.batch_size, in_dims[3:6], inputs, state, tensors)
    answers = torch.ops.spikesight.neurons(*head, *mapped, *tail)
    return answers, [1] + [0] * (len(answers) - 1)


def _back(info: Any, in_dims: Any, *arguments: Any) -> tuple[list[Tensor], list[int]]:
    head, (inputs, state, tensors), (*tail, learned, gradients) = arguments[:3], arguments[3:6], arguments[6:]
    mapped = _mapped(info.batch_size, in_dims[3:6], inputs, state, tensors)
    axes = [1] + [0] * len(state)
    given = [
        None if one is None else _with_axis(one, dim, axis, info.batch_size)
        for one, dim, axis in zip(gradients, in_dims[-1], axes, strict=True)
    ]
    found = torch.ops.spikesight.neurons_back(*head, *mapped, *tail, learned, given)
    floats = sum(one.is_floating_point() for one in state)
    answers = list(found[: len(inputs) + floats])
    wanted = [(one, dim) for one, dim, needed in zip(tensors, in_dims[5], learned, strict=True) if needed]
    for (one, dim), summed in zip(wanted, found[len(answers) :], strict=True):
        shape = one.shape if dim is None else one.movedim(dim, 0).shape[1:]
        answers.append(summed.reshape(info.batch_size, *shape))
    return answers, [1] * len(inputs) + [0] * (len(answers) - len(inputs))


def _mapped(size: int, dims: Any, inputs: Any, state: Any, tensors: Any) -> tuple[list[Tensor], ...]:
    axes = state[0].ndim - (dims[1][0] is not None)
    return (
        [_with_axis(one, dim, 1, size) for one, dim in zip(inputs, dims[0], strict=True)],
        [_with_axis(one, dim, 0, size) for one, dim in zip(state, dims[1], strict=True)],
        [_aligned(_with_axis(one, dim, 0, size), axes) for one, dim in zip(tensors, dims[2], strict=True)],
    )


def _with_axis(x: Tensor, dim: int | None, axis: int, size: int) -> Tensor:
    """Return x with the mapped axis in a place; repeated along it where x is not mapped."""
    if dim is not None:
        return x.movedim(dim, axis)
    shape: Sequence[int] = [*x.shape[:axis], size, *x.shape[axis:]]
    return x.unsqueeze(axis).expand(shape)


def _aligned(x: Tensor, axes: int) -> Tensor:
    """Return a mapped constant (V, ...) with so many axes behind the mapped one."""
    return x.reshape(x.shape[0], *(1,) * (axes - (x.ndim - 1)), *x.shape[1:])
