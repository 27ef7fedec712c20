"""Formulas are held by the published values, areas by quadrature, and every surrogate by what all of them keep."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from numba import njit
from scipy.integrate import quad

from spikesight.base.errors import InputError
from spikesight.equations import one_sided, surrogate
from spikesight.equations.one_sided import Escape, LogTail, SigmoidThenReciprocal, StepSlope
from spikesight.equations.surrogate import (
    Algebraic,
    ArcTan,
    Box,
    CappedReciprocal,
    Exponential,
    FastSigmoid,
    Gaussian,
    LogAbs,
    PseudoSpike,
    Sigmoid,
    SquareWave,
    Surrogate,
    Triangle,
    slope,
)
from spikesight.executors.elementary import FUNCTIONS

EVEN = {
    "arc tan": ArcTan(),
    "sigmoid": Sigmoid(),
    "fast sigmoid": FastSigmoid(),
    "triangle": Triangle(),
    "exponential": Exponential(),
    "gaussian": Gaussian(),
    "algebraic": Algebraic(),
    "box": Box(),
    "leaky box": Box(1.0, 0.01),
    "log abs": LogAbs(),
    "capped reciprocal": CappedReciprocal(),
    "pseudo spike": PseudoSpike(),
    "square wave": SquareWave(3, 8.0),
}
ONE_SIDED = {
    "step": StepSlope(),
    "straight through": StepSlope(1.0, 1.0),
    "log tail": LogTail(),
    "sigmoid, reciprocal": SigmoidThenReciprocal(),
    "escape": Escape(),
}
ALL = EVEN | ONE_SIDED
BY_SLOPE = {
    "arc tan": ArcTan,
    "sigmoid": Sigmoid,
    "triangle": Triangle,
    "exponential": Exponential,
    "gaussian": Gaussian,
    "algebraic": Algebraic,
}


def at(one: Surrogate, u: Any) -> Any:
    return slope(one, np.asarray(u, np.float64), np)


def test_every_surrogate_is_in_this_file() -> None:
    written = {
        value
        for module in (surrogate, one_sided)
        for value in vars(module).values()
        if isinstance(value, type) and value.__module__ == module.__name__ and value.__name__ != "Surrogate"
    }
    assert written == {type(one) for one in ALL.values()}


@pytest.mark.parametrize("name", EVEN)
def test_even(name: str) -> None:
    u = np.random.default_rng(1).normal(0.0, 2.0, 1000)
    np.testing.assert_array_equal(at(EVEN[name], u), at(EVEN[name], -u))


@pytest.mark.parametrize("name", ONE_SIDED)
def test_one_sided(name: str) -> None:
    if name == "straight through":
        pytest.skip("the same on both sides")
    assert at(ONE_SIDED[name], -0.7) != at(ONE_SIDED[name], 0.7)


@pytest.mark.parametrize("a", [0.5, 2.0, 7.0])
@pytest.mark.parametrize("name", [*BY_SLOPE, "box", "soft sign", "pseudo spike"])
def test_area_is_one(name: str, a: float) -> None:
    others = {"box": Box(a), "soft sign": FastSigmoid(a, scale=a / 2.0), "pseudo spike": PseudoSpike(1.0 + a)}
    one = BY_SLOPE[name](a) if name in BY_SLOPE else others[name]
    end = 1.0 / a if name == "triangle" else a if name == "box" else math.inf
    area = 2.0 * quad(lambda u: float(at(one, u)), 0.0, end)[0]
    assert area == pytest.approx(1.0, rel=1e-6)


@pytest.mark.parametrize("name", BY_SLOPE)
def test_a_slope_narrows_and_heightens_alike(name: str) -> None:
    u, a = np.linspace(-2.0, 2.0, 41), 3.0
    np.testing.assert_allclose(at(BY_SLOPE[name](a), u), a * at(BY_SLOPE[name](1.0), a * u), rtol=1e-12)


def test_those_that_do_not_scale_so() -> None:
    u = np.linspace(0.1, 2.0, 20)
    assert not np.allclose(at(FastSigmoid(3.0), u), 3.0 * at(FastSigmoid(1.0), 3.0 * u))
    assert not np.allclose(at(PseudoSpike(3.0), u), 3.0 * at(PseudoSpike(2.0), 3.0 * u))


@pytest.mark.parametrize("name", [*BY_SLOPE, "fast sigmoid"])
def test_scale_multiplies(name: str) -> None:
    kind, u = {**BY_SLOPE, "fast sigmoid": FastSigmoid}[name], np.linspace(-2.0, 2.0, 9)
    np.testing.assert_allclose(at(kind(2.0, scale=5.0), u), 5.0 * at(kind(2.0), u), rtol=1e-14)


@pytest.mark.parametrize("name", ALL)
def test_nothing_overflows_in_single_precision(name: str) -> None:
    u = np.array([-1e30, -1e4, -30.0, -4.0, 0.0, 4.0, 30.0, 1e4, 1e30], np.float32)
    with np.errstate(over="ignore", under="ignore"):
        values = slope(ALL[name], u, np)
    assert values.dtype == np.float32
    assert np.isfinite(values).all()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", ALL)
def test_torch_gives_the_numbers_of_numpy_in_their_type(name: str, dtype: Any) -> None:
    torch = pytest.importorskip("torch")
    u = np.random.default_rng(2).normal(0.0, 1.5, (7, 5)).astype(dtype)
    in_torch = slope(ALL[name], torch.from_numpy(u), torch).numpy()
    in_numpy = slope(ALL[name], u, np)
    assert in_torch.dtype == in_numpy.dtype == dtype
    np.testing.assert_allclose(in_torch, in_numpy, rtol=1e-5 if dtype == np.float32 else 1e-13)


@njit
def _where(condition, a, b):  # type: ignore[no-untyped-def]
    return a if condition else b


@pytest.mark.parametrize("name", ALL)
def test_numba_gives_the_numbers_of_numpy(name: str) -> None:
    one = ALL[name]
    derivative, tools = njit(type(one).derivative), tuple(njit(FUNCTIONS[tool]) for tool in one.functions)
    for u in (-1.2, -0.0, 0.0, 0.3, 2.0):
        assert derivative(u, _where, *tools, *one.constants) == pytest.approx(float(at(one, u)), rel=1e-13)


@pytest.mark.parametrize("kind", [*BY_SLOPE.values(), FastSigmoid, Box, LogAbs])
@pytest.mark.parametrize("bad", [0.0, -1.0, math.nan])
def test_slopes_that_are_none(kind: Any, bad: float) -> None:
    with pytest.raises(InputError):
        kind(bad)


def test_series_and_tails_that_are_none() -> None:
    with pytest.raises(InputError, match="a term at least"):
        SquareWave(0)
    with pytest.raises(InputError, match="above 1"):
        PseudoSpike(1.0)


@pytest.mark.parametrize("name", ALL)
def test_what_is_no_number_is_not_hidden(name: str) -> None:
    found = slope(ALL[name], np.array([math.nan, 0.25]), np)
    assert math.isnan(found[0])
    assert math.isfinite(found[1])
