"""A look at the neurons in the first steps of a training: a network that cannot learn says so at once."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from torch import Tensor, nn

from spikesight.deep.tapping import Heard, firing_layers, tapped

NEARLY_ALL = 0.99
"""A layer of which so many neurons are silent, or fire in every step, passes on next to nothing."""


class LayerWarning(UserWarning):
    """Nearly all neurons of a layer are silent, or always fire."""


@contextmanager
def looked_at(net: nn.Module, step: int) -> Iterator[None]:
    """Warn after the block of layers that neither it nor its input wakes, or that it cannot quieten.

    Looking changes nothing. Networks without neurons that fire are not looked at.
    """
    heard: dict[str, Tensor] = {}

    def listen(one: Heard) -> None:
        heard[one.name] = one.y

    with tapped(firing_layers(net), listen):
        yield
    for name, spikes in heard.items():
        rates = spikes.float().mean((0, 1))
        silent, always = float((rates == 0).float().mean()), float((rates >= 1).float().mean())
        if silent >= NEARLY_ALL:
            told = f"{silent:.0%} of its neurons fire in no step: lower its threshold, or raise the gain before it"
            warnings.warn(f"{name}, step {step}: {told}", LayerWarning, stacklevel=4)
        elif always >= NEARLY_ALL:
            told = f"{always:.0%} of its neurons fire in every step: raise its threshold, or lower the gain before it"
            warnings.warn(f"{name}, step {step}: {told}", LayerWarning, stacklevel=4)
