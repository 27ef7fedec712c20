"""S4NN as one would write it in NumPy, with dense arrays over time: the baseline of the benchmark."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from spikesight.first_spike.learning.s4nn import S4NNRule, Weights

Values = NDArray[Any]


def plain_s4nn(
    rule: S4NNRule, w: Weights, times: NDArray[Any], labels: NDArray[Any], steps: int, thresholds: tuple[float, float]
) -> Weights:
    """Return the weights after images (B, inputs), one after the other.

    For each layer a matrix of its input's spikes by step is multiplied with the weights, and summed over time.
    """
    hidden, output = (np.array(layer) for layer in w)
    for image, label in zip(times.astype(np.int64), labels, strict=True):
        t_hidden = _fire(hidden, image, steps, thresholds[0])
        t_output = _fire(output, t_hidden, steps, thresholds[1])
        delta = _unit((_targets(t_output, label, steps, rule) - t_output) / steps)
        before = t_hidden[:, None] < t_output
        output -= rule.output * delta * before
        back = _unit((output * before) @ delta)
        hidden -= rule.hidden * back * (image[:, None] < t_hidden)
        output *= 1.0 - rule.output * rule.decay
        hidden *= 1.0 - rule.hidden * rule.decay
    return Weights(hidden, output)


def _fire(w: Values, times: NDArray[np.int64], steps: int, threshold: float) -> NDArray[np.int64]:
    spikes = np.zeros((steps + 1, len(times)), w.dtype)
    spikes[times, np.arange(len(times))] = 1
    v = np.cumsum(spikes[:steps] @ w, axis=0)
    above = v > threshold
    crossed = np.where(above.any(axis=0), above.argmax(axis=0), steps)
    fired: NDArray[np.int64] = np.minimum(crossed + 1, steps)
    return fired


def _targets(times: NDArray[np.int64], label: int, steps: int, rule: S4NNRule) -> NDArray[np.int64]:
    first = times.min()
    if first == steps:
        wanted = times.copy()
        wanted[label] = steps - rule.margin
        return wanted
    wanted = np.where(times - first < rule.margin, min(first + rule.margin, steps), times)
    wanted[label] = first
    return wanted


def _unit(delta: Values) -> Values:
    length = np.linalg.norm(delta)
    return (delta / length if length > 0 else delta).astype(np.float32)
