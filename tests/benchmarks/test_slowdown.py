import pytest

from spikesight.benchmarks import slowdown


@pytest.fixture(autouse=True)
def _short(monkeypatch):
    for name, value in {"WARM_UP": 2, "BLOCKS": 2, "IMAGES": 3, "BATCHES": 1, "BATCH": 4, "STEPS": 5}.items():
        monkeypatch.setattr(slowdown, name, value)


def test_recording_a_circuit():
    assert 0.2 < slowdown.diehl_cook() < 20  # so few images tell little: that it is measured at all


def test_recording_a_deep_network():
    pytest.importorskip("torch")
    assert 0.2 < slowdown.deep() < 20


def test_without_torch_only_circuits_are_measured(monkeypatch):
    monkeypatch.setattr(slowdown, "find_spec", lambda name: None)
    monkeypatch.setattr(slowdown, "diehl_cook", lambda: 1.5)
    assert slowdown.ratios() == {"recording_slowdown": 1.5}
