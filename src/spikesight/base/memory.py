"""How much memory this process may still take."""

from __future__ import annotations

import os
from pathlib import Path

_LINUX = Path("/proc/meminfo")
_LIMIT = Path("/sys/fs/cgroup")


def available_memory() -> int:
    """Return the bytes that can be taken without swapping: what the system has left, or a container's limit allows."""
    limits = [left for left in (_left_in_system(), _left_in_container()) if left is not None]
    return min(limits, default=os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))


def _left_in_system() -> int | None:
    if not _LINUX.exists():
        return None
    lines = dict(line.split(":", 1) for line in _LINUX.read_text().splitlines() if ":" in line)
    return int(lines["MemAvailable"].split()[0]) * 1024 if "MemAvailable" in lines else None


def _left_in_container() -> int | None:
    try:
        most, taken = ((_LIMIT / name).read_text().strip() for name in ("memory.max", "memory.current"))
    except OSError:
        return None
    return None if most == "max" else max(int(most) - int(taken) + _given_back(), 0)


def _given_back() -> int:
    """Copies of files, which a container's account counts and the system gives back when memory runs short."""
    try:
        lines = (line.split() for line in (_LIMIT / "memory.stat").read_text().splitlines())
    except OSError:
        return 0
    return sum(int(count) for name, count in lines if name in ("active_file", "inactive_file"))


def readable_bytes(count: float) -> str:
    """Return bytes as people read them: 1.6 GB."""
    for unit in ("bytes", "kB", "MB", "GB"):
        if count < 1000:
            return f"{count:.3g} {unit}"
        count /= 1000
    return f"{count:.3g} TB"
