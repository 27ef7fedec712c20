"""How a trace describes convolutions that lie one behind the other."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from spikesight.first_spike.convolution import Convolution
from spikesight.first_spike.pooling import Pooling
from spikesight.trace.schema import Layer, Projection
from spikesight.trace.watched import Sketch


class Staged(Protocol):
    """A convolution with a name, and the pooling behind it, if any."""

    @property
    def name(self) -> str:
        """What the layer is called."""

    @property
    def convolution(self) -> Convolution:
        """The layer."""

    @property
    def pooling(self) -> Pooling | None:
        """What lies behind it."""


def pooled(stage: Staged) -> str:
    """Return what the layer behind a stage's pooling is called."""
    return f"{stage.name}_pooled"


def sketched(given: Layer, stages: Iterable[Staged], steps: int) -> Sketch:
    """Return a network of `stages` behind the layer `given`, whose stimuli last `steps`: a layer for each stage, and
    one for its pooling.   Errors: InputError where a window does not fit.
    """
    layers, projections = [given], []
    for stage in stages:
        layer, before = stage.convolution, layers[-1]
        here = Layer(stage.name, layer.shape(before.shape))
        shared = (layer.kernel, layer.stride, layer.dilation)
        projections.append(Projection.convolution(f"{before.name}_{here.name}", before, here, *shared))
        layers.append(here)
        if stage.pooling is not None:
            behind = Layer(pooled(stage), stage.pooling.shape(here.shape))
            windows = (stage.pooling.window, stage.pooling.moves)
            projections.append(Projection.pooling(f"{here.name}_{behind.name}", here, behind, *windows))
            layers.append(behind)
    return Sketch(tuple(layers), tuple(projections), steps)
