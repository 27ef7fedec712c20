"""What of a layer was recorded: what was not must not pass for silence."""

from __future__ import annotations

import numpy as np

from spikesight.trace.reader import Trace


def recorded_units(trace: Trace, layer: str) -> np.ndarray:
    """Return which units of `layer` were recorded: (units,) bool.   Errors: UnknownName."""
    facts = trace.header.layer(layer)
    if facts.recorded.units is None:
        return np.ones(facts.size, dtype=bool)
    mask = np.zeros(facts.size, dtype=bool)
    mask[list(facts.recorded.units)] = True
    return mask


def ends(trace: Trace, t: tuple[float, float] | None) -> tuple[float, float]:
    """Return the window `t` in seconds; None and infinite ends are those of the trace."""
    first, last = trace.extent
    start, end = first * trace.header.tick_ns / 1e9, (last + 1) * trace.header.tick_ns / 1e9
    if t is None:
        return start, end
    return float(t[0]) if np.isfinite(t[0]) else start, float(t[1]) if np.isfinite(t[1]) else end


def recorded_seconds(trace: Trace, layer: str, window: tuple[float, float]) -> float:
    """Return for how many seconds of `window` spikes of `layer` were recorded.

    Where only every n-th stimulus was, it is the time of these.
    """
    every = trace.header.layer(layer).recorded.every
    if every == 1:
        return window[1] - window[0]
    shown = trace.stimuli()
    starts, stops = np.clip(shown["t_start"], *window), np.clip(shown["t_end"], *window)
    return float((stops - starts)[shown["stim"] % every == 0].sum())
