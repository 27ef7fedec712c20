"""What a benchmark says: figures of this machine, and ratios, which travel better."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Report:
    """`figures` carry their unit in their name; `ratios` are against a baseline of the same run."""

    name: str
    figures: dict[str, float]
    ratios: dict[str, float]
    machine: dict[str, Any]

    def as_json(self) -> dict[str, Any]:
        """Return the report as plain values."""
        return asdict(self)
