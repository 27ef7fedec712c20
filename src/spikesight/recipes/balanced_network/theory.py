"""What Brunel's theory says of his network: the rate at which it can stay, found without simulating anything."""

from __future__ import annotations

import math

import numpy as np
from scipy.integrate import quad
from scipy.optimize import brentq
from scipy.special import erfcx

from spikesight.equations.leaky import Params

FEWER = 0.25
"""Inhibitory synapses for each excitatory one."""


def outside_rate(neuron: Params, w: float, eta: float) -> float:
    """Return the spikes per second that reach each neuron from outside, all its synapses together.

    `eta` is in units of the rate whose mean alone takes the membrane to the threshold; `w` in volts.
    """
    return eta * neuron.threshold / (w * neuron.tau)


def rate_in_noise(neuron: Params, mean: float, deviation: float) -> float:
    """Return the rate (hertz) of a neuron whose free membrane has this mean and this `deviation` sqrt(2).

    Source: Siegert 1951; Brunel 2000.
    """
    low, high = (
        (level - mean) / deviation for level in (neuron.reset.line(neuron.threshold, 0.0)[1], neuron.threshold)
    )
    integral, _ = quad(lambda u: erfcx(-u), low, high)  # erfcx(-u) = exp(u^2) (1 + erf u)
    return float(1.0 / (neuron.refractory + neuron.tau * math.sqrt(math.pi) * integral))


def stationary_rate(neuron: Params, inputs: int, w: float, g: float, eta: float) -> float:
    """Return the rate (hertz) at which a network of such neurons reproduces itself.

    `inputs` is how many excitatory synapses a neuron has, `w` their weight (volts), `g` how many times stronger the
    inhibitory ones are.   Source: Brunel 2000, model A.
    """
    outside = outside_rate(neuron, w, eta)

    def excess(rate: float) -> float:
        mean = w * neuron.tau * (outside + inputs * rate * (1.0 - FEWER * g))
        variance = w * w * neuron.tau * (outside + inputs * rate * (1.0 + FEWER * g * g))
        return rate - rate_in_noise(neuron, mean, float(np.sqrt(variance)))

    return float(brentq(excess, 0.0, 1.0 / neuron.refractory))
