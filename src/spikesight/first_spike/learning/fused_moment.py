"""Learning at the moment of decision, compiled, for real weights and for weights of one bit.

Nothing is computed that comes after the first output spike; where there is none, potentials are those of the last step.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from spikesight.base.errors import InputError
from spikesight.encoding.latencies import Latencies
from spikesight.first_spike.fused_dense import sort_by_time
from spikesight.first_spike.learning.bs4nn import SMALLEST_ALPHA, Binary
from spikesight.first_spike.learning.fused_bs4nn import MOST_INPUTS, padded_signs
from spikesight.first_spike.learning.fused_s4nn import GONE, answered, move_hidden, padded, run_both
from spikesight.first_spike.learning.moment import LARGEST, MomentRule
from spikesight.first_spike.learning.s4nn import Weights

NOBODY = -1
"""In place of a label: run no further than the first output."""


@njit(cache=True, nogil=True)
def output_delta(potentials, label, classes, temperature, silent, delta):  # type: ignore[no-untyped-def]
    """Write how much too likely each output is, only of the label where none could cross; return the length of that."""
    largest = potentials[0]
    for k in range(classes):
        largest = max(largest, potentials[k])
    total = np.float32(0)
    for k in range(classes):
        delta[k] = np.exp((potentials[k] - largest) / temperature)
        total += delta[k]
    length = 0.0
    for k in range(classes):
        delta[k] /= total
        delta[k] -= k == label
        if silent and largest <= 0 and k != label:
            delta[k] = 0
        length += delta[k] * delta[k]
    return np.sqrt(length)


@njit(cache=True, nogil=True)
def first_of(t1, classes, steps):  # type: ignore[no-untyped-def]
    """Return the step of the first output spike."""
    first = steps
    for k in range(classes):
        first = min(first, t1[k])
    return first


@njit(cache=True, nogil=True)
def hand_back(w1, delta, classes, t0, v0, found, count, neurons, first, edge, fade, back):  # type: ignore[no-untyped-def]
    """Write the hidden delta, and append neurons near their threshold to `found`; return its length, and the delta's.

    Their time becomes that of their last chance.
    """
    length = 0.0
    whole = count
    for j in range(neurons):
        if t0[j] >= first and v0[j] > edge:
            found[whole] = j
            whole += 1
    for q in range(whole):
        j = found[q]
        given: Any = np.float32(0)
        for k in range(classes):
            given += delta[k] * w1[j, k]
        if q < count:
            given *= fade[first - 1 - t0[j]]
        else:
            t0[j] = first - 1
        back[j] = given
        length += given * given
    return whole, np.sqrt(length)


@njit(cache=True, nogil=True)
def pace_of(first, earliest, share, steps, pace, highest, threshold):  # type: ignore[no-untyped-def]
    """Return what both layers are scaled by; `earliest` is when the first hidden neuron fired."""
    late = (first - pace[0]) / steps
    waits = first == steps and (share < pace[1] or highest > threshold)
    if late > 0 and (waits or highest <= 0 or earliest >= pace[0]):
        late = 0.0
    return 1.0 + pace[2] * (pace[1] - share), 1.0 + pace[2] * late


@njit(cache=True, nogil=True)
def rescale(w, factor, largest):  # type: ignore[no-untyped-def]
    """Multiply weights, and keep them within `largest`."""
    for j in range(w.shape[0]):
        for k in range(w.shape[1]):
            w[j, k] = max(-largest, min(largest, w[j, k] * np.float32(factor)))


@njit(cache=True, nogil=True)
def _learn(w0, w1, sizes, times, labels, steps, thresholds, rule, fade, pace):  # type: ignore[no-untyped-def]
    neurons, classes = sizes
    rate0, rate1, temperature, near = rule
    inputs, hidden = w0.shape
    outputs = w1.shape[1]
    sorted_ = np.empty(inputs, np.int32), np.empty(steps + 1, np.int32)
    found, back = np.empty(hidden, np.int32), np.zeros(hidden, np.float32)
    v0, t0 = np.empty(hidden, np.float32), np.empty(hidden, np.int32)
    v1, t1, delta = np.empty(outputs, np.float32), np.empty(outputs, np.int32), np.zeros(outputs, np.float32)
    potentials = np.empty(outputs, np.float32)
    scale, within = np.ones(2), np.empty(2, np.float32)
    right = 0
    for item in range(len(times)):
        label = labels[item]
        sort_by_time(times[item], steps, sorted_[1], sorted_[0])
        within[0], within[1] = thresholds[0] / scale[0], thresholds[1] / scale[1]
        count = run_both(w0, w1, within, steps, 1, NOBODY, sorted_, v0, t0, v1, t1, potentials, found, GONE)
        right += answered(t1, label, classes)
        first = first_of(t1, classes, steps)
        size = output_delta(potentials, label, classes, temperature / scale[1], first == steps, delta)
        rate = np.float32(rate1 / scale[1])
        for q in range(count):
            for k in range(outputs):
                w1[found[q], k] -= rate * delta[k]
        edge = within[0] * np.float32(1.0 - near)
        whole, length = hand_back(w1, delta, classes, t0, v0, found, count, neurons, first, edge, fade, back)
        if length > 0.0:
            factor = np.float32(rate0 / scale[0] * size / length)
            for q in range(whole):
                back[found[q]] *= factor
            move_hidden(w0, back, sorted_, t0, found, whole, first - 1)
        for q in range(whole):
            back[found[q]] = 0
        earliest = t0[found[0]] if count > 0 else steps
        highest = potentials[:classes].max()
        of_hidden, of_output = pace_of(first, earliest, count / neurons, steps, pace, highest, within[1])
        scale[0] *= of_hidden
        scale[1] *= of_output
        if not 0.5 < scale[0] < 2.0:
            w0 *= np.float32(scale[0])
            scale[0] = 1.0
        if not 0.5 < scale[1] < 2.0:
            rescale(w1, scale[1], LARGEST * thresholds[1])
            scale[1] = 1.0
    w0 *= np.float32(scale[0])
    rescale(w1, scale[1], LARGEST * thresholds[1])
    return right


@njit(cache=True, nogil=True)
def renew_signs(w0, signs, sorted_, until):  # type: ignore[no-untyped-def]
    """Let the signs of the inputs that fired before `until` follow their real weights."""
    order, ends = sorted_
    for q in range(ends[until - 1] if until > 0 else 0):
        i = order[q]
        for j in range(signs.shape[1]):
            signs[i, j] = -1 if w0[i, j] < 0 else 1


@njit(cache=True, nogil=True)
def _learn_binary(w0, w1, s0, s1, alpha, sizes, times, labels, steps, thresholds, rule, fade, pace):  # type: ignore[no-untyped-def]
    neurons, classes = sizes
    rate0, rate1, temperature, near = rule
    inputs, hidden = w0.shape
    outputs = w1.shape[1]
    sorted_ = np.empty(inputs, np.int32), np.empty(steps + 1, np.int32)
    found, back = np.empty(hidden, np.int32), np.zeros(hidden, np.float32)
    v0, t0 = np.empty(hidden, np.int16), np.empty(hidden, np.int32)
    v1, t1, delta = np.empty(outputs, np.int16), np.empty(outputs, np.int32), np.zeros(outputs, np.float32)
    potentials = np.empty(outputs, np.int16)
    within = np.empty(2, np.int32)
    gone = np.int16(-32768 + MOST_INPUTS)
    right = 0
    for item in range(len(times)):
        label = labels[item]
        sort_by_time(times[item], steps, sorted_[1], sorted_[0])
        for layer in range(2):
            within[layer] = min(thresholds[layer] // alpha[layer], MOST_INPUTS)
        count = run_both(s0, s1, within, steps, 1, NOBODY, sorted_, v0, t0, v1, t1, potentials, found, gone)
        right += answered(t1, label, classes)
        first = first_of(t1, classes, steps)
        size = output_delta(potentials, label, classes, temperature, first == steps, delta)
        for q in range(count):
            for k in range(classes):
                w1[found[q], k] -= np.float32(rate1) * delta[k]
                s1[found[q], k] = -1 if w1[found[q], k] < 0 else 1
        edge = within[0] * (1.0 - near)
        whole, length = hand_back(w1, delta, classes, t0, v0, found, count, neurons, first, edge, fade, back)
        if length > 0.0:
            factor = np.float32(rate0 * size / length)
            for q in range(whole):
                back[found[q]] *= factor
            move_hidden(w0, back, sorted_, t0, found, whole, first - 1)
            renew_signs(w0, s0[:, :neurons], sorted_, first - 1)
        for q in range(whole):
            back[found[q]] = 0
        earliest = t0[found[0]] if count > 0 else steps
        highest = potentials[:classes].max()
        of_hidden, of_output = pace_of(first, earliest, count / neurons, steps, pace, highest, within[1])
        alpha[0] = min(max(alpha[0] * of_hidden, SMALLEST_ALPHA), LARGEST * thresholds[0])
        alpha[1] = min(max(alpha[1] * of_output, SMALLEST_ALPHA), LARGEST * thresholds[1])
    return right


def _numbers(rule: MomentRule, steps: int) -> tuple[Any, ...]:
    fade = np.exp(-np.arange(steps + 1) / rule.window).astype(np.float32)
    pace = rule.pace.decision, rule.pace.share, rule.pace.rate
    return (rule.hidden, rule.output, rule.temperature, rule.near), fade, pace


def learn(
    rule: MomentRule, w: Weights, latencies: Latencies, labels: NDArray[np.int64], thresholds: tuple[float, float]
) -> tuple[Weights, int]:
    """Learn from images (B, inputs) one after the other; return the weights, and how many were answered right.

    An image counts as right where the label's output fired first, alone, before it was learned from.
    """
    hidden, output = padded(w.hidden), padded(w.output)
    sizes = neurons, classes = w.output.shape
    times = np.ascontiguousarray(latencies.times)
    numbers = _numbers(rule, latencies.in_steps)
    right = _learn(hidden, output, sizes, times, labels, latencies.in_steps, np.array(thresholds), *numbers)
    return Weights(hidden[:, :neurons].copy(), output[:, :classes].copy()), right


def learn_binary(
    rule: MomentRule, w: Binary, latencies: Latencies, labels: NDArray[np.int64], thresholds: tuple[float, float]
) -> tuple[Binary, int]:
    """Do as `learn` with weights of one bit: signs are computed with, and real weights moved.

    Errors: InputError for more inputs than a short sum can take.
    """
    if max(w.hidden.shape) > MOST_INPUTS:
        raise InputError(f"at most {MOST_INPUTS} inputs and hidden neurons, got {w.hidden.shape}")
    hidden, output, alpha = padded(w.hidden), padded(w.output), np.array(w.alpha, np.float64)
    signs = padded_signs(w.hidden), padded_signs(w.output)
    sizes = neurons, classes = w.output.shape
    times = np.ascontiguousarray(latencies.times)
    limits, numbers = np.array(thresholds), _numbers(rule, latencies.in_steps)
    right = _learn_binary(hidden, output, *signs, alpha, sizes, times, labels, latencies.in_steps, limits, *numbers)
    return Binary(hidden[:, :neurons].copy(), output[:, :classes].copy(), alpha), right
