"""The leaky neuron over sequences on graphics processors: one kernel forwards, one backwards, where Triton is there.

It is what `torch_op` takes for CUDA tensors of float32, an `ArcTan` surrogate and constants that are numbers. All else
goes through `torch_loop` there, as do gradients of gradients, graphs (torch.compile, torch.export) and torch.func.
The input is kept for the backward pass and the membrane computed from it again.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from functools import cache
from typing import Any

import torch
from torch import Tensor

from spikesight.equations import leaky
from spikesight.equations.contract import Equation
from spikesight.equations.surrogate import ArcTan, Surrogate
from spikesight.executors import torch_loop

BLOCK = 256
"""Neurons of a program."""


def fits(
    equation: Equation, constants: Sequence[Any], inputs: Sequence[Tensor], state: Sequence[Tensor], surrogate: Any
) -> bool:
    """Whether `run` can do what `torch_loop.run` would be asked for."""
    x, v = inputs[0], state[0]
    if x.device.type != "cuda" or equation is not leaky.EQUATION or type(surrogate) is not ArcTan:
        return False
    if torch.compiler.is_compiling() or torch.onnx.is_in_onnx_export() or torch._C._are_functorch_transforms_active():
        return False
    numbers = not any(isinstance(one, Tensor) for one in constants)
    typed = x.dtype == v.dtype == torch.float32 and state[1].dtype == torch.int32
    here = all(one.device == x.device and one.shape == x.shape[1:] for one in state)
    return numbers and typed and here and _has_triton()


@cache
def _has_triton() -> bool:
    return importlib.util.find_spec("triton") is not None


def run(
    constants: Sequence[Any], x: Tensor, state: Sequence[Tensor], surrogate: Surrogate, *, through_reset: bool = True
) -> tuple[Tensor, tuple[Tensor, ...]]:
    """Run leaky neurons over a sequence x (T, B, ...): answers of `torch_loop.run`, where `fits` says so."""
    spikes, v, ready = _Leaky.apply(x, *state, tuple(constants), surrogate, through_reset)  # type: ignore[no-untyped-call]
    return spikes, (v, ready)


class _Leaky(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any, x: Tensor, v: Tensor, ready: Tensor, constants: tuple[Any, ...], surrogate: Surrogate, through: bool
    ) -> tuple[Tensor, Tensor, Tensor]:
        from spikesight.executors import leaky_triton

        ctx.save_for_backward(x, v, ready)
        ctx.constants, ctx.surrogate, ctx.through = constants, surrogate, through
        current, each = _steps_apart(x)
        v, ready = v.contiguous(), ready.contiguous()
        spikes = torch.empty(x.shape, dtype=x.dtype, device=x.device)
        v_after, ready_after = torch.empty_like(v), torch.empty_like(ready)
        arguments = (current, v, ready, spikes, v_after, ready_after, v.numel(), len(x), each, *_numbers(constants))
        _launch(leaky_triton.forward, x, arguments)
        ctx.mark_non_differentiable(ready_after)
        return spikes, v_after, ready_after

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Any, ...]:
        from spikesight.executors import leaky_triton

        x, v, ready = ctx.saved_tensors
        if torch.is_grad_enabled():
            return *_by_loop(ctx, x, v, ready, gradients), None, None, None, None
        current, each = _steps_apart(x)
        v, ready = v.contiguous(), ready.contiguous()
        g, to_v_after = gradients[0].contiguous(), gradients[1].contiguous()
        to_x, membranes = (torch.empty(x.shape, dtype=x.dtype, device=x.device) for _ in range(2))
        free, to_v = torch.empty(x.shape, dtype=torch.int8, device=x.device), torch.empty_like(v)
        arguments = (
            current, v, ready, g, to_v_after, to_x, to_v, membranes, free, v.numel(), len(x), each,
            *_numbers(ctx.constants), *ctx.surrogate.constants[:2],
        )  # fmt: skip
        _launch(leaky_triton.backward, x, arguments, THROUGH=ctx.through)
        return to_x, to_v, None, None, None, None


def _by_loop(
    ctx: Any, x: Tensor, v: Tensor, ready: Tensor, gradients: tuple[Tensor, ...]
) -> tuple[Tensor | None, Tensor | None]:
    """Return the gradients of x and v such that they have gradients too."""
    spikes, (v_after, _) = torch_loop.run(
        leaky.EQUATION, ctx.constants, (x,), (v, ready), ctx.surrogate, through_reset=ctx.through
    )
    wanted = [one for one in (x, v) if one.requires_grad]
    found = iter(torch.autograd.grad((spikes, v_after), wanted, gradients[:2], create_graph=True, allow_unused=True))
    to_x, to_v = (next(found) if one.requires_grad else None for one in (x, v))
    return to_x, to_v


def _steps_apart(x: Tensor) -> tuple[Tensor, int]:
    """Return x (T, B, ...) in contiguous memory and how far apart its steps lie there: 0 where it is held."""
    if x.stride(0) == 0:
        return x[0].contiguous(), 0
    return x.contiguous(), x[0].numel()


def _numbers(constants: tuple[Any, ...]) -> tuple[Any, ...]:
    known = leaky.Constants(*constants)
    floats = (known.decay, known.gain, known.rest, known.threshold, known.keep, known.landing)
    return *map(float, floats), int(known.refractory), float(known.floor)


def _launch(kernel: Any, x: Tensor, arguments: tuple[Any, ...], **options: Any) -> None:
    grid = (-(-x[0].numel() // BLOCK),)
    with torch.cuda.device_of(x):  # type: ignore[no-untyped-call]
        # Without fused multiply-adds: each operation rounds, as in the loop.
        kernel[grid](*arguments, BLOCK=BLOCK, enable_fp_fusion=False, **options)
