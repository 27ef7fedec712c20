"""S4NN, compiled: both layers run side by side in time, and stop as soon as nothing later can matter.

An image is learned from in one go: inputs are sorted by time, rows of weights are added in that order, a hidden neuron
that crosses gives its row to the output layer in the next step. Once the right output has fired, and all others that
are due within the margin, later spikes change neither targets nor masks. What scales all weights is kept as one number
per layer. The weights are those of the rule in `s4nn`, up to rounding.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from spikesight.encoding.latencies import Latencies
from spikesight.first_spike.fused_dense import WIDTH, add_row, crossers, sort_by_time
from spikesight.first_spike.learning.s4nn import S4NNRule, Weights

GONE = np.float32(-np.inf)


@njit(cache=True, nogil=True)
def run_both(w0, w1, thresholds, steps, margin, label, sorted_, v0, t0, v1, t1, potentials, found, gone):  # type: ignore[no-untyped-def]
    """Run both layers until what comes later changes no update; return how many hidden neurons fired till then.

    `t0`, `t1` get their times, `found` the hidden neurons that fired, in order of time. Weights are padded to whole
    groups of neurons by columns of 0, which never fire; `gone` is the potential of a neuron that has fired.
    `potentials` gets those of the outputs, in the step in which they cross or the last one.
    """
    order, ends = sorted_
    v0[:] = 0
    v1[:] = 0
    t0[:] = steps
    t1[:] = steps
    fresh = np.empty(v1.size, np.int32)
    begin = 0
    count = 0
    first = steps
    for t in range(steps - 1):
        if ends[t] > begin:
            for q in range(begin, ends[t]):
                add_row(v0, w0, order[q])
            begin = ends[t]
            before = count
            count = crossers(v0, thresholds[0], found, count)
            if count > before:
                for q in range(before, count):
                    t0[found[q]] = t + 1
                    v0[found[q]] = gone
                    add_row(v1, w1, found[q])
                # An output that crosses in the last step would fire after it: it is silent, and keeps its potential.
                for q in range(crossers(v1, thresholds[1], fresh, 0) if t + 2 < steps else 0):
                    t1[fresh[q]] = t + 2
                    potentials[fresh[q]] = v1[fresh[q]]
                    v1[fresh[q]] = gone
                    first = min(first, t + 2)
        if first + margin <= t + 3 and (label < 0 or t1[label] <= t + 2):
            break
    for k in range(v1.size):
        if t1[k] == steps:
            potentials[k] = v1[k]
    return count


@njit(cache=True, nogil=True)
def output_delta(t1, label, classes, steps, margin, rescue, delta):  # type: ignore[no-untyped-def]
    """Write the delta of the output layer, of length 1 or all 0; return whether there is any."""
    first = steps
    for k in range(classes):
        first = min(first, t1[k])
    length = 0.0
    for k in range(classes):
        wanted = t1[k]
        if first == steps:
            wanted = steps - margin if rescue and k == label else steps
        elif k == label:
            wanted = first
        elif t1[k] - first < margin:
            wanted = min(first + margin, steps)
        delta[k] = wanted - t1[k]
        length += delta[k] * delta[k]
    if length > 0.0:
        inverse = np.float32(1.0 / np.sqrt(length))
        for k in range(classes):
            delta[k] *= inverse
    return length > 0.0


@njit(cache=True, nogil=True)
def move_output(w1, delta, rate, t0, t1, found, count, classes, back):  # type: ignore[no-untyped-def]
    """Change the output weights, then write the delta of the hidden layer; return its length."""
    length = 0.0
    for q in range(count):
        j = found[q]
        for k in range(w1.shape[1]):
            w1[j, k] -= rate * (delta[k] if t0[j] < t1[k] else np.float32(0))
        given: Any = np.float32(0)
        for k in range(classes):
            given += (delta[k] if t0[j] < t1[k] else np.float32(0)) * w1[j, k]
        back[j] = given
        length += given * given
    return np.sqrt(length)


@njit(cache=True, nogil=True)
def latest(back, t0, found, count):  # type: ignore[no-untyped-def]
    """Return when the last neuron fired that has a delta; 0 where none has."""
    step = 0
    for q in range(count):
        if back[found[q]] != 0:
            step = t0[found[q]]
    return step


@njit(cache=True, nogil=True)
def move_hidden(w0, back, sorted_, t0, found, count, until):  # type: ignore[no-untyped-def]
    """Change the hidden weights: each input's to the neurons that fired after it; from `until` on there are none."""
    order, ends = sorted_
    begin = 0
    for t in range(until):
        for q in range(begin, ends[t]):
            i = order[q]
            for j in range(t0.size):
                w0[i, j] -= back[j] if t0[j] > t else np.float32(0)
        begin = ends[t]


