"""Feed-forward networks of neurons that hardly remember: what came when is told by the delays of the synapses.

Source: Hammouamri, Khalfaoui-Hassani & Masquelier, Learning delays in spiking neural networks using dilated
convolutions with learnable spacings, ICLR 2024.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial

from torch import nn

from spikesight.base.errors import InputError
from spikesight.deep.delays import DelayedLinear, Delays, Learned
from spikesight.deep.network import Network
from spikesight.deep.neurons.integrator import LeakyIntegrator
from spikesight.deep.neurons.leaky import LIF
from spikesight.equations.leaky import Charge
from spikesight.equations.surrogate import ArcTan

SHD_DECAY = 1.0 - 1.0 / 1.005
"""Share of the membrane that is left a step later, for SHD: next to nothing. (tau of 1.005 steps, by Euler's rule.)"""

SPEECH_DECAY = 1.0 - 1.0 / 1.5
"""The same for SSC and GSC."""


@dataclass(frozen=True)
class Delayed:
    """`hidden` layers, each of delayed connections, batch normalisation and leaky neurons; an output of membranes.

    Delays of up to `longest` steps of `dt` seconds, from where `delays` says, `elements` for each pair of neurons;
    `decay` is the share of a membrane that is left a step later; `dropout` of the spikes of each hidden layer.
    Errors: InputError for no hidden layer, and a decay that is not between 0 and 1.
    """

    hidden: tuple[int, ...] = (256, 256)
    longest: int = 24
    delays: Delays = Learned()  # noqa: RUF009 (frozen)
    elements: int = 1
    decay: float = SHD_DECAY
    dropout: float = 0.4
    dt: float = 10e-3

    def __post_init__(self) -> None:
        if not self.hidden or not 0.0 < self.decay < 1.0:
            raise InputError(f"a hidden layer at least, and a decay between 0 and 1: got {self.hidden}, {self.decay}")

    @property
    def tau(self) -> float:
        """Time constant of the membranes in seconds."""
        return -self.dt / math.log(self.decay)

    def build(self, shape: tuple[int, ...], classes: int) -> Network:
        """Return the network for spikes of `shape` (channels,): (T, B, channels) to membranes (T, B, classes)."""
        (inputs,) = shape
        connect = partial(DelayedLinear, longest=self.longest, delays=self.delays, elements=self.elements)
        layers: dict[str, nn.Module] = {}
        for number, outputs in enumerate(self.hidden, 1):
            layers[f"delays{number}"] = connect(inputs, outputs)
            layers[f"norm{number}"] = nn.BatchNorm1d(outputs)
            layers[f"neurons{number}"] = LIF(
                self.tau, drive=Charge(), dt=self.dt, surrogate=ArcTan(5.0), through_reset=False
            )
            if self.dropout:
                layers[f"dropout{number}"] = nn.Dropout(self.dropout)
            inputs = outputs
        layers["out"] = connect(inputs, classes)
        layers["membranes"] = LeakyIntegrator(self.tau, drive=Charge(), dt=self.dt)
        return Network(**layers)


SHD = Delayed()
"""As published for the Spiking Heidelberg Digits: 140 channels, 20 classes, steps of 10 ms."""

SSC = Delayed((512, 512, 512), longest=30, decay=SPEECH_DECAY, dropout=0.25)
"""As published for spoken commands, spikes (SSC) or mels (GSC): 140 channels, 35 classes, steps of 10 ms."""
