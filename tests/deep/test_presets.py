"""Values published for the presets, gradients of other libraries where installed, and what presets refuse."""

from __future__ import annotations

import importlib
from typing import Any

import pytest

torch = pytest.importorskip("torch")

from spikesight.base.errors import InputError  # noqa: E402
from spikesight.deep import presets  # noqa: E402
from spikesight.equations.reset import NoReset, Subtract, ToValue  # noqa: E402
from spikesight.equations.surrogate import ArcTan  # noqa: E402


def course(neuron: Any, *values: float) -> tuple[list[float], list[float]]:
    """Return spikes and the membrane after each step."""
    x, state, spikes, v = torch.tensor(values).reshape(-1, 1, 1, 1), None, [], []
    for step in x:
        fired, state = neuron.run(step, state)
        spikes.append(float(fired))
        v.append(float(state.v))
    return spikes, v


def test_spikingjelly_examples() -> None:
    spikes, v = course(presets.spikingjelly_lif(2.0), 1.5, 1.5, 1.5, 0.0)
    assert spikes == [0, 1, 0, 0]
    assert v == pytest.approx([0.75, 0.0, 0.75, 0.375])
    spikes, v = course(presets.spikingjelly_lif(2.0, decay_input=False, v_reset=None), 0.6, 0.6, 0.6, 0.0)
    assert spikes == [0, 0, 1, 0]
    assert v == pytest.approx([0.6, 0.9, 0.05, 0.025], abs=1e-6)
    for v_reset, expected in ((None, [0.6, 0.2, 0.8, 0.4]), (0.0, [0.6, 0.0, 0.6, 0.0])):
        spikes, v = course(presets.spikingjelly_if(v_reset=v_reset), 0.6, 0.6, 0.6, 0.6)
        assert spikes == [0, 1, 0, 1]
        assert v == pytest.approx(expected, abs=1e-6)


def test_response_to_an_impulse() -> None:
    _, v = course(presets.spikingjelly_lif(4.0), 1.0, 0.0, 0.0, 0.0)
    assert v == pytest.approx([0.25 * 0.75**k for k in range(4)])


@pytest.mark.parametrize(("detach", "expected"), [(False, [0.55017, 0.71696]), (True, [0.71696, 0.71696])])
def test_gradient_through_the_reset(detach: bool, expected: list[float]) -> None:
    x = torch.tensor([[[0.6]], [[0.6]]], requires_grad=True)
    presets.spikingjelly_if(surrogate=ArcTan(2.0), detach_reset=detach)(x)[1].sum().backward()
    assert x.grad.flatten().tolist() == pytest.approx(expected, abs=5e-6)


def test_a_plif_loads_what_spikingjelly_saved() -> None:
    neuron = presets.SpikingJellyPLIF(3.0)
    assert neuron.state_dict()["w"].shape == ()
    neuron.load_state_dict({"w": torch.tensor(0.3)})
    assert float(neuron.constants(torch.zeros(1, 1, 1))[0].detach()) == pytest.approx(0.574443, abs=1e-6)


def gradients(run: Any) -> Any:
    generator = torch.Generator().manual_seed(4)
    x = torch.randn(15, 3, 4, generator=generator).mul(0.5).add(0.4).requires_grad_()
    (run(x) * torch.randn(15, 3, 4, generator=generator)).sum().backward()
    return x.grad


@pytest.mark.oracle
@pytest.mark.parametrize("detach", [False, True])
@pytest.mark.parametrize("v_reset", [0.0, None])
def test_gradients_of_spikingjelly(detach: bool, v_reset: float | None) -> None:
    theirs = pytest.importorskip("spikingjelly.activation_based.neuron")
    layer = theirs.LIFNode(2.0, v_threshold=0.5, v_reset=v_reset, detach_reset=detach, step_mode="m")
    mine = presets.spikingjelly_lif(2.0, v_threshold=0.5, v_reset=v_reset, detach_reset=detach)
    torch.testing.assert_close(gradients(mine), gradients(layer), rtol=1e-4, atol=1e-6)


@pytest.mark.oracle
@pytest.mark.parametrize(("word", "reset"), [("subtract", Subtract()), ("zero", ToValue(0.0)), ("none", NoReset())])
def test_gradients_of_snntorch(word: str, reset: Any) -> None:
    theirs = pytest.importorskip("snntorch")

    def run(x: Any) -> Any:
        layer, mem, spikes = theirs.Leaky(0.8, reset_mechanism=word), torch.zeros(3, 4), []
        for step in x:
            spike, mem = layer(step, mem)
            spikes.append(spike)
        return torch.stack(spikes)

    mine = presets.snntorch_leaky(0.8, reset=reset)
    torch.testing.assert_close(gradients(mine), gradients(run), rtol=1e-4, atol=1e-6)


@pytest.mark.oracle
def test_gradients_of_sinabs() -> None:
    layers, activation = pytest.importorskip("sinabs.layers"), importlib.import_module("sinabs.activation")

    def run(x: Any) -> Any:
        layer = layers.LIF(tau_mem=4.0, spike_threshold=torch.tensor(1.0), spike_fn=activation.SingleSpike)
        return layer(x.transpose(0, 1)).transpose(0, 1)

    torch.testing.assert_close(gradients(presets.sinabs_lif(4.0)), gradients(run), rtol=1e-4, atol=1e-6)


def test_what_presets_refuse() -> None:
    for call in (
        lambda: presets.spikingjelly_lif(1.0),
        lambda: presets.SpikingJellyPLIF(0.5),
        lambda: presets.snntorch_leaky(1.2),
        lambda: presets.snntorch_leaky(0.9, reset=ToValue(0.5)),
        lambda: presets.sinabs_lif(3.0, reset=NoReset()),
        lambda: presets.sinabs_iaf(reset=ToValue(0.1)),
    ):
        with pytest.raises(InputError):
            call()
