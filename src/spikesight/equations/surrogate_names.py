"""Surrogate derivatives by the names, parameters and defaults that other libraries give them.

Each function takes that library's parameters and returns ours, with the same values. Left out are those whose spikes
are drawn at random in the forward pass, or of more than one level: these are no derivatives, but other neurons.
Norse's "super" is here with the slope alpha that its papers give; release 1.1.0 leaves it out: `super(1.0)`.
SpikingJelly fires at u >= 0, snnTorch and Norse at u > 0, Sinabs at u >= 0: that is a choice of the equation.
Source: spikingjelly 2.0.0, snntorch 1.0.0, norse 1.1.0, sinabs 3.1.3, their formulas as run, not as documented.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from spikesight.equations.one_sided import Escape, LogTail, SigmoidThenReciprocal, StepSlope
from spikesight.equations.surrogate import (
    Algebraic,
    ArcTan,
    Box,
    CappedReciprocal,
    Exponential,
    FastSigmoid,
    Gaussian,
    LogAbs,
    PseudoSpike,
    Sigmoid,
    SquareWave,
    Surrogate,
    Triangle,
)

Names = Mapping[str, Callable[..., Surrogate]]

SPIKINGJELLY: Names = {
    "PiecewiseQuadratic": lambda alpha=1.0: Triangle(alpha),
    "PiecewiseExp": lambda alpha=1.0: Exponential(alpha),
    "Sigmoid": lambda alpha=4.0: Sigmoid(alpha),
    "SoftSign": lambda alpha=2.0: FastSigmoid(alpha, scale=alpha / 2.0),
    "SuperSpike": lambda alpha=1.0: FastSigmoid(1.0, scale=alpha),
    "ATan": lambda alpha=2.0: ArcTan(alpha),
    "NonzeroSignLogAbs": lambda alpha=1.0: LogAbs(alpha),
    "Erf": lambda alpha=2.0: Gaussian(alpha),
    "PiecewiseLeakyReLU": lambda w=1.0, c=0.01: Box(w, c),
    "SquarewaveFourierSeries": lambda n=2, T_period=8.0: SquareWave(n - 1, T_period),
    "S2NN": lambda alpha=4.0, beta=1.0: SigmoidThenReciprocal(alpha, beta),
    "QPseudoSpike": lambda alpha=2.0: PseudoSpike(alpha),
    "LeakyKReLU": lambda leak=0.0, k=1.0: StepSlope(leak, k),
    "FakeNumericalGradient": lambda alpha=0.3: CappedReciprocal(alpha),
    "LogTailedReLU": lambda alpha=0.0: LogTail(alpha),
    "Rect": lambda alpha=1.0: Box(0.5 / alpha),
    "DeterministicPass": lambda: StepSlope(1.0, 1.0),
}

SNNTORCH: Names = {
    "atan": lambda alpha=2.0: ArcTan(alpha),
    "fast_sigmoid": lambda slope=25.0: FastSigmoid(slope),
    "sigmoid": lambda slope=25.0: Sigmoid(slope),
    "triangular": lambda threshold=1.0: StepSlope(threshold, -threshold),
    "spike_rate_escape": lambda beta=1.0, slope=25.0: Escape(slope, beta),
    "straight_through_estimator": lambda: StepSlope(1.0, 1.0),
    "LSO": lambda slope=0.1: StepSlope(slope, 1.0),
}

NORSE: Names = {
    "super": lambda alpha=100.0: FastSigmoid(alpha),
    "triangle": lambda alpha=0.3: Triangle(1.0, scale=alpha),
    "tanh": lambda k=1.0: Sigmoid(2.0 * k, scale=2.0 / k),
    "heavi_erfc": lambda k=1.0: Gaussian(k, scale=2.0 / k),
    "circ": lambda alpha=1.0: Algebraic(1.0 / alpha, scale=2.0 * alpha),
}

SINABS: Names = {
    "SingleExponential": lambda grad_width=0.5, grad_scale=1.0, spike_threshold=1.0: Exponential(
        1.0 / (spike_threshold * grad_width), scale=2.0 * grad_scale
    ),
    "Gaussian": lambda sigma=0.5, grad_scale=1.0: Gaussian(1.0 / (sigma * 2.0**0.5), scale=grad_scale),
}

ZENKE = FastSigmoid(100.0)
"""Of SpyTorch: 1 / (1 + 100 |u|)^2.   Source: Zenke & Ganguli, Neural Computation 30 (2018)."""

S2NET = Sigmoid(10.0, scale=0.1)
"""Of S2Net: sigmoid(10 u) sigmoid(-10 u), peak 0.25."""
