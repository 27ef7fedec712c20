import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.equations import leaky
from spikesight.equations.reset import ToValue
from spikesight.executors.sequence import FloatType, checked, checked_state, initial_state, typed_constants

EQUATION = leaky.EQUATION


def test_length_and_shape_of_the_inputs() -> None:
    assert checked(EQUATION, {"current": np.zeros((9, 2, 3))}) == (9, (2, 3))
    assert checked(EQUATION, {"current": np.zeros((9, 1), np.int64)}) == (9, (1,))


def test_the_state_at_rest_is_typed() -> None:
    state = initial_state(EQUATION, leaky.Params(rest=-1), (2, 3), np.float32)
    np.testing.assert_array_equal(state["v"], np.full((2, 3), -1, np.float32), strict=True)
    np.testing.assert_array_equal(state["ready"], np.zeros((2, 3), np.int32), strict=True)


def test_a_state_that_fits_is_copied_in_the_order_of_the_equation() -> None:
    given = {"ready": np.array([3, 4]), "v": np.array([0.25, 0.5])}
    state = checked_state(EQUATION, leaky.Params(), given, (2,), np.float32)
    assert list(state) == ["v", "ready"]
    np.testing.assert_array_equal(state["v"], np.array([0.25, 0.5], np.float32), strict=True)
    np.testing.assert_array_equal(state["ready"], np.array([3, 4], np.int32), strict=True)
    state["v"][:] = 7.0
    assert given["v"].tolist() == [0.25, 0.5]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_constants_are_typed_by_what_they_are_not_by_how_they_were_written(dtype: FloatType) -> None:
    params = leaky.Params(rest=0, threshold=1, reset=ToValue(-2), refractory=2e-3)
    constants = leaky.Constants(*typed_constants(EQUATION, params, 1e-3, dtype))
    assert (constants.rest, constants.threshold, constants.landing, constants.refractory) == (0, 1, -2, 3)
    for name, value in constants._asdict().items():
        assert isinstance(value, np.int32 if name == "refractory" else dtype), name


def test_a_time_step_that_is_none() -> None:
    with pytest.raises(InputError, match=r"dt is -0\.001; a time step is a positive number of seconds"):
        typed_constants(EQUATION, leaky.Params(), -1e-3, np.float32)


def test_parameters_of_another_model() -> None:
    with pytest.raises(TypeError, match=r"leaky takes spikesight\.equations\.leaky\.Params, got dict"):
        typed_constants(EQUATION, {}, 1e-3, np.float32)
