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
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import numba

from spikesight.base.cache import cache_folder

_LOADED: dict[str, ModuleType] = {}


def load(name: str, text: str, functions: Mapping[str, Callable[..., Any]]) -> ModuleType:
    """Return a module made of `text`, in which `functions` are known by their names and compiled when called.

    Errors: TypeError where the source of a function cannot be found (it was typed at a prompt).
    """
    key = _fingerprint(text, functions)
    if key not in _LOADED:
        _LOADED[key] = _import(f"{name}_{key}", text, functions)
    return _LOADED[key]


def _import(name: str, text: str, functions: Mapping[str, Callable[..., Any]]) -> ModuleType:
    path = cache_folder("kernels") / f"{name}.py"
    _write_once(path, text)
    spec = importlib.util.spec_from_file_location(f"spikesight_kernels.{name}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    module.__dict__.update({known: numba.njit(function, forceinline=True) for known, function in functions.items()})
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
        digest.update(_source(function).encode())
    return digest.hexdigest()[:16]


def _source(function: Callable[..., Any]) -> str:
    """The function's whole file, since it may call its neighbours, and those of the equation modules it builds on."""
    modules = [inspect.getmodule(function)]
    modules += [value for value in vars(modules[0]).values() if inspect.ismodule(value)] if modules[0] else []
    own = [module for module in modules if module is not None and module.__name__.startswith("spikesight.")]
    return inspect.getsource(function) + "".join(inspect.getsource(module) for module in own)
