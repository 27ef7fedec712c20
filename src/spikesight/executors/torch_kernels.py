"""From tensors to compiled kernels and back: memory order, types, threads, and tensors whose memory is used again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, get_type_hints

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from spikesight.base.spread import spread
from spikesight.equations.contract import Equation
from spikesight.executors.fused_sequence import Variant, block_width, constant_names
from spikesight.executors.fused_sequence import backward as backward_kernel
from spikesight.executors.fused_sequence import forward as forward_kernel
from spikesight.executors.known_names import equation_named, surrogate_named
from spikesight.executors.reused_memory import STORE

FEW = 1 << 16
"""Neuron steps that are done sooner by one thread than two are begun."""


@dataclass
class Call:
    """The arguments of the operator. `inputs` are (T, B, ...), or (1, B, ...) where they are the same in every step."""

    name: str
    kind: str
    slope: Sequence[float]
    inputs: Sequence[Tensor]
    state: Sequence[Tensor]
    tensors: Sequence[Tensor]
    places: Sequence[int]
    numbers: Sequence[float]
    steps: int
    through_reset: bool

    @property
    def equation(self) -> Equation:
        """The equation of that name."""
        return equation_named(self.name)

    @property
    def surrogate(self) -> Any:
        """The surrogate, with its constants as they were handed in."""
        kind = surrogate_named(self.kind)
        return _Bound(tuple(self.slope), kind.functions, kind.derivative)

    def constants(self) -> list[Any]:
        """Return numbers and tensors in the equation's order; step numbers as whole numbers."""
        values: list[Any] = [
            int(one) if counts else one for one, counts in zip(self.numbers, _counts(self.equation), strict=True)
        ]
        for place, tensor in zip(self.places, self.tensors, strict=True):
            values[place] = tensor
        return values


@dataclass(frozen=True)
class _Bound:
    """A surrogate that is known by its class and constants."""

    constants: tuple[float, ...]
    functions: tuple[str, ...]
    derivative: Callable[..., Any]


def _counts(equation: Equation) -> list[bool]:
    """Return of each constant whether it is a number of steps."""
    constants = equation.constants(equation.params(), equation.usual_dt)
    hints = get_type_hints(type(constants))
    return [hints[name] is int for name in constant_names(equation)]


def like_sequence(x: Tensor, steps: Any, dtype: torch.dtype) -> Tensor:
    """Return an empty tensor (steps, B, ...) in the memory order of x, which may be one step of it."""
    if x.shape[0] == steps:
        return torch.empty_like(x, dtype=dtype)
    return torch.empty_like(x[:1].expand(steps, *x.shape[1:]), dtype=dtype, memory_format=torch.contiguous_format)


class _Order:
    """The order in which the neurons lie in memory, which need not be that of their axes (channels last)."""

    def __init__(self, call: Call) -> None:
        meta = like_sequence(call.inputs[0].to("meta"), call.steps, call.inputs[0].dtype)
        strides = meta.stride()[1:]
        self.shape = tuple(meta.shape[1:])
        self.axes = sorted(range(len(strides)), key=lambda axis: -strides[axis])
        self.back = sorted(range(len(strides)), key=self.axes.__getitem__)
        self.n = int(np.prod(self.shape))

    def neurons(self, x: Tensor) -> NDArray[Any]:
        """Return values (B, ...) as an array (n,) in this order, without a copy where they lie so."""
        flat: NDArray[Any] = x.detach().expand(self.shape).permute(self.axes).reshape(-1).numpy()
        return flat

    def sequence(self, x: Tensor) -> NDArray[Any]:
        """Return values (T, B, ...) as an array (T, n) in this order."""
        axes = [0, *(axis + 1 for axis in self.axes)]
        flat: NDArray[Any] = x.detach().permute(axes).reshape(x.shape[0], -1).numpy()
        return flat

    def constants(self, x: Tensor) -> NDArray[Any]:
        """Return a constant as an array (n,), or of one sample, or of one neuron: as few as tell all."""
        spread_out = x.detach().expand(*(1,) * (len(self.shape) - x.ndim), *x.shape)
        same = [axis for axis in self.axes if self.axes.index(axis) < self._leading(spread_out)]
        shape = [1 if axis in same else size for axis, size in enumerate(self.shape)]
        few: NDArray[Any] = spread_out.expand(shape).permute(self.axes).reshape(-1).numpy()
        return few

    def _leading(self, x: Tensor) -> int:
        """Return how many of the outermost axes in memory a constant does not depend on."""
        sizes = [x.shape[axis] for axis in self.axes]
        return next((place for place, size in enumerate(sizes) if size != 1), len(sizes))

    def tensor(self, array: NDArray[Any]) -> Tensor:
        """Return (n,) or (T, n) as a tensor (B, ...) or (T, B, ...) that shares its memory."""
        # From the array itself, not a view: so the tensor owns what the array does.
        whole = torch.from_numpy(array)
        shape = [self.shape[axis] for axis in self.axes]
        if array.ndim == 1:
            return whole.view(shape).permute(self.back)
        return whole.view(array.shape[0], *shape).permute([0, *(axis + 1 for axis in self.back)])


