"""Changing a recipe's settings by name, as the command line does: a recipe is a dataclass, its fields are its
settings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any, TypeVar, get_type_hints

from spikesight.base.errors import InputError, UnknownName

R = TypeVar("R")


def settings_of(recipe: Any) -> dict[str, str]:
    """Return the settings of a recipe as words, such that `adjusted` reads them again."""
    return {field.name: str(getattr(recipe, field.name)) for field in fields(recipe)}


def adjusted(recipe: R, settings: Mapping[str, str]) -> R:
    """Return `recipe` with `settings` in place of its own: words are read as the type of the field.

    Errors: UnknownName, with the nearest ones, for a setting it does not have; InputError for a value of another type.
    """
    if not settings:
        return recipe
    types: dict[str, Any] = get_type_hints(type(recipe))
    known = [field.name for field in fields(recipe)]  # type: ignore[arg-type]
    values = {}
    for name, word in settings.items():
        if name not in known:
            raise UnknownName("setting of this recipe", name, known)
        try:
            values[name] = types[name](word)
        except ValueError as error:
            raise InputError(f"setting '{name}' takes a value of type {types[name].__name__}, got '{word}'") from error
    return replace(recipe, **values)  # type: ignore[type-var]
