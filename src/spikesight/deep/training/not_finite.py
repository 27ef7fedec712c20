"""Which layer is to blame for numbers that are not finite.

Neurons hide them: a membrane that is NaN does not reach its threshold, so the layer falls silent and the loss stays
finite. Gradients do not hide them.
"""

from __future__ import annotations

import copy
from typing import Any

import torch
from torch import Tensor, nn

from spikesight.base.errors import SpikesightError
from spikesight.deep.losses import Loss
from spikesight.deep.temporal import Temporal


class NotFinite(SpikesightError, ArithmeticError):
    """NaN or infinite numbers arose in a network. The message names the layer; `layer` is its name."""

    def __init__(self, layer: str, message: str) -> None:
        super().__init__(message)
        self.layer = layer


def check_parameters(net: nn.Module) -> None:
    """Make sure that all parameters and buffers are finite.   Errors: NotFinite naming the first layer with others."""
    found = _stored(net, buffers=True)
    if found:
        raise found


def blame(net: nn.Module, x: Tensor, labels: Tensor, loss: Loss) -> NotFinite:
    """Return what is wrong when a step of training gave a loss or gradient that is not finite.

    What is asked, in this order: the input, parameters, the first output of a layer, gradients. Buffers are not asked:
    the step itself spoils the statistics of a normalisation. The network stays as it is.
    """
    if not _finite(x):
        return NotFinite("input", f"the input holds {_what(x)}: clean the data, as no layer can")
    found = _stored(net, buffers=False)
    if found:
        return found
    again = copy.deepcopy(net)
    again.zero_grad(set_to_none=True)
    heard = _first_output(again, x)
    if isinstance(heard, NotFinite):
        return heard
    value = loss(heard.float(), labels)
    if not bool(torch.isfinite(value)):
        return NotFinite(
            "loss", f"the outputs are finite and the loss is {float(value.detach())}: look at loss and labels"
        )
    value.backward()  # type: ignore[no-untyped-call]
    # Backwards it spreads to all layers before: it arose in the last of them.
    wrong = [name for name, p in again.named_parameters() if p.grad is not None and not _finite(p.grad)]
    layer = wrong[-1].rpartition(".")[0] if wrong else "unknown"
    told = (
        f"the gradient of {wrong[-1]} is not finite" if wrong else "a gradient was not finite, and is when tried again"
    )
    return NotFinite(
        layer, f"{told}, while outputs and loss are: lower the rate, clip gradients, or use a flatter surrogate"
    )


def _stored(net: nn.Module, *, buffers: bool) -> NotFinite | None:
    for name, module in net.named_modules():
        own = list(module.named_parameters(recurse=False))
        own += module.named_buffers(recurse=False) if buffers else []
        for kind, tensor in own:
            if not _finite(tensor):
                layer = name or type(net).__name__
                advice = "go back to a checkpoint, or make the layer anew"
                return NotFinite(layer, f"{layer}: its {kind} holds {_what(tensor)}. Nothing can be learned: {advice}")
    return None


def _first_output(net: nn.Module, x: Tensor) -> Tensor | NotFinite:
    """Return the output of `net`, or what says which layer's output is the first that is not finite."""
    first: list[NotFinite] = []

    def hook(name: str, module: nn.Module) -> Any:
        def hear(module: nn.Module, given: Any, made: Any) -> None:
            if not first and isinstance(made, Tensor) and not _finite(made):
                what = (
                    f"{name} ({type(module).__name__}): its output holds {_what(made)}, from finite input and weights"
                )
                first.append(NotFinite(name, f"{what}. Lower the rate, clip gradients, or normalise before it"))

        return hear

    for name, module in net.named_modules():
        if not list(module.children()) and not isinstance(module, Temporal):
            module.register_forward_hook(hook(name, module))
    y: Tensor = net(x)
    if not first and not _finite(y):
        return NotFinite("output", f"the output holds {_what(y)}, no layer before it")
    return first[0] if first else y


def _finite(tensor: Tensor) -> bool:
    return not tensor.is_floating_point() or bool(torch.isfinite(tensor).all())


def _what(tensor: Tensor) -> str:
    nan, infinite = int(torch.isnan(tensor).sum()), int(torch.isinf(tensor).sum())
    parts = [f"{count} {kind}" for count, kind in ((nan, "NaN"), (infinite, "infinite")) if count]
    return f"{' and '.join(parts)} of {tensor.numel()} numbers"
