"""Frozen dataclasses as JSON and back: what a value may be is read from its class's annotations, never guessed.

An object becomes ``{"kind": "<class>", <field>: ...}``; arrays go to a second store under their name; numbers that JSON
does not know are words ("Infinity"). Nothing is imported because a file names it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError, UnknownName

Arrays = dict[str, NDArray[Any]]


def in_words(value: Any, where: str, arrays: Arrays) -> Any:
    """Return `value` as plain JSON; arrays in it are put into `arrays` under names that begin with `where`.

    Errors: InputError for a value that has no words.
    """
    if isinstance(value, np.ndarray):
        arrays[where] = value
        return {"array": where}
    if is_dataclass(value) and not isinstance(value, type):
        told = {
            field.name: in_words(getattr(value, field.name), f"{where}.{field.name}", arrays)
            for field in fields(value)
            if field.init
        }
        return {"kind": type(value).__name__, **told}
    if isinstance(value, tuple):
        return [in_words(item, f"{where}.{k}", arrays) for k, item in enumerate(value)]
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return {math.inf: "Infinity", -math.inf: "-Infinity"}.get(value, "NaN")
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise InputError(f"{where} is a {type(value).__name__}, which cannot be written down")


def from_words(words: Any, annotation: Any, where: str, arrays: Mapping[str, NDArray[Any]]) -> Any:
    """Return the value that `words` tell, of a type that `annotation` allows.

    Errors: InputError where they tell something else, UnknownName for a kind of object that does not belong there.
    """
    if isinstance(words, dict) and "array" in words:
        if words["array"] not in arrays:
            raise InputError(f"{where}: the array '{words['array']}' is missing")
        return arrays[words["array"]]
    options = _options(annotation)
    if isinstance(words, dict):
        return _object(words, [option for option in options if is_dataclass(option)], where, arrays)
    if isinstance(words, list):
        return tuple(
            from_words(item, inner, f"{where}.{k}", arrays)
            for k, (item, inner) in enumerate(zip(words, _items(options, len(words), where), strict=True))
        )
    if words is None and NoneType in options:
        return None
    for kind in (bool, int, float, str):
        if kind in options and _is(words, kind):
            return kind(words)
    raise InputError(f"{where}: expected {annotation}, got {words!r}")


def _is(words: Any, kind: type) -> bool:
    if kind is float:
        return (isinstance(words, int | float) and not isinstance(words, bool)) or words in ("Infinity", "-Infinity")
    return isinstance(words, kind) and (kind is bool or not isinstance(words, bool))


def _object(words: dict[str, Any], classes: Iterable[Any], where: str, arrays: Mapping[str, NDArray[Any]]) -> Any:
    known = {option.__name__: option for option in classes}
    kind = words.get("kind")
    if kind not in known:
        raise UnknownName(f"object for {where}", str(kind), known)
    return rebuilt(known[kind], words, where, arrays)


def rebuilt(made: type[Any], words: Mapping[str, Any], where: str, arrays: Mapping[str, NDArray[Any]]) -> Any:
    """Return an object of class `made` from its words.   Errors: InputError where they do not fit the class."""
    hints = get_type_hints(made)
    names = {field.name for field in fields(made) if field.init}
    given = {name: value for name, value in words.items() if name != "kind"}
    for name in given:
        if name not in names:
            raise UnknownName(f"field of {made.__name__} ({where})", name, names)
    values = {name: from_words(value, hints[name], f"{where}.{name}", arrays) for name, value in given.items()}
    try:
        return made(**values)
    except TypeError as error:
        raise InputError(f"{where}: {error}") from error


def _options(annotation: Any) -> tuple[Any, ...]:
    if isinstance(annotation, UnionType) or get_origin(annotation) is Union:
        return tuple(option for part in get_args(annotation) for option in _options(part))
    return (annotation,)


def _items(options: tuple[Any, ...], count: int, where: str) -> list[Any]:
    """Return what each of `count` items of a tuple may be."""
    for option in options:
        if get_origin(option) is tuple:
            inner = get_args(option)
            if len(inner) == 2 and inner[1] is Ellipsis:
                return [inner[0]] * count
            if len(inner) == count:
                return list(inner)
    raise InputError(f"{where}: a list of {count} does not belong here")
