"""S2Net: spoken commands by three dilated convolutions of normalised spiking neurons over time and frequency.

Source: Zimmer et al. 2019; Pellegrini, Zimmer & Masquelier, IEEE SLT 2021.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from torch import nn

from spikesight.base.errors import InputError
from spikesight.deep.network import Network
from spikesight.deep.normalised import FLAT, LeakyReadout, NormalisedConv, NormalisedReadout
from spikesight.equations.surrogate import Surrogate

KERNEL = (4, 3)
DILATIONS = ((1, 1), (4, 3), (16, 9))
"""Taps over (time, frequency) of each layer, and how far they lie apart."""


@dataclass(frozen=True)
class S2Net:
    """`channels` of each of three layers, for steps (features, bands), which is (3, 40) as published.

    `lateral`: whether a spike takes from all channels (2019) or from its own neuron. `causal`: whether convolutions
    see the past alone; as published they look ahead, by half a second in all. `leaky`: whether the readout is of leaky
    membranes, read by `MaxOverTime`, in place of rates, read by `MeanOverTime`.
    Published: 64 channels; with 40 bands and 12 classes there are 100,608 weights of convolutions and 30,720 others.
    Errors: InputError for no channel.
    """

    channels: int = 64
    lateral: bool = True
    causal: bool = False
    leaky: bool = False
    surrogate: Surrogate = FLAT

    def __post_init__(self) -> None:
        if self.channels < 1:
            raise InputError(f"a layer has a channel at least, got {self.channels}")

    def build(self, shape: tuple[int, ...], classes: int) -> Network:
        """Return the network: (T, B, features, bands) in, (T, B, classes) out."""
        features, bands = shape
        layers: dict[str, nn.Module] = {}
        sizes = pairwise((features, *(self.channels,) * len(DILATIONS)))
        for number, ((given, made), dilation) in enumerate(zip(sizes, DILATIONS, strict=True), 1):
            layers[f"conv{number}"] = NormalisedConv(
                given, made, KERNEL, dilation, lateral=self.lateral, causal=self.causal, surrogate=self.surrogate
            )
        layers["flat"] = nn.Flatten()
        layers["out"] = (LeakyReadout if self.leaky else NormalisedReadout)(self.channels * bands, classes)
        return Network(**layers)
