"""Numba text of whole sequences, forwards and backwards: blocks of neurons outside, time inside.

A block's state, gradients and constants lie in rows of one scratch array of fixed width, so that the compiler knows
that they do not overlap, and in the first-level cache. Backwards a block is first run forwards again from the saved
input, keeping the state before every step, and then taken back step by step by the equation's adjoint.
The arithmetic is the equation's own; nothing here knows a model.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import Any

from spikesight.equations.contract import Equation
from spikesight.executors import elementary, generated
from spikesight.executors.fused_cpu import HEADER, where

BLOCK = 8192
"""Neurons in a row at most: of 1,024 to 8,192 these were fastest, forwards and with gradients, at 16 and 500 steps."""
WIDTH = BLOCK + 32
"""And a little: rows a power of two apart would fight for the same places of the cache."""
KEPT = 1 << 20
"""Bytes of states that a block should keep at most: what a second-level cache holds."""
NARROWEST = 512
"""Narrower blocks read memory in pieces so short that it cannot run ahead: measured at 500 steps."""


@dataclass(frozen=True)
class Variant:
    """What a kernel is made for.

    `surrogate` is a class of `equations.surrogate` and `slope` how many constants it takes; `arrays` are the places
    of constants that differ between neurons, `learned` of those whose gradient is wanted; `held` says of each input
    whether it is the same in every step.
    """

    equation: Equation
    surrogate: type[Any]
    slope: int
    constants: int
    arrays: tuple[int, ...]
    learned: tuple[int, ...]
    held: tuple[bool, ...]
    through_reset: bool


def block_width(steps: int, equation: Equation, itemsize: int) -> int:
    """Return how many neurons a block has backwards, so that what it keeps stays in the cache."""
    counted = len(equation.fields) - len(equation.quantities)
    each = steps * (itemsize * len(equation.quantities) + 4 * counted)
    return max(NARROWEST, min(BLOCK, 1 << (KEPT // each).bit_length() - 1 if each <= KEPT else 0))


@cache
def forward(variant: Variant) -> ModuleType:
    """Return the module with `forward(first, last, steps, out, *state, *inputs, *arrays, numbers)`.

    State arrays (n,) are changed in place; step numbers in them then count from the end.
    """
    return _loaded("forward", _forward_source(variant), variant, {})


@cache
def backward(variant: Variant) -> ModuleType:
    """Return the module with `backward(first, last, block, steps, g, *state, *inputs, *arrays, *to_state, *to_inputs,
    *to_constants, numbers, slope)`.

    `to_state` (n,) holds the gradients of the state after, and is given those of the state before.
    """
    adjoint = variant.equation.adjoint
    assert adjoint is not None
    parts = {"advance_adjoint": adjoint.advance, "fire_adjoint": adjoint.fire}
    more = {"derivative": variant.surrogate.derivative, **_elementary(variant.surrogate.functions)}
    return _loaded("backward", _backward_source(variant), variant, parts | more)


def _loaded(way: str, text: str, variant: Variant, more: dict[str, Callable[..., Any]]) -> ModuleType:
    equation = variant.equation
    own: dict[str, Callable[..., Any]] = {
        "advance": equation.advance,
        "fire": equation.fire,
        "crossing": equation.crossing,
        "where": where,
    }
    functions = own | _elementary(equation.functions) | more
    return generated.load(f"{way}_{equation.name}", text, functions, error_model="numpy")


def _elementary(names: Iterable[str]) -> dict[str, Callable[..., Any]]:
    return {name: elementary.FUNCTIONS[name] for name in names}


class _Names:
    """The expressions of one neuron `i` in a block: where each value lies."""

    def __init__(self, variant: Variant) -> None:
        equation, self.variant = variant.equation, variant
        self.rows = [*(f"v_{field}" for field in equation.quantities), *(f"c_{place}" for place in variant.arrays)]
        counted = [field for field in equation.fields if equation.is_step_number(field)]
        self.state = {field: self.row(f"v_{field}") for field in equation.quantities}
        self.state |= {field: f"r[{number}, i]" for number, field in enumerate(counted)}
        self.counted = dict(zip(counted, range(len(counted)), strict=True))
        self.constants = [
            self.row(f"c_{place}") if place in variant.arrays else f"numbers[{place}]"
            for place in range(variant.constants)
        ]
        self.tools = ", ".join(["where", *equation.functions])

    def row(self, name: str, index: str = "i") -> str:
        """Return the place of a row's value, or of several."""
        return f"s[{self.rows.index(name)}, {index}]"

    def step(self, inputs: Iterable[str]) -> str:
        """Return the lines that advance a neuron: `before_<field>`, `flag`, `after_<field>`."""
        equation = self.variant.equation
        state = ", ".join(self.state[field] for field in equation.fields)
        moved = "".join(f"before_{field}, " for field in equation.moving)
        before = {field: f"before_{field}" if field in equation.moving else self.state[field] for field in self.state}
        after = "".join(f"after_{field}, " for field in equation.fields)
        constants = ", ".join(self.constants)
        self.before = ", ".join(before[field] for field in equation.fields)
        self.before_each = before
        return f"""
        {moved}excess = advance({state}, {", ".join(inputs)}, now, {self.tools}, {constants})
        flag = crossing(excess)
        {after[:-1]} = fire({self.before}, now, {constants})"""

    def arrays(self) -> list[str]:
        """Return the parameters that hold state, inputs and constants."""
        equation = self.variant.equation
        state = [f"state_{field}" for field in equation.fields]
        inputs = [f"input_{name}" for name in equation.inputs]
        return [*state, *inputs, *(f"constant_{place}" for place in self.variant.arrays)]

    def every(self, name: str) -> str:
        """Return the row of an input in step k."""
        held = self.variant.held[self.variant.equation.inputs.index(name)]
        return f"input_{name}[{'0' if held else 'k'}, begin:end]"

    def begun(self) -> str:
        """Return the lines that fetch state and constants of a block."""
        first = self.variant.equation.quantities[0]
        lines = [_copy(self.row(f"v_{f}", ":"), f"state_{f}[begin:end]") for f in self.variant.equation.quantities]
        lines += [_copy(f"r[{number}, :]", f"state_{field}[begin:end]") for field, number in self.counted.items()]
        lines += [f"fill(s[{self.rows.index(f'c_{p}')}], constant_{p}, begin, n)" for p in self.variant.arrays]
        self.scratch = f"""    s = np.empty(({len(self.rows)}, {WIDTH}), state_{first}.dtype)
    r = np.empty(({max(1, len(self.counted))}, {WIDTH}), np.int32)"""
        return "\n        ".join(lines)


