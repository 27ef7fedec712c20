"""Kernels of the leaky neuron for graphics processors, in Triton: importing this module imports Triton.

A program has `BLOCK` neurons and steps them through the whole sequence; the membrane stays in registers. The arithmetic
is that of `equations/leaky.py`, operation by operation. Sequences lie in memory as (T, n), n neurons beside each other.
"""

from __future__ import annotations

import triton
import triton.language as tl


@triton.jit
def advanced(v, ready, current, now, decay, gain, rest, threshold, floor):  # type: ignore[no-untyped-def]
    """Return `leaky.advance` of a block: membrane, excess, whether it was free, and what is left of v - rest."""
    free = ready <= now
    away = decay * (v - rest)
    kept = tl.where(away > floor, away, tl.where(away < -floor, away, tl.where(away == 0.0, away, 0.0)))
    moved = tl.where(free, rest + kept + gain * current, v)
    return moved, tl.where(free, moved - threshold, -1.0), free, away


@triton.jit  # type: ignore[untyped-decorator]
def forward(  # type: ignore[no-untyped-def]
    x, v, ready, spikes, v_after, ready_after, n, steps, each,
    decay, gain, rest, threshold, keep, landing, refractory, floor, BLOCK: tl.constexpr,
):  # fmt: skip
    """Fill spikes (T, n) and the state after them, (n,). `each` is how far apart steps of x lie: n, or 0 if held."""
    place = tl.program_id(0).to(tl.int64) * BLOCK + tl.arange(0, BLOCK)
    here = place < n
    membrane = tl.load(v + place, mask=here, other=0.0)
    until = tl.load(ready + place, mask=here, other=0)
    x_here, spikes_here = x + place, spikes + place
    for k in range(steps):
        current = tl.load(x_here, mask=here, other=0.0)
        moved, excess, _free, _away = advanced(membrane, until, current, k, decay, gain, rest, threshold, floor)
        fired = excess >= 0.0
        tl.store(spikes_here, fired.to(tl.float32), mask=here)
        membrane = tl.where(fired, keep * moved + landing, moved)
        until = tl.where(fired, k + refractory, until)
        x_here += each
        spikes_here += n
    tl.store(v_after + place, membrane, mask=here)
    tl.store(ready_after + place, until - steps, mask=here)


@triton.jit  # type: ignore[untyped-decorator]
def backward(  # type: ignore[no-untyped-def]
    x, v, ready, g, to_v_after, to_x, to_v, membranes, free_then, n, steps, each,
    decay, gain, rest, threshold, keep, landing, refractory, floor, peak, steep,
    THROUGH: tl.constexpr, BLOCK: tl.constexpr,
):  # fmt: skip
    """Fill the gradients of x (T, n) and of the first membrane (n,); `membranes`, `free_then` (T, n) are scratch.

    Membranes are computed again on the way there, and gradients of the surrogate ArcTan on the way back.
    """
    place = tl.program_id(0).to(tl.int64) * BLOCK + tl.arange(0, BLOCK)
    here = place < n
    membrane = tl.load(v + place, mask=here, other=0.0)
    until = tl.load(ready + place, mask=here, other=0)
    x_here, membranes_here, free_here = x + place, membranes + place, free_then + place
    g_here, to_x_here = g + place, to_x + place
    for k in range(steps):
        current = tl.load(x_here, mask=here, other=0.0)
        moved, excess, free, _away = advanced(membrane, until, current, k, decay, gain, rest, threshold, floor)
        tl.store(membranes_here, membrane, mask=here)
        tl.store(free_here, free.to(tl.int8), mask=here)
        fired = excess >= 0.0
        membrane = tl.where(fired, keep * moved + landing, moved)
        until = tl.where(fired, k + refractory, until)
        x_here += each
        membranes_here += n
        free_here += n
        g_here += n
        to_x_here += n
    onto = tl.load(to_v_after + place, mask=here, other=0.0)
    for _ in range(steps):
        x_here -= each
        membranes_here -= n
        free_here -= n
        g_here -= n
        to_x_here -= n
        current = tl.load(x_here, mask=here, other=0.0)
        membrane = tl.load(membranes_here, mask=here, other=0.0)
        # As a step number in step 0: 0 is over where the neuron was free, 1 is not where it was held.
        held = 1 - tl.load(free_here, mask=here, other=1).to(tl.int32)
        moved, excess, free, away = advanced(membrane, held, current, 0, decay, gain, rest, threshold, floor)
        fired = excess >= 0.0
        gradient = tl.load(g_here, mask=here, other=0.0)
        if THROUGH:
            gradient += onto * (keep * moved + landing - moved)
        to_excess = gradient * (peak / (1.0 + (steep * excess) * (steep * excess)))
        total = tl.where(fired, keep * onto, onto) + tl.where(free, to_excess, 0.0)
        through = tl.where(free, total, 0.0)
        passes = (away > floor) | (away < -floor) | (away == 0.0)
        onto = decay * tl.where(passes, through, 0.0) + tl.where(free, 0.0, total)
        tl.store(to_x_here, gain * through, mask=here)
    tl.store(to_v + place, onto, mask=here)
