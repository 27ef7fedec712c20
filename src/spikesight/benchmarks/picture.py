"""The curves of a benchmark as a picture with logarithmic axes. Needs the extra `plot`."""

from __future__ import annotations

from pathlib import Path

from spikesight.base.errors import InputError
from spikesight.base.optional import require
from spikesight.benchmarks.report import Report

FORMATS = (".png", ".svg", ".pdf")
COLOURS = ("#1c2429", "#8f999f", "#0d6b76", "#bd4a29")


def check_file(file: Path) -> None:
    """Refuse, before anything is measured, what cannot be drawn.   Errors: MissingExtra; InputError for a format."""
    require("matplotlib.figure", "plot")
    if file.suffix.lower() not in FORMATS:
        raise InputError(f"'{file.name}' ends in none of {', '.join(FORMATS)}: the ending chooses the format")
    if not file.resolve().parent.is_dir():
        raise InputError(f"cannot write {file}: there is no folder {file.resolve().parent}")


def save_curves(report: Report, file: Path) -> None:
    """Draw a panel for each curve.   Errors: as `check_file`; InputError where the benchmark has no curves."""
    check_file(file)
    if not report.curves:
        raise InputError(f"benchmark '{report.name}' measures no curves, only figures and ratios")
    figure = require("matplotlib.figure", "plot").Figure(figsize=(4.2 * len(report.curves), 3.8), layout="constrained")
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
    figure.savefig(file, dpi=150)
