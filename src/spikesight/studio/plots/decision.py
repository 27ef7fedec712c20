"""How soon answers came, those that were right and those that were wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spikesight.studio.plots.style import ACCENT, WRONG, say, say_empty


def draw(axes: Any, answer: Mapping[str, Any]) -> None:
    """Draw the answer of `decision`: times of answers, in milliseconds."""
    if answer["known"]:
        edges = 1000.0 * answer["edges"]
        axes.stairs(answer["right"], edges, color=ACCENT, fill=True, alpha=0.75, label="right")
        axes.stairs(
            answer["right"] + answer["wrong"], edges, baseline=answer["right"], color=WRONG, fill=True, label="wrong"
        )
        axes.legend(frameon=False, fontsize=8)
    else:
        say_empty(axes, "no answer has a time")
    say(axes, f"{answer['known']} answers, {answer['unanswered']} without a time", "after the start, ms", "answers")
