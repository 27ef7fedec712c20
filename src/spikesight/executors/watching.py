"""Neurons watched step by step: their spikes, and chosen state fields after every step. For looking, not for training.

What a step does is `fused_cpu`'s; here it is driven by inputs, by kicks to state fields (as synapses give), or both, so
that models without an input of their own can be looked at too.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError, UnknownName
from spikesight.equations.contract import Equation
from spikesight.executors import generated
from spikesight.executors.fused_cpu import HEADER, array_names, population_functions, population_source
from spikesight.executors.sequence import FloatType, initial_state, typed_constants

Arrays = dict[str, NDArray[Any]]


class Watched(NamedTuple):
    """Spikes (T, n), the watched fields after each step, each (T, n), and the state after the last step."""

    spikes: NDArray[np.bool_]
    fields: Arrays
    state: Arrays


def watch(
    equation: Equation,
    params: Any,
    drive: Arrays,
    dt: float,
    fields: tuple[str, ...] = (),
    *,
    dtype: FloatType = np.float64,
) -> Watched:
    """Run neurons from rest and write down `fields` after every step.

    `drive` holds inputs by name, and kicks by the name of the field they are added to before the step; what is missing
    is zero. Shapes: each (T, n).   Units: those of `params`; dt in seconds.
    Errors: UnknownName for an input or field that the model does not have; InputError on shapes or values.
    """
    takes = (*equation.inputs, *equation.targets)
    _check(equation, drive, takes, fields)
    steps, n = next(iter(drive.values())).shape
    state = initial_state(equation, params, (n,), dtype)
    given = {name: np.ascontiguousarray(values, dtype) for name, values in drive.items()}
    inputs = [given.get(name, np.zeros((steps, n), dtype)) for name in equation.inputs]
    kicked = tuple(name for name in equation.targets if name in given)
    traces = {name: np.empty((steps, n), state[name].dtype) for name in fields}
    spikes = np.zeros((steps, n), np.bool_)
    run = generated.load(
        f"watch_{equation.name}", _source(equation, kicked, fields), population_functions(equation, "neurons")
    ).run
    scratch = np.empty(n, np.int64), np.empty(n, np.bool_)
    constants = typed_constants(equation, params, dt, dtype)
    run(spikes, *state.values(), *inputs, *(given[name] for name in kicked), *traces.values(), *scratch, constants)
    return Watched(spikes, traces, state)


def _check(equation: Equation, drive: Arrays, takes: tuple[str, ...], fields: tuple[str, ...]) -> None:
    for name in drive:
        if name not in takes:
            raise UnknownName(f"input of {equation.name}", name, takes)
    for name in fields:
        if name not in equation.fields:
            raise UnknownName(f"state field of {equation.name}", name, equation.fields)
    shapes = {name: np.shape(values) for name, values in drive.items()}
    if len(set(shapes.values())) != 1 or len(next(iter(shapes.values()))) != 2:
        raise InputError(f"what drives {equation.name} must share one shape (T, n), got {shapes or 'nothing'}")
    for name, values in drive.items():
        if not np.isfinite(values).all():
            raise InputError(f"'{name}' of {equation.name} holds NaN or infinite values")


def _source(equation: Equation, kicked: tuple[str, ...], fields: tuple[str, ...]) -> str:
    states = ", ".join(
        [f"state_{field}" for field in equation.fields] + [f"input_{name}[k]" for name in equation.inputs]
    )
    arrays = ", ".join([f"kick_{name}" for name in kicked] + [f"trace_{name}" for name in fields])
    before = "\n".join(f"        state_{name} += kick_{name}[k]" for name in kicked)
    after = "\n".join(f"        trace_{name}[k] = state_{name}" for name in fields)
    return f"""{HEADER}{population_source(equation, "neurons")}

@njit(cache=True, nogil=True)
def run(out, {array_names(equation)}, {arrays + ", " if arrays else ""}spikes, flags, constants):
    for k in range(out.shape[0]):
{before}
        count = advance_neurons(0, out.shape[1], np.int32(k), {states}, spikes, flags, constants)
        for q in range(count):
            out[k, spikes[q]] = True
{after}
"""
