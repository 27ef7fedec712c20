"""BS4NN, compiled: signs are bytes, potentials are short whole numbers, and the loops are those of S4NN.

The signs are kept beside the real weights, and follow where those change. Times are exactly those of the reference;
weights up to rounding.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from spikesight.base.errors import InputError
from spikesight.encoding.latencies import Latencies
from spikesight.first_spike.fused_dense import WIDTH, sort_by_time
from spikesight.first_spike.learning.bs4nn import SMALLEST_ALPHA, Binary, BS4NNRule, sign
from spikesight.first_spike.learning.fused_s4nn import answered, latest, output_delta, padded, run_both

MOST_INPUTS = 1 << 14
"""More might overflow a sum of 16 bits, with the value of neurons that have fired in it."""


@njit(cache=True, nogil=True)
def move_output(w1, signs, delta, rate, t0, t1, found, count, classes, back):  # type: ignore[no-untyped-def]
    """Change the output weights and signs, then write the hidden delta; return its length and the sum for alpha."""
    length = 0.0
    total = 0.0
    for q in range(count):
        j = found[q]
        given: Any = np.float32(0)
        for k in range(classes):
            if t0[j] < t1[k]:
                w1[j, k] -= rate * delta[k]
                signs[j, k] = -1 if w1[j, k] < 0 else 1
                total += delta[k] * signs[j, k]
                given += delta[k] * w1[j, k]
        back[j] = given
        length += given * given
    return np.sqrt(length), total


@njit(cache=True, nogil=True)
def move_hidden(w0, signs, back, sorted_, t0, found, count, neurons, sums):  # type: ignore[no-untyped-def]
    """Change the hidden weights and signs; write to `sums` the sum of each neuron's signs that its delta reached."""
    order, ends = sorted_
    sums[:] = 0
    begin = 0
    for t in range(latest(back, t0, found, count)):
        for q in range(begin, ends[t]):
            i = order[q]
            for j in range(neurons):
                w0[i, j] -= back[j] if t0[j] > t else np.float32(0)
            for j in range(neurons):
                signs[i, j] = -1 if w0[i, j] < 0 else 1
            for j in range(neurons):
                sums[j] += signs[i, j] if t0[j] > t else 0
        begin = ends[t]


@njit(cache=True, nogil=True)
def _learn(w, signs, alpha, sizes, times, labels, steps, thresholds, rates, margin, rescue, pace):  # type: ignore[no-untyped-def]
    w0, w1 = w
    s0, s1 = signs
    neurons, classes = sizes
    inputs, hidden = w0.shape
    outputs = w1.shape[1]
    sorted_ = np.empty(inputs, np.int32), np.empty(steps + 1, np.int32)
    found, sums = np.empty(hidden, np.int32), np.empty(hidden, np.int32)
    v0, t0, back = np.empty(hidden, np.int16), np.empty(hidden, np.int32), np.zeros(hidden, np.float32)
    v1, t1, delta = np.empty(outputs, np.int16), np.empty(outputs, np.int32), np.zeros(outputs, np.float32)
    potentials, within = np.empty(outputs, np.int16), np.empty(2, np.int32)
    gone = np.int16(-32768 + MOST_INPUTS)
    right = 0
    changed = 0
    for item in range(len(times)):
        label = labels[item]
        sort_by_time(times[item], steps, sorted_[1], sorted_[0])
        for layer in range(2):
            within[layer] = min(thresholds[layer] // alpha[layer], MOST_INPUTS)
        count = run_both(s0, s1, within, steps, margin, label, sorted_, v0, t0, v1, t1, potentials, found, gone)
        right += answered(t1, label, classes)
        if output_delta(t1, label, classes, steps, margin, rescue, delta):
            changed += 1
            length, total = move_output(w1, s1, delta, rates[1], t0, t1, found, count, classes, back)
            alpha[1] -= rates[2] * total / (neurons * classes)
            if length > 0.0:
                size = np.float32(rates[0] / length)
                for q in range(count):
                    back[found[q]] *= size
                move_hidden(w0, s0, back, sorted_, t0, found, count, neurons, sums)
                total = 0.0
                for q in range(count):
                    total += back[found[q]] / rates[0] * sums[found[q]]
                alpha[0] -= rates[2] * total / (inputs * neurons)
            for q in range(count):
                back[found[q]] = 0
        if pace[2] > 0.0:
            first = t1[:classes].min()
            early = 0
            while early < count and t0[found[early]] < first:
                early += 1
            alpha[1] *= 1.0 + pace[2] * (first - pace[0]) / steps
            alpha[0] *= 1.0 + pace[2] * (pace[1] - early / neurons)
        for layer in range(2):
            alpha[layer] = max(alpha[layer], SMALLEST_ALPHA)
    return right, changed


def padded_signs(w: NDArray[Any]) -> NDArray[np.int8]:
    """Return the signs of weights with columns of 0 up to whole groups of neurons."""
    return np.ascontiguousarray(np.pad(sign(w), ((0, 0), (0, -w.shape[1] % WIDTH))))


def learn(
    rule: BS4NNRule, w: Binary, latencies: Latencies, labels: NDArray[np.int64], thresholds: tuple[float, float]
) -> tuple[Binary, int, int]:
    """Learn from images (B, inputs) one after the other; return weights and scales, how many images were answered
    right, and how many changed the weights.   See `fused_s4nn.learn`.

    Errors: InputError for more inputs than a short sum can take.
    """
    if max(w.hidden.shape) > MOST_INPUTS:
        raise InputError(f"at most {MOST_INPUTS} inputs and hidden neurons, got {w.hidden.shape}")
    real, alpha = (padded(w.hidden), padded(w.output)), np.array(w.alpha, np.float64)
    neurons, classes = w.output.shape
    pace = rule.pace
    right, changed = _learn(
        real,
        (padded_signs(w.hidden), padded_signs(w.output)),
        alpha,
        (neurons, classes),
        np.ascontiguousarray(latencies.times),
        labels,
        latencies.in_steps,
        np.array(thresholds),
        (rule.hidden, np.float32(rule.output), rule.alpha),
        rule.margin,
        rule.rescue,
        (pace.decision, pace.share, pace.rate) if pace else (1.0, 1.0, 0.0),
    )
    return Binary(real[0][:, :neurons].copy(), real[1][:, :classes].copy(), alpha), right, changed
