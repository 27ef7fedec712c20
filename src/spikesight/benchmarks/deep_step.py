"""How fast a convolutional spiking network learns: two convolutions of 128 maps, 2048 neurons, 4 steps.

The same network with its neurons as a loop over time is the baseline. Where images are still, the first convolution is
computed once for all steps (`Hold`), which is a ratio of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from statistics import median

import torch
from torch import Tensor, nn

from spikesight.benchmarks.plain_lif import PlainLIF
from spikesight.benchmarks.report import Report
from spikesight.benchmarks.timing import timed
from spikesight.deep.hold import Hold
from spikesight.deep.network import Network
from spikesight.deep.neurons.leaky import LIF
from spikesight.deep.temporal import Temporal, over_time
from spikesight.runs.machine import machine

STEPS, BATCH, MAPS, HIDDEN, TURNS = 4, 32, 128, 2048, 5


class Everywhen(nn.Module):
    """A network of plain modules: neurons take sequences, everything else every step."""

    def __init__(self, *layers: nn.Module) -> None:
        super().__init__()
        self.layers = nn.ModuleList(layers)

    def forward(self, x: Tensor) -> Tensor:
        """Return the output (T, B, ...) for still images (B, ...), repeated."""
        x = x.expand(STEPS, *x.shape)
        for layer in self.layers:
            x = layer(x) if isinstance(layer, PlainLIF | Temporal) else over_time(layer, x)
        return x


def layers(neuron: Callable[[], nn.Module]) -> list[nn.Module]:
    """Return the layers of the network for images (B, 1, 28, 28)."""
    first = [nn.Conv2d(1, MAPS, 3, padding=1, bias=False), nn.BatchNorm2d(MAPS), neuron(), nn.MaxPool2d(2)]
    second = [nn.Conv2d(MAPS, MAPS, 3, padding=1, bias=False), nn.BatchNorm2d(MAPS), neuron(), nn.MaxPool2d(2)]
    return [*first, *second, nn.Flatten(), nn.Linear(MAPS * 49, HIDDEN), neuron(), nn.Linear(HIDDEN, 10)]


def networks() -> dict[str, nn.Module]:
    """Return the three networks, with equal weights."""
    made: dict[str, nn.Module] = {}
    for name, neuron in (("loop", PlainLIF), ("compiled", LIF), ("held", LIF)):
        torch.manual_seed(0)
        parts = layers(neuron)
        made[name] = Network(Hold(STEPS, *parts[:2]), *parts[2:]) if name == "held" else Everywhen(*parts)
    return made


def measure() -> Report:
    """Measure and return the report."""
    nets = networks()
    optimisers = {name: torch.optim.SGD(net.parameters(), lr=1e-3) for name, net in nets.items()}
    random = torch.Generator().manual_seed(0)
    x, labels = torch.rand(BATCH, 1, 28, 28, generator=random), torch.randint(0, 10, (BATCH,), generator=random)
    times: dict[str, list[float]] = {name: [] for name in nets}
    for turn in range(TURNS + 1):
        for name, net in nets.items():
            seconds = timed(lambda: _step(net, optimisers[name], x, labels))  # noqa: B023 (called at once)
            if turn:  # the first compiles and fills caches
                times[name].append(seconds)
    rates = {f"samples_per_second_{name}": BATCH / median(found) for name, found in times.items()}
    ratios = {
        f"{name}_vs_loop": median(one / other for one, other in zip(times["loop"], times[name], strict=True))
        for name in ("compiled", "held")
    }
    return Report("deep-step", rates, ratios, machine())


def _step(net: nn.Module, optimiser: torch.optim.Optimizer, x: Tensor, labels: Tensor) -> None:
    optimiser.zero_grad()
    nn.functional.cross_entropy(net(x).mean(0), labels).backward()  # type: ignore[no-untyped-call]
    optimiser.step()
