"""The spikes of a network's layers as part of its gradient: for costs of activity."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from torch import Tensor, nn

from spikesight.deep.tapping import firing_layers
from spikesight.deep.temporal import Temporal


def with_spikes(net: nn.Module, call: Callable[[Tensor], Tensor], x: Tensor) -> tuple[Tensor, dict[str, Tensor]]:
    """Return `call(x)`, a call of `net`, and the spikes (T, B, ...) that each of its layers of neurons gave in it.

    Errors: InputError where no layer fires.
    """
    spikes: dict[str, Tensor] = {}
    with ExitStack() as kept:
        for name, layer in firing_layers(net).items():
            kept.callback(_keep(layer, name, spikes))
        y = call(x)
    return y, spikes


def _keep(layer: Temporal, name: str, spikes: dict[str, Tensor]) -> Callable[[], None]:
    """Begin to keep what the layer gives; what is returned ends it."""
    own, others = layer.run, layer.__dict__.get("run")

    def run(x: Tensor, state: Any | None = None) -> tuple[Tensor, Any]:
        y, after = own(x, state)
        spikes[name] = y
        return y, after

    def end() -> None:
        layer.__dict__.pop("run")
        if others is not None:
            layer.__dict__["run"] = others

    layer.__dict__["run"] = run
    return end
