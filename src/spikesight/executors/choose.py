"""Which executor to take, by name at the edges (command line, JSON) and as an object everywhere else."""

from __future__ import annotations

from spikesight.base.errors import UnknownName
from spikesight.executors.fused_cpu import FusedCpu
from spikesight.executors.reference import Reference

Executor = Reference | FusedCpu

_BY_NAME: dict[str, Executor] = {"reference": Reference(), "fused-cpu": FusedCpu()}


def choose(name: str) -> Executor:
    """Return the executor called `name`.   Errors: UnknownName with the nearest known ones."""
    if name not in _BY_NAME:
        raise UnknownName("executor", name, _BY_NAME)
    return _BY_NAME[name]
