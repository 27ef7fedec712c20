"""A look into a network that does not learn, or does badly: who fires, and how far the gradient comes."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

import torch
from torch import Tensor, nn

from spikesight.base.errors import InputError
from spikesight.deep.losses import Loss
from spikesight.deep.tapping import firing_layers
from spikesight.deep.training.not_finite import blame
from spikesight.deep.training.spikes import with_spikes

MANY = 0.5
"""From this share of a layer's neurons on, silence or constant firing is spoken of."""

VANISHED = 1e-3
"""A gradient that is so many times smaller than that of the layer where it is largest hardly teaches."""


@dataclass(frozen=True)
class LayerFacts:
    """What a layer of neurons did with a batch. `rate` in spikes per step; `silent` and `always` are shares of its
    neurons, over all items of the batch; `gradient` is the norm of the loss's gradient at what the layer gave, for one
    of its neurons in one step (root mean square).
    """

    name: str
    neurons: int
    rate: float
    silent: float
    always: float
    gradient: float


@dataclass(frozen=True)
class Report:
    """What `diagnose` found: the loss, the facts of each layer in the order of the network, and advice in sentences."""

    loss: float
    layers: tuple[LayerFacts, ...]
    advice: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the report as plain values."""
        found: dict[str, Any] = json.loads(json.dumps(asdict(self)))
        return found

    def table(self) -> str:
        """Return the facts as lines of text, and the advice below."""
        head = f"{'layer':20} {'neurons':>8} {'rate':>7} {'silent':>7} {'always':>7} {'gradient':>9}"
        rows = [
            f"{one.name:20} {one.neurons:8d} {one.rate:7.3f} {one.silent:7.1%} {one.always:7.1%} {one.gradient:9.1e}"
            for one in self.layers
        ]
        return "\n".join([head, *rows, *self.advice])


def diagnose(net: nn.Module, x: Tensor, labels: Tensor, loss: Loss) -> Report:
    """Show the batch x with labels (B,) to a copy of `net` as in training, and report; `net` stays as it is.

    Errors: InputError where no layer fires; NotFinite naming the layer where loss or gradient are not finite.
    """
    again = copy.deepcopy(net)
    again.zero_grad(set_to_none=True)
    again.train()
    if not firing_layers(again):
        raise InputError(f"{type(net).__name__} has no layer of spiking neurons: there is nothing to say about them")
    # So that the first layer's spikes have a gradient too, where nothing before it learns.
    x = x.detach().clone().requires_grad_() if x.is_floating_point() else x
    with torch.random.fork_rng(devices=[]):
        y, spikes = with_spikes(again, again, x)
        value = loss(y, labels)
        for layer in spikes.values():
            if layer.requires_grad:
                layer.retain_grad()
        value.backward()  # type: ignore[no-untyped-call]
    gradients = [parameter.grad for parameter in again.parameters() if parameter.grad is not None]
    if not all(bool(torch.isfinite(tensor).all()) for tensor in (value, *gradients)):
        raise blame(net, x, labels, loss)
    facts = tuple(_facts(name, layer) for name, layer in spikes.items())
    return Report(float(value.detach()), facts, tuple(_advice(facts)))


def _facts(name: str, spikes: Tensor) -> LayerFacts:
    rates = spikes.detach().float().mean((0, 1))
    gradient = torch.zeros(()) if spikes.grad is None else spikes.grad.float().square().mean().sqrt()
    return LayerFacts(
        name,
        rates.numel(),
        float(rates.mean()),
        float((rates == 0).float().mean()),
        float((rates >= 1).float().mean()),
        float(gradient),
    )


def _advice(layers: tuple[LayerFacts, ...]) -> Iterator[str]:
    largest = max(one.gradient for one in layers)
    for one in layers:
        if one.silent >= MANY:
            yield (
                f"{one.name}: {one.silent:.0%} of its neurons never fire; lower the threshold, raise the gain of what "
                "drives them, or normalise it"
            )
        if one.always >= MANY:
            yield (
                f"{one.name}: {one.always:.0%} of its neurons fire in every step; raise the threshold, lower the gain "
                "of what drives them, or normalise it"
            )
        if one.gradient == 0.0:
            yield (
                f"{one.name}: no gradient reaches it; see whether a layer behind it is silent, detached, or has a "
                "surrogate that is 0 where its membranes are"
            )
        elif one.gradient < VANISHED * largest:
            yield (
                f"{one.name}: its gradient is {one.gradient / largest:.0e} of the largest; take a wider surrogate, "
                "fewer layers, or connections past them"
            )