@njit(cache=True, nogil=True)
def answered(t1, label, classes):  # type: ignore[no-untyped-def]
    """Whether the output of the label fired first, alone."""
    alone = True
    for k in range(classes):
        alone = alone & ((k == label) | (t1[k] > t1[label]))
    return alone


@njit(cache=True, nogil=True)
def _learn(w0, w1, classes, times, labels, steps, thresholds, rates, keep, margin, rescue, pace):  # type: ignore[no-untyped-def]
    inputs, hidden = w0.shape
    sorted_ = np.empty(inputs, np.int32), np.empty(steps + 1, np.int32)
    found = np.empty(hidden, np.int32)
    v0, t0, back = np.empty(hidden, np.float32), np.empty(hidden, np.int32), np.zeros(hidden, np.float32)
    outputs = w1.shape[1]
    v1, t1, delta = np.empty(outputs, np.float32), np.empty(outputs, np.int32), np.zeros(outputs, np.float32)
    potentials = np.empty(outputs, np.float32)
    scale = np.ones(2)
    within = np.empty(2, np.float32)
    neurons = pace[3]
    right = 0
    changed = 0
    for item in range(len(times)):
        label = labels[item]
        sort_by_time(times[item], steps, sorted_[1], sorted_[0])
        within[0], within[1] = thresholds[0] / scale[0], thresholds[1] / scale[1]
        count = run_both(w0, w1, within, steps, margin, label, sorted_, v0, t0, v1, t1, potentials, found, GONE)
        right += answered(t1, label, classes)
        if output_delta(t1, label, classes, steps, margin, rescue, delta):
            changed += 1
            rate = np.float32(rates[1] / scale[1])
            length = move_output(w1, delta, rate, t0, t1, found, count, classes, back)
            if length > 0.0:
                size = np.float32(rates[0] / scale[0] / length)
                for q in range(count):
                    back[found[q]] *= size
                move_hidden(w0, back, sorted_, t0, found, count, latest(back, t0, found, count))
            for q in range(count):
                back[found[q]] = 0
        if pace[2] > 0.0:
            first = t1[:classes].min()
            early = 0
            while early < count and t0[found[early]] < first:
                early += 1
            scale[1] *= 1.0 + pace[2] * (first - pace[0]) / steps
            scale[0] *= 1.0 + pace[2] * (pace[1] - early / neurons)
        scale *= keep
        for layer in range(2):
            if not 0.5 < scale[layer] < 2.0:
                w = w0 if layer == 0 else w1
                w *= np.float32(scale[layer])
                scale[layer] = 1.0
    w0 *= np.float32(scale[0])
    w1 *= np.float32(scale[1])
    return right, changed


def padded(w: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return a copy of the weights with columns of 0 up to whole groups of neurons."""
    return np.ascontiguousarray(np.pad(w, ((0, 0), (0, -w.shape[1] % WIDTH))), np.float32)


def learn(
    rule: S4NNRule,
    w: Weights,
    latencies: Latencies,
    labels: NDArray[np.int64],
    thresholds: tuple[float, float],
) -> tuple[Weights, int, int]:
    """Learn from images (B, inputs) one after the other; return the weights, and how many images were answered right
    and how many changed the weights.

    An image counts as right where the label's output fired first, alone, before it was
    learned from.
    """
    hidden, output = padded(w.hidden), padded(w.output)
    rates = np.array([rule.hidden, rule.output])
    pace = rule.pace
    right, changed = _learn(
        hidden,
        output,
        w.output.shape[1],
        np.ascontiguousarray(latencies.times),
        labels,
        latencies.in_steps,
        np.array(thresholds),
        rates,
        1.0 - rates * rule.decay,
        rule.margin,
        rule.rescue,
        (pace.decision, pace.share, pace.rate, w.hidden.shape[1]) if pace else (1.0, 1.0, 0.0, 1),
    )
    neurons, classes = w.output.shape
    return Weights(hidden[:, :neurons].copy(), output[:, :classes].copy()), right, changed
