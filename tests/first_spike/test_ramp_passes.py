"""Compiled layers of ramps beside their meaning, and beside the closed form."""

import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.base.randomness import generator
from spikesight.first_spike import ramp_passes, reference_ramp
from spikesight.first_spike.ramp import Ramp, by_time, by_weight, crossing
from spikesight.first_spike.ramp_layers import RampConvolution, RampDense

STEPS = 24
LAYERS = [
    (RampDense(7), (13,)),
    (RampDense(5), (3, 4, 2)),
    (RampConvolution(3, 3, 2), (9, 8, 2)),
    (RampConvolution(5, 5, 1), (7, 9, 1)),
    (RampConvolution(2, 3, 2, padding=1), (6, 5, 3)),
    (RampConvolution(2, 2, 3, padding=2), (4, 7, 2)),
]
RAMPS = [Ramp(8), Ramp(4), Ramp(32)]


def made(layer, shape_in, number, grain=None):
    """Times and weights; with a grain, weights are multiples of it, so that sums are exact."""
    random = generator(3, "passes", number)
    rows = layer.as_rows(np.zeros(layer.weight_shape(shape_in))).shape
    w = random.normal(0.5, 1.0, rows) * 3.0 / np.sqrt(rows[1])
    w = np.rint(w / grain) * grain if grain else w
    times = random.integers(0, STEPS + 8, (4, *shape_in)).clip(0, STEPS).astype(np.int32)
    return times, w.astype(np.float32)


def fired(make, layer, ramp, shape_in, w, times):
    passes = make(layer, ramp, shape_in, STEPS)
    return passes.fire(passes.laid_out(w), times)


@pytest.mark.parametrize("ramp", RAMPS)
@pytest.mark.parametrize(("layer", "shape_in"), LAYERS)
def test_spikes_are_those_of_the_reference(layer, shape_in, ramp):
    times, w = made(layer, shape_in, 0, grain=1 / 16)
    before = times.copy()
    compiled, meant = (fired(m.passes, layer, ramp, shape_in, w, times) for m in (ramp_passes, reference_ramp))
    assert compiled.steps.shape == (4, *layer.shape(shape_in))
    for name in ("steps", "places", "slopes", "potentials"):
        np.testing.assert_array_equal(getattr(compiled, name), getattr(meant, name), err_msg=name)
    # A few steps are taken at once where nothing comes, so the line that is solved begins further back.
    np.testing.assert_allclose(compiled.times, meant.times, rtol=3e-7)
    np.testing.assert_array_equal(times, before)
    assert 0 < (compiled.steps < STEPS).mean() < 1
    assert ((compiled.times <= compiled.steps) & (compiled.times > compiled.steps - 1))[compiled.steps < STEPS].all()


@pytest.mark.parametrize("ramp", RAMPS)
@pytest.mark.parametrize(("layer", "shape_in"), LAYERS)
def test_what_is_learned_and_passed_down_is_that_of_the_reference(layer, shape_in, ramp):
    times, w = made(layer, shape_in, 1)
    compiled, meant = (m.passes(layer, ramp, shape_in, STEPS) for m in (ramp_passes, reference_ramp))
    crossed = compiled.fire(compiled.laid_out(w), times)
    amounts = generator(3, "amounts").normal(size=crossed.times.shape).astype(np.float32)
    amounts[crossed.steps == STEPS] = 0.0
    dw, expected = np.zeros_like(w), np.zeros(w.shape)
    compiled.learn(times, crossed, crossed.times, amounts, dw)
    meant.learn(times, crossed, crossed.times, amounts, expected)
    np.testing.assert_allclose(dw, expected, rtol=1e-5, atol=1e-5)
    for within in (ramp.tau, np.inf):
        sent = compiled.pass_down(w, times, crossed, crossed.times, amounts, within)
        np.testing.assert_allclose(
            sent, meant.pass_down(w, times, crossed, crossed.times, amounts, within), rtol=1e-5, atol=1e-5
        )


@pytest.mark.parametrize("make", [ramp_passes.passes, reference_ramp.passes])
def test_a_dense_layer_is_the_closed_form(make):
    times, w = made(RampDense(7), (13,), 2)
    passes = make(RampDense(7), Ramp(8), (13,), STEPS)
    crossed = passes.fire(passes.laid_out(w), times)
    at = np.where(times < STEPS, times, np.inf)
    for j in range(7):
        exact = crossing(Ramp(8), w[j], at[0])
        if exact.time > STEPS - 1:
            assert crossed.steps[0, j] == STEPS
            continue
        assert crossed.times[0, j] == pytest.approx(exact.time, rel=1e-4)
        assert crossed.slopes[0, j] == pytest.approx(exact.slope, rel=1e-4)
        amounts = np.zeros((4, 7), np.float32)
        amounts[0, j] = 1.0 / exact.slope
        dw = np.zeros_like(w)
        passes.learn(times, crossed, crossed.times, amounts, dw)
        np.testing.assert_allclose(dw[j], by_weight(Ramp(8), at[0], exact), rtol=1e-4, atol=1e-5)
        sent = passes.pass_down(w, times, crossed, crossed.times, amounts / 8, 8.0)
        np.testing.assert_allclose(sent[0], by_time(Ramp(8), w[j], at[0], exact), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(("layer", "shape_in"), LAYERS)
def test_weights_go_to_rows_and_back(layer, shape_in):
    w = generator(4, "weights").normal(size=layer.weight_shape(shape_in))
    np.testing.assert_array_equal(layer.as_kernels(layer.as_rows(w), shape_in), w)


def test_kernels_lie_over_maps_as_they_are():
    """A kernel's first row and column meets the first row and column of what its place sees."""
    layer, times = RampConvolution(1, 2, 1), np.full((1, 3, 3, 1), STEPS, np.int32)
    times[0, 1, 2, 0] = 0
    kernel = np.array([[[[2.0, 3.0], [5.0, 7.0]]]], np.float32)
    crossed = fired(ramp_passes.passes, layer, Ramp(32), (3, 3, 1), layer.as_rows(kernel), times)
    np.testing.assert_array_equal(crossed.steps[0, :, :, 0], np.ceil([[STEPS, 32 / 7], [STEPS, 32 / 3]]))


def test_without_spikes_nothing_fires():
    layer = RampConvolution(3, 3, 2)
    w, times = np.ones((3, 9), np.float32), np.full((2, 6, 6, 1), STEPS, np.int32)
    crossed = fired(ramp_passes.passes, layer, Ramp(8), (6, 6, 1), w, times)
    assert (crossed.steps == STEPS).all()
    assert (crossed.potentials == 0).all()
    assert (crossed.places == -1).all()


def test_layers_that_cannot_be_are_refused():
    with pytest.raises(InputError, match="a neuron at least"):
        RampDense(0)
    with pytest.raises(InputError, match="padding 0"):
        RampConvolution(3, padding=-1)
    with pytest.raises(InputError, match="does not fit"):
        RampConvolution(3, 5).shape((4, 9, 1))
    with pytest.raises(InputError, match="rows, columns and maps"):
        RampConvolution(3, 5).shape((784,))
