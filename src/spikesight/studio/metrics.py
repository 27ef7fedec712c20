"""What a run has measured of itself: the numbers under `metrics` in run.json, by the names that recipes write."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def metric(facts: Mapping[str, Any], name: str) -> float | None:
    """Return the metric `name` from what run.json says, None where it was not measured.

    `accuracy` and `control` are fractions of 1 on held-out data, trained and untrained; `seconds` is all it took.
    """
    found = (facts.get("metrics") or {}).get(name)
    return float(found) if isinstance(found, int | float) else None
