import numpy as np
import pytest

from spikesight.first_spike.convolution import Convolution
from spikesight.first_spike.runs_of_taps import kernels, plan, taps

SHAPE = 2, 6, 9


@pytest.mark.parametrize(
    "layer",
    [
        Convolution(3, (3, 2), 1.0),
        Convolution(3, (3, 3), 1.0, padding=(1, 2)),
        Convolution(3, (2, 3), 1.0, stride=(2, 1), padding=(0, 1)),
        Convolution(3, (2, 3), 1.0, stride=(1, 3), padding=(2, 1), dilation=(2, 2)),
    ],
)
@pytest.mark.parametrize("mirrored", [False, True])
def test_each_spike_reaches_the_places_whose_window_holds_it_through_the_right_tap(layer, mirrored):
    maps, rows, columns = layer.shape(SHAPE)
    runs = plan(layer, SHAPE, mirrored)
    reached = set()
    for y in range(SHAPE[1]):
        for x in range(SHAPE[2]):
            for row in range(runs.row_n[y]):
                row_w, row_to = runs.row_w[y] + row * runs.w_step, runs.row_to[y] + row * runs.row_step
                for col in range(runs.col_first[x], runs.col_first[x + 1]):
                    for place in range(runs.col_n[col]):
                        tap = divmod(row_w + runs.col_w[col] + place * maps, layer.kernel[1] * maps)
                        to, across = int(runs.col_to[col]) + place, int(tap[1]) // maps
                        if mirrored:
                            across = layer.kernel[1] - 1 - across
                        else:
                            to = columns - 1 - to
                        reached.add((y, x, int(row_to), to, int(tap[0]), across))
    windows = {
        (y, x, row, column, down, across)
        for row in range(rows)
        for column in range(columns)
        for down in range(layer.kernel[0])
        for across in range(layer.kernel[1])
        if 0 <= (y := row * layer.stride[0] - layer.padding[0] + down * layer.dilation[0]) < SHAPE[1]
        and 0 <= (x := column * layer.stride[1] - layer.padding[1] + across * layer.dilation[1]) < SHAPE[2]
    }
    assert reached == windows


def test_without_stride_and_dilation_a_row_of_the_kernel_is_one_run():
    runs = plan(Convolution(30, (5, 5), 1.0), (6, 32, 32))
    np.testing.assert_array_equal(np.diff(runs.col_first), 1)
    assert runs.col_n.max() == 5


def test_weights_go_there_and_back():
    w = np.arange(2 * 3 * 4 * 5.0).reshape(2, 3, 4, 5)
    assert taps(w).shape == (3, 4, 5, 2)
    np.testing.assert_array_equal(kernels(taps(w)), w)
    assert not np.shares_memory(taps(w), w)


@pytest.mark.parametrize("shape", [(3, 2, 2, 2), (3, 1, 1, 1), (1, 3, 2, 2)])
def test_weights_that_are_laid_out_are_a_copy(shape):
    w = np.ones(shape, np.float32)
    laid_out = taps(w)
    assert not np.shares_memory(w, laid_out)
    assert not np.shares_memory(laid_out, kernels(laid_out))
