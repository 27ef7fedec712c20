"""What a benchmark says: figures of this machine, and ratios, which travel better."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Curve:
    """What was measured over something: values `y` by name, each as many as there are `x`, all positive."""

    over: str
    unit: str
    x: list[float]
    y: dict[str, list[float]]


@dataclass(frozen=True)
class Report:
    """`figures` carry their unit in their name; `ratios` are against a baseline of the same run."""

    name: str
    figures: dict[str, float]
    ratios: dict[str, float]
    machine: dict[str, Any]
    curves: Mapping[str, Curve] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return the report as plain values; no `curves` where there are none."""
        told = asdict(self)
        if not self.curves:
            del told["curves"]
        return told
