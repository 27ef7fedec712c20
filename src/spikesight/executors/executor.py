"""What can execute an equation or a circuit."""

from __future__ import annotations

from spikesight.executors.fused_cpu import FusedCpu
from spikesight.executors.reference import Reference

Executor = Reference | FusedCpu
"""The reference is the meaning; every other member is held equal to it, bit for bit."""
