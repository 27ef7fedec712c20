from __future__ import annotations

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed (the optional extra 'train')")

from spikesight.base.errors import SpikesightError  # noqa: E402
from spikesight.benchmarks import CATALOGUE, lif, other_libraries  # noqa: E402
from spikesight.benchmarks.plain_lif import plain_lif  # noqa: E402
from spikesight.executors.reused_memory import STORE  # noqa: E402


@pytest.fixture
def little(monkeypatch: pytest.MonkeyPatch) -> None:
    """The benchmark on few neurons, with no library but ours."""
    monkeypatch.setattr(lif, "SIZES", {"t16": (16, 4, 2048), "t500": (50, 2, 512)})
    monkeypatch.setattr(lif, "TURNS", 2)
    monkeypatch.setattr(other_libraries, "_module", _absent)


def _absent(name: str) -> None:
    raise ImportError(name)


def test_figures_and_ratios(little: None) -> None:
    report = CATALOGUE["lif"]()
    assert report.name == "lif"
    for name in ("forward_t16_vs_loop", "train_t16_vs_loop", "train_t500_vs_loop", "forward_t16_uint8_vs_loop"):
        assert report.ratios[name] > 0.0
    assert report.ratios["over_floor_train_t16"] > 0.0
    assert "extra_bytes_per_neuron_step" in report.figures
    assert STORE.most_idle is None, "what was set for the measurement is set back"


def test_other_spikes_are_an_error(little: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lif, "plain_lif", lambda x, decay: plain_lif(x, decay * 0.99))
    with pytest.raises(SpikesightError, match="other spikes than the loop"):
        lif.measure()


def test_the_loop_by_hand() -> None:
    x = torch.tensor([[0.6], [0.6], [0.6]])
    assert plain_lif(x, 0.5).flatten().tolist() == [0.0, 0.0, 1.0]
    assert plain_lif(x, 1.0).flatten().tolist() == [0.0, 1.0, 0.0]


def test_a_peak_is_seen() -> None:
    peak = lif.peak_bytes(lambda: torch.ones(8_000_000))
    assert peak == 0 or 24e6 < peak < 60e6, "0 where the system does not say"
