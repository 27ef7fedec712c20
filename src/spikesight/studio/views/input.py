"""The input at the cursor, large: a picture of its spikes, or events of both polarities, over the last moments."""

from __future__ import annotations

from typing import Any

import numpy as np

from spikesight.analysis import fields, levels
from spikesight.analysis.earliness import earliness
from spikesight.base.errors import InputError
from spikesight.studio.moments import Stimuli, fires_once
from spikesight.studio.open_run import OpenRun
from spikesight.studio.query import Query
from spikesight.studio.view import Place, View
from spikesight.studio.views import stimulus
from spikesight.studio.views.stimulus import stimulus_at
from spikesight.trace.schema import Layer

LONGEST = 1e7
"""Milliseconds."""


def answer(run: OpenRun, query: Query) -> dict[str, Any]:
    """Return what the view `stimulus` does, and `frame`, the input over the last moments before the cursor.

    The option `ms` is how long these are, at most the stimulus; 0, which is meant where it is not given, for all of it.
    `frame` has `kind`, `from` and `to` (seconds), `spikes`, `note`, and `levels` uint8 (height, width), or in `on` and
    `off` those of the two polarities; level 255 stands for `top` spikes; where nobody
    spikes twice the picture is `early`: the sooner, the stronger. `first_spike` is how many seconds after its
    start the readout fired, None where it did not; `latency` what the run has recorded of the kind.
    """
    shown, place = stimulus_at(run, query)
    told = stimulus.answer(run, query)
    last = query.number("ms", 0.0, 0.0, LONGEST) / 1e3
    if last:
        told.pop("valid")  # it moves with the cursor
    return {
        **told,
        "place": place,
        "of": len(shown),
        "input": run.input().name,
        "frame": _frame(run, shown, place, _stretch(shown, place, query.at, last), told["picture"]),
        "first_spike": _first_spike(run, shown, place),
        "latency": _latency(run, int(shown.stim[place])),
    }


def _stretch(shown: Stimuli, place: int, at: float | None, last: float) -> tuple[float, float]:
    start, end = float(shown.t_start[place]), float(shown.t_end[place])
    if not last:
        return start, end
    now = end if at is None else min(max(at, start), end)
    return max(start, now - last), now


def _frame(
    run: OpenRun, shown: Stimuli, place: int, stretch: tuple[float, float], otherwise: dict[str, Any]
) -> dict[str, Any]:
    layer, stim = run.input(), int(shown.stim[place])
    told: dict[str, Any] = {"kind": "picture", "from": stretch[0], "to": stretch[1], "note": otherwise["note"]}
    if otherwise["stim"] != stim:
        return {**told, "spikes": None, "levels": otherwise["levels"], "top": otherwise.get("top")}
    found = run.trace.spikes(layer.name, stim=(stim, stim + 1))
    here = (found.t >= stretch[0]) & (found.t <= stretch[1])
    told["spikes"] = int(here.sum())
    once = fires_once(run, layer.name)
    strength = earliness(found.t, found.stim, run.tick) if once else np.ones(len(here))
    counts = np.bincount(found.unit[here], strength[here], minlength=layer.size)
    told["early"] = once
    both = polarities(layer, counts)
    if both is not None:
        grey, top = levels(both)
        note = "Events of both polarities per pixel."
        return {**told, "kind": "events", "off": grey[0], "on": grey[1], "top": top, "note": note}
    try:
        grey, top = levels(fields(counts[:, None], layer.shape))
    except InputError:
        return {**told, "levels": None, "top": None}
    return {**told, "levels": grey[0], "top": top}


def polarities(layer: Layer, counts: np.ndarray) -> np.ndarray | None:
    """Return spikes (2, height, width), off and on, of a layer that tells them apart; None for another.

    Channels called "off" and "on" are summed each; without names, two of them are off and on, first or last.
    """
    named = np.array(layer.channels)
    if {"on", "off"} <= set(layer.channels) and len(layer.shape) == 3:
        lying = counts.reshape(layer.shape).astype(np.float64)
        return np.stack([lying[named == name].sum(axis=0) for name in ("off", "on")])
    if len(layer.shape) != 3 or 2 not in (layer.shape[0], layer.shape[2]):
        return None
    lying = counts.reshape(layer.shape).astype(np.float64)
    return lying if layer.shape[0] == 2 else np.moveaxis(lying, 2, 0)


def _first_spike(run: OpenRun, shown: Stimuli, place: int) -> float | None:
    layer, stim = run.readout(), int(shown.stim[place])
    if not layer.recorded.rows:
        return None
    t = run.trace.spikes(layer.name, stim=(stim, stim + 1)).t
    return float(t[0] - shown.t_start[place]) if len(t) else None


def _latency(run: OpenRun, stim: int) -> float | None:
    table = run.remembered("latencies", run.trace.stimuli)
    found = table["latency"][table["stim"] == stim]
    return float(found[0]) if len(found) and np.isfinite(found[0]) else None


VIEW = View(answer, "Input", ("input",), Place.MAIN, options=("ms",))