ROWS = """
@njit(forceinline=True, error_model="numpy")
def copy(n, row, values):
    for i in range(n):
        row[i] = values[i]


@njit(error_model="numpy")
def fill(row, values, begin, n):
    place = begin % len(values)
    for i in range(n):
        row[i] = values[place]
        place += 1
        if place == len(values):
            place = 0
"""


def _copy(row: str, values: str) -> str:
    return f"copy(n, {row}, {values})"


def _advance_rows(names: _Names) -> str:
    equation = names.variant.equation
    inputs = [f"x_{name}" for name in equation.inputs]
    lines = names.step([f"{name}[i]" for name in inputs])
    chosen = "".join(
        f"\n        {place} = where(flag, after_{field}, {names.before_each[field]})"
        for field, place in names.state.items()
    )
    return f"""{ROWS}
@njit(forceinline=True, error_model="numpy")
def advance_rows(n, now, s, r, {", ".join(inputs)}, out, numbers):
    for i in range(n):{lines}{chosen}
        out[i] = flag
"""


def _forward_source(variant: Variant) -> str:
    names, equation = _Names(variant), variant.equation
    rows, begun = _advance_rows(names), names.begun()
    inputs = ", ".join(names.every(name) for name in equation.inputs)
    ended = [f"state_{f}[begin:end] = {names.row(f'v_{f}', ':n')}" for f in equation.quantities]
    ended += [f"state_{field}[begin:end] = r[{number}, :n] - steps" for field, number in names.counted.items()]
    return f"""{HEADER}{rows}

@njit(cache=True, nogil=True, error_model="numpy")
def forward(first, last, steps, out, {", ".join(names.arrays())}, numbers):
{names.scratch}
    for begin in range(first, last, {BLOCK}):
        end = min(begin + {BLOCK}, last)
        n = end - begin
        {begun}
        for k in range(steps):
            advance_rows(n, np.int32(k), s, r, {inputs}, out[k, begin:end], numbers)
        {(chr(10) + "        ").join(ended)}
"""


