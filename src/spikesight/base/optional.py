"""Packages that not everyone installs: asked for when used, never when imported."""

from __future__ import annotations

import importlib
from types import ModuleType

from spikesight.base.errors import MissingExtra


def require(package: str, extra: str) -> ModuleType:
    """Import `package`, or say which extra brings it.

    Errors: MissingExtra with the pip command to type.
    """
    try:
        return importlib.import_module(package)
    except ImportError as error:
        raise MissingExtra(f'{package} is not installed. Type: pip install "spikesight[{extra}]"') from error
