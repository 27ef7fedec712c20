"""The published values of other libraries' surrogates at -0.5, 0, 0.25 and 1, and those libraries, where installed."""

from __future__ import annotations

import numpy as np
import pytest

from spikesight.equations.surrogate import slope
from spikesight.equations.surrogate_names import NORSE, S2NET, SINABS, SNNTORCH, SPIKINGJELLY, ZENKE

WHERE = [-0.5, 0.0, 0.25, 1.0]
TABLE = {
    "PiecewiseQuadratic": (0.5, 1, 0.75, 0),
    "PiecewiseExp": (0.30327, 0.5, 0.3894, 0.18394),
    "Sigmoid": (0.41997, 1, 0.78645, 0.07065),
    "SoftSign": (0.25, 1, 0.44444, 0.11111),
    "SuperSpike": (0.44444, 1, 0.64, 0.25),
    "ATan": (0.2884, 1, 0.61849, 0.092),
    "NonzeroSignLogAbs": (0.66667, 1, 0.8, 0.5),
    "Erf": (0.41511, 1.12838, 0.87878, 0.02067),
    "PiecewiseLeakyReLU": (0.5, 0.5, 0.5, 0.01),
    "SquarewaveFourierSeries": (0.46194, 0.5, 0.49039, 0.35355),
    "S2NN": (0.41997, 1, 0.8, 0.5),
    "QPseudoSpike": (0.25, 1, 0.44444, 0.11111),
    "LeakyKReLU": (0, 1, 1, 1),
    "FakeNumericalGradient": (0.3, 0.3, 0.3, 0.3),
    "LogTailedReLU": (0, 0, 1, 1),
    "Rect": (0, 1, 1, 0),
    "DeterministicPass": (1, 1, 1, 1),
}
SNNTORCH_TABLE = {
    "atan": (0.2884, 1, 0.61849, 0.092),
    "fast_sigmoid": (0.00549, 1, 0.01902, 0.00148),
    "sigmoid": (9e-05, 6.25, 0.04808, 0),
    "triangular": (1, -1, -1, -1),
    "spike_rate_escape": (5.578, 9.197, 11.809, 25),
    "straight_through_estimator": (1, 1, 1, 1),
    "LSO": (0.1, 1, 1, 1),
}
FAR = np.linspace(-3.0, 3.0, 25) + 0.0123


@pytest.mark.parametrize("name", TABLE)
def test_spikingjelly(name: str) -> None:
    np.testing.assert_allclose(slope(SPIKINGJELLY[name](), np.array(WHERE), np), TABLE[name], atol=6e-6)


@pytest.mark.parametrize("name", SNNTORCH_TABLE)
def test_snntorch(name: str) -> None:
    expected = SNNTORCH_TABLE[name]
    np.testing.assert_allclose(slope(SNNTORCH[name](), np.array(WHERE), np), expected, rtol=1e-4, atol=6e-6)


def test_tables_are_whole() -> None:
    assert set(TABLE) == set(SPIKINGJELLY)
    assert set(SNNTORCH_TABLE) == set(SNNTORCH)


def test_peaks_of_the_others() -> None:
    zero = np.zeros(1)
    peaks = {name: float(slope(make(), zero, np)[0]) for name, make in NORSE.items()}
    assert peaks == pytest.approx({"super": 1, "triangle": 0.3, "tanh": 1, "heavi_erfc": 1.12838, "circ": 1}, rel=1e-5)
    assert slope(ZENKE, zero, np) == 1.0
    assert slope(S2NET, zero, np) == 0.25


def test_the_sigmoid_that_is_nan_in_snntorch_is_a_number_here() -> None:
    values = slope(SNNTORCH["sigmoid"](), np.array([-4.0, 4.0], np.float32), np)
    np.testing.assert_array_equal(values, values[::-1])
    assert 0.0 <= values[0] < 1e-30


def gradient(function, u):
    torch = pytest.importorskip("torch")
    x = torch.tensor(u, dtype=torch.float64, requires_grad=True)
    function(x).sum().backward()
    return x.grad.numpy()


@pytest.mark.oracle
@pytest.mark.parametrize("name", TABLE)
def test_spikingjelly_itself(name: str) -> None:
    theirs = pytest.importorskip("spikingjelly.activation_based.surrogate")
    np.testing.assert_allclose(slope(SPIKINGJELLY[name](), FAR, np), gradient(getattr(theirs, name)(), FAR), rtol=1e-9)


@pytest.mark.oracle
@pytest.mark.parametrize("name", [name for name in SNNTORCH_TABLE if name != "LSO"])  # whose constructor fails there
def test_snntorch_itself(name: str) -> None:
    theirs = pytest.importorskip("snntorch.surrogate")
    np.testing.assert_allclose(slope(SNNTORCH[name](), FAR, np), gradient(getattr(theirs, name)(), FAR), rtol=1e-9)


@pytest.mark.oracle
@pytest.mark.parametrize("name", NORSE)
def test_norse_itself(name: str) -> None:
    torch, theirs = pytest.importorskip("torch"), pytest.importorskip("norse.torch.functional.threshold")
    alpha = 1.0 if name == "super" else 0.7  # 1.1.0 leaves it out of "super"
    found = gradient(lambda x: theirs.threshold(x, name, torch.tensor(alpha)), FAR)
    np.testing.assert_allclose(slope(NORSE[name](alpha), FAR, np), found, rtol=1e-6)


@pytest.mark.oracle
@pytest.mark.parametrize("name", SINABS)
def test_sinabs_itself(name: str) -> None:
    torch, theirs = pytest.importorskip("torch"), pytest.importorskip("sinabs.activation")
    found = getattr(theirs, name)()(torch.tensor(FAR + 1.0), 1.0).numpy()
    np.testing.assert_allclose(slope(SINABS[name](), FAR, np), found, rtol=1e-6)
