"""From an artificial network to a spiking one whose rates are its activations."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from spikesight.base.errors import InputError
from spikesight.deep.conversion.graph import graph_of
from spikesight.deep.conversion.methods import Method, Percentile
from spikesight.deep.conversion.scaling import rescaled
from spikesight.deep.conversion.spiking import Wired, spiking
from spikesight.deep.network import Network


class Normalised(nn.Module):
    """An artificial network whose activations are divided by `scales`; it gives the same numbers as before."""

    def __init__(self, ann: nn.Module, scales: Mapping[str, float]) -> None:
        """Rescale `ann`, whose activations have those scales, by name.   Errors: as `graph_of` and `rescaled`."""
        super().__init__()
        self.graph = rescaled(graph_of(ann), scales)
        self.parts = nn.ModuleDict({part.name: part.module for part in self.graph})

    def activations(self, x: Tensor) -> dict[str, Tensor]:
        """Return what every part gives for images x (B, ...), by name."""
        known = {"input": x}
        for part in self.graph:
            known[part.name] = self.parts[part.name](*(known[name] for name in part.inputs))
        return known

    def forward(self, x: Tensor) -> Tensor:
        """Return the output for images x (B, ...)."""
        return self.activations(x)[self.graph[-1].name]


def scales_of(ann: nn.Module, calibration: Tensor, method: Method) -> dict[str, float]:
    """Return the scale of every activation of `ann`, by name, found by `method`.   Errors: as `convert`."""
    if len(calibration) < 1 or not bool(torch.isfinite(calibration).all()):
        raise InputError(f"calibration images are finite and at least one, got {tuple(calibration.shape)}")
    with torch.no_grad():
        return method.scales(graph_of(ann), calibration)


def convert(
    ann: nn.Module,
    calibration: Tensor,
    method: Method = Percentile(),  # noqa: B008 (frozen)
    *,
    steps: int = 16,
) -> Network | Wired:
    """Return a spiking network that does in `steps` steps what `ann` does, as far as rates can.

    `ann` maps images (B, ...) to scores (B, K): an nn.Sequential, a module that torch.fx can trace, or a `Network`
    without neurons; `calibration` (B, ...) are some hundred *training* images. Understood are convolutions, linear
    layers, batch normalisations after them, nn.ReLU, `QCFS`, average and maximum pooling, flattening, dropout and
    additions. Returned is a net on images (B, ...), which it holds as an analogue current; its output (steps, B, K) are
    currents whose sum over time is the membrane of output neurons that never fire, and whose mean stands for the
    scores. It is in eval mode; `ann` is not changed.
    Errors: InputError listing all parts that cannot be converted, and for a layer that gives nothing.
    """
    if steps < 1:
        raise InputError(f"an image is shown for a step at least, got {steps}")
    graph = graph_of(ann)
    scales = scales_of(ann, calibration, method)
    return spiking(rescaled(graph, scales), scales, steps, method.begun).eval()
