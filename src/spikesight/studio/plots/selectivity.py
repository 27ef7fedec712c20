"""The answer of every unit to every class, units in the order of the class that they prefer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from spikesight.studio.plots.style import say, strength


def by_class(answer: Mapping[str, Any]) -> np.ndarray:
    """Return the units in the order of the class they prefer, the most selective first, silent ones last."""
    preferred = np.asarray(answer["preferred"])
    index = np.nan_to_num(answer["index"], nan=-1.0)
    return np.lexsort((-index, np.where(preferred < 0, np.iinfo(np.int32).max, preferred)))


def draw(axes: Any, answer: Mapping[str, Any]) -> None:
    """Draw the answer of `selectivity`; full strength leaves the most eager tenth of the units aside."""
    responses, classes = np.nan_to_num(answer["responses"]), answer["classes"]
    best = responses.max(axis=0)
    top = float(np.quantile(best[best > 0], 0.9)) if (best > 0).any() else 1.0
    sorted_units = responses[:, by_class(answer)]
    axes.imshow(sorted_units, cmap=strength(), vmin=0.0, vmax=top, aspect="auto", interpolation="nearest")
    axes.set_yticks(range(len(classes)), [str(one) for one in classes])
    title = f"Selectivity of {answer['layer']}, at full strength {top:.3g} spikes a stimulus"
    say(axes, title, "units, by the class they prefer", "class")
