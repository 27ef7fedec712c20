"""Neurons of other libraries, spike for spike: same arithmetic, defaults and surrogate; state as everywhere here.

`decay` of one library is `tau` of the next, and "LIF" alone says nothing: with one nominal neuron eight libraries give
7 to 2,354 spikes. A preset is what its library runs, so that a trained network can be moved over and its spikes
compared. Numbers are per step, as they are there; `equations.discrete` and `equations.delayed_reset` have the
formulas. Choose `LIF`, `CUBA` and the others of this package for what you begin yourself.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor, nn

from spikesight.base.errors import InputError
from spikesight.deep.neurons.neuron import Neuron
from spikesight.deep.neurons.parameters import broadcast
from spikesight.equations import delayed_reset, discrete, discrete_synaptic
from spikesight.equations.contract import above
from spikesight.equations.reset import Reset, Subtract, ToValue
from spikesight.equations.surrogate import ArcTan, Exponential, FastSigmoid, Sigmoid, Surrogate

STEP = 1.0
"""Seconds of a step that presets carry: their equations count steps, and do not use it."""

SUBTRACT, TO_ZERO = Subtract(), ToValue(0.0)
SIGMOID, ARC_TAN, SUPER, EXPONENTIAL = Sigmoid(4.0), ArcTan(2.0), FastSigmoid(100.0), Exponential(2.0, scale=2.0)


def spikingjelly_if(
    v_threshold: float = 1.0,
    v_reset: float | None = 0.0,
    *,
    surrogate: Surrogate = SIGMOID,
    detach_reset: bool = False,
) -> Neuron:
    """SpikingJelly's IFNode: ``v + x``, fires at >=; `v_reset` None subtracts the threshold."""
    params = discrete.Params(1.0, threshold=v_threshold, rest=v_reset or 0.0, reset=_spikingjelly_reset(v_reset))
    return Neuron(discrete.DECAYED, params, dt=STEP, surrogate=surrogate, through_reset=not detach_reset)


def spikingjelly_lif(
    tau: float = 2.0,
    decay_input: bool = True,
    v_threshold: float = 1.0,
    v_reset: float | None = 0.0,
    *,
    surrogate: Surrogate = SIGMOID,
    detach_reset: bool = False,
) -> Neuron:
    """SpikingJelly's LIFNode, tau in steps: ``v + (x - (v - v_reset)) / tau``, or, without `decay_input`,
    ``v - (v - v_reset) / tau + x``; fires at >=; `v_reset` None subtracts the threshold.

    Errors: InputError for a tau of at most a step, as there.
    """
    if not tau > 1.0:
        raise InputError(f"tau is {tau} steps: SpikingJelly's LIF takes one above 1")
    params = discrete.Params(tau, threshold=v_threshold, rest=v_reset or 0.0, reset=_spikingjelly_reset(v_reset))
    equation = discrete.DIVIDED_SCALED if decay_input else discrete.DIVIDED
    return Neuron(equation, params, dt=STEP, surrogate=surrogate, through_reset=not detach_reset)


class SpikingJellyPLIF(Neuron):
    """SpikingJelly's ParametricLIFNode: a LIF whose 1/tau is the sigmoid of a learned number, which is called `w` as
    there, so that its state_dict fits.

    Errors: InputError for an `init_tau` of at most a step.
    """

    def __init__(
        self,
        init_tau: float = 2.0,
        decay_input: bool = True,
        v_threshold: float = 1.0,
        v_reset: float | None = 0.0,
        *,
        surrogate: Surrogate = SIGMOID,
        detach_reset: bool = False,
    ) -> None:
        if not init_tau > 1.0:
            raise InputError(f"init_tau is {init_tau} steps: SpikingJelly's PLIF takes one above 1")
        reset = _spikingjelly_reset(v_reset)
        params = discrete.Params(1.0 / init_tau, threshold=v_threshold, rest=v_reset or 0.0, reset=reset)
        equation = discrete.SHARED_SCALED if decay_input else discrete.SHARED
        super().__init__(equation, params, dt=STEP, surrogate=surrogate, through_reset=not detach_reset)
        self.w = nn.Parameter(torch.tensor(-math.log(init_tau - 1.0)))

    def constants(self, x: Tensor) -> tuple[Any, ...]:
        """See `Neuron`."""
        self._check_finite("w", self.w)
        return broadcast({**self._numbers, "leak": torch.sigmoid(self.w)}, x, "SpikingJellyPLIF")


def snntorch_leaky(
    beta: float, threshold: float = 1.0, reset: Reset = SUBTRACT, *, surrogate: Surrogate = ARC_TAN
) -> Neuron:
    """SnnTorch's Leaky (`reset_delay=True`, its default): fires at >, is reset one step later.

    `reset` is Subtract(), ToValue(0.0) (there "zero") or NoReset() ("none"). The state's v is their `mem`.
    Errors: InputError for other resets, and a beta outside of 0 to 1, which is clamped there.
    """
    params = delayed_reset.Params(beta, threshold, reset)
    return Neuron(delayed_reset.LEAKY, params, dt=STEP, surrogate=surrogate, through_reset=False)


