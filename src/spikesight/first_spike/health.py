"""Layers that say nothing: told by name, with what to change."""

from __future__ import annotations

import warnings

from spikesight.encoding.latencies import Latencies


class SilentLayer(UserWarning):
    """A layer in which no neuron fired in a whole batch: nothing behind it can learn or decide."""


def warn_if_silent(name: str, fired: Latencies, threshold: float, given: Latencies | None = None) -> bool:
    """Warn where no neuron of a layer fired for any item, and return whether that is so.

    `given` is what the layer was given: where that is silent too, it is the input that wants a change. No warning for
    an empty batch, nor behind an infinite threshold, where silence is meant.
    """
    if not len(fired) or threshold == float("inf") or fired.fired.any():
        return False
    if given is not None and not given.fired.any():
        said = f"{name} was given no spike: encode with a lower threshold, or look whether images have any contrast"
    else:
        said = (
            f"no neuron of {name} fired for any of {len(fired)} stimuli, so nothing behind it learns: lower its "
            f"threshold (now {threshold:g}) or begin with larger weights"
        )
    warnings.warn(said, SilentLayer, stacklevel=2)
    return True
