"""A neuron model of your own from one function and one dataclass; everything else of an `Equation` is derived.

``step(*state, *inputs, p, where, ...) -> (*state, fired)`` is one time step, reset included. What its arguments are,
the dataclass says: ``v`` is a state variable if there is a field ``initial_v``; the others before ``p`` are inputs.
``p`` holds the fields of the dataclass, ``dt`` (seconds), and what its method ``derived(dt)``, if there is one,
returns. After ``p`` come ``where`` and elementary functions, as needed.

The function runs on arrays in NumPy and on numbers in compiled loops. So it has no branches, and no numbers: written
numbers are float64 in compiled code and would turn a float32 network into float64, which moves spikes.
"""

from __future__ import annotations

import ast
import collections
import inspect
import linecache
import textwrap
from collections.abc import Callable
from dataclasses import MISSING, dataclass, fields, is_dataclass
from functools import cache
from typing import Any, NamedTuple, get_type_hints

import numpy as np

from spikesight.base.errors import InputError, UnknownName
from spikesight.equations.contract import ELEMENTARY, Choices, Equation, reaches, shared
from spikesight.equations.time_constants import check_positive

START = "initial_"
SAYS = "as the function of this model says"
WRITTEN = Choices(SAYS, SAYS, SAYS, "by the function, in the same step", "one per step", "not trained")
BRANCHES = (ast.If, ast.IfExp, ast.For, ast.While, ast.BoolOp, ast.Match)


class Signature(NamedTuple):
    """What the arguments of a model's function are."""

    state: tuple[str, ...]
    inputs: tuple[str, ...]
    tools: tuple[str, ...]


@dataclass(frozen=True)
class OwnEquation(Equation):
    """An equation made by `equation`; copies (pickle) are made from the function and the dataclass again."""

    def __reduce__(self) -> tuple[Any, ...]:
        """The derived functions have no place of their own to be found at."""
        return equation, self.made_from

    @property
    def made_from(self) -> tuple[Any, ...]:
        """The arguments of `equation`."""
        return (self.advance.__globals__["own"], self.params, self.name, self.choices, self.source, self.usual_dt)


def equation(
    step: Callable[..., Any],
    params: type[Any],
    name: str | None = None,
    choices: Choices = WRITTEN,
    source: str = "a model of one's own",
    usual_dt: float = 0.5e-3,
) -> Equation:
    """Make an equation of a function and a frozen dataclass, see above. It runs in every executor and circuit.

    The function must be found by its name in a module or script (to be compiled, and to be copied). The same arguments
    give the same equation.
    Errors: InputError or UnknownName that says what is wrong with the function or the dataclass, and where.
    """
    return _made(step, params, name or step.__name__, choices, source, usual_dt)  # type: ignore[arg-type]


@cache
def _made(
    step: Callable[..., Any], params: type[Any], name: str, choices: Choices, source: str, usual_dt: float
) -> OwnEquation:
    _check_params(params)
    signature = _signature(step, params)
    _check_text(step)
    numbers = _numbers(params, usual_dt)
    parameters = collections.namedtuple("Parameters", numbers)  # type: ignore[misc]
    parameters.__annotations__ = numbers
    own = collections.namedtuple("State", signature.state)  # type: ignore[misc]
    own.__annotations__ = dict.fromkeys(signature.state, float)
    derive = _Derived(params, parameters, own, signature.state)
    _try(step, signature, derive, usual_dt)
    advance, fire = _functions(step, signature, parameters)
    return OwnEquation(
        name=name,
        params=params,
        state=own,
        inputs=signature.inputs,
        moving=signature.state,
        advance=advance,
        fire=fire,
        crossing=reaches,
        constants=derive.constants,
        initial=derive.initial,
        choices=choices,
        source=source,
        functions=tuple(tool for tool in signature.tools if tool != "where"),
        usual_dt=usual_dt,
    )


class _Derived(NamedTuple):
    """What the dataclass says: constants of a step, and the state to begin with."""

    params: type[Any]
    parameters: Any
    state: Any
    names: tuple[str, ...]

    def constants(self, params: Any, dt: float) -> Any:
        check_positive(dt=dt)
        values = _values(params, dt)
        known = self.parameters.__annotations__
        return self.parameters(*(known[name](values[name]) for name in self.parameters._fields))

    def initial(self, params: Any) -> Any:
        return self.state(*(float(getattr(params, START + name)) for name in self.names))


def _values(params: Any, dt: float) -> dict[str, Any]:
    """Return everything that `p` holds, and what every model needs."""
    derived = params.derived(dt) if hasattr(params, "derived") else {}
    own = {field.name: getattr(params, field.name) for field in fields(params)}
    return {**own, **derived, "dt": dt, "one_": 1.0, "never_": -1.0}


def _numbers(params: type[Any], dt: float) -> dict[str, type]:
    """Return the names of the constants and their types: int for whole numbers declared so, float for all else."""
    declared = get_type_hints(params)
    found: dict[str, type] = {}
    for name, value in _values(params(), dt).items():
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise InputError(
                f"'{name}' of {params.__name__} is a {type(value).__name__}; a model's constants are numbers"
            )
        found[name] = int if declared.get(name, float) is int else float
    return found


