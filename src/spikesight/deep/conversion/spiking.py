"""The spiking parts of converted networks: neurons that keep what they are over, and maxima of counts."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from spikesight.base.errors import InputError
from spikesight.deep.conversion.graph import ACTIVATIONS, INPUT, MAXIMA, Graph, Part
from spikesight.deep.hold import Hold
from spikesight.deep.network import Network
from spikesight.deep.neurons.leaky import IF
from spikesight.deep.temporal import State, Temporal, over_time
from spikesight.equations.reset import Subtract


class RateNeuron(IF):
    """Integrate-and-fire with threshold 1, reset by subtraction, that begins with `begun` of its threshold.

    A constant current z from 0 to 1 makes ``floor(T z + begun)`` spikes in T steps. A spike in every step stands for an
    activation of `scale`.   Errors: InputError for a beginning outside of 0 to below 1.
    """

    def __init__(self, begun: float = 0.5, scale: float = 1.0, *, dt: float = 1e-3) -> None:
        super().__init__(1.0, Subtract(), dt=dt)
        if not 0.0 <= begun < 1.0:
            raise InputError(f"a membrane begins between 0 and below its threshold, got a share of {begun}")
        self.share, self.scale = begun, scale

    def initial(self, x: Tensor) -> Any:
        """Return the state in the beginning for neurons that x (T, B, ...) drives."""
        rest = super().initial(x)
        return rest._replace(v=torch.full_like(rest.v, self.share))

    def extra_repr(self) -> str:
        """Return where it begins, and the rest."""
        return f"begun={self.share}, scale={self.scale:g}, {super().extra_repr()}"


class Counted(NamedTuple):
    """How many spikes each input has given so far, (B, ...)."""

    counts: Tensor


class LargestCount(Temporal):
    """Maximum pooling of spikes: one leaves where the largest number of spikes in its window grows.

    The number of spikes that left is at any time the largest number of any input of the window.
    """

    fires = False

    def __init__(self, pool: nn.Module) -> None:
        super().__init__()
        self.pool = pool

    def run(self, x: Tensor, state: Counted | None = None) -> tuple[Tensor, Counted]:
        """See `Temporal`.   Errors: InputError for a state of another shape."""
        begun = torch.zeros_like(x[0]) if state is None else state.counts
        if begun.shape != x.shape[1:]:
            raise InputError(f"the state has counts {tuple(begun.shape)}, an input of {tuple(x.shape)} needs others")
        counts = torch.cat([begun[None], x]).cumsum(0)
        largest = over_time(self.pool, counts)
        return largest.diff(dim=0), Counted(counts[-1])


class Wired(Temporal):
    """A network whose parts take from any parts before them. Still images are held for `steps`.

    What depends on no spikes is the same in every step and computed once.
    """

    fires = False

    def __init__(self, graph: Graph, steps: int) -> None:
        super().__init__()
        self.steps = steps
        self.inputs = {part.name: part.inputs for part in graph}
        for part in graph:
            self.add_module(part.name, part.module)

    def run(self, x: Tensor, state: State | None = None) -> tuple[Tensor, State]:
        """See `Temporal`; x are images (B, ...)."""
        before, after = {} if state is None else dict(state), {}
        still, moving = {INPUT: x}, dict[str, Tensor]()
        for name, layer in self.named_children():
            sources = self.inputs[name]
            if isinstance(layer, Temporal):
                moving[name], after[name] = layer.run(self._over(sources[0], still, moving), before.pop(name, None))
            elif all(source in still for source in sources):
                still[name] = layer(*(still[source] for source in sources))
            else:
                given = [self._over(source, still, moving) for source in sources]
                y = layer(*(one.flatten(0, 1) for one in given))
                moving[name] = y.unflatten(0, given[0].shape[:2])
        if before:
            raise InputError(f"the state has parts {sorted(before)}, which are no layers with a state: {sorted(after)}")
        return self._over(name, still, moving), after

    def _over(self, name: str, still: Mapping[str, Tensor], moving: Mapping[str, Tensor]) -> Tensor:
        """Return what a part gives over time, (steps, B, ...)."""
        return moving[name] if name in moving else still[name].expand(self.steps, *still[name].shape)


def spiking(graph: Graph, scales: Mapping[str, float], steps: int, begun: float) -> Network | Wired:
    """Return the spiking network of a graph rescaled by `scales`: a `Network` where it is a chain, else a `Wired`."""
    parts = tuple(part._replace(module=_spiking(part, scales, begun)) for part in graph)
    chain = all(part.inputs == (before.name,) for before, part in pairwise(parts))
    if not chain:
        return Wired(parts, steps)
    first = next(k for k, part in enumerate(parts) if isinstance(part.module, Temporal))
    held = Hold(steps, *(part.module for part in parts[:first]))
    return Network(held=held, **{part.name: part.module for part in parts[first:]})


def _spiking(part: Part, scales: Mapping[str, float], begun: float) -> nn.Module:
    if isinstance(part.module, ACTIVATIONS):
        return RateNeuron(begun, scales[part.name])
    return LargestCount(part.module) if isinstance(part.module, MAXIMA) else part.module
