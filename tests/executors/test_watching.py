from __future__ import annotations

import numpy as np
import pytest

from spikesight.base.errors import InputError, UnknownName
from spikesight.equations import CATALOGUE
from spikesight.executors import Reference
from spikesight.executors.reference import advance_in_place
from spikesight.executors.sequence import initial_state, typed_constants
from spikesight.executors.watching import watch


def test_what_is_seen_is_what_the_reference_computes() -> None:
    equation = CATALOGUE["adaptive"]
    drive = {"current": np.random.default_rng(0).uniform(0.0, 5.0, (200, 3))}
    seen = watch(equation, equation.params(), drive, 1e-3, ("v", "theta"))
    spikes, state = Reference().run(equation, equation.params(), drive, 1e-3, dtype=np.float64)
    assert spikes.sum() > 10
    np.testing.assert_array_equal(seen.spikes, spikes)
    for field, values in state.items():
        np.testing.assert_array_equal(seen.state[field], values)
    shorter = {"current": drive["current"][:57]}
    _, then = Reference().run(equation, equation.params(), shorter, 1e-3, dtype=np.float64)
    for field in ("v", "theta"):
        np.testing.assert_array_equal(seen.fields[field][56], then[field])


@pytest.mark.parametrize("name", ["conductance", "adaptive_conductance"])
def test_models_without_inputs_are_driven_by_kicks(name: str) -> None:
    equation, dt = CATALOGUE[name], 0.5e-3
    params = equation.params()
    kicks = {"g_e": np.random.default_rng(0).exponential(2.0, (100, 4)), "g_i": np.full((100, 4), 0.1)}
    seen = watch(equation, params, kicks, dt, ("g_e",))
    state, constants = (
        initial_state(equation, params, (4,), np.float64),
        typed_constants(equation, params, dt, np.float64),
    )
    for k in range(100):
        for field, values in kicks.items():
            state[field] += values[k]
        fired = advance_in_place(equation, state, (), k, constants)
        assert np.flatnonzero(seen.spikes[k]).tolist() == fired.tolist()
        np.testing.assert_array_equal(seen.fields["g_e"][k], state["g_e"])
    assert seen.spikes.any()


def test_what_is_not_there() -> None:
    leaky = CATALOGUE["leaky"]
    some = {"current": np.ones((3, 2))}
    with pytest.raises(UnknownName, match=r"no input of leaky is called 'curent'. Did you mean current\?"):
        watch(leaky, leaky.params(), {"curent": np.ones((3, 2))}, 1e-3)
    with pytest.raises(UnknownName, match="no state field of leaky is called 'w'"):
        watch(leaky, leaky.params(), some, 1e-3, ("w",))
    with pytest.raises(InputError, match=r"one shape \(T, n\), got .*\(3,\)"):
        watch(leaky, leaky.params(), {"current": np.ones(3)}, 1e-3)
    with pytest.raises(InputError, match=r"one shape \(T, n\), got nothing"):
        watch(leaky, leaky.params(), {}, 1e-3)
    with pytest.raises(InputError, match="'current' of leaky holds NaN"):
        watch(leaky, leaky.params(), {"current": np.full((3, 1), np.nan)}, 1e-3)
