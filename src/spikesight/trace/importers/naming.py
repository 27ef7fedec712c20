"""Names of layers as a trace can hold them: they name folders."""

from __future__ import annotations

import re
from pathlib import Path

_NOT_ALLOWED = re.compile(r"[^\w.+-]+")
_NOT_A_WORD = re.compile(r"\W+")
_LONGEST = 100


def layer_name(name: str, taken: set[str]) -> str:
    """Return `name` as the name of a layer that differs from those `taken`, small and capital letters aside."""
    plain = _NOT_ALLOWED.sub("_", name)[:_LONGEST]
    plain = plain if re.match(r"\w", plain) else f"_{plain}"
    known = {one.casefold() for one in taken}
    number, candidate = 2, plain
    while candidate.casefold() in known:
        candidate, number = f"{plain}-{number}", number + 1
    return candidate


def variable_name(name: str) -> str:
    """Return `name` as the name of a state variable: one word."""
    return _NOT_A_WORD.sub("_", name)[:_LONGEST] or "value"


def stem(path: Path) -> str:
    """Return the name of a file without its folder and its last ending."""
    return path.stem or path.name
