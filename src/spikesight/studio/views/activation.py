"""Where a population was active during the stimulus at the cursor: its spike activation map, and a control."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from spikesight.analysis import levels
from spikesight.base.errors import InputError
from spikesight.studio.open_run import Empty, OpenRun
from spikesight.studio.query import Query
from spikesight.studio.view import Place, View
from spikesight.studio.views.stimulus import stimulus_at, until

if TYPE_CHECKING:
    from spikesight.analysis.activation_map import ActivationMap

PARTS = 8
"""Maps over time within the stimulus."""
CONTROLS = ("others", "elsewhen")
DRAWN = 20
"""Controls of each kind."""


def answer(run: OpenRun, query: Query) -> dict[str, Any]:
    """Return `map` and `control`, uint8 (height, width) on one scale: level 255 stands for `top`.

    The option `control` chooses which: "others", the trains of spikes given to other units of the layer, or "elsewhen",
    the spikes of each unit at other times. `like` is the mean rank correlation of the map with the controls of either
    kind, None where a picture is the same everywhere; `parts` uint8 (P, height, width) are maps of equal parts of the
    stimulus, on a scale of their own.   Errors: UnknownName; Empty for a population that no picture belongs to.
    """
    layer, chosen = run.asked_layer(query), query.choice("control", CONTROLS)
    shown, place = stimulus_at(run, query)
    t = float(shown.t_start[place]), float(shown.t_end[place])
    try:
        found = run.remembered(("activation", layer.name, t), lambda: _map(run, layer.name, t))
    except InputError as error:
        raise Empty(f"No map of {layer.name}: {error}.") from error
    control = (found.others if chosen == "others" else found.elsewhen)[0]
    both, top = levels(np.stack([found.whole, control]))
    parts, _ = levels(found.maps)
    return {
        "layer": layer.name,
        "stim": int(shown.stim[place]),
        "t_start": t[0],
        "t_end": t[1],
        "control_is": chosen,
        "controls": DRAWN,
        "map": both[0],
        "control": both[1],
        "top": top,
        "parts": parts,
        "like": {"others": _mean(found.like_others), "elsewhen": _mean(found.like_elsewhen)},
        "valid": [t[0], until(shown, place)],
    }


def _map(run: OpenRun, layer: str, t: tuple[float, float]) -> ActivationMap:
    from spikesight.analysis.activation_map import activation_map  # needs SciPy, which the page must not wait for

    return activation_map(run.trace, layer, t, bins=PARTS, controls=DRAWN)


def _mean(correlations: np.ndarray) -> float | None:
    known = correlations[np.isfinite(correlations)]
    return float(known.mean()) if len(known) else None


VIEW = View(answer, "Spike activation map", ("input",), Place.MAIN, options=("control",))
