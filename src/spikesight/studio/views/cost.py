"""What activity would cost: synaptic operations and energy over time, under assumptions that can be changed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from spikesight.analysis.energy import ASSUMPTIONS, Assumptions, energy
from spikesight.base.errors import InputError
from spikesight.studio.open_run import Empty, OpenRun
from spikesight.studio.query import Query
from spikesight.studio.view import Place, View

PICO = 1e-12
MOST_BINS = 240
MOST_PICOJOULES = 1e9


def answer(run: OpenRun, query: Query) -> dict[str, Any]:
    """Return `operations` and `joules` (layers, bins) between `edges` (seconds), totals, and what was assumed.

    Options: `chip` is the place of published figures in `published`; `synaptic`, `multiply`, `update` (picojoules)
    replace single ones. Errors: Empty where no layer with projections was recorded.
    """
    trace, assumed = run.trace, _assumed(query)
    window = run.seconds(run.window(query))
    bins = min(query.bins, MOST_BINS)
    try:
        found = run.remembered(("energy", assumed, window, bins), lambda: energy(trace, assumed, window, bins))
    except InputError as reason:
        raise Empty(f"Nothing to count: {reason}.") from None
    joules = found.synaptic + found.updates
    return {
        "t0": window[0],
        "t1": window[1],
        "assumed": _told(assumed),
        "published": [_told(one) for one in ASSUMPTIONS],
        "layers": list(found.layers),
        "missing": list(found.missing),
        "edges": found.edges,
        "operations": found.operations,
        "joules": joules,
        "correct": found.correct.astype(np.int32),
        "stimuli": int(found.stimuli.sum()),
        "total": found.total,
        "per_stimulus": found.per_stimulus,
        "per_correct": found.per_correct,
        "dense": found.dense,
        "of_dense": found.of_dense,
    }


def _assumed(query: Query) -> Assumptions:
    published = ASSUMPTIONS[query.whole("chip", 0, 0, len(ASSUMPTIONS) - 1)]
    own = {
        name: query.number(name, getattr(published, name) / PICO, 0.0, MOST_PICOJOULES) * PICO
        for name in ("synaptic", "multiply", "update")
        if name in query.options
    }
    if not own:
        return published
    return replace(published, name=f"{published.name}, changed", source="figures of your own", **own)


def _told(one: Assumptions) -> dict[str, Any]:
    pico = {name: getattr(one, name) / PICO for name in ("synaptic", "multiply", "update")}
    return {"name": one.name, "source": one.source, **pico}


OPTIONS = ("chip", "synaptic", "multiply", "update")
VIEW = View(answer, "Cost", ("cost",), Place.MAIN, options=OPTIONS)
