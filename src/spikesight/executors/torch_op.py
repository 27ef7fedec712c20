"""Equations over sequences as one torch operator: compiled forwards and backwards, the same answers as `torch_loop`.

The operator `spikesight::neurons` keeps its input for the backward pass and computes the membrane from it again, which
the next layer's spikes and this layer's input, alive anyway, make the least there is to keep. Where there is nothing
compiled to be had (an equation without an adjoint that learns, an export to ONNX, gradients of gradients, a device
other than the CPU), `torch_loop` does it; leaky neurons on a CUDA device have kernels of their own (`fused_gpu`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from spikesight.base.errors import InputError
from spikesight.equations.contract import Equation
from spikesight.equations.surrogate import Surrogate
from spikesight.executors import fused_gpu, torch_kernels, torch_loop
from spikesight.executors.known_names import names_of
from spikesight.executors.torch_vmap import register_vmap

SCHEMA = (
    "(str equation, str surrogate, float[] slope, Tensor[] inputs, Tensor[] state, Tensor[] tensors, int[] places, "
    "float[] numbers, SymInt steps, bool through_reset, bool compact) -> Tensor[]"
)
BACK = (
    "(str equation, str surrogate, float[] slope, Tensor[] inputs, Tensor[] state, Tensor[] tensors, int[] places, "
    "float[] numbers, SymInt steps, bool through_reset, bool[] learned, Tensor?[] gradients) -> Tensor[]"
)


@torch.library.custom_op("spikesight::neurons", mutates_args=(), schema=SCHEMA)
def _neurons(
    equation: str,
    surrogate: str,
    slope: Sequence[float],
    inputs: Sequence[Tensor],
    state: Sequence[Tensor],
    tensors: Sequence[Tensor],
    places: Sequence[int],
    numbers: Sequence[float],
    steps: int,
    through_reset: bool,
    compact: bool,
) -> list[Tensor]:
    """Return the spikes (T, B, ...) and the state after them."""
    call = torch_kernels.Call(equation, surrogate, slope, inputs, state, tensors, places, numbers, steps, through_reset)
    return torch_kernels.forward(call, compact)


@_neurons.register_fake
def _shapes(
    equation: str, surrogate: str, slope: Any, inputs: Any, state: Any, tensors: Any, places: Any, numbers: Any,
    steps: Any, through_reset: Any, compact: bool,
) -> list[Tensor]:  # fmt: skip
    spikes = torch_kernels.like_sequence(inputs[0], steps, torch.uint8 if compact else inputs[0].dtype)
    return [spikes, *(torch.empty_like(spikes[0], dtype=one.dtype) for one in state)]


@torch.library.custom_op("spikesight::neurons_back", mutates_args=(), schema=BACK)
def _back(
    equation: str,
    surrogate: str,
    slope: Sequence[float],
    inputs: Sequence[Tensor],
    state: Sequence[Tensor],
    tensors: Sequence[Tensor],
    places: Sequence[int],
    numbers: Sequence[float],
    steps: int,
    through_reset: bool,
    learned: Sequence[bool],
    gradients: Sequence[Tensor | None],
) -> list[Tensor]:
    """Return the gradients of the inputs, the quantities of the state, and the tensors of which it is wanted."""
    call = torch_kernels.Call(equation, surrogate, slope, inputs, state, tensors, places, numbers, steps, through_reset)
    return torch_kernels.backward(call, learned, gradients)


@_back.register_fake
def _back_shapes(
    equation: str, surrogate: str, slope: Any, inputs: Any, state: Any, tensors: Any, places: Any, numbers: Any,
    steps: Any, through_reset: Any, learned: Any, gradients: Any,
) -> list[Tensor]:  # fmt: skip
    like = torch_kernels.like_sequence(inputs[0], steps, inputs[0].dtype)
    to_inputs = [torch.empty_like(like[:1] if len(one) != len(like) else like) for one in inputs]
    to_state = [torch.empty_like(like[0]) for one in state if one.is_floating_point()]
    return [*to_inputs, *to_state, *(torch.empty_like(t) for t, wanted in zip(tensors, learned, strict=True) if wanted)]


def _keep(ctx: Any, inputs: Any, output: Any) -> None:
    equation, surrogate, slope, sequences, state, tensors, places, numbers, steps, through_reset, _ = inputs
    # Tensors are kept by autograd alone: checkpoints and others that hook into what is saved are to see them all.
    ctx.save_for_backward(*sequences, *state, *tensors)
    ctx.set_materialize_grads(False)
    ctx.head, ctx.tail = (equation, surrogate, slope), (places, numbers, steps, through_reset)
    ctx.counts = len(sequences), len(state), len(tensors)


def _pull(ctx: Any, gradients: Any) -> tuple[Any, ...]:
    inputs, state, tensors = _split(list(ctx.saved_tensors), ctx.counts)
    # Step numbers have no gradient, whatever autograd hands in for them.
    given = [gradients[0], *(g if s.is_floating_point() else None for g, s in zip(gradients[1:], state, strict=True))]
    learned = [bool(needed) for needed in ctx.needs_input_grad[5]]
    common = (*ctx.head, inputs, state, tensors, *ctx.tail)
    if torch.is_grad_enabled():
        found = iter(_pull_by_loop(common, learned, given))
    else:
        found = iter(torch.ops.spikesight.neurons_back(*common, learned, given))
    to_inputs = [next(found) for _ in inputs]
    to_state = [next(found) if one.is_floating_point() else None for one in state]
    to_tensors = [next(found) if wanted else None for wanted in learned]
    # To torch an empty list is one of tensors.
    slope, places = ctx.head[2], ctx.tail[0]
    rest: tuple[Any, ...] = (None if slope else [], to_inputs, to_state, to_tensors, None if places else [])
    return None, None, *rest, None, None, None, None


def _pull_by_loop(common: Any, learned: list[bool], given: list[Tensor | None]) -> list[Tensor]:
    """Do it so that the gradients have gradients too."""
    call = torch_kernels.Call(*common)
    spikes, after = torch_loop.run(
        call.equation,
        call.constants(),
        [one.expand(call.steps, *one.shape[1:]) for one in call.inputs],
        call.state,
        call.surrogate,
        through_reset=call.through_reset,
    )
    pairs = [(y, g) for y, g in zip((spikes, *after), given, strict=True) if g is not None]
    wanted = [*call.inputs, *(one for one in call.state if one.is_floating_point())]
    wanted += [one for one, needed in zip(call.tensors, learned, strict=True) if needed]
    leaves = [one for one in wanted if one.requires_grad]
    found = torch.autograd.grad(
        [y for y, _ in pairs], leaves, [g for _, g in pairs], create_graph=True, allow_unused=True
    )
    known = {id(leaf): grad for leaf, grad in zip(leaves, found, strict=True) if grad is not None}
    return [known.get(id(one), torch.zeros_like(one)) for one in wanted]


def _split(values: list[Tensor], counts: Sequence[int]) -> list[list[Tensor]]:
    parts, first = [], 0
    for count in counts:
        parts.append(values[first : first + count])
        first += count
    return parts


_neurons.register_autograd(_pull, setup_context=_keep)
register_vmap(_neurons, _back)


def run(
    equation: Equation,
    constants: Sequence[Any],
    inputs: Sequence[Tensor],
    state: Sequence[Tensor],
    surrogate: Surrogate,
    *,
    through_reset: bool = True,
    compact: bool = False,
) -> tuple[Tensor, tuple[Tensor, ...]]:
    """Run neurons over a sequence: arguments and answers of `torch_loop.run`, spikes equal bit for bit.

    Numbers of half precision are computed with as float32, and the state stays float32; spikes have the type of the
    input. `compact` gives spikes as uint8, an eighth or a quarter of the memory, where no gradient is wanted.
    Errors: InputError for a sequence without a step or a batch without a sample, and for compact spikes that learn.
    """
    shape = tuple(inputs[0].shape)
    if shape[0] == 0 or shape[1] == 0:
        raise InputError(f"{equation.name}: a sequence (T, B, ...) has a step and a sample at least, got {shape}")
    tensors = [one for one in constants if isinstance(one, Tensor)]
    learning = torch.is_grad_enabled() and any(one.requires_grad for one in (*inputs, *state, *tensors))
    if compact and learning:
        raise InputError("compact spikes carry no gradient: use torch.no_grad(), or leave compact out")
    kind = inputs[0].dtype
    if kind in (torch.float16, torch.bfloat16):
        inputs = [one.float() for one in inputs]
        state = [one.float() if one.is_floating_point() else one for one in state]
        constants = [one.float() if isinstance(one, Tensor) else one for one in constants]
    if fused_gpu.fits(equation, constants, inputs, state, surrogate):
        spikes, after = fused_gpu.run(constants, inputs[0], state, surrogate, through_reset=through_reset)
    elif not _fusable(equation, constants, inputs, state, learning):
        spikes, after = torch_loop.run(equation, constants, inputs, state, surrogate, through_reset=through_reset)
    else:
        spikes, *rest = _fused(equation, constants, inputs, state, surrogate, through_reset, compact)
        after = tuple(rest)
    wanted = torch.uint8 if compact else kind
    return spikes if spikes.dtype == wanted else spikes.to(wanted), after


def _fused(
    equation: Equation,
    constants: Sequence[Any],
    inputs: Sequence[Tensor],
    state: Sequence[Tensor],
    surrogate: Surrogate,
    through_reset: bool,
    compact: bool,
) -> list[Tensor]:
    # A number that a parameter broadcasts to is still one number.
    places = [place for place, one in enumerate(constants) if isinstance(one, Tensor)]
    numbers = [0.0 if isinstance(one, Tensor) else float(one) for one in constants]
    tensors = [one.to(inputs[0].dtype) for one in constants if isinstance(one, Tensor)]
    answers: list[Tensor] = torch.ops.spikesight.neurons(
        *names_of(equation, surrogate),
        list(surrogate.constants),
        [_once_if_held(one) for one in inputs],
        list(state),
        tensors,
        places,
        numbers,
        inputs[0].shape[0],
        through_reset,
        compact,
    )
    return answers


def _fusable(
    equation: Equation, constants: Sequence[Any], inputs: Sequence[Tensor], state: Sequence[Tensor], learning: bool
) -> bool:
    tensors = [one for one in constants if isinstance(one, Tensor)]
    if (learning and equation.adjoint is None) or torch.onnx.is_in_onnx_export():
        return False
    if any(one.device.type != "cpu" for one in (*inputs, *state, *tensors)):
        return False
    kind = inputs[0].dtype
    same = all(one.dtype in (kind, torch.int32) for one in state) and all(
        one.shape == inputs[0].shape for one in inputs
    )
    return same and kind in (torch.float32, torch.float64) and all(one.is_floating_point() for one in tensors)


def _once_if_held(x: Tensor) -> Tensor:
    """Return an input (T, B, ...) that is the same in every step as (1, B, ...), and x otherwise.

    What `Hold` gives is a view of one step. Its gradient is handed to that step, where nobody listens to the view's.
    """
    if torch.compiler.is_compiling() or x.shape[0] == 1 or x.stride(0) != 0:
        return x
    if not (x.requires_grad and torch.is_grad_enabled()):
        return x[:1]
    still = x._base
    if still is None or x._backward_hooks or x.retains_grad:
        return x
    view = (still.shape, still.stride(), still.storage_offset())
    return still.unsqueeze(0) if view == (x.shape[1:], x.stride()[1:], x.storage_offset()) else x