def snntorch_synaptic(
    alpha: float, beta: float, threshold: float = 1.0, reset: Reset = SUBTRACT, *, surrogate: Surrogate = ARC_TAN
) -> Neuron:
    """SnnTorch's Synaptic (`reset_delay=True`): a current that decays by `alpha` drives the membrane.

    Errors: InputError as there.
    """
    params = delayed_reset.Params(beta, threshold, reset, alpha)
    return Neuron(delayed_reset.SYNAPTIC, params, dt=STEP, surrogate=surrogate, through_reset=False)


def norse_iaf(v_th: float = 1.0, v_reset: float = 0.0, *, surrogate: Surrogate = SUPER) -> Neuron:
    """Norse's integrate-and-fire (`iaf_feed_forward_step`): ``v + x``, fires at >."""
    params = discrete.Params(1.0, threshold=v_th, reset=ToValue(v_reset))
    return Neuron(replace(discrete.DECAYED, crossing=above), params, dt=STEP, surrogate=surrogate)


def norse_lif_box(
    tau_mem_inv: float = 100.0,
    v_th: float = 1.0,
    reset: Reset = TO_ZERO,
    *,
    dt: float = 1e-3,
    surrogate: Surrogate = SUPER,
) -> Neuron:
    """Norse's LIF without synapses (`lif_box_feed_forward_step`, v_leak 0): ``v + dt tau_mem_inv (x - v)``, at >."""
    params = discrete.Params(_single(dt * torch.tensor(tau_mem_inv)), threshold=v_th, reset=reset)
    return Neuron(replace(discrete.SHARED_SCALED, crossing=above), params, dt=dt, surrogate=surrogate)


def norse_lif(
    tau_mem_inv: float = 100.0,
    tau_syn_inv: float = 200.0,
    v_th: float = 1.0,
    v_reset: float = 0.0,
    *,
    dt: float = 1e-3,
    surrogate: Surrogate = SUPER,
) -> Neuron:
    """Norse's LIF with synaptic currents (`LIFCell`, `lif_feed_forward_step`, v_leak 0), Euler steps, fires at >."""
    leak, leak_syn = (_single(dt * torch.tensor(rate)) for rate in (tau_mem_inv, tau_syn_inv))
    params = discrete_synaptic.Params(leak, threshold=v_th, reset=ToValue(v_reset), leak_syn=leak_syn)
    return Neuron(discrete_synaptic.JUMP_FIRST, params, dt=dt, surrogate=surrogate)


def sinabs_lif(
    tau_mem: float,
    tau_syn: float | None = None,
    spike_threshold: float = 1.0,
    reset: Reset = SUBTRACT,
    *,
    norm_input: bool = True,
    surrogate: Surrogate = EXPONENTIAL,
) -> Neuron:
    """Sinabs' LIF with `spike_fn=SingleSpike`, taus in steps: ``alpha v + (1 - alpha) x``, fires at >=.

    Its default, several spikes in a step, has no counterpart here, nor has a reset to another value than 0, which it
    adds to neurons that did not fire, too.   Errors: InputError for such a reset.
    """
    _check_sinabs(reset)
    alpha = torch.exp(-1.0 / torch.tensor(tau_mem))
    gain = _single(1.0 - alpha) if norm_input else 1.0
    plain: dict[str, Any] = {"leak": _single(alpha), "gain": gain, "threshold": spike_threshold, "reset": reset}
    if tau_syn is None:
        return Neuron(discrete.DECAYED, discrete.Params(**plain), dt=STEP, surrogate=surrogate)
    fading = _single(torch.exp(-1.0 / torch.tensor(tau_syn)))
    params = discrete_synaptic.Params(**plain, leak_syn=fading)
    return Neuron(discrete_synaptic.DECAY_FIRST, params, dt=STEP, surrogate=surrogate)


def sinabs_iaf(spike_threshold: float = 1.0, reset: Reset = SUBTRACT, *, surrogate: Surrogate = EXPONENTIAL) -> Neuron:
    """Sinabs' IAF with `spike_fn=SingleSpike`: ``v + x``, fires at >=.   Errors: as `sinabs_lif`."""
    _check_sinabs(reset)
    params = discrete.Params(1.0, threshold=spike_threshold, reset=reset)
    return Neuron(discrete.DECAYED, params, dt=STEP, surrogate=surrogate)


def _spikingjelly_reset(v_reset: float | None) -> Reset:
    return SUBTRACT if v_reset is None else ToValue(v_reset)


def _check_sinabs(reset: Reset) -> None:
    if reset not in (SUBTRACT, TO_ZERO):
        raise InputError(f"Sinabs' neurons are here with Subtract() or ToValue(0.0), got {reset}")


def _single(value: Tensor) -> float:
    """Return a number as single precision has it."""
    return float(value)
