"""Pictures of a neuron for papers and slides, as PNG, SVG or PDF files. Needs the extra `plot`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spikesight.analysis.single_neuron import Response
from spikesight.base.errors import InputError
from spikesight.base.optional import require

FORMATS = (".png", ".svg", ".pdf")
INK, SPIKE = "#1f3b57", "#d1495b"


def save_response(response: Response, file: Path) -> None:
    """Draw membrane, spikes and current over time.   Errors: MissingExtra; InputError for another format."""
    figure = _figure(file)
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=(4, 1))
    ms = response.times * 1e3
    above.plot(ms, response.v, color=INK, linewidth=0.8)
    top = float(np.max(response.v)) if len(response.v) else 0.0
    above.plot(response.spikes * 1e3, np.full(len(response.spikes), top), "|", color=SPIKE, markersize=9)
    above.set_ylabel("membrane")
    above.set_title(f"{response.model}: {len(response.spikes)} spikes, {response.rate:.3g} per second")
    below.plot(ms, response.current, color=INK, linewidth=0.8)
    below.set_ylabel("input")
    below.set_xlabel("time (ms)")
    _save(figure, file)


def save_rates(model: str, currents: NDArray[np.floating[Any]], rates: NDArray[np.floating[Any]], file: Path) -> None:
    """Draw rate over current.   Errors: as `save_response`."""
    figure = _figure(file)
    axes = figure.subplots()
    axes.plot(currents, rates, ".-", color=INK)
    axes.set_xlabel("input")
    axes.set_ylabel("rate (1/s)")
    axes.set_title(model)
    _save(figure, file)


def _figure(file: Path) -> Any:
    if file.suffix.lower() not in FORMATS:
        raise InputError(f"'{file.name}' ends in none of {', '.join(FORMATS)}: the ending chooses the format")
    require("matplotlib", "plot")
    # Not pyplot: it keeps figures alive and wants a screen.
    from matplotlib.figure import Figure

    return Figure(figsize=(8, 4.5), layout="constrained")


def _save(figure: Any, file: Path) -> None:
    try:
        figure.savefig(file, dpi=150)
    except OSError as error:
        raise InputError(f"cannot write {file}: {error.strerror}. Choose a folder that exists") from error
