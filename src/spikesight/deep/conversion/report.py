"""How well rates stand for activations, layer by layer, and how soon answers are as good."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from spikesight.base.errors import InputError
from spikesight.deep.conversion.graph import activations, graph_of, values
from spikesight.deep.conversion.spiking import RateNeuron
from spikesight.deep.tapping import at_rest, tapped
from spikesight.deep.temporal import Temporal


class Line(NamedTuple):
    """A layer: its scale; mean activation divided by it, and mean rate, in spikes per step; their mean absolute
    difference; the share of activations above 1, which no rate reaches; the correlation of rates with activations.
    """

    layer: str
    scale: float
    activation: float
    rate: float
    error: float
    saturated: float
    correlation: float


class Report(NamedTuple):
    """One line for each layer of neurons, in order."""

    lines: tuple[Line, ...]

    def table(self) -> str:
        """Return the lines as text."""
        head = (
            f"{'layer':<14}{'scale':>10}{'activation':>12}{'rate':>9}{'error':>9}{'saturated':>11}{'correlation':>13}"
        )
        rows = [
            f"{one.layer:<14}{one.scale:>10.4g}{one.activation:>12.4f}{one.rate:>9.4f}{one.error:>9.4f}"
            f"{100 * one.saturated:>9.2f} %{one.correlation:>13.4f}"
            for one in self.lines
        ]
        return "\n".join([head, *rows])

    def as_json(self) -> list[dict[str, float | str]]:
        """Return the lines as plain values."""
        return [line._asdict() for line in self.lines]


def report(ann: nn.Module, snn: Temporal, x: Tensor) -> Report:
    """Compare a network with what `convert` made of it, for images x (B, ...).

    Errors: InputError where `snn` was not converted from a network of such layers.
    """
    graph = graph_of(ann)
    names = activations(graph)
    neurons = {name: one for name, one in snn.named_modules() if isinstance(one, RateNeuron)}
    if set(neurons) != set(names):
        raise InputError(f"the spiking network has neurons {sorted(neurons)}, the other activations {sorted(names)}")
    rates: dict[str, Tensor] = {}
    with at_rest(snn), tapped(neurons, lambda heard: rates.update({heard.name: heard.y.mean(0)})):
        snn(x)
    known = values(graph, x)
    return Report(tuple(_line(name, neurons[name].scale, known[name], rates[name]) for name in names))


class Curve(NamedTuple):
    """Accuracy after 1, 2, ... T steps, strict, and that of the artificial network; of the same images."""

    accuracy: NDArray[np.float64]
    artificial: float

    def steps_within(self, points: float) -> int | None:
        """Return after how many steps the accuracy stays within so many points (1/100) of the artificial network's.

        None where it does not.
        """
        below = self.accuracy < self.artificial - points / 100.0 - 1e-12
        last = int(np.flatnonzero(below).max(initial=-1)) + 2
        return last if last <= len(self.accuracy) else None


def curve(ann: nn.Module, snn: Temporal, x: Tensor, labels: Sequence[int] | Tensor, at_once: int = 200) -> Curve:
    """Return how accuracy grows with the number of steps: one pass, answers by the sum of the outputs so far.

    Two largest scores are a mistake.   Errors: InputError for labels of another number than images.
    """
    named = torch.as_tensor(labels)
    if len(named) != len(x) or not len(x):
        raise InputError(f"images and labels are as many, and one at least: got {len(x)} and {len(named)}")
    right: list[Tensor] = []
    own = 0
    with at_rest(snn), at_rest(ann):
        for k in range(0, len(x), at_once):
            images, wanted = x[k : k + at_once], named[k : k + at_once]
            scores = ann(images)
            own += int(_right(scores.reshape(-1, *scores.shape[-2:])[-1], wanted).sum())
            sums = snn(images).cumsum(0)
            right.append(torch.stack([_right(step, wanted).sum() for step in sums]))
    return Curve(torch.stack(right).sum(0).double().numpy() / len(x), own / len(x))


def _line(name: str, scale: float, activation: Tensor, rate: Tensor) -> Line:
    share = activation / scale
    both = torch.stack([share.flatten(), rate.flatten()]).double()
    spread = both.std(1).prod()
    together = float(torch.corrcoef(both)[0, 1]) if float(spread) > 0.0 else float("nan")
    return Line(
        layer=name,
        scale=scale,
        activation=float(share.mean()),
        rate=float(rate.mean()),
        error=float((share - rate).abs().mean()),
        saturated=float((share > 1.0 + 1e-6).float().mean()),
        correlation=together,
    )


def _right(scores: Tensor, labels: Tensor) -> Tensor:
    """Return whether the score of the label is larger than all others, (B,)."""
    own = scores.gather(1, labels[:, None])
    return (scores >= own).sum(1) == 1
