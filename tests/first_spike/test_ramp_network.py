"""Networks of ramps: answers, lessons, and that nothing depends on cores."""

import numpy as np
import pytest

from spikesight.base.cores import LIMIT
from spikesight.base.errors import InputError
from spikesight.base.randomness import generator
from spikesight.first_spike.learning.ramp_gradient import RampGradient
from spikesight.first_spike.learning.softmax_of_times import SoftmaxOfTimes
from spikesight.first_spike.ramp import Ramp
from spikesight.first_spike.ramp_layers import Crossed, RampConvolution, RampDense
from spikesight.first_spike.ramp_network import RampNetwork, strictly_first

STEPS = 32


def made(items=40):
    random = generator(8, "network")
    network = RampNetwork((RampConvolution(4, 3), RampDense(6), RampDense(3)), Ramp(16), (8, 8, 1), STEPS)
    w = [
        random.normal(0.5, 0.6, layer.as_rows(np.zeros(layer.weight_shape(shape))).shape).astype(np.float32)
        for layer, shape in zip(network.layers, network.shapes[:-1], strict=True)
    ]
    times = random.integers(0, 40, (items, 8, 8, 1)).clip(0, STEPS).astype(np.int32)
    return network, w, times, random.integers(0, 3, items)


def test_shapes_follow_one_another():
    assert made()[0].shapes == [(8, 8, 1), (3, 3, 4), (6,), (3,)]


def test_layers_that_do_not_fit_are_refused():
    with pytest.raises(InputError, match="rows, columns and maps"):
        _ = RampNetwork((RampDense(6), RampConvolution(4, 3)), Ramp(16), (8, 8, 1), STEPS).passes


def test_lessons_do_not_depend_on_cores(monkeypatch):
    network, w, times, labels = made()
    lessons = []
    for cores in ("1", "2"):
        monkeypatch.setenv(LIMIT, cores)
        lessons.append(network.lesson(w, times, labels, RampGradient(), SoftmaxOfTimes()))
    assert lessons[0].loss == lessons[1].loss
    for one, other in zip(lessons[0].gradients, lessons[1].gradients, strict=True):
        np.testing.assert_array_equal(one, other)


def test_layers_that_are_frozen_have_no_gradient_and_change_nobody_elses():
    network, w, times, labels = made()
    whole, part = (network.lesson(w, times, labels, RampGradient(), SoftmaxOfTimes(), frozen) for frozen in (0, 1))
    assert len(part.gradients) == 2
    for one, other in zip(whole.gradients[1:], part.gradients, strict=True):
        np.testing.assert_array_equal(one, other)


def test_inputs_and_weights_stay_as_they_are():
    network, w, times, labels = made()
    before = [times.copy(), *(rows.copy() for rows in w)]
    network.lesson(w, times, labels, RampGradient(), SoftmaxOfTimes())
    for array, old in zip([times, *w], before, strict=True):
        np.testing.assert_array_equal(array, old)


def test_neurons_that_never_fire_are_told_apart_by_their_potential():
    network = RampNetwork((RampDense(4),), Ramp(16), (2,), STEPS)
    floats = np.array([[7.5, np.inf, np.inf, np.inf]], np.float32)
    potentials = np.array([[1.0, 0.9, -2.0, 0.5]], np.float32)
    crossed = Crossed(np.array([[8, 32, 32, 32]]), floats, np.array([[0.2, 0, 0, 0]], np.float32), potentials, None)
    answers = network.answers(crossed)
    late = 2.0 / STEPS
    np.testing.assert_allclose(answers.times, [[7.5, 31 + 0.1 / late, 31 + 3.0 / late, 31 + 0.5 / late]], rtol=1e-6)
    np.testing.assert_allclose(answers.slopes, [[0.2, late, late, late]])
    np.testing.assert_allclose(answers.at, [[7.5, 31, 31, 31]])


def test_a_lesson_repeated_is_learned():
    network, w, times, labels = made()
    losses = []
    for _ in range(40):
        lesson = network.lesson(w, times, labels, RampGradient(), SoftmaxOfTimes())
        losses.append(lesson.loss)
        for rows, gradient in zip(w, lesson.gradients, strict=True):
            rows -= (0.02 * np.abs(rows).mean() * np.sign(gradient)).astype(np.float32)
    assert losses[-1] < 0.7 * losses[0]


def test_a_tie_is_not_first():
    times = np.array([[1.0, 2.0], [2.0, 2.0], [3.0, 2.0]])
    np.testing.assert_array_equal(strictly_first(times, np.array([0, 0, 0])), [True, False, False])
