"""An oracle of gradients: the reference's functions in NumPy, differentiated by central differences, step by step.

A spike is taken to have the surrogate's derivative, and what it does to the state to be a choice between two values,
whose gradient is their difference. Nothing of torch's autograd is in it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from spikesight.equations.surrogate import slope

SMALL = 1e-6


def tangent(
    neuron: Any, x: Any, to_x: Any, constants: Any, to_constants: Any, *, weights: Any, last: Any = 0.0
) -> tuple[Any, float]:
    """Return the spikes (T, B, ...), and the derivative of ``sum(weights * spikes) + sum(last * v at the end)``.

    The derivative is along `to_x` (T, B, ...) of the input and `to_constants` of the constants, in float64.
    """
    equation = neuron.equation
    state = tuple(np.asarray(value) for value in neuron.initial(x).__iter__())
    state = tuple(value.numpy() if hasattr(value, "numpy") else value for value in state)
    x, to_x = np.asarray(x), np.asarray(to_x)
    tools = [getattr(np, name) for name in equation.functions]
    numbers = [equation.is_step_number(field) for field in equation.fields]
    moves = [np.zeros_like(value, dtype=np.float64) for value in state]
    total, spikes = 0.0, []
    for k in range(len(x)):
        now = np.int32(k)

        def advanced(h, state=state, moves=moves, k=k, now=now):
            values = [v if n else v + h * m for v, m, n in zip(state, moves, numbers, strict=True)]
            *moved, excess = equation.advance(
                *values, x[k] + h * to_x[k], now, np.where, *tools, *_moved(constants, to_constants, h)
            )
            known = dict(zip(equation.fields, values, strict=True)) | dict(zip(equation.moving, moved, strict=True))
            return [*(known[field] for field in equation.fields), excess]

        *before, excess = advanced(0.0)
        *to_before, to_excess = _difference(advanced)
        fired = equation.crossing(excess)
        to_spike = slope(neuron.surrogate, excess, np) * to_excess

        def spiked(h, before=before, to_before=to_before, now=now):
            values = [v if n else v + h * m for v, m, n in zip(before, to_before, numbers, strict=True)]
            return equation.fire(*values, now, *_moved(constants, to_constants, h))

        after, to_after = spiked(0.0), _difference(spiked)
        state = tuple(np.where(fired, new, old) for new, old in zip(after, before, strict=True))
        choice = to_spike if neuron.through_reset else 0.0 * to_spike
        moves = [
            np.where(fired, to_new, to_old) + (0.0 if number else choice * (new - old))
            for new, old, to_new, to_old, number in zip(after, before, to_after, to_before, numbers, strict=True)
        ]
        spikes.append(fired)
        total += float((weights[k] * to_spike).sum())
    return np.array(spikes), total + float((last * moves[0]).sum())


def _moved(constants: Any, to_constants: Any, h: float) -> list[Any]:
    return [c if isinstance(t, float) and t == 0.0 else c + h * t for c, t in zip(constants, to_constants, strict=True)]


def _difference(function: Any) -> list[Any]:
    up, down = function(SMALL), function(-SMALL)
    return [
        (np.asarray(a, np.float64) - np.asarray(b, np.float64)) / (2 * SMALL) for a, b in zip(up, down, strict=True)
    ]
