"""Positions of elements: kept apart while they learn, or shared between layers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import torch
from torch import Tensor, nn

from spikesight.base.errors import InputError
from spikesight.deep.spacings.layers import Spaced

REACH = 1.0
"""Elements closer than this, in cells, share a cell: one of them is wasted."""


def repulsion(net: nn.Module, reach: float = REACH) -> Tensor:
    """Return how much elements of one kernel crowd: the sum over pairs of ``relu(reach - distance)``, per element.

    The mean over the network's layers with spacings; positions that layers share count once. Add it, or its square, to
    the loss. Pairs at one and the same position have no direction in which to part, and no gradient.
    Errors: InputError where the network has no such layer.   Source: Khalfaoui-Hassani et al., ICLR 2023, appendix.
    """
    found = {id(layer.position): layer.position for layer in _spaced(net)}
    crowded = []
    for position in found.values():
        elements = position.shape[-1]
        one, other = torch.triu_indices(elements, elements, 1, device=position.device)
        distance = torch.linalg.vector_norm(position[..., one] - position[..., other], dim=0)
        crowded.append((reach - distance).relu().sum() * 2.0 / position[0].numel())
    return torch.stack(crowded).mean()


def share_positions(layers: Sequence[Spaced]) -> None:
    """Let layers have the positions (and widths) of the first one: one parameter, which the optimiser sees once.

    Errors: InputError where shapes or interpolations differ.
    """
    first, *others = layers
    for layer in others:
        if layer.position.shape != first.position.shape or layer.interpolation != first.interpolation:
            raise InputError(
                f"positions {tuple(first.position.shape)} with {first.interpolation} cannot be those of a layer that "
                f"needs {tuple(layer.position.shape)} with {layer.interpolation}"
            )
        layer.position, layer.width = first.position, first.width


def _spaced(net: nn.Module) -> Iterable[Spaced]:
    found = [module for module in net.modules() if isinstance(module, Spaced)]
    if not found:
        raise InputError("the network has no layer with learned spacings: put Dcls1d, Dcls2d or Dcls3d into it")
    return found
