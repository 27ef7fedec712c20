import pytest

from spikesight.studio.metrics import metric


@pytest.mark.parametrize(
    ("metrics", "found"),
    [({"accuracy": 0.5}, 0.5), ({"accuracy": 1}, 1.0), ({"accuracy": None}, None), ({}, None), (None, None)],
)
def test_a_metric_or_none(metrics, found):
    assert metric({"metrics": metrics}, "accuracy") == found
    assert metric({}, "accuracy") is None
