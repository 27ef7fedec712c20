"""Networks that are chains: layers with a state and layers without, one after the other."""

from __future__ import annotations

from torch import Tensor, nn

from spikesight.base.errors import InputError
from spikesight.deep.chunks import run_in_chunks
from spikesight.deep.hold import Hold
from spikesight.deep.memory import Forecast, forecast
from spikesight.deep.temporal import State, Temporal, over_time, parts


class Network(Temporal):
    """A chain of layers: ``Network(conv1=nn.Conv2d(1, 8, 3), if1=IF(), ...)``, or without names, which then count.

    Layers with a state (`Temporal`) run over time; other torch modules are applied to every step. A `Hold` in the first
    place takes still images (B, ...). A layer in two places runs in both, and has a state in each.
    Errors: InputError without a layer.
    """

    def __init__(self, *layers: nn.Module, **named: nn.Module) -> None:
        super().__init__()
        for name, layer in [*((str(number), layer) for number, layer in enumerate(layers)), *named.items()]:
            self.add_module(name, layer)
        if not self._modules:
            raise InputError("a network has a layer at least, got none")

    def run(self, x: Tensor, state: State | None = None, *, chunk: int | None = None) -> tuple[Tensor, State]:
        """See `Temporal`; the state has that of each layer that has one, by its name.

        `chunk` takes a long sequence so many steps at a time, with the same answers and gradients in less memory
        (`chunks.run_in_chunks`).   Errors: InputError where the state is of other layers, and those of chunks.
        """
        if chunk is not None:
            return run_in_chunks(self, x, chunk, state)
        before = {} if state is None else dict(state)
        after = {}
        for name, layer in parts(self):
            if isinstance(layer, Temporal):
                x, after[name] = layer.run(x, before.pop(name, None))
            elif isinstance(layer, Hold):
                x = layer(x)
            else:
                x = over_time(layer, x)
        if before:
            raise InputError(f"the state has parts {sorted(before)}, which are no layers with a state: {sorted(after)}")
        return x, after

    def memory(self, x: Tensor, *, chunk: int | None = None) -> Forecast:
        """Return the bytes that this network will take for an input like x: to answer, and to learn.

        `chunk` as in `run`. Nothing is computed and nothing changes.   Errors: those of `run`.
        """
        return forecast(self, x, lambda _, given: self.run(given, chunk=chunk)[0])
