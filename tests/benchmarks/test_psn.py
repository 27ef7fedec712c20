import pytest

from spikesight.base.errors import SpikesightError

torch = pytest.importorskip("torch", reason="the extra `train` is not installed")
from spikesight.benchmarks import CATALOGUE, psn  # noqa: E402
from spikesight.deep.neurons.parallel import PSN  # noqa: E402


@pytest.fixture
def small(monkeypatch):
    for name, value in (("STEPS", (4, 16)), ("BATCH", 4), ("NEURONS", 64), ("TURNS", 3)):
        monkeypatch.setattr(psn, name, value)


def test_ratios_and_a_curve(small):
    threads = torch.get_num_threads()
    report = CATALOGUE["psn"]()
    assert report.name == "psn"
    assert report.ratios["lif_over_psn_t16"] > 1.0
    curve = report.curves["forwards and backwards"]
    assert curve.x == [4.0, 16.0]
    assert set(curve.y) == {"lif", "psn", "sliding"}
    assert all(value > 0.0 for values in curve.y.values() for value in values)
    assert torch.get_num_threads() == threads


def test_other_spikes_are_an_error(monkeypatch):
    monkeypatch.setattr(PSN, "_membrane", lambda self, x: x)
    with pytest.raises(SpikesightError, match="does not fire"):
        psn.check_same_spikes()
