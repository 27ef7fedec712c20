"""Accuracy over the whole run, with its marks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spikesight.studio.plots.style import ACCENT, FAINT, LINE, SOFT, say, say_empty


def draw(axes: Any, answer: Mapping[str, Any]) -> None:
    """Draw the answer of `accuracy`."""
    for t, text in zip(answer["marks"]["t"], answer["marks"]["texts"], strict=True):
        axes.axvline(t, color=LINE, lw=1, zorder=0)
        axes.annotate(text, (t, 1.0), xycoords=("data", "axes fraction"), rotation=90, va="top", fontsize=7, color=SOFT)
    if answer["control"] is not None:
        axes.axhline(answer["control"], color=FAINT, lw=1, ls="--", label="untrained control")
        axes.legend(frameon=False, fontsize=8)
    axes.plot(answer["t"], answer["value"], color=ACCENT, lw=1.6)
    axes.set_ylim(0, 1)
    if answer["why"]:
        say_empty(axes, answer["why"])
    say(axes, f"Accuracy, {answer['source']}".rstrip(", "), "simulated time, s", "share of right answers")
