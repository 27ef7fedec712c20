"""Machines that execute equations: a NumPy reference, which is the meaning, and faster ones held equal to it."""

from __future__ import annotations

from spikesight.executors.executor import Executor
from spikesight.executors.fused_cpu import FusedCpu
from spikesight.executors.reference import Reference

__all__ = ["Executor", "FusedCpu", "Reference"]
