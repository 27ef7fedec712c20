"""Pictures of a neuron for papers and slides, as PNG, SVG or PDF files. Needs the extra `plot`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spikesight.analysis.single_neuron import Response
from spikesight.base.pictures import empty_figure, save_figure

SIZE = (8.0, 4.5)
INK, SPIKE = "#1f3b57", "#d1495b"


def save_response(response: Response, file: Path) -> None:
    """Draw membrane, spikes and current over time.   Errors: as `check_picture` and `save_figure`."""
    figure = empty_figure(file, *SIZE)
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
    save_figure(figure, file)


def save_rates(model: str, currents: NDArray[np.floating[Any]], rates: NDArray[np.floating[Any]], file: Path) -> None:
    """Draw rate over current.   Errors: as `save_response`."""
    figure = empty_figure(file, *SIZE)
    axes = figure.subplots()
    axes.plot(currents, rates, ".-", color=INK)
    axes.set_xlabel("input")
    axes.set_ylabel("rate (1/s)")
    axes.set_title(model)
    save_figure(figure, file)
