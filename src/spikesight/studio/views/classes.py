"""The class of each neuron, and how many stand for each class."""

from __future__ import annotations

from typing import Any

from spikesight.analysis import class_sizes
from spikesight.studio.moments import classes
from spikesight.studio.open_run import OpenRun
from spikesight.studio.query import Query
from spikesight.studio.view import Place, View


def answer(run: OpenRun, _: Query) -> dict[str, Any]:
    """Return `class_of_unit` (units,) with -1 for none, and `sizes` (classes,)."""
    known = classes(run)
    return {
        "layer": known.layer,
        "class_of_unit": known.of_unit,
        "sizes": class_sizes(known.of_unit, known.count).astype("int32"),
        "unassigned": int((known.of_unit < 0).sum()),
        "source": known.source,
    }


VIEW = View(answer, "Neurons per class", ("raster", "neurons", "classes"), Place.SIDE)
