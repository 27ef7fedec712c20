"""Values as JSON can hold them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from spikesight.base.errors import InputError


def plain(name: str, value: Any) -> Any:
    """Return `value` as numbers, words, lists and objects; numbers that are not finite become None, as JSON has none.

    Errors: InputError, naming the place below `name`, for anything that has no such form.
    """
    if isinstance(value, np.generic | np.ndarray):
        value = value.tolist()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): plain(f"{name}.{key}", one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(f"{name}[{place}]", one) for place, one in enumerate(value)]
    raise InputError(f"{name} goes into a JSON file, which holds no {type(value).__name__}: give numbers, words, lists")
