from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from spikesight.base.errors import InputError
from spikesight.encoding import CATALOGUE
from spikesight.encoding.latencies import Latencies
from spikesight.encoding.latency import GreySteps, Inverse, Linear, LinearSteps, Logarithmic

ALL = [GreySteps(), Inverse(), Linear(), LinearSteps(20), Logarithmic(0.02, 0.1)]
each = pytest.mark.parametrize("encoder", ALL, ids=lambda encoder: type(encoder).__name__)
values = arrays(np.float64, (2, 6), elements=st.floats(0.0, 1.0))


def test_the_latency_of_a_leaky_neuron() -> None:
    t = Logarithmic(tau=20.0, threshold=15.0)(np.array([[30.0, 20.0, 15.0, 3.0, 0.0]])).times
    np.testing.assert_allclose(t, [[13.8629, 27.7259, np.inf, np.inf, np.inf]], atol=5e-5)


def test_grey_values_as_s4nn_has_them() -> None:
    g = np.arange(256)
    expected = np.floor((255 - g) * 256 / 255)
    for kind in (np.uint8, np.int64, np.float64):
        times = GreySteps()(g[None].astype(kind)).times[0]
        np.testing.assert_array_equal(times, expected)
    assert not GreySteps()(np.array([[0]], np.uint8)).fired.any()
    np.testing.assert_array_equal(GreySteps(255)(g[None]).times[0], 255 - g)


def test_falez_latencies() -> None:
    t = Linear()(np.array([[1.0, 0.25, 0.0, 1.5]])).times
    np.testing.assert_array_equal(t, [[0.0, 0.75, np.inf, 0.0]])


def test_linear_steps() -> None:
    t = LinearSteps(4)(np.array([[1.0, 0.99, 0.5, 0.25, 1e-300, 0.0]])).times
    np.testing.assert_array_equal(t, [[0, 0, 2, 3, 3, 4]])


def test_the_inverse_law() -> None:
    np.testing.assert_array_equal(Inverse(2.0)(np.array([[4.0, 0.0]])).times, [[0.5, np.inf]])


@each
@given(values)
def test_stronger_is_never_later_and_nothing_never_fires(encoder: object, x: np.ndarray) -> None:
    latencies = encoder(x)  # type: ignore[operator]
    assert not latencies.fired[x == 0].any()
    order = np.argsort(x.ravel())
    with np.errstate(invalid="ignore"):
        assert not (np.diff(latencies.times.ravel()[order].astype(np.float64)) > 0).any()


@pytest.mark.parametrize("encoder", [Inverse(3.0), Linear(0.1, 2.0), Logarithmic(0.02, 0.1)])
def test_decoding_gives_the_values_back(encoder: Inverse | Linear | Logarithmic) -> None:
    x = np.array([[0.0, 0.11, 0.5, 1.9]])
    np.testing.assert_allclose(encoder.decode(encoder(x)), x, rtol=1e-12)


def test_steps_are_decoded_to_within_half_of_one() -> None:
    encoder, x = LinearSteps(10), np.linspace(0.0, 1.0, 101)[None]
    decoded = encoder.decode(encoder(x))
    assert np.abs(decoded - x).max() <= 0.05 + 1e-12
    assert decoded[0, 0] == 0.0


def test_seconds_are_not_decoded_from_steps() -> None:
    with pytest.raises(InputError, match="in steps"):
        Linear().decode(Latencies(np.array([[0]]), 3))


@each
def test_what_is_no_intensity(encoder: object) -> None:
    for bad in (np.nan, np.inf, -1.0):
        with pytest.raises(InputError):
            encoder(np.array([[bad]]))  # type: ignore[operator]


def test_parameters_that_make_no_law() -> None:
    for make in (lambda: Linear(0.0), lambda: Inverse(-1.0), lambda: Logarithmic(1.0, 0.0), lambda: LinearSteps(0)):
        with pytest.raises(InputError, match="is above 0"):
            make()
    with pytest.raises(InputError, match="between 0 and 255, the largest is 256"):
        GreySteps()(np.array([[256]]))


def test_the_catalogue_names_them() -> None:
    assert CATALOGUE["grey-steps"] is GreySteps
    assert {type(encoder) for encoder in ALL} <= {CATALOGUE[name] for name in CATALOGUE}


def test_steps_are_those_of_the_law_whatever_the_type() -> None:
    x = np.random.default_rng(0).random((1, 400_000), np.float32)
    np.testing.assert_array_equal(LinearSteps(256)(x).times, LinearSteps(256)(x.astype(np.float64)).times)