def _variant(call: Call, arrays: tuple[int, ...], learned: tuple[int, ...], through_reset: bool) -> Variant:
    return Variant(
        call.equation,
        surrogate_named(call.kind),
        len(call.slope),
        len(call.numbers),
        arrays,
        learned,
        tuple(one.shape[0] != call.steps for one in call.inputs),
        through_reset,
    )


def _typed(call: Call, dtype: Any) -> tuple[list[Any], tuple[int, ...], list[Tensor]]:
    """Return the numbers in the kernel's types, and the places and tensors of constants that are more than one."""
    numbers = list(call.numbers)
    arrays, tensors = [], []
    for place, tensor in zip(call.places, call.tensors, strict=True):
        if tensor.numel() == 1:
            numbers[place] = tensor.item()
        else:
            arrays.append(place)
            tensors.append(tensor)
    counts = _counts(call.equation)
    typed = [np.int32(one) if whole else dtype(one) for one, whole in zip(numbers, counts, strict=True)]
    return typed, tuple(arrays), tensors


def _over(n: int, steps: int, work: Callable[[int, int], None]) -> None:
    """Do the neurons 0..n on all cores, or on one where torch has one; which part a neuron is in changes nothing."""
    if n * steps < FEW or torch.get_num_threads() == 1:
        work(0, n)
    else:
        spread(work, n)


def forward(call: Call, compact: bool) -> list[Tensor]:
    """Return spikes (T, B, ...), 0 and 1 in the type of the input or uint8, and the state after."""
    order = _Order(call)
    inputs = [order.sequence(one) for one in call.inputs]
    dtype = inputs[0].dtype.type
    state = [_copied(order.neurons(one)) for one in call.state]
    numbers, places, tensors = _typed(call, dtype)
    arrays = [order.constants(one) for one in tensors]
    spikes = STORE.empty((call.steps, order.n), np.uint8 if compact else dtype)
    kernel = forward_kernel(_variant(call, places, (), True)).forward
    arguments = (call.steps, spikes, *state, *inputs, *arrays, tuple(numbers))
    _over(order.n, call.steps, lambda first, last: kernel(first, last, *arguments))
    return [order.tensor(spikes), *(order.tensor(one) for one in state)]


def backward(call: Call, learned: Sequence[bool], gradients: Sequence[Tensor | None]) -> list[Tensor]:
    """Return the gradients of inputs, quantities of the state, and those tensors of which they are wanted."""
    order, equation = _Order(call), call.equation
    inputs = [order.sequence(one) for one in call.inputs]
    dtype = inputs[0].dtype.type
    state = [one if one.flags.c_contiguous else _copied(one) for one in map(order.neurons, call.state)]
    numbers, places, tensors = _typed(call, dtype)
    arrays = [order.constants(one) for one in tensors]
    wanted = [place for place, needed in zip(call.places, learned, strict=True) if needed]
    g, *onto_state = gradients
    to_state = [
        _copied(np.broadcast_to(dtype(0), order.n) if one is None else order.neurons(one))
        for one, kept in zip(onto_state, call.state, strict=True)
        if kept.is_floating_point()
    ]
    to_inputs = [STORE.empty(one.shape, dtype) for one in inputs]
    to_constants = [np.empty((1, order.n), dtype) for _ in wanted]
    kernel = backward_kernel(_variant(call, places, tuple(wanted), call.through_reset)).backward
    arguments = (
        block_width(call.steps, equation, inputs[0].itemsize), call.steps, _gradient(order, g, dtype),
        *state, *inputs, *arrays, *to_state, *to_inputs, *to_constants,
        tuple(numbers), tuple(map(dtype, call.slope)),
    )  # fmt: skip
    _over(order.n, call.steps, lambda first, last: kernel(first, last, *arguments))
    summed = [
        order.tensor(one[0]).sum_to_size(_padded(tensor, len(order.shape))).reshape(tensor.shape)
        for one, tensor in zip(
            to_constants, (t for t, needed in zip(call.tensors, learned, strict=True) if needed), strict=True
        )
    ]
    return [*map(order.tensor, to_inputs), *map(order.tensor, to_state), *summed]


def _copied(values: NDArray[Any]) -> NDArray[Any]:
    """Return a copy in memory that is used again."""
    copy = STORE.empty(values.shape, values.dtype)
    copy[...] = values
    return copy


def _gradient(order: _Order, g: Tensor | None, dtype: Any) -> NDArray[Any]:
    """Return the gradient of spikes as (T, n), or (1, n) where it is the same in every step."""
    if g is None:
        return np.zeros((1, order.n), dtype)
    return order.sequence(g[:1] if g.shape[0] > 1 and g.stride(0) == 0 else g)


def _padded(tensor: Tensor, axes: int) -> tuple[int, ...]:
    return (1,) * (axes - tensor.ndim) + tuple(tensor.shape)
