"""Curves over the level of variation: accuracy, and when the answer comes. Needs the extra `plot`."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any, Final

from spikesight.analysis.variation.summary import Line, Summary
from spikesight.base.pictures import empty_figure, save_figure

SIZE: Final = (8.0, 5.0)
COLOURS: Final = ("#1f3b57", "#d1495b", "#2e8b57", "#e39f1d", "#7a4ea3", "#3aa0c8", "#8c564b", "#5b6b7a", "#b8479b")
MARKS: Final = "os^DvPX<>"


def save_curves(summary: Summary, classes: int, file: Path) -> None:
    """Draw accuracy with its interval over the level, and the latency where answers have one, a line per condition.

    Errors: as `check_picture` and `save_figure`.
    """
    figure = empty_figure(file, *SIZE)
    timed = any(not math.isnan(line.latency) for line in summary.lines)
    panels = figure.subplots(1, 1 + timed, squeeze=False)[0]
    groups = dict.fromkeys((line.model, line.design, line.variation) for line in summary.lines)
    several = len({model for model, _, _ in groups}) > 1
    for place, (model, design, variation) in enumerate(groups):
        chosen = [line for line in summary.lines if line[:3] == (model, design, variation)]
        label = f"{model}: {variation}" if several else variation
        style: dict[str, Any] = {
            "color": COLOURS[place % len(COLOURS)],
            "marker": MARKS[place % len(MARKS)],
            "markersize": 5,
            "label": label,
        }
        _accuracy(panels[0], chosen, style)
        if timed:
            panels[1].plot([line.level for line in chosen], [line.latency * 1e3 for line in chosen], **style)
    panels[0].axhline(1 / classes, color="#999999", linestyle=":", linewidth=1, label="chance")
    panels[0].set_ylim(0.0, 1.0)
    panels[0].set_ylabel("accuracy")
    if timed:
        panels[1].set_ylabel("median time of the answer (ms)")
    for panel in panels:
        panel.set_xlabel("level of variation")
        panel.set_xticks(sorted({line.level for line in summary.lines}))
        panel.grid(alpha=0.25)
    figure.legend(*panels[0].get_legend_handles_labels(), loc="outside lower center", ncols=5, frameon=False)
    save_figure(figure, file)


def _accuracy(panel: Any, lines: list[Line], style: dict[str, Any]) -> None:
    at = [line.level for line in lines]
    panel.plot(at, [line.accuracy for line in lines], **style)
    panel.fill_between(
        at, [line.low for line in lines], [line.high for line in lines], color=style["color"], alpha=0.12
    )
