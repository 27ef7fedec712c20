"""What a spike does to the membrane. Every kind is one line, ``v = keep * v + landing``."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ToValue:
    """The membrane jumps to a value (volts)."""

    value: float = 0.0

    def line(self, threshold: float, rest: float) -> tuple[float, float]:
        """Return (keep, landing)."""
        return 0.0, self.value


@dataclass(frozen=True)
class Subtract:
    """The membrane loses the distance from rest to threshold, and keeps what it was over."""

    def line(self, threshold: float, rest: float) -> tuple[float, float]:
        """Return (keep, landing)."""
        return 1.0, rest - threshold


@dataclass(frozen=True)
class NoReset:
    """The membrane stays as it is: the neuron fires in every step in which it is over its threshold."""

    def line(self, threshold: float, rest: float) -> tuple[float, float]:
        """Return (keep, landing)."""
        return 1.0, 0.0


Reset = ToValue | Subtract | NoReset
