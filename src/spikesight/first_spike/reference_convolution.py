"""The meaning of a convolution of spikes: one moment after the other, all neurons at once, in NumPy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from spikesight.encoding.latencies import Latencies
from spikesight.first_spike.layer import Fired

if TYPE_CHECKING:
    from spikesight.first_spike.convolution import Convolution


def fire(layer: Convolution, w: NDArray[Any], thresholds: NDArray[Any], latencies: Latencies) -> Fired:
    """Do as `convolution.fire` says, without inhibition; weights, thresholds and shapes are as they should be."""
    times = latencies.times
    v = np.zeros((len(times), *layer.shape(latencies.shape)), w.dtype)
    at_spike = np.zeros_like(v)
    fired_at = np.full(v.shape, latencies.never, times.dtype)
    for now in np.unique(times[latencies.fired]):
        v += arriving(layer, w, times == now)
        firing = (v > thresholds[:, None, None]) & (fired_at == latencies.never)
        fired_at[firing] = now
        at_spike[firing] = v[firing]
    found = Latencies(fired_at, latencies.steps)
    return Fired(found, np.where(found.fired, at_spike, v))


def arriving(layer: Convolution, w: NDArray[Any], spikes: NDArray[np.bool_]) -> NDArray[Any]:
    """Return what spikes (B, C, H, W) of one moment add to the potentials: a product of matrices."""
    return np.moveaxis(np.tensordot(w, windows(layer, spikes, w.dtype), axes=((1, 2, 3), (1, 4, 5))), 0, 1)


def windows(layer: Convolution, spikes: NDArray[np.bool_], dtype: np.dtype[Any]) -> NDArray[Any]:
    """Return what each place sees, (B, C, rows, columns, rows of the kernel, columns of the kernel), 0 and 1."""
    (down, across), (row_step, column_step), (rows, columns) = layer.padding, layer.dilation, layer.kernel
    padded = np.pad(spikes.astype(dtype), ((0, 0), (0, 0), (down, down), (across, across)))
    reach = row_step * (rows - 1) + 1, column_step * (columns - 1) + 1
    all_windows = sliding_window_view(padded, reach, axis=(2, 3))
    seen: NDArray[Any] = all_windows[:, :, :: layer.stride[0], :: layer.stride[1], ::row_step, ::column_step]
    return seen
