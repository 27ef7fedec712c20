"""Proxy learning: a spiking network that learns through the gradients of an artificial one with the same weights.

Forwards, the output of the artificial network is overwritten with the spike counts of the spiking one, so the loss is
that of the spiking network; backwards, gradients pass through the artificial network alone. No surrogate is needed, and
no step of the spiking network is kept for the backward pass.
Source: Kheradpisheh, Mirsadeghi & Masquelier, IEEE Access 10 (2022), arXiv 2109.13208.
"""

from __future__ import annotations

from copy import deepcopy

import torch
from torch import Tensor, nn

from spikesight.base.errors import InputError
from spikesight.deep.hold import Hold
from spikesight.deep.network import Network
from spikesight.deep.neurons.neuron import Neuron
from spikesight.deep.temporal import State, Temporal, parts

NORMALISATIONS = (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d)


def artificial(spiking: Network) -> Network:
    """Return the artificial network with the very parameters of a spiking one: rectifiers in place of its neurons.

    Neurons in the last place become no layer: their currents are the output. An image is held for one step. Statistics
    of batch normalisations are not shared: the copy gathers its own, those of rectified values.
    Errors: InputError for a network without neurons.
    """
    if not any(isinstance(module, Neuron) for module in spiking.modules()):
        raise InputError("a network without neurons is its own proxy: add neurons, such as IF()")
    twin = deepcopy(spiking, {id(parameter): parameter for parameter in spiking.parameters()})
    for _, parent in list(twin.named_modules()):
        for name, child in parts(parent):
            if isinstance(child, Neuron):
                setattr(parent, name, nn.ReLU())
            elif isinstance(child, Hold):
                child.steps = 1
    *_, (name, last) = parts(spiking)
    if isinstance(last, Neuron):
        setattr(twin, name, nn.Identity())
    return twin


def substituted(proxy: Tensor, counts: Tensor) -> Tensor:
    """Return the value of `counts` with the gradient of `proxy`, both of one shape."""
    return counts.detach() + (proxy - proxy.detach())  # the difference is 0: the value is exactly that of counts


class ProxyNetwork(Temporal):
    """A spiking network that learns by proxy. It answers with the outputs of `spiking`, (T, B, K): spikes where it ends
    with neurons, as published, else the currents of neurons that never fire.

    In training mode the output is one step (1, B, K): the sum over time, with the gradients of `artificial`. Losses and
    answers go by the sum over time, `Counts` or any loss with `SumOverTime()`. `settle` is the number of training
    batches after which batch normalisations of both networks keep their statistics (None: they never stop to adapt).
    Errors: InputError as `artificial`.
    """

    def __init__(self, spiking: Network, *, settle: int | None = None) -> None:
        super().__init__()
        self.spiking = spiking
        self.artificial = artificial(spiking)
        self.settle = settle

    def run(self, x: Tensor, state: State | None = None) -> tuple[Tensor, State]:
        """See `Temporal`: the spiking network alone, whatever the mode."""
        return self.spiking.run(x, state)

    def forward(self, x: Tensor) -> Tensor:
        """Return outputs (T, B, K), or in training mode their sum over time (1, B, K), as it learns."""
        if not self.training:
            return super().forward(x)
        self._settle()
        with torch.no_grad():
            counts = self.spiking(x).sum(0, keepdim=True)
        proxy = self.artificial(x).sum(0, keepdim=True)
        return substituted(proxy, counts)

    def _settle(self) -> None:
        """Let batch normalisations adapt only as long as they may; how long they have, they know themselves."""
        if self.settle is None:
            return
        for module in self.modules():
            if isinstance(module, NORMALISATIONS) and module.num_batches_tracked is not None:
                module.train(bool(module.num_batches_tracked < self.settle))
