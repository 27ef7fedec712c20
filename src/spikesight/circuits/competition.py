"""Winner takes all, and k winners: of the neurons over threshold only a few may fire, and they hush the others.

The compiled pass below is `executors.fused_cpu.population_source` with a choice between its two halves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError
from spikesight.equations.contract import Equation
from spikesight.equations.time_constants import steps
from spikesight.executors.fused_cpu import array_names


@dataclass(frozen=True)
class Winners:
    """In a step the `k` neurons furthest over threshold fire, the lower number where two are equal.

    All others lose their potential and may not fire for `blocked` seconds; with None they keep it and try again.
    """

    k: int = 1
    blocked: float | None = 0.0

    def __post_init__(self) -> None:
        if not isinstance(self.k, int | np.integer):
            raise InputError(f"winners are counted: k is a whole number, got {self.k}")
        if self.k < 1 or (self.blocked is not None and not 0 <= self.blocked < np.inf):
            raise InputError(f"at least one neuron wins and the others are blocked for a while, got {self}")

    def hold(self, dt: float) -> int:
        """Steps from this one to the first in which a loser may fire."""
        return steps(self.blocked or 0.0, dt) + 1


def choose(flags, excess, k):  # type: ignore[no-untyped-def]
    """Leave of the `flags` that are set only the k with the largest excess; `excess` is used up."""
    over = 0
    for i in range(flags.shape[0]):
        over += flags[i]
    if over <= k:
        return
    for i in range(flags.shape[0]):
        excess[i] = excess[i] if flags[i] else -np.inf
        flags[i] = False
    for _ in range(k):
        best = 0
        for i in range(flags.shape[0]):
            if excess[i] > excess[best]:
                best = i
        flags[best] = True
        excess[best] = -np.inf


def competition_source(equation: Equation, name: str, winners: Winners) -> str:
    """Return the text of `advance_<name>` for a population whose neurons compete."""
    state_here = "".join(f"state_{field}[i], " for field in equation.fields)
    moving_here = "".join(f"state_{field}[i], " for field in equation.moving)
    inputs_here = "".join(f"input_{one}[i], " for one in equation.inputs)
    tools = ", ".join(["where", *equation.functions])
    hush = (
        ""
        if winners.blocked is None
        else f"""
            else:
                {state_here[:-1]} = {name}_silence({state_here}now, hold, where, *constants)"""
    )
    return f"""
@njit(forceinline=True)
def advance_{name}(first, last, now, {array_names(equation)}, spikes, flags, excess, k, hold, constants):
    crossed = False
    for i in range(first, last):
        {moving_here}excess[i] = {name}_advance({state_here}{inputs_here}now, {tools}, *constants)
        flags[i] = {name}_crossing(excess[i])
        crossed = crossed | flags[i]
    count = 0
    if crossed:
        choose(flags, excess, k)
        for i in range(first, last):
            if flags[i]:
                {state_here[:-1]} = {name}_fire({state_here}now, *constants)
                spikes[count] = i
                count += 1{hush}
    return count
"""


def compete(
    equation: Equation,
    winners: Winners,
    dt: float,
    state: dict[str, NDArray[Any]],
    inputs: tuple[NDArray[Any], ...],
    now: int,
    constants: tuple[Any, ...],
) -> NDArray[np.int64]:
    """Advance a population in place with NumPy; return the winners in ascending order."""
    step = np.int32(now)
    functions = (getattr(np, name) for name in equation.functions)
    *moved, excess = equation.advance(*state.values(), *inputs, step, np.where, *functions, *constants)
    for field, values in zip(equation.moving, moved, strict=True):
        state[field][...] = values
    over = np.flatnonzero(equation.crossing(excess))
    if not len(over):
        return over
    won = np.zeros(len(excess), np.bool_)
    won[over[np.argsort(-excess[over], kind="stable")][: winners.k]] = True
    after = equation.fire(*state.values(), step, *constants)
    lost = tuple(state.values())
    if winners.blocked is not None:
        assert equation.silence is not None
        lost = equation.silence(*state.values(), step, np.int32(winners.hold(dt)), np.where, *constants)
    values = [np.where(won, fired, silent) for fired, silent in zip(after, lost, strict=True)]
    for field, value in zip(state, values, strict=True):
        state[field][...] = value
    return np.flatnonzero(won)
