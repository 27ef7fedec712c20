"""Networks that are chains: layers with a state and layers without, one after the other."""

from __future__ import annotations

from torch import Tensor, nn

from spikesight.base.errors import InputError
from spikesight.deep.hold import Hold
from spikesight.deep.temporal import State, Temporal, over_time


class Network(Temporal):
    """A chain of layers: ``Network(conv1=nn.Conv2d(1, 8, 3), if1=IF(), ...)``, or without names, which then count.

    Layers with a state (`Temporal`) run over time; other torch modules are applied to every step. A `Hold` in the first
    place takes still images (B, ...).   Errors: InputError without a layer.
    """

    def __init__(self, *layers: nn.Module, **named: nn.Module) -> None:
        super().__init__()
        for name, layer in [*((str(number), layer) for number, layer in enumerate(layers)), *named.items()]:
            self.add_module(name, layer)
        if not self._modules:
            raise InputError("a network has a layer at least, got none")

    def run(self, x: Tensor, state: State | None = None) -> tuple[Tensor, State]:
        """See `Temporal`; the state has that of each layer that has one, by its name.

        Errors: InputError where the state is of other layers.
        """
        before = {} if state is None else dict(state)
        after = {}
        for name, layer in self.named_children():
            if isinstance(layer, Temporal):
                x, after[name] = layer.run(x, before.pop(name, None))
            elif isinstance(layer, Hold):
                x = layer(x)
            else:
                x = over_time(layer, x)
        if before:
            raise InputError(f"the state has parts {sorted(before)}, which are no layers with a state: {sorted(after)}")
        return x, after
