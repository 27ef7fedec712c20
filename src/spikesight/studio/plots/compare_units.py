"""A point for every unit: the one run across, the other upwards."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from spikesight.studio.plots.style import ACCENT, FAINT, say


def draw(axes: Any, answer: Mapping[str, Any]) -> None:
    """Draw the answer of `compare_units`; on the diagonal nothing has changed."""
    one, other = np.asarray(answer["one"]), np.asarray(answer["other"])
    axes.axline((0, 0), slope=1, color=FAINT, lw=1)
    axes.scatter(one, other, s=8, color=ACCENT, alpha=0.6, linewidths=0)
    unit = f", {answer['unit']}" if answer["unit"] else ""
    title = f"{answer['measure'].capitalize()} of the units of {answer['layer']}{unit}"
    say(axes, title, answer["names"][0], answer["names"][1])
