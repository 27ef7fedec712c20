"""What other libraries make of one input: run as a script, where they are installed, it writes the golden spikes.

``python tests/deep/golden/elsewhere.py`` writes presets.npz and presets.json beside this file.
"""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import torch

HERE = Path(__file__).parent
Ran = tuple[Any, Any]
"""Spikes (T, B, C) and the membrane at the end (B, C)."""


def drive() -> Any:
    """Return an input (60, 2, 8): half of the neurons get quarters, which meet a threshold of 1 exactly."""
    random = np.random.default_rng(6)
    rough = random.normal(0.35, 0.6, (60, 2, 4))
    quarters = random.integers(-1, 4, (60, 2, 4)) / 4.0
    return torch.from_numpy(np.concatenate([rough, quarters], axis=2).astype(np.float32))


def spikingjelly(kind: str, **more: Any) -> Callable[[Any], Ran]:
    def run(x: Any) -> Ran:
        neuron = importlib.import_module("spikingjelly.activation_based.neuron")
        layer = getattr(neuron, kind)(step_mode="m", **more)
        return layer(x), layer.v

    return run


def snntorch(kind: str, *numbers: float, **more: Any) -> Callable[[Any], Ran]:
    def run(x: Any) -> Ran:
        layer = getattr(importlib.import_module("snntorch"), kind)(*numbers, **more)
        state = layer.reset_mem()
        state, spikes = state if isinstance(state, tuple) else (state,), []
        for step in x:
            spike, *state = layer(step, *state)
            spikes.append(spike)
        return torch.stack(spikes), state[-1]

    return run


def norse(module: str, step: str, state: str, parameters: str, **more: Any) -> Callable[[Any], Ran]:
    def run(x: Any) -> Ran:
        functional = importlib.import_module(f"norse.torch.functional.{module}")
        given = {name: torch.as_tensor(value) if isinstance(value, float) else value for name, value in more.items()}
        made = getattr(functional, parameters)(**given)
        kind, spikes = getattr(functional, state), []
        now = kind(*(torch.zeros_like(x[0]) for _ in kind._fields))
        for one in x:
            spike, now = getattr(functional, step)(one, now, made)
            spikes.append(spike)
        return torch.stack(spikes), now.v

    return run


def norse_subtracting(x: Any) -> Ran:
    subtract = importlib.import_module("norse.torch.functional.reset").reset_subtract
    box = ("lif_box", "lif_box_feed_forward_step", "LIFBoxFeedForwardState", "LIFBoxParameters")
    return norse(*box, tau_mem_inv=300.0, v_th=0.25, reset_method=subtract)(x)


def sinabs(kind: str, to_zero: bool = False, **more: Any) -> Callable[[Any], Ran]:
    def run(x: Any) -> Ran:
        layers, activation = importlib.import_module("sinabs.layers"), importlib.import_module("sinabs.activation")
        reset = activation.MembraneReset() if to_zero else activation.MembraneSubtract()
        layer = getattr(layers, kind)(spike_fn=activation.SingleSpike, reset_fn=reset, **more)
        return layer(x.transpose(0, 1).contiguous()).transpose(0, 1), layer.v_mem

    return run


BOX = ("lif_box", "lif_box_feed_forward_step", "LIFBoxFeedForwardState", "LIFBoxParameters")
LIF = ("lif", "lif_feed_forward_step", "LIFFeedForwardState", "LIFParameters")
IAF = ("iaf", "iaf_feed_forward_step", "IAFFeedForwardState", "IAFParameters")
CASES: dict[str, tuple[str, Callable[[Any], Ran]]] = {
    "spikingjelly if": ("spikingjelly", spikingjelly("IFNode")),
    "spikingjelly if soft": ("spikingjelly", spikingjelly("IFNode", v_reset=None)),
    "spikingjelly if to -0.2": ("spikingjelly", spikingjelly("IFNode", v_reset=-0.2)),
    "spikingjelly lif": ("spikingjelly", spikingjelly("LIFNode", v_threshold=0.5)),
    "spikingjelly lif tau 3.3 soft": ("spikingjelly", spikingjelly("LIFNode", tau=3.3, v_threshold=0.5, v_reset=None)),
    "spikingjelly lif to -0.1": ("spikingjelly", spikingjelly("LIFNode", tau=3.3, v_threshold=0.35, v_reset=-0.1)),
    "spikingjelly lif undecayed": ("spikingjelly", spikingjelly("LIFNode", tau=3.3, decay_input=False)),
    "spikingjelly lif undecayed soft": (
        "spikingjelly",
        spikingjelly("LIFNode", tau=2.0, decay_input=False, v_reset=None),
    ),
    "spikingjelly plif": ("spikingjelly", spikingjelly("ParametricLIFNode", init_tau=2.7, v_threshold=0.5)),
    "spikingjelly plif undecayed soft": (
        "spikingjelly",
        spikingjelly("ParametricLIFNode", init_tau=2.7, decay_input=False, v_reset=None),
    ),
    "snntorch leaky": ("snntorch", snntorch("Leaky", 0.87)),
    "snntorch leaky zero": ("snntorch", snntorch("Leaky", 0.87, reset_mechanism="zero")),
    "snntorch leaky none": ("snntorch", snntorch("Leaky", 0.5, threshold=0.75, reset_mechanism="none")),
    "snntorch synaptic": ("snntorch", snntorch("Synaptic", 0.6, 0.87, threshold=1.5)),
    "snntorch synaptic zero": ("snntorch", snntorch("Synaptic", 0.6, 0.87, threshold=1.5, reset_mechanism="zero")),
    "norse iaf": ("norse", norse(*IAF, v_reset=0.25)),
    "norse lif box": ("norse", norse(*BOX, tau_mem_inv=300.0, v_th=0.5)),
    "norse lif box subtract": ("norse", norse_subtracting),
    "norse lif": ("norse", norse(*LIF)),
    "norse lif slow": ("norse", norse(*LIF, tau_mem_inv=70.0, tau_syn_inv=130.0, v_th=0.5, v_reset=-0.1)),
    "sinabs lif": ("sinabs", sinabs("LIF", tau_mem=3.0, spike_threshold=0.5)),
    "sinabs lif raw zero": ("sinabs", sinabs("LIF", to_zero=True, tau_mem=7.0, norm_input=False)),
    "sinabs lif synaptic": ("sinabs", sinabs("LIF", tau_mem=3.0, tau_syn=5.0, spike_threshold=0.5)),
    "sinabs iaf": ("sinabs", sinabs("IAF")),
}


def write() -> None:
    """Run every case and write what came of it."""
    x = drive()
    kept: dict[str, Any] = {"x": x.numpy()}
    for name, (_, run) in CASES.items():
        with torch.no_grad():
            spikes, v = run(x)
        kept[f"{name}/spikes"] = np.packbits(spikes.numpy() != 0)
        kept[f"{name}/v"] = v.numpy()
    np.savez_compressed(HERE / "presets.npz", **kept)
    versions = {name: version(name) for name in ("spikingjelly", "snntorch", "sinabs", "torch")}
    (HERE / "presets.json").write_text(json.dumps({**versions, "norse": "1.1.0"}, indent=2) + "\n")


if __name__ == "__main__":
    write()
