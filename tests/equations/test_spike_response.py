import math
from typing import Any

import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.equations import current, leaky, spike_response
from spikesight.equations.reset import Subtract, ToValue
from spikesight.equations.spike_response import EveryFiring, InputsForgotten, LastFiring
from spikesight.executors import FusedCpu

EQUATION = spike_response.EQUATION


def follow(equation: Any, params: Any, drive: Any, dt: float) -> tuple[Any, Any]:
    """Spikes and membrane after each step."""
    state, spikes, v = None, [], []
    for k, value in enumerate(drive):
        fired, state = FusedCpu().run(
            equation, params, {"current": np.full((1, 1), value)}, dt, state=state, start=k, dtype=np.float64
        )
        spikes.append(bool(fired[0, 0]))
        v.append(float(state["v"][0]))
    return np.array(spikes), np.array(v)


@pytest.mark.parametrize(
    ("after_spike", "reset"), [(EveryFiring(), Subtract()), (InputsForgotten(), ToValue(0.0))], ids=["eta", "forget"]
)
def test_it_is_the_leaky_neuron_with_the_matching_reset(after_spike: Any, reset: Any) -> None:
    kicks = np.random.default_rng(5).exponential(0.12, 400)
    srm = spike_response.Params(tau=10e-3, tau_syn=0.0, after_spike=after_spike)
    lif = leaky.Params(tau=10e-3, reset=reset, drive=leaky.Charge())
    (spikes, v), (expected, membrane) = (
        follow(EQUATION, srm, kicks, 1e-3),
        follow(leaky.EQUATION, lif, kicks, 1e-3),
    )
    assert expected.sum() > 20
    assert spikes.tolist() == expected.tolist()
    np.testing.assert_allclose(v, membrane, atol=1e-12)


def test_the_mixed_pairs_differ() -> None:
    kicks = [0.7] * 5
    found = {
        kind: follow(EQUATION, spike_response.Params(10e-3, 0.0, after_spike=kind), kicks, 5e-3)
        for kind in (EveryFiring(), LastFiring(), InputsForgotten())
    }
    times = {kind: (np.flatnonzero(spikes) * 5).tolist() for kind, (spikes, _) in found.items()}
    assert times == {EveryFiring(): [5, 15], InputsForgotten(): [5, 15], LastFiring(): [5, 15, 20]}
    assert found[InputsForgotten()][1][2] == pytest.approx(0.7)
    assert found[EveryFiring()][1][2] == pytest.approx(0.775556, abs=5e-7)
    # It has fired at 20: the eta of the spike at 15 has given way to a new one.
    assert found[LastFiring()][1][4] + 1.0 - math.exp(-0.5) == pytest.approx(1.026482, abs=5e-7)


def test_an_input_peaks_at_its_weight() -> None:
    dt = 1e-5
    params = spike_response.Params(tau=20e-3, tau_syn=5e-3, threshold=10.0)
    _, v = follow(EQUATION, params, [0.8, *[0.0] * 2000], dt)
    assert v.max() == pytest.approx(0.8, rel=1e-6)
    assert np.argmax(v) * dt == pytest.approx(math.log(4.0) * 20e-3 * 5e-3 / 15e-3, abs=dt)
    s = np.arange(2001) * dt
    kernel = np.exp(-s / 20e-3) - np.exp(-s / 5e-3)
    np.testing.assert_allclose(v, 0.8 * kernel / (4.0 ** (-1 / 3) - 4.0 ** (-4 / 3)), atol=1e-12)


def test_up_to_its_first_spike_it_is_the_neuron_with_a_current_synapse() -> None:
    tau, tau_syn, dt = 20e-3, 5e-3, 0.1e-3
    scale = tau_syn / (tau - tau_syn) * spike_response.peak(tau, tau_syn)
    kicks = np.zeros(1000)
    kicks[[0, 13, 300, 310, 700]] = 0.4
    _, v = follow(EQUATION, spike_response.Params(tau, tau_syn, threshold=9.0), kicks, dt)
    state, membrane = None, []
    for k, kick in enumerate(kicks):
        _, state = FusedCpu().run(
            current.EQUATION, current.Params(tau, tau_syn, threshold=9.0), {"current": np.zeros((1, 1))}, dt,
            state=state, start=k, dtype=np.float64,
        )  # fmt: skip
        state["i"] += kick / scale
        membrane.append(float(state["v"][0]))
    np.testing.assert_allclose(v, membrane, atol=1e-12)


def test_the_after_potential_and_the_clamp() -> None:
    params = spike_response.Params(10e-3, 0.0, refractory=2e-3)
    spikes, v = follow(EQUATION, params, [1.0, 5.0, 5.0, 0.0, 0.0], 1e-3)
    assert np.flatnonzero(spikes).tolist() == [0, 3]
    assert v[0] == 0.0
    lone = follow(EQUATION, spike_response.Params(10e-3, 0.0, after_spike=LastFiring()), [1.5, 0.0, 0.0], 1e-3)[1]
    np.testing.assert_allclose(lone, 0.5 * np.exp(-np.arange(3) / 10), atol=1e-12)


@pytest.mark.parametrize("tau_syn", [20e-3, 30e-3, -1e-3])
def test_the_synapse_is_the_faster_one(tau_syn: float) -> None:
    with pytest.raises(InputError, match=r"tau_syn is .* the synapse is the faster one"):
        spike_response.Params(tau_syn=tau_syn)
