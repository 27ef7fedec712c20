"""The inputs processed up to the cursor, by class."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from spikesight.studio.plots.style import class_colour, say


def draw(axes: Any, answer: Mapping[str, Any]) -> None:
    """Draw the answer of `processed`: a bar per class, full up to those that were recognised."""
    classes = np.arange(len(answer["shown"]))
    colours = [class_colour(int(index)) for index in classes]
    axes.bar(classes, answer["shown"], color=colours, alpha=0.3)
    axes.bar(classes, answer["right"], color=colours)
    axes.set_xticks(classes, answer["names"] or classes)
    say(axes, f"{answer['stimuli']:,} of {answer['of']:,} inputs; full: recognised", "class", "inputs")
