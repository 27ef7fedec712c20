"""Names of equations and surrogates, for graphs: those keep words and numbers, no objects.

What the catalogue has keeps its name, so that a graph that was saved finds it again in another process; others are
known by a name of this process.
"""

from __future__ import annotations

import importlib
from typing import Any

import torch

from spikesight.base.errors import UnknownName
from spikesight.equations import CATALOGUE
from spikesight.equations.contract import Equation
from spikesight.equations.surrogate import Surrogate

_OWN: dict[str, Any] = {}


@torch.compiler.assume_constant_result  # type: ignore[untyped-decorator]
def names_of(equation: Equation, surrogate: Surrogate) -> tuple[str, str]:
    """Return the names under which `equation_named` and `surrogate_named` find these."""
    return _name_of_equation(equation), _name_of_class(type(surrogate))


def _name_of_equation(equation: Equation) -> str:
    name: str = equation.name
    if name in CATALOGUE and CATALOGUE[name] is equation:
        return name
    return _own(f"{name}@{id(equation)}", equation)


def _name_of_class(kind: type[Any]) -> str:
    name = f"{kind.__module__}:{kind.__qualname__}"
    try:
        if _imported(name) is kind:
            return name
    except (ImportError, AttributeError):
        pass
    return _own(f"{name}@{id(kind)}", kind)


def _own(name: str, found: Any) -> str:
    # Held for good: its id is not given to another.
    _OWN[name] = found
    return name


def equation_named(name: str) -> Equation:
    """Return the equation of a name.   Errors: UnknownName for one of another process."""
    found: Equation = _OWN[name] if name in _OWN else CATALOGUE[name]
    return found


def surrogate_named(name: str) -> type[Any]:
    """Return the class of a surrogate.   Errors: UnknownName for one of another process."""
    if name in _OWN:
        found: type[Any] = _OWN[name]
        return found
    try:
        return _imported(name)
    except (ImportError, AttributeError, ValueError):
        raise UnknownName("surrogate", name, _OWN) from None


def _imported(name: str) -> type[Any]:
    module, attribute = name.split(":")
    found: type[Any] = getattr(importlib.import_module(module), attribute)
    return found
