"""The event spike tensor with a kernel that is learned together with the network that reads it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from spikesight.base.errors import InputError
from spikesight.events.stream import EventStream

SLOPE = 0.1
_NEEDED = 6


class LearnedKernel(nn.Module):
    """A function of the distance between an event and a bin: 1 - `hidden` - `hidden` - 1 neurons, leaky ReLU.

    It begins as the hat ``max(0, 1 - |a| (bins - 1))``, but for rounding: six of the first neurons make its three
    corners. The published code trains the network to be the hat, nearly. The others begin at random, and count nothing
    at first.
    Errors: InputError for fewer than two bins or six hidden neurons.   Source: Gehrig et al., ICCV 2019.
    """

    def __init__(self, bins: int = 9, hidden: int = 30) -> None:
        super().__init__()
        if bins < 2 or hidden < _NEEDED:
            raise InputError(f"a hat needs two bins and {_NEEDED} hidden neurons, got {bins} and {hidden}")
        self.first, self.second = nn.Linear(1, hidden), nn.Linear(hidden, hidden)
        self.last = nn.Linear(hidden, 1)
        width = 1.0 / (bins - 1)
        # |z| is (leaky(z) + leaky(-z)) / (1 - slope), and the hat (|a + w| - 2 |a| + |a - w|) / 2w.
        corners = torch.tensor([width, -width, 0.0, 0.0, -width, width])
        signs = torch.tensor([1.0, -1.0] * 3)
        parts = torch.tensor([1.0, 1.0, -2.0, -2.0, 1.0, 1.0]) / (2.0 * width * (1.0 - SLOPE))
        with torch.no_grad():
            self.first.weight[:_NEEDED, 0], self.first.bias[:_NEEDED] = signs, corners
            self.second.weight[0], self.second.bias[0] = 0.0, 0.0
            self.second.weight[0, :_NEEDED] = parts
            self.last.weight.zero_()
            self.last.bias.zero_()
            self.last.weight[0, 0] = 1.0

    def forward(self, distance: Tensor) -> Tensor:
        """Return the kernel's values at distances of any shape, in units of the recording's length."""
        hidden = functional.leaky_relu(self.first(distance[..., None]), SLOPE)
        value: Tensor = self.last(functional.leaky_relu(self.second(hidden), SLOPE))[..., 0]
        return value


class EventSpikeTensor(nn.Module):
    """``V[p, b] = sum of t* f(t* - b / (bins - 1))`` over events of each pixel, with a learned f.

    ``t* = (t - t0) / (tN - t0)`` of each recording. As it begins, it is
    `spikesight.events.representations.spike_tensor`. It keeps 120 hidden values for each event and bin for gradients:
    4 kB an event at nine bins.   Source: Gehrig et al., ICCV 2019.   Errors: InputError as of `LearnedKernel`.
    """

    def __init__(self, bins: int = 9, hidden: int = 30) -> None:
        super().__init__()
        self.bins = bins
        self.kernel = LearnedKernel(bins, hidden)

    def forward(self, streams: Sequence[EventStream]) -> Tensor:
        """Return the tensors (B, 2 bins, H, W) of recordings of one sensor, OFF bins first.

        Errors: InputError where there is no recording, or sensors differ.
        """
        sizes = {(stream.height, stream.width) for stream in streams}
        if len(sizes) != 1:
            raise InputError(f"recordings of a batch are of one sensor, got sizes {sorted(sizes)}")
        ((height, width),) = sizes
        where = self.kernel.first.weight.device
        time = torch.from_numpy(np.concatenate([_times(stream) for stream in streams])).to(where)
        begins = np.concatenate([_begins(stream, item, self.bins) for item, stream in enumerate(streams)])
        step = torch.arange(self.bins, device=where)
        places = torch.from_numpy(begins).to(where)[:, None] + step * (height * width)
        values = time[:, None] * self.kernel(time[:, None] - step / (self.bins - 1))
        flat = values.new_zeros(len(streams) * 2 * self.bins * height * width)
        tensors: Tensor = flat.index_add(0, places.ravel(), values.ravel())
        return tensors.view(-1, 2 * self.bins, height, width)


def _times(stream: EventStream) -> NDArray[np.float32]:
    """Return when each event was, from 0, the first, to 1; (N,)."""
    if not len(stream):
        return np.empty(0, np.float32)
    since = stream.t - stream.t.min()
    times: NDArray[np.float32] = (since / max(int(since.max()), 1)).astype(np.float32)
    return times


def _begins(stream: EventStream, item: int, bins: int) -> NDArray[np.int64]:
    """Return the place of each event's pixel in the first bin of its polarity, (N,)."""
    plane = stream.height * stream.width
    return (item * 2 + stream.p.astype(np.int64)) * bins * plane + stream.pixel
