"""Layers of neurons with ramps, compiled: what `Passes` asks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spikesight.first_spike import fused_ramp, fused_ramp_learning
from spikesight.first_spike.ramp import Ramp
from spikesight.first_spike.ramp_layers import Crossed, Floats, Passes, RampConvolution, RampDense, RampLayer, Steps


def passes(layer: RampLayer, ramp: Ramp, shape_in: tuple[int, ...], steps: int) -> Passes:
    """See `MakePasses`."""
    if isinstance(layer, RampConvolution):
        return ConvolutionPasses(layer, ramp, shape_in, steps)
    assert isinstance(layer, RampDense)
    return DensePasses(layer, ramp, shape_in, steps)


def _filled(shape: tuple[int, ...]) -> Crossed:
    """Return arrays to be filled."""
    floats = (np.empty(shape, np.float32) for _ in range(3))
    return Crossed(np.empty(shape, np.int32), *floats, np.zeros(shape, np.int32))


@dataclass(frozen=True)
class DensePasses:
    """See `Passes`."""

    layer: RampDense
    ramp: Ramp
    shape_in: tuple[int, ...]
    steps: int

    def fire(self, w: Floats, times: Steps) -> Crossed:
        """See `Passes`."""
        out = _filled((len(times), self.layer.n))
        columns, threshold = np.ascontiguousarray(w.T), np.float32(self.ramp.threshold)
        tau = int(self.ramp.tau)
        fused_ramp.fire_dense(
            times.reshape(len(times), -1), columns, self.steps, tau, threshold, out.steps, out.slopes, out.potentials
        )
        out.times[:] = np.inf
        over = np.divide(out.potentials - threshold, out.slopes, where=out.slopes > 0, out=np.zeros_like(out.slopes))
        np.subtract(out.steps, over, where=out.slopes > 0, out=out.times)
        return out

    def learn(self, times: Steps, crossed: Crossed, at: Floats, amounts: Floats, dw: Floats) -> None:
        """See `Passes`."""
        fused_ramp_learning.learn_dense(times.reshape(len(times), -1), at, amounts, int(self.ramp.tau), dw)

    def pass_down(
        self, w: Floats, times: Steps, crossed: Crossed, at: Floats, amounts: Floats, within: float
    ) -> NDArray[Any]:
        """See `Passes`."""
        out = np.zeros(times.shape, np.float32)
        rows = out.reshape(len(out), -1)
        fused_ramp_learning.pass_down_dense(times.reshape(rows.shape), at, amounts, np.float32(within), w, rows)
        return out


@dataclass(frozen=True)
class ConvolutionPasses:
    """See `Passes`."""

    layer: RampConvolution
    ramp: Ramp
    shape_in: tuple[int, ...]
    steps: int

    def fire(self, w: Floats, times: Steps) -> Crossed:
        """See `Passes`."""
        out, size, maps = _filled((len(times), *self.layer.shape(self.shape_in))), self.layer.kernel, self.layer.maps
        reversed_columns = w.reshape(maps, size, size, -1)[:, :, ::-1].transpose(3, 1, 2, 0)
        taps = np.ascontiguousarray(reversed_columns).reshape(-1, size, size * maps)
        threshold, tau, layer = np.float32(self.ramp.threshold), int(self.ramp.tau), self.layer
        fused_ramp.fire_convolution(times, taps, self.steps, tau, threshold, layer.padding, layer.pool, tuple(out))
        return out

    def learn(self, times: Steps, crossed: Crossed, at: Floats, amounts: Floats, dw: Floats) -> None:
        """See `Passes`."""
        size, tau = (self.layer.kernel, self.layer.kernel), int(self.ramp.tau)
        fused_ramp_learning.learn_convolution(
            times, crossed.places, at, amounts, tau, size, self.layer.padding, self.steps, dw
        )

    def pass_down(
        self, w: Floats, times: Steps, crossed: Crossed, at: Floats, amounts: Floats, within: float
    ) -> NDArray[Any]:
        """See `Passes`."""
        out, size, padding = (
            np.zeros(times.shape, np.float32),
            (self.layer.kernel, self.layer.kernel),
            self.layer.padding,
        )
        fused_ramp_learning.pass_down_convolution(
            times, crossed.places, at, amounts, np.float32(within), size, padding, self.steps, w, out
        )
        return out
