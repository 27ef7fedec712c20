"""Where a run happens: versions, machine, process."""

from __future__ import annotations

import os
import platform
import subprocess
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

from spikesight.base.cores import usable_cores

PACKAGES: Final = ("spikesight", "numpy", "numba", "scikit-learn", "duckdb", "safetensors")

_PROC = Path("/proc")


def versions() -> dict[str, str]:
    """Return the versions of Python and of the installed packages that shape results, without importing them."""
    found = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def machine() -> dict[str, Any]:
    """Return operating system, processor, number of cores this process may use, and host name."""
    return {"os": platform.platform(terse=True), "cpu": _cpu(), "cores": usable_cores(), "host": platform.node()}


def process() -> dict[str, Any]:
    """Return what tells this process from any other: number, start, host and start of the host."""
    pid = os.getpid()
    return {"pid": pid, "start": _start_of(pid), "host": platform.node(), "boot": _boot()}


def is_gone(facts: Mapping[str, Any]) -> bool:
    """Whether the process that `process` described is known to have ended.

    False for a process of another host: nothing is known of it here.
    """
    if facts.get("host") != platform.node():
        return False
    if facts.get("boot") != _boot():
        return True
    start = _start_of(int(facts.get("pid", 0)))
    return start is None or start != facts.get("start")


def _start_of(pid: int) -> str | None:
    """Return when process `pid` started, as the system words it; None where there is none, or only its remains."""
    if (_PROC / "self" / "stat").exists():
        return _start_on_linux(pid)
    asked = subprocess.run(["ps", "-o", "lstart=,stat=", "-p", str(pid)], capture_output=True, text=True, check=False)
    *start, state = asked.stdout.split() or ["Z"]
    return None if state.startswith("Z") else " ".join(start)


def _start_on_linux(pid: int) -> str | None:
    try:
        stat = (_PROC / str(pid) / "stat").read_text()
    except OSError:
        return None
    # The name, in parentheses, may hold spaces; the fields after it are: state, ..., start time as the 20th.
    fields = stat.rpartition(")")[2].split()
    return None if fields[0] in "ZX" else fields[19]


def _boot() -> str | None:
    try:
        return (_PROC / "sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return None


def _cpu() -> str:
    try:
        lines = (_PROC / "cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()
