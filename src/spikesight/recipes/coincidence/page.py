"""The figure to play with: one HTML file that holds its numbers and asks nobody for anything."""

from __future__ import annotations

import base64
import json
import math
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spikesight.recipes.coincidence.measure import Grid, Surface
from spikesight.recipes.coincidence.volleys import Scene, Trials, detector, times

PLACE = "/* numbers */"
FEWEST_ERRORS = 4.0
"""A single input's effect is told where it is this many standard errors from none."""


def page(scene: Scene, grid: Grid, trials: Trials, surface: Surface) -> str:
    """Return the page as text. All curves and traces in it come from the equation as executed, none from the page."""
    template = files("spikesight.recipes.coincidence").joinpath("figure.html").read_text()
    return template.replace(PLACE, json.dumps(numbers(scene, grid, trials, surface), allow_nan=False), 1)


def numbers(scene: Scene, grid: Grid, trials: Trials, surface: Surface) -> dict[str, Any]:
    """Return what the page shows, as plain values: milliseconds, spikes."""
    ones = [
        [one.spikes if one.spikes > FEWEST_ERRORS * one.error and one.spikes > 0.0 else None for one in row]
        for row in surface.one
    ]
    return {
        "taus": _ms(grid.taus),
        "above": grid.above,
        "jitters": [None if math.isinf(jitter) else round(1e3 * jitter, 6) for jitter in grid.jitters],
        "sizes": grid.sizes,
        "thresholds": [[detector(scene, tau, above).threshold for above in grid.above] for tau in grid.taus],
        "seconds": 1e3 * scene.seconds,
        "step": 2e3 * scene.dt,
        "background": scene.background,
        "trials": len(trials.normal),
        "added": _rounded(surface.added),
        "error": _rounded(surface.error),
        "chance": _rounded(surface.chance),
        "one": ones,
        "alone": [[one.alone for one in row] for row in surface.one],
        "arrivals": [np.round(1e3 * times(scene, trials, jitter)[0], 2).tolist() for jitter in grid.jitters],
        "points": surface.traces.shape[-1],
        "traces": base64.b64encode(surface.traces.tobytes()).decode(),
    }


def _ms(seconds: tuple[float, ...]) -> list[float]:
    return [round(1e3 * one, 6) for one in seconds]


def _rounded(values: NDArray[np.float64]) -> Any:
    return np.round(values, 5).tolist()
