"""Leaky neurons of other libraries, where the user has them installed, each used as its documentation shows.

They are not the same neuron: conventions differ (see the table of conventions). What is compared is the work of as many
neuron steps, forwards and backwards.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

Layer = Callable[[Tensor], Tensor]
"""Spikes (T, B, n) of a current (T, B, n)."""


def installed() -> dict[str, Layer]:
    """Return the layers of those libraries that can be imported, by name."""
    layers = {}
    for name, build in (
        ("spikingjelly", _spikingjelly),
        ("snntorch", _snntorch),
        ("norse", _norse),
        ("sinabs", _sinabs),
    ):
        try:
            layers[name] = build()
        except ImportError:
            continue
    return layers


def _module(name: str) -> Any:
    return importlib.import_module(name)


def _spikingjelly() -> Layer:
    neuron = _module("spikingjelly.activation_based.neuron")
    surrogate = _module("spikingjelly.activation_based.surrogate")
    layer = neuron.LIFNode(tau=2.0, decay_input=False, step_mode="m", surrogate_function=surrogate.ATan())

    def run(x: Tensor) -> Tensor:
        layer.reset()
        spikes: Tensor = layer(x)
        return spikes

    return run


def _snntorch() -> Layer:
    layer = _module("snntorch").Leaky(beta=0.5, spike_grad=_module("snntorch.surrogate").atan(), reset_mechanism="zero")

    def run(x: Tensor) -> Tensor:
        v, spikes = layer.reset_mem(), []
        for current in x:
            fired, v = layer(current, v)
            spikes.append(fired)
        return torch.stack(spikes)

    return run


def _norse() -> Layer:
    layer = _module("norse.torch").LIF()

    def run(x: Tensor) -> Tensor:
        spikes: Tensor = layer(x)[0]
        return spikes

    return run


def _sinabs() -> Layer:
    layers = _module("sinabs.layers")

    def run(x: Tensor) -> Tensor:
        spikes: Tensor = layers.LIF(tau_mem=2.0)(x.transpose(0, 1).contiguous())
        return spikes.transpose(0, 1)

    return run
