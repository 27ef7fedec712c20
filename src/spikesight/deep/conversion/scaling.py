"""Weights rescaled from data, so that what a layer passes on lies between 0 and 1: a rate, in spikes per step."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy

import torch
from torch import Tensor, nn

from spikesight.base.errors import InputError
from spikesight.deep.conversion.graph import ACTIVATIONS, INPUT, LINEAR, Graph, Part, Sum
from spikesight.deep.conversion.qcfs import QCFS


class Scaled(nn.Module):
    """What comes in times a factor: a branch brought to the scale of the one it is added to."""

    def __init__(self, factor: float) -> None:
        super().__init__()
        self.factor = factor

    def forward(self, x: Tensor) -> Tensor:
        """Return x times the factor."""
        return x * self.factor

    def extra_repr(self) -> str:
        """Return the factor."""
        return f"{self.factor:g}"


def rescaled(graph: Graph, scales: Mapping[str, float]) -> Graph:
    """Return the network in which every activation is divided by its scale: ``W s_before / s_after``, ``b / s_after``.

    The input and the output keep theirs, so the network still gives the same numbers. Branches that are added are
    brought to one scale.   Source: Diehl et al., IJCNN 2015; Rueckauer et al., Front. Neurosci. 11 (2017).
    Errors: InputError for a scale that is not above 0: a layer that gives nothing for the calibration images.
    """
    for name, scale in scales.items():
        if not 0.0 < scale < float("inf"):
            raise InputError(f"{name} has scale {scale}: it must give something for the calibration images")
    wanted = _wanted(graph, scales)
    made, parts = {INPUT: 1.0}, list[Part]()
    for part in graph:
        name, module = part.name, deepcopy(part.module)
        given = [made[source] for source in part.inputs]
        if isinstance(module, LINEAR):
            made[name] = wanted.get(name, 1.0)
            _divide(module, given[0], made[name])
            parts.append(Part(name, module, part.inputs))
        elif isinstance(module, ACTIVATIONS):
            made[name] = scales[name]
            if isinstance(module, QCFS):
                module.height.data /= scales[name]
            parts += _brought(part._replace(module=module), given, scales[name])
        elif isinstance(module, Sum):
            made[name] = wanted.get(name, 1.0)
            parts += _brought(part, given, made[name])
        else:
            made[name] = given[0]
            parts.append(Part(name, module, part.inputs))
    last = graph[-1].name
    if made[last] != 1.0:
        parts.append(Part(f"{last}_scaled", Scaled(made[last]), (last,)))
    return tuple(parts)


def _wanted(graph: Graph, scales: Mapping[str, float]) -> dict[str, float]:
    """Return the scale in which those who take from a part want it; 1 for the output."""
    wanted = {graph[-1].name: 1.0}
    for part in reversed(graph):
        if isinstance(part.module, LINEAR):
            continue  # weights take any scale
        mine = scales[part.name] if isinstance(part.module, ACTIVATIONS) else wanted.get(part.name, 1.0)
        for source in part.inputs:
            wanted.setdefault(source, mine)
    return wanted


def _brought(part: Part, given: list[float], scale: float) -> list[Part]:
    """Return a part whose inputs come in one scale, after what brings them there."""
    parts, inputs = [], []
    for number, (source, own) in enumerate(zip(part.inputs, given, strict=True)):
        if own == scale:
            inputs.append(source)
        else:
            inputs.append(f"{part.name}_scaled{number}")
            parts.append(Part(inputs[-1], Scaled(own / scale), (source,)))
    return [*parts, part._replace(inputs=tuple(inputs))]


def _divide(module: nn.Module, before: float, after: float) -> None:
    with torch.no_grad():
        module.weight.mul_(before / after)  # type: ignore[operator]
        if module.bias is not None:
            module.bias.div_(after)  # type: ignore[operator]
