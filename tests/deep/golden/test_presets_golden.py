"""Presets against spikes that the libraries themselves produced once, and, where one is installed, produce now."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from elsewhere import CASES, drive  # noqa: E402

from spikesight.deep import presets as ours  # noqa: E402
from spikesight.equations.reset import NoReset, Subtract, ToValue  # noqa: E402
from spikesight.executors import Reference  # noqa: E402

HERE = Path(__file__).parent
PRESETS: dict[str, Any] = {
    "spikingjelly if": lambda: ours.spikingjelly_if(),
    "spikingjelly if soft": lambda: ours.spikingjelly_if(v_reset=None),
    "spikingjelly if to -0.2": lambda: ours.spikingjelly_if(v_reset=-0.2),
    "spikingjelly lif": lambda: ours.spikingjelly_lif(v_threshold=0.5),
    "spikingjelly lif tau 3.3 soft": lambda: ours.spikingjelly_lif(3.3, v_threshold=0.5, v_reset=None),
    "spikingjelly lif to -0.1": lambda: ours.spikingjelly_lif(3.3, v_threshold=0.35, v_reset=-0.1),
    "spikingjelly lif undecayed": lambda: ours.spikingjelly_lif(3.3, decay_input=False),
    "spikingjelly lif undecayed soft": lambda: ours.spikingjelly_lif(2.0, decay_input=False, v_reset=None),
    "spikingjelly plif": lambda: ours.SpikingJellyPLIF(2.7, v_threshold=0.5),
    "spikingjelly plif undecayed soft": lambda: ours.SpikingJellyPLIF(2.7, decay_input=False, v_reset=None),
    "snntorch leaky": lambda: ours.snntorch_leaky(0.87),
    "snntorch leaky zero": lambda: ours.snntorch_leaky(0.87, reset=ToValue(0.0)),
    "snntorch leaky none": lambda: ours.snntorch_leaky(0.5, 0.75, NoReset()),
    "snntorch synaptic": lambda: ours.snntorch_synaptic(0.6, 0.87, 1.5),
    "snntorch synaptic zero": lambda: ours.snntorch_synaptic(0.6, 0.87, 1.5, ToValue(0.0)),
    "norse iaf": lambda: ours.norse_iaf(v_reset=0.25),
    "norse lif box": lambda: ours.norse_lif_box(300.0, 0.5),
    "norse lif box subtract": lambda: ours.norse_lif_box(300.0, 0.25, Subtract()),
    "norse lif": lambda: ours.norse_lif(),
    "norse lif slow": lambda: ours.norse_lif(70.0, 130.0, 0.5, -0.1),
    "sinabs lif": lambda: ours.sinabs_lif(3.0, spike_threshold=0.5),
    "sinabs lif raw zero": lambda: ours.sinabs_lif(7.0, reset=ToValue(0.0), norm_input=False),
    "sinabs lif synaptic": lambda: ours.sinabs_lif(3.0, 5.0, 0.5),
    "sinabs iaf": lambda: ours.sinabs_iaf(),
}


@pytest.fixture(scope="module")
def golden() -> Iterator[Any]:
    with np.load(HERE / "presets.npz") as kept:
        yield kept


def test_every_case_is_there(golden: Any) -> None:
    assert set(PRESETS) == set(CASES)
    assert set(golden.files) == {"x", *(f"{name}/{part}" for name in CASES for part in ("spikes", "v"))}
    assert set(json.loads((HERE / "presets.json").read_text())) == {
        "spikingjelly",
        "snntorch",
        "norse",
        "sinabs",
        "torch",
    }
    np.testing.assert_array_equal(golden["x"], drive().numpy())


@pytest.mark.parametrize("name", PRESETS)
def test_spike_for_spike(golden: Any, name: str) -> None:
    x = torch.from_numpy(golden["x"])
    spikes, state = PRESETS[name]().run(x)
    found = spikes.detach().numpy() != 0
    assert 0.05 < found.mean() < 0.9
    np.testing.assert_array_equal(np.packbits(found), golden[f"{name}/spikes"])
    np.testing.assert_array_equal(state.v.detach().numpy(), golden[f"{name}/v"])


@pytest.mark.parametrize("name", [name for name in PRESETS if "plif" not in name])
def test_the_reference_has_the_same_spikes(golden: Any, name: str) -> None:
    neuron = PRESETS[name]()
    drive_ = {neuron.equation.inputs[0]: golden["x"]}
    spikes, _ = Reference().run(neuron.equation, neuron.params[0], drive_, neuron.dt, dtype=np.float32)
    np.testing.assert_array_equal(np.packbits(spikes), golden[f"{name}/spikes"])


@pytest.mark.oracle
@pytest.mark.parametrize("name", CASES)
def test_the_library_itself(golden: Any, name: str) -> None:
    library, run = CASES[name]
    pytest.importorskip(library)
    with torch.no_grad():
        spikes, v = run(drive())
    np.testing.assert_array_equal(np.packbits(spikes.numpy() != 0), golden[f"{name}/spikes"])
    np.testing.assert_array_equal(v.numpy(), golden[f"{name}/v"])
