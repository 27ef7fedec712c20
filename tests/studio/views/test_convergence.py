import numpy as np
import pytest

from spikesight.studio.open_run import Empty
from spikesight.studio.query import Query
from spikesight.studio.views import convergence


def test_what_the_run_wrote_stage_by_stage(convolutions):
    told = convergence.answer(convolutions, Query())
    first, second = told["curves"]
    assert [first["name"], second["name"]] == ["conv1", "conv2"]
    np.testing.assert_allclose(first["t"], [0.0, 0.09])
    np.testing.assert_allclose(first["value"], [0.25, 0.025])
    assert first["end"] == pytest.approx(0.09)
    assert second["end"] is None
    assert second["now"] == pytest.approx(0.025)


def test_without_it_the_snapshots_tell(opened):
    told = convergence.answer(opened, Query())
    (curve,) = told["curves"]
    w = opened.trace.weights("input_exc", 0).astype(float)
    assert curve["name"] == "input_exc"
    assert curve["value"][0] == pytest.approx((w * (1 - w)).mean(), rel=1e-3)
    assert len(curve["t"]) == 12


def test_weights_of_either_sign_do_not_converge(pictures):
    with pytest.raises(Empty, match="No weights between 0 and 1"):
        convergence.answer(pictures, Query())
