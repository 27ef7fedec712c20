"""How many cores this process may use, which on a shared machine are fewer than it has."""

from __future__ import annotations

import os


def usable_cores() -> int:
    """Return the number of cores that the operating system lets this process run on."""
    affinity = getattr(os, "sched_getaffinity", None)  # macOS has none
    return len(affinity(0)) if affinity else os.cpu_count() or 1
