"""Spikes of every unit for one class."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from spikesight.studio.plots.style import class_colour, say


def draw(axes: Any, answer: Mapping[str, Any]) -> None:
    """Draw the answer of `class_spikes`, each unit in the colour of the class that it prefers."""
    responses = np.nan_to_num(answer["responses"])
    colours = [class_colour(int(label)) for label in answer["preferred"]]
    axes.bar(np.arange(len(responses)), responses, width=1.0, color=colours)
    title = f"Answers of {answer['layer']} to class {answer['class']}, {answer['shown']} stimuli"
    say(axes, title, "unit", "spikes a stimulus")