def _backward_source(variant: Variant) -> str:
    names, equation = _Names(variant), variant.equation
    held = [name for name, still in zip(equation.inputs, variant.held, strict=True) if still]
    moving = [name for name in equation.inputs if name not in held]
    names.rows += [f"to_{field}" for field in equation.quantities] + ["g", "fired"]
    names.rows += [f"x_{name}" for name in equation.inputs] + [f"to_x_{name}" for name in held]
    names.rows += [f"to_c_{place}" for place in variant.learned]
    rows = _advance_rows(names) + _adjoint_rows(names, held, moving)
    begun = names.begun()
    pairs = [(f"kept[k, {j}, :]", names.row(f"v_{field}", ":")) for j, field in enumerate(equation.quantities)]
    pairs += [(f"counted[k, {j}, :]", f"r[{j}, :]") for j in names.counted.values()]
    kept, back = [_copy(*pair) for pair in pairs], [_copy(*reversed(pair)) for pair in pairs]
    back += [_copy(names.row(f"x_{name}", ":"), names.every(name)) for name in equation.inputs]
    back += [_copy(names.row("g", ":"), "g[k * every, begin:end]")]
    state = [f"to_{field}" for field in equation.quantities]
    zeroed = [f"to_x_{name}" for name in held] + [f"to_c_{place}" for place in variant.learned]
    taken = [f"{names.row(name, ':n')} = {name}[begin:end]" for name in state]
    taken += [f"{names.row(name, ':n')} = 0" for name in zeroed]
    ended = [f"{name}[begin:end] = {names.row(name, ':n')}" for name in state]
    ended += [f"{name}[0, begin:end] = {names.row(name, ':n')}" for name in zeroed]
    results = ", ".join([*state, *(f"to_x_{name}" for name in equation.inputs), *zeroed[len(held) :]])
    sweeps = f"\n{' ' * 12}"
    inputs = ", ".join(names.every(name) for name in equation.inputs)
    outputs = "".join(f"to_x_{name}[k, begin:end], " for name in moving)
    return f"""{HEADER}{rows}

@njit(cache=True, nogil=True, error_model="numpy")
def backward(first, last, block, steps, g, {", ".join(names.arrays())}, {results}, numbers, slope):
{names.scratch}
    kept = np.empty((steps, {len(equation.quantities)}, block), s.dtype)
    counted = np.empty((steps, {max(1, len(names.counted))}, block), np.int32)
    every = 0 if len(g) == 1 else 1
    for begin in range(first, last, block):
        end = min(begin + block, last)
        n = end - begin
        {begun}
        for k in range(steps):
            {sweeps.join(kept)}
            advance_rows(n, np.int32(k), s, r, {inputs}, {names.row("fired", ":")}, numbers)
        {(chr(10) + "        ").join(taken)}
        for k in range(steps - 1, -1, -1):
            {sweeps.join(back)}
            adjoint_rows(n, np.int32(k), s, r, {outputs}numbers, slope)
        {(chr(10) + "        ").join(ended)}
"""


def _adjoint_rows(names: _Names, held: list[str], moving: list[str]) -> str:
    variant, equation = names.variant, names.variant.equation
    adjoint = equation.adjoint
    assert adjoint is not None
    lines = names.step([names.row(f"x_{name}") for name in equation.inputs])
    quantities = equation.quantities
    reset = "".join(
        f" + {names.row(f'to_{field}')} * (after_{field} - {names.before_each[field]})"
        for field in quantities
        if variant.through_reset
    )
    tools = ", ".join(["where", *variant.surrogate.functions, *(f"slope[{j}]" for j in range(variant.slope))])
    constants = ", ".join(names.constants)
    after = ", ".join(names.row(f"to_{field}") for field in quantities)
    fired = "".join(f"fired_{field}, " for field in quantities) + "".join(f"fc_{c}, " for c in adjoint.constants)
    chosen = "".join(
        f"\n        to_{field} = where(flag, fired_{field}, {names.row(f'to_{field}')})" for field in quantities
    )
    state = ", ".join(names.state[field] for field in equation.fields)
    inputs = ", ".join(names.row(f"x_{name}") for name in equation.inputs)
    onward = ", ".join(f"to_{field}" for field in quantities)
    back = "".join(f"back_{field}, " for field in quantities) + "".join(f"bx_{name}, " for name in equation.inputs)
    back += "".join(f"bc_{name}, " for name in adjoint.constants)
    stored = [f"{names.row(f'to_{field}')} = back_{field}" for field in quantities]
    stored += [f"to_x_{name}[i] = bx_{name}" for name in moving]
    stored += [f"{names.row(f'to_x_{name}')} += bx_{name}" for name in held]
    for place in variant.learned:
        name = constant_names(equation)[place]
        stored += [f"{names.row(f'to_c_{place}')} += where(flag, bc_{name} + fc_{name}, bc_{name})"]
    outputs = "".join(f"to_x_{name}, " for name in moving)
    return f"""
@njit(forceinline=True, error_model="numpy")
def adjoint_rows(n, now, s, r, {outputs}numbers, slope):
    for i in range(n):{lines}
        gradient = {names.row("g")}{reset}
        to_excess = gradient * derivative(excess, {tools})
        {fired[:-1]} = fire_adjoint({names.before}, now, {constants}, {after}){chosen}
        {back[:-1]} = advance_adjoint({state}, {inputs}, now, {names.tools}, {constants}, {onward}, to_excess)
        {(chr(10) + "        ").join(stored)}
"""


@cache
def constant_names(equation: Equation) -> tuple[str, ...]:
    """Return the names of the equation's constants, in their order."""
    return tuple(equation.constants(equation.params(), equation.usual_dt)._fields)  # type: ignore[attr-defined]
