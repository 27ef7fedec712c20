"""Layers of normalised neurons over a sequence, with lateral connections or without, compiled for the CPU.

The meaning is `lateral_loop`. Forwards only neurons that fired are looked at for what they take from others; backwards
the derivative of every step is written by hand.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import torch
from numba import njit
from numpy.typing import NDArray
from torch import Tensor
from torch.autograd.function import once_differentiable

from spikesight.base.spread import spread
from spikesight.equations.normalised import EQUATION
from spikesight.equations.surrogate import Surrogate, slope
from spikesight.executors.torch_loop import run as run_loop


class Neurons(NamedTuple):
    """Constants of a layer of C channels: `decay` (), `divisor` and `threshold` (C,), and what a spike takes.

    `taking` is (C,), from the neuron itself, or (C, C), from each channel at the same place: row the one that fired.
    """

    decay: Tensor
    divisor: Tensor
    threshold: Tensor
    taking: Tensor


def lateral_loop(
    current: Tensor, v: Tensor, taken: Tensor, neurons: Neurons, surrogate: Surrogate, through_reset: bool = True
) -> tuple[Tensor, Tensor, Tensor]:
    """Run a layer in plain torch; returns spikes (T, B, C, P), and the state after it, v and taken (B, C, P).

    Shapes: current (T, B, C, P), P places that share weights; v and taken (B, C, P).   Units: volts.
    """
    divisor, threshold = neurons.divisor[:, None], neurons.threshold[:, None]
    lateral = neurons.taking.ndim == 2
    taking = torch.zeros_like(threshold) if lateral else neurons.taking[:, None]
    spikes = []
    for now in current:
        constants = (neurons.decay, divisor, threshold, taking, 0.0)
        fired, (v, taken) = run_loop(
            EQUATION, constants, (now[None],), (v, taken), surrogate, through_reset=through_reset
        )
        if lateral:
            reaching = fired[0] if through_reset else fired[0].detach()
            taken = torch.einsum("bcp,cd->bdp", reaching, neurons.taking)
        spikes.append(fired[0])
    return torch.stack(spikes), v, taken


def run(
    current: Tensor, v: Tensor, taken: Tensor, neurons: Neurons, surrogate: Surrogate, through_reset: bool = True
) -> tuple[Tensor, Tensor, Tensor]:
    """Run a layer as `lateral_loop` does, compiled where it is on the CPU and nothing traces it."""
    if current.device.type != "cpu" or torch.compiler.is_compiling() or current.dtype not in COMPILED:
        return lateral_loop(current, v, taken, neurons, surrogate, through_reset)
    spikes, v, taken = _Layer.apply(current, v, taken, *neurons, surrogate, through_reset)  # type: ignore[no-untyped-call]
    return spikes, v, taken


COMPILED = (torch.float32, torch.float64)


class _Layer(torch.autograd.Function):
    """The sequence as one operation; saves the membranes before the reset."""

    @staticmethod
    def forward(
        ctx: Any,
        current: Tensor,
        v: Tensor,
        taken: Tensor,
        decay: Tensor,
        divisor: Tensor,
        threshold: Tensor,
        taking: Tensor,
        surrogate: Surrogate,
        through_reset: bool,
    ) -> tuple[Tensor, Tensor, Tensor]:
        given = [_array(one) for one in (current, v, taken, divisor, threshold, taking)]
        x, begun, lost, scale, limit, takes = given
        kind = x.dtype.type
        membranes, spikes = np.full_like(x, np.nan), np.full_like(x, np.nan)
        after = np.full_like(begun, np.nan)
        matrix = takes if takes.ndim == 2 else np.zeros((0, 0), x.dtype)
        own = takes if takes.ndim == 1 else np.zeros(0, x.dtype)
        leak = kind(decay.detach().item())

        def part(first: int, last: int) -> None:
            _forward(x, begun, lost, leak, scale, limit, own, matrix, membranes, spikes, after, first, last)

        spread(part, x.shape[1])
        kept = (current, v, taken, decay, divisor, threshold, taking)
        fired = torch.from_numpy(spikes)
        ctx.save_for_backward(*kept, torch.from_numpy(membranes), fired)
        ctx.surrogate, ctx.through_reset = surrogate, through_reset
        return fired, torch.from_numpy(membranes[-1].copy()), torch.from_numpy(after)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        current, v, taken, decay, divisor, threshold, taking, membranes, spikes = ctx.saved_tensors
        bump = slope(ctx.surrogate, membranes / divisor[:, None] - threshold[:, None], torch)
        x, begun, lost, scale, takes, u, s, g, to_s, to_v, to_taken = (
            _array(one) for one in (current, v, taken, divisor, taking, membranes, spikes, bump, *gradients)
        )
        kind = x.dtype.type
        lateral = takes.ndim == 2
        matrix = takes if lateral else np.zeros((0, 0), x.dtype)
        own = takes if not lateral else np.zeros(0, x.dtype)
        items, channels, _ = begun.shape
        to_x, before, lost_before = np.full_like(x, np.nan), to_v.copy(), np.full_like(begun, np.nan)
        to_decay, to_divisor, to_threshold = np.zeros(items), np.zeros((items, channels)), np.zeros((items, channels))
        to_taking = np.zeros((items, *takes.shape))
        to_own = to_taking if not lateral else np.zeros((items, 0))
        to_matrix = to_taking if lateral else np.zeros((items, 0, 0))
        leak = kind(decay.detach().item())

        def part(first: int, last: int) -> None:
            _backward(
                x, begun, lost, leak, scale, own, matrix, u, s, g, to_s, before, to_taken, ctx.through_reset,
                to_x, lost_before, to_decay, to_divisor, to_threshold, to_own, to_matrix, first, last,
            )  # fmt: skip

        spread(part, items)
        sums = (to_decay.sum(), to_divisor.sum(0), to_threshold.sum(0), to_taking.sum(0))
        constants = (torch.as_tensor(one, dtype=current.dtype) for one in sums)
        return *(torch.from_numpy(one) for one in (to_x, before, lost_before)), *constants, None, None


def _array(tensor: Tensor) -> NDArray[Any]:
    """Return the values of a tensor, in one piece."""
    values: NDArray[Any] = tensor.detach().contiguous().numpy()
    return values


@njit(cache=True, nogil=True)
def _forward(x, v, taken, decay, divisor, threshold, own, matrix, membranes, spikes, after, first, last):  # type: ignore[no-untyped-def]
    """Fill membranes and spikes (T, B, C, P), and what is taken afterwards (B, C, P), of items `first` to `last`."""
    steps, _, channels, places = x.shape
    after[first:last] = taken[first:last]
    one, none = x.dtype.type(1), x.dtype.type(0)
    for t in range(steps):
        for b in range(first, last):
            for c in range(channels):
                for p in range(places):
                    previous = v[b, c, p] if t == 0 else membranes[t - 1, b, c, p]
                    u = x[t, b, c, p] + decay * ((previous - after[b, c, p]) - x[t, b, c, p])
                    membranes[t, b, c, p] = u
                    spikes[t, b, c, p] = one if u / divisor[c] - threshold[c] > none else none
                    after[b, c, p] = none
            for c in range(channels):
                for p in range(places):
                    if spikes[t, b, c, p] > none:
                        if len(own):
                            after[b, c, p] = own[c]
                        else:
                            for other in range(channels):
                                after[b, other, p] += matrix[c, other]


@njit(cache=True, nogil=True)
def _backward(  # type: ignore[no-untyped-def]
    x, v, taken, decay, divisor, own, matrix, membranes, spikes, bump, to_s, to_v, to_taken, through_reset,
    to_x, to_taken_before, to_decay, to_divisor, to_threshold, to_own, to_matrix, first, last,
):  # fmt: skip
    """Fill gradients; `to_v` (B, C, P) holds that of the last membrane, and in the end that of the first state.

    Those of constants are sums over an item alone: (B,), (B, C), (B, C, C), in float64.
    """
    steps, _, channels, places = x.shape
    none = x.dtype.type(0)
    to_taken_before[first:last] = to_taken[first:last]
    for t in range(steps - 1, -1, -1):
        for b in range(first, last):
            for c in range(channels):
                for p in range(places):
                    # What the spike of this step takes in the next one.
                    total = to_s[t, b, c, p]
                    fired = spikes[t, b, c, p] > none
                    if len(own):
                        if through_reset:
                            total += to_taken_before[b, c, p] * own[c]
                        if fired:
                            to_own[b, c] += to_taken_before[b, c, p]
                    else:
                        for other in range(channels):
                            if through_reset:
                                total += to_taken_before[b, other, p] * matrix[c, other]
                            if fired:
                                to_matrix[b, c, other] += to_taken_before[b, other, p]
                    at_excess = total * bump[t, b, c, p]
                    to_threshold[b, c] -= at_excess
                    to_divisor[b, c] -= at_excess * membranes[t, b, c, p] / (divisor[c] * divisor[c])
                    to_v[b, c, p] += at_excess / divisor[c]
            for c in range(channels):
                for p in range(places):
                    previous = v[b, c, p] if t == 0 else membranes[t - 1, b, c, p]
                    lost = taken[b, c, p] if t == 0 else none
                    if t > 0:
                        if len(own):
                            lost = own[c] if spikes[t - 1, b, c, p] > none else none
                        else:
                            for other in range(channels):
                                if spikes[t - 1, b, other, p] > none:
                                    lost += matrix[other, c]
                    gradient = to_v[b, c, p]
                    to_decay[b] += gradient * ((previous - lost) - x[t, b, c, p])
                    to_x[t, b, c, p] = gradient - decay * gradient
                    to_v[b, c, p] = decay * gradient
                    to_taken_before[b, c, p] = -decay * gradient
