"""How many cores this process may use, which on a shared machine are fewer than it has."""

from __future__ import annotations

import os

LIMIT = "SPIKESIGHT_CORES"
"""Environment variable with the most cores to use, for processes that run side by side."""


def usable_cores() -> int:
    """Return the number of cores that the operating system, and `LIMIT` where it is set, let this process run on."""
    affinity = getattr(os, "sched_getaffinity", None)  # macOS has none
    cores = len(affinity(0)) if affinity else os.cpu_count() or 1
    limit = os.environ.get(LIMIT, "")
    return min(cores, max(1, int(limit))) if limit.isdecimal() else cores
