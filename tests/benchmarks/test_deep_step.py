from __future__ import annotations

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed (the optional extra 'train')")

from spikesight.benchmarks import CATALOGUE, deep_step  # noqa: E402


def test_figures_and_ratios(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, small in (("BATCH", 2), ("MAPS", 4), ("HIDDEN", 16), ("TURNS", 1)):
        monkeypatch.setattr(deep_step, name, small)
    report = CATALOGUE["deep-step"]()
    assert set(report.ratios) == {"compiled_vs_loop", "held_vs_loop"}
    assert all(value > 0.0 for value in (*report.ratios.values(), *report.figures.values()))


def test_the_three_networks_are_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deep_step, "MAPS", 4)
    monkeypatch.setattr(deep_step, "HIDDEN", 16)
    x = torch.rand(3, 1, 28, 28, generator=torch.Generator().manual_seed(0))
    outputs = {name: net.eval()(x) for name, net in deep_step.networks().items()}
    assert outputs["loop"].shape == (4, 3, 10)
    for name in ("compiled", "held"):
        torch.testing.assert_close(outputs[name], outputs["loop"], rtol=1e-5, atol=1e-6)
