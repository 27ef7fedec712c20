"""Convolutions one behind the other, as a trace describes them."""

import pytest

from spikesight.base.errors import InputError
from spikesight.first_spike.convolution import Convolution
from spikesight.first_spike.pooling import Pooling
from spikesight.first_spike.stage import Stage
from spikesight.first_spike.staged import pooled, sketched
from spikesight.trace.schema import Layer

STAGES = (
    Stage("one", Convolution(3, (3, 3), 1.0, padding=(1, 1)), Pooling((2, 2))),
    Stage("two", Convolution(5, (2, 2), 1.0)),
)


def test_a_layer_for_each_stage_and_for_its_pooling():
    sketch = sketched(Layer("input", (2, 6, 8), channels=("ON", "OFF")), STAGES, 15)
    assert [(layer.name, layer.shape) for layer in sketch.layers] == [
        ("input", (2, 6, 8)), ("one", (3, 6, 8)), ("one_pooled", (3, 3, 4)), ("two", (5, 2, 3)),
    ]  # fmt: skip
    assert [(one.name, one.pre, one.post, one.shape) for one in sketch.projections] == [
        ("input_one", "input", "one", (18, 3)),
        ("one_one_pooled", "one", "one_pooled", (4, 3)),
        ("one_pooled_two", "one_pooled", "two", (12, 5)),
    ]
    assert [one.kernel.pools for one in sketch.projections] == [False, True, False]
    assert (sketch.steps, sketch.layers[0].channels) == (15, ("ON", "OFF"))
    assert pooled(STAGES[0]) == "one_pooled"


def test_a_window_that_does_not_fit():
    with pytest.raises(InputError, match="does not fit"):
        sketched(Layer("input", (2, 1, 1)), STAGES, 15)
