"""How high an activation of 1 spike per step is: what conversion divides by, layer by layer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import torch
from torch import Tensor

from spikesight.base.errors import InputError
from spikesight.deep.conversion.graph import Graph, activations, values
from spikesight.deep.conversion.qcfs import QCFS
from spikesight.deep.conversion.scaling import rescaled
from spikesight.deep.conversion.spiking import spiking
from spikesight.deep.tapping import tapped
from spikesight.deep.temporal import Temporal

AT_ONCE = 25
"""Images through a spiking network at a time: spikes of many steps take much memory."""


class Method(Protocol):
    """Finds the scale of every activation. `begun` is the share of its threshold that a membrane begins with."""

    @property
    def begun(self) -> float:
        """0 is as first published; 1/2 rounds rates where 0 cuts them off, which few steps need."""

    def scales(self, graph: Graph, calibration: Tensor) -> dict[str, float]:
        """Return the scale of each activation for calibration images (B, ...), by name."""


@dataclass(frozen=True)
class Largest:
    """The largest activation there is: no rate saturates, and most are small.   Source: Diehl et al., IJCNN 2015."""

    begun: float = 0.5

    def scales(self, graph: Graph, calibration: Tensor) -> dict[str, float]:
        """See `Method`."""
        known = values(graph, calibration)
        return {name: float(known[name].max()) for name in activations(graph)}


@dataclass(frozen=True)
class Percentile:
    """The percentile of all activations of a layer, zeros included: the few above it saturate.

    Source: Rueckauer et al., Front. Neurosci. 11 (2017).   Errors: InputError for a percentage outside of 0 to 100.
    """

    percent: float = 99.9
    begun: float = 0.5

    def __post_init__(self) -> None:
        if not 0.0 < self.percent <= 100.0:
            raise InputError(f"a percentile is above 0 and at most 100, got {self.percent}")

    def scales(self, graph: Graph, calibration: Tensor) -> dict[str, float]:
        """See `Method`."""
        known = values(graph, calibration)
        return {name: float(np.percentile(known[name].numpy(), self.percent)) for name in activations(graph)}


@dataclass(frozen=True)
class Balanced:
    """The largest current in any of `steps`, layer by layer, of the spiking network with the layers before it done.

    Source: Sengupta et al., Front. Neurosci. 13 (2019), threshold balancing.
    Errors: InputError for fewer than one step.
    """

    steps: int = 100
    begun: float = 0.5

    def __post_init__(self) -> None:
        if self.steps < 1:
            raise InputError(f"currents are looked at for a step at least, got {self.steps}")

    def scales(self, graph: Graph, calibration: Tensor) -> dict[str, float]:
        """See `Method`."""
        found: dict[str, float] = {}
        for name in activations(graph):
            end = next(k for k, part in enumerate(graph) if part.name == name)
            needed = _before(graph[: end + 1])
            known = {**found, name: 1.0}
            net = spiking(rescaled(needed, known), known, self.steps, self.begun)
            found[name] = _largest_current(net, name, calibration)
        return found


@dataclass(frozen=True)
class Learned:
    """The heights that `QCFS` activations have learned. No calibration images are looked at.

    Source: Bu et al., ICLR 2022.
    """

    begun: float = 0.5

    def scales(self, graph: Graph, calibration: Tensor) -> dict[str, float]:
        """See `Method`.   Errors: InputError naming activations that are not QCFS."""
        modules = {part.name: part.module for part in graph if part.name in activations(graph)}
        others = [name for name, module in modules.items() if not isinstance(module, QCFS)]
        if others:
            raise InputError(f"{', '.join(others)} learned no height: train with QCFS, or use Percentile()")
        return {name: float(module.top.detach()) for name, module in modules.items()}  # type: ignore[operator]


def _largest_current(net: Temporal, name: str, images: Tensor) -> float:
    found: list[float] = []
    with torch.no_grad(), tapped({name: net.get_submodule(name)}, lambda heard: found.append(float(heard.x.max()))):
        for some in images.split(AT_ONCE):  # type: ignore[no-untyped-call]
            net(some)
    return max(found)


def _before(graph: Graph) -> Graph:
    """Return the parts that the last one takes from, directly or not, and itself."""
    needed = {graph[-1].name}
    for part in reversed(graph):
        if part.name in needed:
            needed.update(part.inputs)
    return tuple(part for part in graph if part.name in needed)
