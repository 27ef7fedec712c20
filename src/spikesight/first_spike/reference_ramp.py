"""Layers of neurons with ramps in NumPy: the meaning of what `ramp_passes` computes. Every potential at every step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from spikesight.first_spike.ramp import Ramp
from spikesight.first_spike.ramp_layers import Crossed, Passes, RampConvolution, RampLayer, Steps

Values = NDArray[Any]


def passes(layer: RampLayer, ramp: Ramp, shape_in: tuple[int, ...], steps: int) -> Passes:
    """See `MakePasses`."""
    return ReferencePasses(layer, ramp, shape_in, steps)


@dataclass(frozen=True)
class ReferencePasses:
    """See `Passes`. A dense layer is a convolution of one place."""

    layer: RampLayer
    ramp: Ramp
    shape_in: tuple[int, ...]
    steps: int

    def laid_out(self, w: Values) -> Values:
        """See `Passes`: in rows, as they are."""
        return w

    def fire(self, laid_out: Values, times: Steps) -> Crossed:
        """See `Passes`."""
        seen, w = self._seen(times), laid_out
        found = np.full((*seen.shape[:2], len(w)), np.inf, w.dtype)
        slopes, v = np.zeros_like(found), np.zeros_like(found)
        for s in range(1, self.steps):
            before, v = v, self.ramp.grown(s - seen).astype(w.dtype) @ w.T
            fires = np.isinf(found) & (v >= self.ramp.threshold)
            slope = self.ramp.rising(s - 1 - seen).astype(w.dtype) @ w.T / w.dtype.type(self.ramp.tau)
            lasted = np.divide(self.ramp.threshold - before, slope, where=fires, out=np.zeros_like(slope))
            slopes, found = np.where(fires, slope, slopes), np.where(fires, s - 1 + lasted, found)
        return self._pooled(found, slopes, np.where(np.isinf(found), v, w.dtype.type(self.ramp.threshold)))

    def learn(self, times: Steps, crossed: Crossed, at: Values, amounts: Values, dw: Values) -> None:
        """See `Passes`."""
        for item, place, neuron, index in self._learning(amounts, crossed):
            age = at[index] - self._seen(times[item : item + 1])[0, place]
            dw[neuron] -= amounts[index] * self.ramp.grown(age)

    def pass_down(
        self, w: Values, times: Steps, crossed: Crossed, at: Values, amounts: Values, within: float
    ) -> NDArray[Any]:
        """See `Passes`."""
        out = np.zeros(times.size + 1, w.dtype)  # the last one is the padding's
        numbers = self._seen(np.arange(times.size).reshape(times.shape), times.size)
        for item, place, neuron, index in self._learning(amounts, crossed):
            age = at[index] - self._seen(times[item : item + 1])[0, place]
            out[numbers[item, place]] += np.where((age > 0) & (age < within), amounts[index] * w[neuron], 0)
        return out[:-1].reshape(times.shape)

    def _seen(self, times: NDArray[Any], padding: int | None = None) -> NDArray[Any]:
        """Return what each place sees, (B, places, inputs); a padding never fires."""
        if not isinstance(self.layer, RampConvolution):
            return times.reshape(len(times), 1, -1)
        pad, size = self.layer.padding, self.layer.kernel
        edges = ((0, 0), (pad, pad), (pad, pad), (0, 0))
        padded = np.pad(times, edges, constant_values=self.steps if padding is None else padding)
        windows = np.moveaxis(sliding_window_view(padded, (size, size), (1, 2)), 3, -1)
        return windows.reshape(len(times), windows.shape[1] * windows.shape[2], -1)

    def _pooled(self, times: Values, slopes: Values, potentials: Values) -> Crossed:
        """Keep the earliest of each window, and the largest potential."""
        steps = np.ceil(np.minimum(times, self.steps)).astype(np.int32)
        if not isinstance(self.layer, RampConvolution):
            return Crossed(steps[:, 0], times[:, 0], slopes[:, 0], potentials[:, 0], np.zeros_like(steps[:, 0]))
        n = self.layer.pool
        rows, columns, maps = self.layer.shape(self.shape_in)
        across = self.layer.places(self.shape_in[:2])[1]
        places = (np.arange(rows * n)[:, None] * across + np.arange(columns * n)).reshape(rows, n, columns, n)
        windows = places.swapaxes(1, 2).reshape(rows, columns, n * n)
        best = times[:, windows].argmin(axis=3)
        chosen = np.take_along_axis(windows[None, ..., None], best[:, :, :, None], axis=3)[:, :, :, 0]
        flat = chosen.reshape(len(times), -1, maps)
        when, time, slope = (np.take_along_axis(v, flat, axis=1).reshape(chosen.shape) for v in (steps, times, slopes))
        place = np.where(when < self.steps, chosen, -1).astype(np.int32)
        return Crossed(when, time, slope, potentials[:, windows].max(axis=3), place)

    def _learning(self, amounts: Values, crossed: Crossed) -> Any:
        """Yield item, place, neuron or map, and index of every neuron that has an amount."""
        for index in zip(*np.nonzero(amounts), strict=True):
            yield int(index[0]), int(crossed.places[index]), int(index[-1]), index
