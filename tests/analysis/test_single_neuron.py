from typing import Any

import numpy as np
import pytest

from spikesight.analysis import single_neuron
from spikesight.analysis.single_neuron import Constant, adjusted, driven, rates, respond, times
from spikesight.base.errors import InputError, UnknownName
from spikesight.equations import CATALOGUE, izhikevich, leaky


def test_a_published_panel_gives_its_published_times() -> None:
    panel = CATALOGUE["izhikevich"].preset("A")
    response = respond(CATALOGUE["izhikevich"], panel.params, panel.current, panel.dt, panel.seconds)
    np.testing.assert_allclose(response.spikes[:3] * 1e3, [13.0, 17.0, 31.5])
    assert len(response.spikes) == 5
    assert response.rate == pytest.approx(50.0)
    assert response.times[-1] == pytest.approx(0.1)
    assert response.v[0] == pytest.approx(-70.0)
    assert response.as_json()["spikes"] == 5


def test_a_constant_current_begins_after_its_onset() -> None:
    at = np.arange(6) * 2.5e-3
    assert Constant(3.0, onset=5e-3)(at).tolist() == [0.0, 0.0, 0.0, 3.0, 3.0, 3.0]
    response = respond(leaky.EQUATION, leaky.Params(), Constant(2.0, 5e-3), 0.1e-3, 0.1)
    # tau ln 2 after the onset, and at once again and again.
    assert response.spikes[0] == pytest.approx(5e-3 + 20e-3 * np.log(2.0), abs=0.2e-3)
    np.testing.assert_allclose(response.intervals, 20e-3 * np.log(2.0), atol=0.1e-3)


def test_rates_over_currents_are_those_of_the_closed_form() -> None:
    params = leaky.Params(tau=20e-3, threshold=15.0, refractory=2e-3)
    currents = np.array([0.0, 15.0, 20.0, 30.0])
    found = rates(leaky.EQUATION, params, currents, 1e-5, 2.0)
    assert found[:2].tolist() == [0.0, 0.0]
    expected = 1.0 / (2e-3 + 20e-3 * np.log(currents[2:] / (currents[2:] - 15.0)))
    np.testing.assert_allclose(found[2:], expected, atol=0.5)


def test_a_fine_curve_takes_no_more_memory_than_a_coarse_one(monkeypatch: pytest.MonkeyPatch) -> None:
    currents = np.linspace(0.0, 40.0, 37)
    whole = rates(leaky.EQUATION, leaky.Params(threshold=15.0), currents, 1e-4, 0.5)
    widest: list[int] = []
    seen = single_neuron.watch

    def counted(equation: Any, params: Any, drive: Any, dt: float) -> Any:
        widest.append(max(values.size for values in drive.values()))
        return seen(equation, params, drive, dt)

    monkeypatch.setattr(single_neuron, "watch", counted)
    monkeypatch.setattr(single_neuron, "VALUES_AT_ONCE", 20_000)
    np.testing.assert_array_equal(rates(leaky.EQUATION, leaky.Params(threshold=15.0), currents, 1e-4, 0.5), whole)
    assert max(widest) <= 20_000
    # One current at a time where a single one is more than that; none at all is no error.
    monkeypatch.setattr(single_neuron, "VALUES_AT_ONCE", 10)
    np.testing.assert_array_equal(rates(leaky.EQUATION, leaky.Params(threshold=15.0), currents, 1e-4, 0.5), whole)
    assert rates(leaky.EQUATION, leaky.Params(), np.zeros(0), 1e-4, 0.5).shape == (0,)


@pytest.mark.parametrize("name", sorted(CATALOGUE))
def test_every_model_can_be_looked_at(name: str) -> None:
    equation = CATALOGUE[name]
    response = respond(equation, equation.params(), Constant(0.0), equation.usual_dt, 20 * equation.usual_dt)
    assert len(response.spikes) == 0
    assert np.isfinite(response.v).all()
    assert driven(equation) in (*equation.inputs, *equation.targets)


def test_numbers_are_changed_by_name() -> None:
    changed = adjusted(izhikevich.Params(), {"a": "0.1", "initial_v": "-60", "v_steps": "2"})
    assert changed == izhikevich.Params(a=0.1, initial_v=-60.0, v_steps=2)


@pytest.mark.parametrize(
    ("words", "kind", "message"),
    [
        ({"tua": "1"}, UnknownName, r"no parameter of this model is called 'tua'. Did you mean tau\?"),
        ({"tau": "long"}, InputError, r"parameter 'tau' takes a number \(float\), got 'long'"),
        ({"reset": "0"}, InputError, "parameter 'reset' is no number: set it in Python"),
        ({"tau": "-1"}, InputError, "tau is -1.0; a time constant is a positive number"),
    ],
)
def test_what_cannot_be_changed(words: Any, kind: Any, message: str) -> None:
    with pytest.raises(kind, match=message):
        adjusted(leaky.Params(), words)


@pytest.mark.parametrize(("dt", "seconds"), [(0.0, 1.0), (2.0, 1.0), (1e-9, 1.0)])
def test_times_that_are_none_or_too_many(dt: float, seconds: float) -> None:
    with pytest.raises(InputError, match=r"dt is|are 1000000000 steps; at most"):
        times(dt, seconds)
