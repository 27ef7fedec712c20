"""The exact gradient of networks of ramps, against finite differences of spike times."""

import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.base.randomness import generator
from spikesight.first_spike import ramp_passes, reference_ramp
from spikesight.first_spike.learning.ramp_gradient import RampGradient
from spikesight.first_spike.learning.softmax_of_times import SoftmaxOfTimes
from spikesight.first_spike.ramp import Ramp, crossing
from spikesight.first_spike.ramp_layers import RampConvolution, RampDense
from spikesight.first_spike.ramp_network import RampNetwork

STEPS, TAU = 4096, 2048
"""So fine a grid that a spike hardly waits for its step, and times move with weights as without a grid."""

JUDGE, LABELS = SoftmaxOfTimes(0.1 * STEPS, push=0.0), np.array([0, 2, 1])


def made():
    random = generator(5, "gradient")
    network = RampNetwork((RampDense(6), RampDense(3)), Ramp(TAU), (8,), STEPS, reference_ramp.passes)
    w = [random.normal(0.6, 0.6, (6, 8)), random.normal(0.8, 0.6, (3, 6))]
    return network, w, random.integers(0, STEPS // 3, (3, 8)).astype(np.int32)


def loss(w, times):
    """Of the same network without a grid."""
    found = times.astype(float)
    for rows in w:
        found = np.array([[crossing(Ramp(TAU), row, one).time for row in rows] for one in found])
    return JUDGE(found, LABELS, STEPS).loss


def test_gradients_of_all_layers_are_those_of_finite_differences():
    network, w, times = made()
    answers = network.answers(network.fire(network.laid_out(w), times)[-1])
    assert (answers.times < STEPS - 1).all()
    lesson = network.lesson(w, times, LABELS, RampGradient(1e-9), JUDGE)
    assert lesson.loss == pytest.approx(loss(w, times), rel=1e-2)
    for number, gradient in enumerate(lesson.gradients):
        expected = np.zeros_like(gradient)
        for index in np.ndindex(gradient.shape):
            up, down = ([array.copy() for array in w] for _ in range(2))
            up[number][index] += 1e-5
            down[number][index] -= 1e-5
            expected[index] = (loss(up, times) - loss(down, times)) / 2e-5
        assert np.abs(expected).max() > 0.01
        np.testing.assert_allclose(gradient, expected, atol=0.02 * np.abs(expected).max())


def test_compiled_lessons_are_those_of_the_reference():
    random = generator(6, "gradient")
    layers = (RampConvolution(3, 3), RampDense(5), RampDense(4))
    networks = [RampNetwork(layers, Ramp(16), (8, 8, 1), 32, m.passes) for m in (ramp_passes, reference_ramp)]
    w = [
        random.normal(0.5, 0.6, layer.as_rows(np.zeros(layer.weight_shape(shape))).shape).astype(np.float32)
        for layer, shape in zip(layers, networks[0].shapes[:-1], strict=True)
    ]
    times, labels = random.integers(0, 40, (20, 8, 8, 1)).clip(0, 32).astype(np.int32), random.integers(0, 4, 20)
    lessons = [network.lesson(w, times, labels, RampGradient(), SoftmaxOfTimes()) for network in networks]
    assert lessons[0].right == lessons[1].right
    assert lessons[0].loss == pytest.approx(lessons[1].loss, rel=1e-4)
    for fired, expected in zip(lessons[0].fired, lessons[1].fired, strict=True):
        np.testing.assert_array_equal(fired, expected)
    for gradient, expected in zip(lessons[0].gradients, lessons[1].gradients, strict=True):
        np.testing.assert_allclose(gradient, expected, atol=1e-4 * np.abs(expected).max())


def test_a_slope_of_nothing_is_refused():
    with pytest.raises(InputError, match="above 0"):
        RampGradient(0.0)
