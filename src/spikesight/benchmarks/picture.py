"""The curves of a benchmark as a picture with logarithmic axes. Needs the extra `plot`."""

from __future__ import annotations

from pathlib import Path

from spikesight.base.errors import InputError
from spikesight.base.pictures import empty_figure, save_figure
from spikesight.benchmarks.report import Report

COLOURS = ("#1c2429", "#8f999f", "#0d6b76", "#bd4a29")


def save_curves(report: Report, file: Path) -> None:
    """Draw a panel for each curve.   Errors: as `check_picture`; InputError where the benchmark has no curves."""
    if not report.curves:
        raise InputError(f"benchmark '{report.name}' measures no curves, only figures and ratios")
    figure = empty_figure(file, 4.2 * len(report.curves), 3.8)
    panels = figure.subplots(1, len(report.curves), squeeze=False, sharey=True)[0]
    for axes, (title, curve) in zip(panels, report.curves.items(), strict=True):
        for (name, y), colour in zip(curve.y.items(), COLOURS, strict=False):
            axes.loglog(curve.x, y, ".-", color=colour, label=name)
        axes.set(title=title.replace("_", " "), xlabel=curve.over)
        axes.set_xticks(curve.x, [f"{value:g}" for value in curve.x])
        axes.set_xticks([], minor=True)
        axes.grid(color="#e6e4dd")
    panels[0].set_ylabel(next(iter(report.curves.values())).unit)
    panels[0].legend(frameon=False)
    save_figure(figure, file)
