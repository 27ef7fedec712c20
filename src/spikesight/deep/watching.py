"""What every layer of a network does with a batch, for a trace."""

from __future__ import annotations

from typing import Any, NamedTuple

import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from spikesight.base.errors import InputError
from spikesight.deep.sketch import INPUT, SYNAPSES, Shapes, is_sequence, is_still, parts_to_hear, sketched
from spikesight.deep.tapping import Heard, at_rest, tapped
from spikesight.trace.activity import Activity, Graded, Trains
from spikesight.trace.watched import Sketch


class Seen(NamedTuple):
    """What a call has shown: by layer what it did, the input first; the output (T, B, ...), and the plan."""

    layers: dict[str, Activity]
    output: Tensor
    plan: Sketch


class Listening:
    """What is heard in one call of a network, gathered for `seen`."""

    def __init__(self) -> None:
        self.shapes = Shapes()
        self.calls: dict[str, Heard] = {}

    def __call__(self, heard: Heard) -> None:
        """See `tapping.Listener`.   Errors: InputError for neurons that are used in two places."""
        self.shapes.listen(heard)
        if isinstance(heard.module, SYNAPSES):
            return
        if heard.name in self.calls:
            raise InputError(f"'{heard.name}' is used twice in one call: give each place neurons of its own")
        self.calls[heard.name] = heard

    def seen(self, net: nn.Module, x: Tensor, y: Tensor) -> Seen:
        """Return what was heard in the call of `net` with x that gave y."""
        plan = sketched(net, self.shapes, x, y)
        layers: dict[str, Activity] = {INPUT: input_activity(x.detach(), is_still(net, x, self.shapes))}
        for layer in plan.layers[1:]:
            if layer.name in self.calls:
                layers[layer.name] = Trains(packed(self.calls[layer.name].y))
            elif is_sequence(y, self.shapes):
                layers[layer.name] = Graded(y.detach().cpu().float().numpy(), "output")
        return Seen(layers, y.detach(), plan)


def watch(net: nn.Module, x: Tensor) -> Seen:
    """Show x to `net` in eval mode, and return what every layer did; nothing in it changes.

    Errors: InputError where layers were compiled, or neurons are used in two places.
    """
    listening = Listening()
    with at_rest(net), tapped(parts_to_hear(net), listening):
        y = net(x)
    return listening.seen(net, x, y)


def packed(spikes: Tensor) -> NDArray[Any]:
    """Return spikes (T, B, ...) as bool where they are 0 and 1, else as the numbers they are."""
    fired = spikes != 0
    if bool((spikes == fired).all()):
        return fired.cpu().numpy()
    return spikes.cpu().float().numpy()


def input_activity(x: Tensor, still: bool) -> Activity:
    """Return the input of a network: spikes, where a sequence is of whole numbers from 0 on; else numbers."""
    numbers = x.cpu().float()
    if still:
        return Graded(numbers.unsqueeze(0).numpy())
    whole = bool(((numbers >= 0) & (numbers == numbers.round()) & torch.isfinite(numbers)).all())
    return Trains(packed(numbers)) if whole else Graded(numbers.numpy())
