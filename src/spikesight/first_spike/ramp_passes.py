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


def _filled(shape: tuple[int, ...]) -> tuple[Floats, Floats, Floats, Steps]:
    """Return arrays to be filled: times, slopes, potentials, places."""
    times, slopes, potentials = (np.empty(shape, np.float32) for _ in range(3))
    return times, slopes, potentials, np.zeros(shape, np.int32)


def _crossed(filled: tuple[Floats, Floats, Floats, Steps], steps: int) -> Crossed:
    times = filled[0]
    return Crossed(np.ceil(np.minimum(times, steps)).astype(np.int32), *filled)


@dataclass(frozen=True)
class DensePasses:
    """See `Passes`."""

    layer: RampDense
    ramp: Ramp
    shape_in: tuple[int, ...]
    steps: int

    def laid_out(self, w: Floats) -> Floats:
        """See `Passes`: (n_pre, n_post)."""
        return np.ascontiguousarray(w.T)

    def fire(self, laid_out: Floats, times: Steps) -> Crossed:
        """See `Passes`."""
        filled, inputs = _filled((len(times), self.layer.n)), times.reshape(len(times), -1)
        tau, threshold = int(self.ramp.tau), np.float32(self.ramp.threshold)
        fused_ramp.fire_dense(inputs, laid_out, self.steps, tau, threshold, *filled[:3])
        return _crossed(filled, self.steps)

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

    def laid_out(self, w: Floats) -> Floats:
        """See `Passes`: (maps in, rows, columns * maps) of the kernel, its columns reversed."""
        size, maps = self.layer.kernel, self.layer.maps
        reversed_columns = w.reshape(maps, size, size, -1)[:, :, ::-1].transpose(3, 1, 2, 0)
        return np.ascontiguousarray(reversed_columns).reshape(-1, size, size * maps)

    def fire(self, laid_out: Floats, times: Steps) -> Crossed:
        """See `Passes`."""
        filled, layer = _filled((len(times), *self.layer.shape(self.shape_in))), self.layer
        tau, threshold = int(self.ramp.tau), np.float32(self.ramp.threshold)
        fused_ramp.fire_convolution(times, laid_out, self.steps, tau, threshold, layer.padding, layer.pool, filled)
        return _crossed(filled, self.steps)

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
