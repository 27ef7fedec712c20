"""How many operations a network does for an item: counted from what its layers are really given."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn

from spikesight.deep.tapping import Heard

SYNAPSES = (nn.Linear, nn.Conv1d, nn.Conv2d, nn.Conv3d)
"""What operations are counted of."""


@dataclass
class Counts:
    """Of a part with weights, in one call: `dense` multiply-accumulates of all synapses, once for each time that it was
    applied; of what it was given, operations by `accumulate` (values of 1: spikes) and by `multiply` (all others).

    `applied` counts items times steps. `active` is how many of `given` values were not 0, `most` the largest. `graded`
    inputs, that are no whole numbers, count as dense: who multiplies does so for every pixel.
    """

    name: str
    synapses: int
    dense: int = 0
    accumulate: int = 0
    multiply: int = 0
    applied: int = 0
    given: int = 0
    active: int = 0
    made: int = 0
    most: float = 0.0
    graded: bool = False


@dataclass
class Counting:
    """Counts the operations of a call: `parts` by name; of firing layers by name the neuron steps, `updates`, and those
    in which they `fired`.
    """

    parts: dict[str, Counts] = field(default_factory=dict)
    updates: dict[str, int] = field(default_factory=dict)
    fired: dict[str, int] = field(default_factory=dict)
    steps: int = 0
    items: int = 0

    def listen(self, heard: Heard) -> None:
        """Take down a call of a part with weights, or of a layer that fires."""
        if isinstance(heard.module, SYNAPSES):
            part = self.parts.setdefault(heard.name, Counts(heard.name, heard.module.weight.numel()))
            _count(part, heard.module, heard.x, heard.y)
        else:
            self.steps, self.items = max(self.steps, len(heard.y)), heard.y.shape[1]
            self.updates[heard.name] = self.updates.get(heard.name, 0) + heard.y.numel()
            self.fired[heard.name] = self.fired.get(heard.name, 0) + int(torch.count_nonzero(heard.y))


def reach(module: nn.Module, x: Tensor) -> Tensor:
    """Return how many synapses each input value of x leads to, in the shape of an item's map: places, or () for dense.

    Taps over padding lead nowhere, so values at a border lead to fewer.
    """
    if isinstance(module, nn.Linear):
        return torch.tensor(float(module.out_features))
    assert isinstance(module, nn.Conv1d | nn.Conv2d | nn.Conv3d)
    dimensions = len(module.kernel_size)
    convolve: Any = getattr(nn.functional, f"conv{dimensions}d")
    with torch.enable_grad():
        places = torch.zeros(1, 1, *x.shape[-dimensions:], requires_grad=True)
        ones = torch.ones(1, 1, *module.kernel_size)
        padding = module.padding if isinstance(module.padding, str) else tuple(module.padding)
        convolve(places, ones, None, module.stride, padding, module.dilation).sum().backward()
    assert places.grad is not None
    return places.grad[0, 0] * (module.out_channels // module.groups)


def _count(part: Counts, module: Any, x: Tensor, y: Tensor) -> None:
    taps = module.in_features if isinstance(module, nn.Linear) else math.prod(module.weight.shape[1:])
    dense = y.numel() * taps
    places = reach(module, x).to(x.device).double()
    whole = bool((x == x.round()).all()) and bool((x >= 0).all())
    part.dense += dense
    part.applied += y.numel() // _item(module, y)
    part.given += x.numel()
    part.made += y.numel()
    part.active += int(torch.count_nonzero(x))
    part.most = max(part.most, float(x.max()) if x.numel() else 0.0)
    if not whole:
        part.graded = True
        part.multiply += dense
        return
    part.accumulate += round(float(((x == 1) * places).sum()))
    part.multiply += round(float(((x > 1) * places).sum()))


def _item(module: Any, y: Tensor) -> int:
    """Return how many values of y belong to one item in one step."""
    own = 1 if isinstance(module, nn.Linear) else len(module.kernel_size) + 1
    return math.prod(y.shape[-own:])
