"""Python text that Numba compiles, kept as a file so that the compiled code is kept too.

Numba stores compiled functions beside the source file they come from, which a function made with `exec` does not have.
The file's name holds a fingerprint of everything the code depends on, so a changed equation never meets an old kernel.
"""

from __future__ import annotations

import hashlib
import importlib.util
import inspect
import os
import sys
import threading
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import numba

from spikesight.base.cache import cache_folder
from spikesight.base.errors import InputError

_LOADED: dict[str, ModuleType] = {}
_LOADING = threading.Lock()


def load(name: str, text: str, functions: Mapping[str, Callable[..., Any]], error_model: str = "python") -> ModuleType:
    """Return a module made of `text`, in which `functions` are known by their names and compiled when called.

    `error_model` is Numba's: with "numpy" a division by zero is infinite, as in arrays, and loops with a division can
    be vectorised.
    Errors: OSError where the source of a function cannot be found (it was typed at a prompt).
    """
    key = _fingerprint(text + error_model, functions)
    with _LOADING:
        if key not in _LOADED:
            _LOADED[key] = _import(f"{name}_{key}", text, functions, error_model)
        return _LOADED[key]


@cache
def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return `function`, which takes positional arguments, compiled and kept where `load` keeps kernels."""
    names = ", ".join(inspect.signature(function).parameters)
    text = f"from numba import njit\n\n\n@njit(cache=True, nogil=True)\ndef run({names}):\n    return work({names})\n"
    run: Callable[..., Any] = load(function.__name__, text, {"work": function}).run
    return run


def _import(name: str, text: str, functions: Mapping[str, Callable[..., Any]], error_model: str) -> ModuleType:
    path = cache_folder("kernels") / f"{name}.py"
    _write_once(path, text)
    spec = importlib.util.spec_from_file_location(f"spikesight_kernels.{name}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    inlined: Any = numba.njit(forceinline=True, error_model=error_model)  # type: ignore[call-overload]
    module.__dict__.update({known: inlined(function) for known, function in functions.items()})
    sys.modules[module.__name__] = module
    spec.loader.exec_module(module)
    return module


def _write_once(path: Path, text: str) -> None:
    """Several processes may come here at once: each writes a file of its own, the last rename wins, all are equal."""
    if not path.exists():
        temporary = path.with_suffix(f".{os.getpid()}.tmp")
        temporary.write_text(text)
        temporary.replace(path)


def _fingerprint(text: str, functions: Mapping[str, Callable[..., Any]]) -> str:
    digest = hashlib.sha256(f"{sys.version}{numba.__version__}{text}".encode())
    for name, function in sorted(functions.items()):
        digest.update(name.encode())
        digest.update(_source(function))
        digest.update(_values(function).encode())
    return digest.hexdigest()[:16]


def _values(function: Callable[..., Any], within: tuple[Callable[..., Any], ...] = ()) -> str:
    """Return the values that are compiled into the function: what it closes over, globals it reads, defaults.

    Errors: InputError for a value that has no lasting text, such as an array or an object.
    """
    known = inspect.getclosurevars(function)
    values = {**known.globals, **known.nonlocals, "": (function.__defaults__, function.__kwdefaults__)}
    callers = (*within, function)
    return "; ".join(f"{name}: {_text(callers, name, value)}" for name, value in sorted(values.items()))


def _text(callers: tuple[Callable[..., Any], ...], name: str, value: Any) -> str:
    if inspect.isfunction(value):
        return "itself" if value in callers else f"{_source(value)!r} {_values(value, callers)}"
    if isinstance(value, type) and issubclass(value, tuple):
        return f"{value.__qualname__}{getattr(value, '_fields', ())}"
    if inspect.ismodule(value) or inspect.isbuiltin(value):
        return value.__name__
    if isinstance(value, int | float | str | tuple | None):
        return repr(value)
    raise InputError(
        f"{callers[-1].__qualname__} uses '{name}', a {type(value).__name__}: compiled code keeps the value it has "
        "now. Hand it in through the constants."
    )


@cache
def _source(function: Callable[..., Any]) -> bytes:
    """Return the function, and its whole file with all files that one builds on, since it may call what is in them."""
    module = inspect.getmodule(function)
    files = [] if module is None else _files(module)
    return inspect.getsource(function).encode() + b"".join(Path(file).read_bytes() for file in files)


def _files(module: ModuleType) -> list[str]:
    """Return the paths of `module` and of what it builds on, directly or not, in Spikesight and in its own package."""
    families = {"spikesight", module.__name__.partition(".")[0]}
    found, waiting = {module.__name__: module}, [module]
    while waiting:
        for name in map(_home, list(vars(waiting.pop()).values())):
            if name.partition(".")[0] in families and name in sys.modules and name not in found:
                found[name] = sys.modules[name]
                waiting.append(found[name])
    paths = (getattr(found[name], "__file__", None) for name in sorted(found))
    return [path for path in paths if path is not None]


def _home(value: Any) -> str:
    """Return the name of the module that a value is, or comes from."""
    return value.__name__ if inspect.ismodule(value) else str(getattr(value, "__module__", ""))
