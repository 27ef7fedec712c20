"""Where Spikesight keeps what it can make again: compiled kernels, downloaded data."""

from __future__ import annotations

import os
import sys
import tempfile
from functools import cache
from pathlib import Path


def _user_cache() -> Path:
    if "XDG_CACHE_HOME" in os.environ:
        return Path(os.environ["XDG_CACHE_HOME"])
    return Path.home() / ("Library/Caches" if sys.platform == "darwin" else ".cache")


@cache
def _fallback() -> Path:
    return Path(tempfile.mkdtemp(prefix="spikesight-"))


def cache_folder(*parts: str) -> Path:
    """Return (and make) a folder below the user's cache; below a temporary one where the user's cannot be written."""
    folder = _user_cache().joinpath("spikesight", *parts)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        usable = os.access(folder, os.W_OK)
    except OSError:
        usable = False
    if not usable:
        folder = _fallback().joinpath(*parts)
        folder.mkdir(parents=True, exist_ok=True)
    return folder
