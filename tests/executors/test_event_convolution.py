"""Adding weights where spikes arrive is a convolution."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional

from spikesight.executors.event_convolution import Steps, convolve, fewer, taps

two = st.tuples(st.integers(1, 3), st.integers(1, 3))


@settings(max_examples=60, deadline=None)
@given(
    kernel=st.tuples(st.integers(1, 4), st.integers(1, 4)),
    stride=two,
    padding=st.tuples(st.integers(0, 3), st.integers(0, 3)),
    dilation=two,
    size=st.tuples(st.integers(10, 13), st.integers(10, 13)),
    seed=st.integers(0, 1000),
)
def test_it_is_a_convolution(kernel, stride, padding, dilation, size, seed) -> None:  # type: ignore[no-untyped-def]
    random = np.random.default_rng(seed)
    # Whole numbers, so that no order of adding rounds.
    x = random.integers(0, 3, (2, 3, *size)) * (random.random((2, 3, *size)) < 0.2)
    w, bias = random.integers(-8, 9, (5, 3, *kernel)).astype(np.float32), random.integers(-8, 9, 5).astype(np.float32)
    images = torch.from_numpy(x.astype(np.float32))
    expected = functional.conv2d(
        images, torch.from_numpy(w), torch.from_numpy(bias), stride=stride, padding=padding, dilation=dilation
    )
    maps_last = np.ascontiguousarray(np.moveaxis(x.astype(np.float32), 1, -1))
    found = convolve(maps_last, taps(w, bias), Steps(stride, padding, dilation))
    np.testing.assert_array_equal(np.moveaxis(found, -1, 1), expected.numpy())


@pytest.mark.parametrize("dtype", [np.float32, np.float64], ids=["float32", "float64"])
def test_an_item_does_not_depend_on_its_batch(dtype: type) -> None:
    random = np.random.default_rng(0)
    x = (random.random((7, 9, 8, 4)) < 0.1).astype(dtype)
    kernel = taps(random.normal(size=(6, 4, 3, 3)).astype(dtype), None)
    whole = convolve(x, kernel, Steps(padding=(1, 1)))
    assert whole.dtype == dtype
    for b in range(7):
        np.testing.assert_array_equal(convolve(x[b : b + 1], kernel, Steps(padding=(1, 1))), whole[b : b + 1])


def test_the_input_stays_as_it_is() -> None:
    x = (np.random.default_rng(0).random((2, 5, 5, 3)) < 0.3).astype(np.float32)
    kept = x.copy()
    convolve(x, taps(np.ones((2, 3, 3, 3), np.float32), None), Steps())
    np.testing.assert_array_equal(x, kept)


@pytest.mark.parametrize("at", [0, 4095, 4096, 9999])
def test_few_are_told_from_many_wherever_they_are(at: int) -> None:
    x = np.zeros((2, 50, 100), np.float32)
    assert fewer(x, 1e-5)
    x.reshape(-1)[at] = -2.0
    assert fewer(x, 1.1 / x.size)
    assert not fewer(x, 1.0 / x.size)
    assert not fewer(np.moveaxis(x, 0, -1), 0.0)
