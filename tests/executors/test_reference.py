import numpy as np

from spikesight.equations import leaky
from spikesight.executors.reference import advance_in_place
from spikesight.executors.sequence import typed_constants


def test_a_population_is_advanced_where_it_is() -> None:
    params = leaky.Params(refractory=2e-3, drive=leaky.Charge())
    constants = typed_constants(leaky.EQUATION, params, 1e-3, np.float64)
    v, ready = np.array([0.0, 0.5, 0.0, 0.5]), np.zeros(4, np.int32)
    fired = advance_in_place(leaky.EQUATION, {"v": v, "ready": ready}, (np.array([1.0, 0.0, 0.25, 0.9]),), 5, constants)
    assert fired.tolist() == [0, 3]
    np.testing.assert_allclose(v, [0.0, 0.5 * np.exp(-0.05), 0.25, 0.0], rtol=1e-15)
    assert ready.tolist() == [8, 0, 0, 8]
