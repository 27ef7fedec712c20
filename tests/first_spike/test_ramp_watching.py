"""What is told of a network of ramps is what happened, maps first."""

import numpy as np

from spikesight.base.randomness import generator
from spikesight.first_spike import ramp_watching
from spikesight.first_spike.ramp import Ramp
from spikesight.first_spike.ramp_beginning import Beginning
from spikesight.first_spike.ramp_layers import RampConvolution, RampDense
from spikesight.first_spike.ramp_network import RampNetwork

NETWORK = RampNetwork((RampConvolution(4, 3), RampConvolution(3, 2, 1), RampDense(4)), Ramp(16), (9, 8, 2), 32)


def made():
    times = generator(10, "watching").integers(0, 24, (6, 9, 8, 2)).astype(np.int32)
    return Beginning().weights(NETWORK, times, 0), times


def test_layers_and_poolings_of_the_sketch():
    sketch = ramp_watching.sketch(NETWORK)
    assert [(layer.name, layer.shape) for layer in sketch.layers] == [
        ("input", (2, 9, 8)), ("conv1", (4, 7, 6)), ("pool1", (4, 3, 3)), ("conv2", (3, 2, 2)), ("output", (4,)),
    ]  # fmt: skip
    assert [one.name for one in sketch.projections] == ["input_conv1", "conv1_pool1", "pool1_conv2", "conv2_output"]
    assert sketch.steps == 32


def test_weights_have_the_shapes_of_the_sketch():
    told = ramp_watching.weights(NETWORK, made()[0])
    shapes = {one.name: one.matrix(told[one.name]).shape for one in ramp_watching.sketch(NETWORK).projections[::2]}
    assert shapes == {"input_conv1": (18, 4), "pool1_conv2": (16, 3)}
    assert told["conv2_output"].shape == (12, 4)


def test_a_pool_is_the_earliest_of_its_window():
    seen = ramp_watching.watched(NETWORK, *made())
    windows = seen["conv1"].times[:, :, :6, :6].reshape(6, 4, 3, 2, 3, 2)
    np.testing.assert_array_equal(windows.min(axis=(3, 5)), seen["pool1"].times)
    assert seen["input"].times.shape == (6, 2, 9, 8)


def test_weights_that_are_told_make_what_is_seen():
    w, times = made()
    seen, told = ramp_watching.watched(NETWORK, w, times), ramp_watching.weights(NETWORK, w)["conv2_output"]
    inputs = seen["conv2"].flat().times.astype(float)
    potentials = np.stack([np.clip((s - inputs) / 16, 0, 1) @ told for s in range(32)])
    crossed = potentials >= 1.0
    steps = np.where(crossed.any(axis=0), crossed.argmax(axis=0), 32)
    np.testing.assert_array_equal(seen["output"].times, steps)
    assert (steps < 32).any()