def _check_params(params: Any) -> None:
    if not (is_dataclass(params) and isinstance(params, type) and params.__dataclass_params__.frozen):  # type: ignore[attr-defined]
        raise InputError(f"{getattr(params, '__name__', params)} must be a class with @dataclass(frozen=True) above it")
    for field in fields(params):
        if field.default is MISSING and field.default_factory is MISSING:
            raise InputError(f"field '{field.name}' of {params.__name__} has no default; give it one")


def _signature(step: Callable[..., Any], params: type[Any]) -> Signature:
    names = list(inspect.signature(step).parameters)
    if "p" not in names:
        raise InputError(f"{step.__name__} has no argument 'p' (the parameters), only {names}")
    before, tools = names[: names.index("p")], names[names.index("p") + 1 :]
    begins = [field.name.removeprefix(START) for field in fields(params) if field.name.startswith(START)]
    for field in begins:
        if field not in before:
            raise InputError(f"{START}{field} starts a state variable '{field}', which {step.__name__} does not take")
    state = tuple(name for name in before if name in begins)
    if not state:
        raise InputError(f"{step.__name__} has no state: give {params.__name__} a field {START}{(before or ['v'])[0]}")
    if tuple(before[: len(state)]) != state:
        raise InputError(f"{step.__name__} takes {before} before p: the state variables {list(state)} come first")
    for tool in tools:
        if tool not in ("where", *ELEMENTARY):
            raise UnknownName("elementary function", tool, ("where", *ELEMENTARY))
    return Signature(state, tuple(before[len(state) :]), tuple(tools))


def _check_text(step: Callable[..., Any]) -> None:
    """Refuse what runs in NumPy and means another thing, or nothing, in compiled code."""
    try:
        lines, first = inspect.getsourcelines(step)
    except (OSError, TypeError) as error:
        raise InputError(f"the text of {step} cannot be found: put the function into a file") from error
    for node in ast.walk(ast.parse(textwrap.dedent("".join(lines)))):
        where = f"{step.__name__}, line {first + getattr(node, 'lineno', 1) - 1}"
        if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool):
            raise InputError(
                f"{where}: the number {node.value} would turn float32 into float64; make it a field and use p"
            )
        if isinstance(node, ast.AugAssign):
            raise InputError(f"{where}: this changes arrays that belong to others; write v = v + ...")
        if isinstance(node, BRANCHES):
            raise InputError(f"{where}: no branches or loops; where(condition, a, b) chooses, & and | combine")
    known = inspect.getclosurevars(step)
    for name, value in {**known.globals, **known.nonlocals}.items():
        if isinstance(value, int | float):
            raise InputError(f"{step.__name__} uses '{name}' = {value} from outside; make it a field and use p")


def _try(step: Callable[..., Any], signature: Signature, derive: _Derived, dt: float) -> None:
    """Take one step in NumPy, float32, and look at what comes back."""
    params = derive.params()
    constants = derive.constants(params, dt)
    typed = derive.parameters(*(np.int32(c) if isinstance(c, int) else np.float32(c) for c in constants))
    state = [np.full(3, value, np.float32) for value in derive.initial(params)]
    inputs = [np.zeros(3, np.float32) for _ in signature.inputs]
    try:
        back = step(*state, *inputs, typed, *(getattr(np, tool) for tool in signature.tools))
    except AttributeError as error:
        raise InputError(f"{step.__name__}: {error}; p has {', '.join(typed._fields[:-2])}") from error
    expected = (*signature.state, "fired")
    if not isinstance(back, tuple) or len(back) != len(expected):
        got = f"{len(back)} values" if isinstance(back, tuple) else type(back).__name__
        raise InputError(f"{step.__name__} must return ({', '.join(expected)}), it returned {got}")
    for name, value in zip(expected, back, strict=True):
        came, wanted = np.asarray(value).dtype, np.dtype(np.bool_ if name == "fired" else np.float32)
        if came != wanted:
            advice = ": compare something, as in v >= p.peak" if name == "fired" else ""
            raise InputError(
                f"{step.__name__} returned {name} as {came}, expected {wanted} in a float32 network{advice}"
            )


def _functions(step: Callable[..., Any], signature: Signature, parameters: Any) -> tuple[Any, Any]:
    """Return `advance` and `fire`; their text is known to `inspect`, because compiled code is found by it."""
    state, inputs = ", ".join(signature.state), "".join(f"{name}, " for name in signature.inputs)
    functions = "".join(f"{tool}, " for tool in signature.tools if tool != "where")
    text = f'''def advance({state}, {inputs}now, where, {functions}*constants):
    """One step of the model's own function."""
    p = Parameters(*constants)
    {state}, fired = own({state}, {inputs}p, {", ".join(signature.tools)})
    return {state}, where(fired, p.one_, p.never_)


def fire({state}, now, *constants):
    """The model's own function has reset the neuron already."""
    return {state},
'''
    place = f"<model {step.__module__}.{step.__qualname__}>"
    linecache.cache[place] = (len(text), None, text.splitlines(keepends=True), place)
    known: dict[str, Any] = {"__name__": step.__module__, "own": shared(step), "Parameters": parameters}
    exec(compile(text, place, "exec"), known)
    return known["advance"], known["fire"]
