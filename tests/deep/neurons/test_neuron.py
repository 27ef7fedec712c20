"""What every neuron of the deep engine keeps: purity, streaming, state, types, errors, and the reference's spikes."""

from __future__ import annotations

import copy
import math
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from torch import nn  # noqa: E402

from spikesight.base.errors import InputError, UnknownName  # noqa: E402
from spikesight.deep import Network  # noqa: E402
from spikesight.deep.neurons import ALIF, CUBA, IF, LIF, PLIF, LeakyIntegrator, Neuron, Recurrent  # noqa: E402
from spikesight.equations import CATALOGUE  # noqa: E402
from spikesight.equations.leaky import Capacitor, Charge, Resistor  # noqa: E402
from spikesight.equations.reset import NoReset, Subtract  # noqa: E402
from spikesight.executors import Reference, torch_op  # noqa: E402

TAUS = (2e-3, 3e-3, 5e-3, 20e-3)
NEURONS = {
    "lif": lambda: LIF(4e-3),
    "lif, subtract": lambda: LIF(4e-3, reset=Subtract()),
    "lif, no reset": lambda: LIF(4e-3, reset=NoReset()),
    "lif, refractory": lambda: LIF(4e-3, refractory=3e-3),
    "lif, per channel": lambda: LIF(TAUS, (0.8, 0.9, 1.0, 1.1), Subtract()),
    "lif, learned": lambda: LIF(TAUS, learn=("decay", "threshold")),
    "if": lambda: IF(),
    "plif": lambda: PLIF(4e-3, 0.4),
    "alif": lambda: ALIF(5e-3, 0.3),
    "alif, refractory": lambda: ALIF(5e-3, 0.3, tau_theta=TAUS, refractory=2e-3),
    "cuba": lambda: CUBA(4e-3, 2e-3, 0.5),
    "cuba, refractory": lambda: CUBA(TAUS, 7e-3, 0.5, refractory=1e-3),
    "integrator": lambda: LeakyIntegrator(TAUS),
    "recurrent lif": lambda: Recurrent(LIF(4e-3, refractory=1e-3), _linear(4)),
    "recurrent alif": lambda: Recurrent(ALIF(5e-3, 0.3), _linear(4)),
}
PLAIN = [name for name in NEURONS if "recurrent" not in name and name != "integrator"]


def _linear(n: int) -> Any:
    made = nn.Linear(n, n)
    with torch.no_grad():
        made.weight.copy_(torch.from_numpy(np.random.default_rng(7).normal(0.0, 0.4, (n, n))))
        made.bias.fill_(0.01)
    return made


def current(*shape: int, dtype: Any = None) -> Any:
    values = np.random.default_rng(5).normal(0.3, 0.5, shape)
    return torch.tensor(values, dtype=dtype or torch.float32)


def flat(state: Any) -> list[Any]:
    return [state] if isinstance(state, torch.Tensor) else [leaf for part in state for leaf in flat(part)]


@pytest.mark.parametrize("name", NEURONS)
def test_a_call_is_pure(name: str) -> None:
    neuron, x = NEURONS[name](), current(20, 3, 4)
    kept, before = x.clone(), copy.deepcopy(neuron.state_dict())
    first, second = neuron(x), neuron(x)
    assert torch.equal(first, second)
    assert torch.equal(x, kept)
    assert all(torch.equal(value, before[key]) for key, value in neuron.state_dict().items())
    assert set(neuron.state_dict()) == {key for key, _ in neuron.named_parameters()}


@pytest.mark.parametrize("cuts", [(1,), (7, 8), (5, 5, 9, 19)])
@pytest.mark.parametrize("name", NEURONS)
def test_chunks_give_the_bits_of_the_whole(name: str, cuts: tuple[int, ...]) -> None:
    neuron, x = NEURONS[name](), current(20, 3, 4)
    whole, end = neuron.run(x)
    parts, state = [], None
    for first, last in zip((0, *cuts), (*cuts, 20), strict=True):
        if first < last:
            y, state = neuron.run(x[first:last], state)
            parts.append(y)
    assert torch.equal(torch.cat(parts), whole)
    for found, expected in zip(flat(state), flat(end), strict=True):
        assert torch.equal(found, expected)


@pytest.mark.parametrize("name", NEURONS)
def test_batch_and_type_may_change_between_calls(name: str) -> None:
    neuron = NEURONS[name]()
    x = current(20, 3, 4)
    assert torch.equal(neuron(x[:, :2]), neuron(x)[:, :2])
    assert neuron(current(20, 5, 4)).shape == (20, 5, 4)
    double = neuron.double()(x.double()) if "recurrent" in name else neuron(x.double())
    assert double.dtype == torch.float64


@pytest.mark.parametrize("name", [name for name in NEURONS if "recurrent" not in name])
def test_channels_of_images_are_channels(name: str) -> None:
    neuron, x = NEURONS[name](), current(12, 2, 4, 3, 5)
    maps = neuron(x)
    flat_ = neuron(x.permute(0, 1, 3, 4, 2).reshape(12, -1, 4))
    assert torch.equal(maps, flat_.reshape(12, 2, 3, 5, 4).permute(0, 1, 4, 2, 3))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", [name for name in PLAIN if "learned" not in name and "plif" not in name])
def test_spikes_and_state_are_those_of_the_reference(name: str, dtype: Any) -> None:
    neuron, x = NEURONS[name](), current(60, 3, 4).to(torch.float64 if dtype == np.float64 else torch.float32)
    spikes, state = neuron.run(x)
    assert 0.02 < spikes.mean() < 0.9
    for channel in range(4):
        params = neuron.params[channel % len(neuron.params)]
        drive = {neuron.equation.inputs[0]: x[..., channel].numpy()}
        fired, after = Reference().run(neuron.equation, params, drive, neuron.dt, dtype=dtype)
        np.testing.assert_array_equal(spikes[..., channel].numpy(), fired)
        for field, values in after.items():
            mine = getattr(state, field)[:, channel].numpy()
            expected = np.maximum(values - 60, mine.min()) if neuron.equation.is_step_number(field) else values
            np.testing.assert_array_equal(mine, expected)


@pytest.mark.parametrize("name", ["leaky", "izhikevich", "exponential", "adaptive", "synaptic"])
def test_any_equation_is_a_layer(name: str) -> None:
    equation = CATALOGUE[name]
    neuron = Neuron(equation, equation.params(), dt=equation.usual_dt)
    x = current(10, 2, 3)
    assert neuron(x).shape == (10, 2, 3)


def test_learned_per_channel_begin_as_the_given_ones() -> None:
    x = current(30, 3, 4)
    fixed, learned = LIF(TAUS), LIF(TAUS, learn=("decay", "threshold"))
    assert {key: tuple(value.shape) for key, value in learned.named_parameters()} == {
        "logit_decay": (4,),
        "threshold": (4,),
    }
    torch.testing.assert_close(learned.constants(x)[0].detach(), fixed.constants(x)[0], rtol=1e-6, atol=0)
    assert torch.equal(fixed(x), learned(x))


def test_a_learned_decay_scales_a_resistor_and_a_synapse_along() -> None:
    x = current(30, 3, 4, dtype=torch.float64)
    for made in (
        lambda tau, **more: LIF(tau, 0.3, drive=Resistor(2.0), **more),
        lambda tau, **more: CUBA(tau, 2e-3, 0.3, **more),
    ):
        other = made(9e-3)
        moved = made(4e-3, learn=("decay",)).double()
        with torch.no_grad():
            moved.logit_decay.copy_(torch.logit(torch.tensor(math.exp(-1.0 / 9.0), dtype=torch.float64)))
        with torch.no_grad():
            found = [float(value) for value in moved.constants(x)]
        assert found == pytest.approx([float(value) for value in other.constants(x)], rel=1e-12)


def test_impulse_response_and_closed_forms() -> None:
    x = torch.zeros(10, 1, 1, dtype=torch.float64)
    x[2] = 0.5
    v = LeakyIntegrator(4e-3, drive=Resistor())(x).flatten().numpy()
    expected = 0.5 * (1.0 - math.exp(-0.25)) * np.exp(-np.arange(8) / 4.0)
    np.testing.assert_allclose(v, [0.0, 0.0, *expected], rtol=1e-12)
    held = torch.full((400, 1, 1), 0.4, dtype=torch.float64)
    assert float(LeakyIntegrator(20e-3)(held)[-1]) == pytest.approx(0.4, rel=1e-8)


def test_a_soft_reset_conserves_charge() -> None:
    x = current(200, 3, 4, dtype=torch.float64).abs() * 0.3
    spikes, state = IF(reset=Subtract()).run(x)
    torch.testing.assert_close(x.sum(0), spikes.sum(0) + state.v, rtol=1e-12, atol=1e-12)


def test_without_a_reset_the_membrane_is_that_of_an_integrator() -> None:
    x = current(30, 3, 4)
    spikes, state = LIF(4e-3, reset=NoReset()).run(x)
    from spikesight.equations.leaky import Charge

    v, end = LeakyIntegrator(4e-3, drive=Charge()).run(x)
    assert torch.equal(spikes, (v >= 1.0).float())
    assert torch.equal(state.v, end.v)


def test_what_comes_back_comes_one_step_later() -> None:
    connection = nn.Linear(2, 2, bias=False)
    with torch.no_grad():
        connection.weight.copy_(torch.tensor([[0.0, 0.0], [2.0, 0.0]]))
    x = torch.zeros(4, 1, 2)
    x[1, 0, 0] = 1.5
    y, state = Recurrent(IF(), connection).run(x)
    assert y[:, 0].tolist() == [[0, 0], [1, 0], [0, 1], [0, 0]]
    assert torch.equal(state.spikes, y[-1])


def test_deep_copies_and_maps_over_a_batch_of_networks() -> None:
    neuron, x = LIF(TAUS, learn=("decay",)), current(10, 3, 4)
    assert torch.equal(copy.deepcopy(neuron)(x), neuron(x))


def test_a_state_of_another_shape_prints_both() -> None:
    for name in ("lif", "cuba", "integrator"):
        neuron = NEURONS[name]()
        _, state = neuron.run(current(5, 3, 4))
        with pytest.raises(InputError, match=r"\(3, 4\).*\(5, 2, 4\).*\(2, 4\)"):
            neuron.run(current(5, 2, 4), state)
    _, state = NEURONS["recurrent lif"]().run(current(5, 3, 4))
    with pytest.raises(InputError, match=r"\(3, 4\).*\(5, 2, 4\)"):
        NEURONS["recurrent lif"]().run(current(5, 2, 4), state)


def test_a_state_of_another_neuron_is_refused() -> None:
    _, state = ALIF().run(current(5, 3, 4))
    with pytest.raises(InputError, match=r"fields \('v', 'ready'\), got State"):
        LIF().run(current(5, 3, 4), state)


def test_what_cannot_be() -> None:
    with pytest.raises(InputError, match="LIF: threshold is not a number"):
        LIF(threshold=math.nan)
    with pytest.raises(InputError, match="tau is -1"):
        LIF(-1.0)
    with pytest.raises(InputError, match="as many values as there are channels"):
        LIF((1e-3, 2e-3), (1.0, 1.0, 1.0))
    with pytest.raises(InputError, match="2 channels"):
        LIF((1e-3, 2e-3))(current(5, 3, 4))
    with pytest.raises(UnknownName, match="Did you mean decay"):
        LIF(learn=("decoy",))
    with pytest.raises(UnknownName):
        LIF(learn=("refractory",))
    with pytest.raises(InputError, match="finite tau"):
        IF(learn=("decay",))
    with pytest.raises(InputError, match="Capacitor"):
        LIF(drive=Capacitor(1.0), learn=("decay",))
    with pytest.raises(InputError, match="has a reset"):
        ALIF(reset=NoReset())
    with pytest.raises(InputError, match="floats"):
        LIF()(torch.zeros(5, 3, 4, dtype=torch.int64))
    with pytest.raises(InputError, match=r"\(T, B"):
        LIF()(torch.zeros(5))
    with pytest.raises(InputError, match="the connection makes"):
        Recurrent(LIF(), nn.Linear(4, 3))(current(5, 3, 4))


def test_a_learned_number_that_is_none_any_more_is_named() -> None:
    neuron = PLIF()
    with torch.no_grad():
        neuron.logit_decay.fill_(math.nan)
    with pytest.raises(InputError, match="PLIF: the learned decay is nan"):
        neuron(current(5, 3, 4))


@pytest.mark.parametrize(
    "make", [lambda: LIF(tau=(2e-3, 5e-3)), lambda: PLIF(tau=(2e-3, 5e-3)), lambda: ALIF(jump=(0.1, 0.2))]
)
def test_neurons_that_differ_by_channel_run_compiled_too(make: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def looped(*_: Any, **__: Any) -> None:
        raise AssertionError("the loop over time was taken")

    monkeypatch.setattr(torch_op.torch_loop, "run", looped)
    make()(torch.rand(5, 3, 2, requires_grad=True)).sum().backward()


def test_slow_decays_are_not_rounded_away_where_the_input_is_of_half_precision() -> None:
    neuron = LIF(tau=2.0, learn=("decay",))
    decay = neuron.constants(torch.zeros(1, 1, 1, dtype=torch.bfloat16))[0]
    assert float(decay.detach()) == pytest.approx(math.exp(-1e-3 / 2.0), abs=1e-6)
    x = torch.full((1000, 1, 1), 0.25)
    added = LeakyIntegrator(math.inf, drive=Charge())(x.bfloat16())
    assert added.dtype == torch.bfloat16
    assert float(added[-1]) == 250.0
    _, state = neuron.run(x[:7].bfloat16() / 16)
    assert neuron.begun(x.bfloat16(), state).v.equal(state.v)


def test_subtraction_lands_at_the_learned_rest_less_the_learned_threshold() -> None:
    for neuron in (LIF(reset=Subtract(), learn=("rest",)), CUBA(reset=Subtract(), learn=("rest", "threshold"))):
        with torch.no_grad():
            neuron.rest.fill_(0.25)
        constants = dict(zip(neuron._numbers, neuron.constants(torch.zeros(1, 1, 1)), strict=True))
        assert float(constants["landing"].detach()) == -0.75
    own = LIF(reset=Subtract(), learn=("threshold", "landing"))
    assert any(one is own.landing for one in own.constants(torch.zeros(1, 1, 1)))


@pytest.mark.parametrize("apart", [0.0, 1e-7, 3e-5, 1e-3, 0.4])
def test_learned_decays_of_membrane_and_current_may_meet(apart: float) -> None:
    neuron = CUBA(4e-3, 2e-3, learn=("decay", "decay_syn")).double()
    leak, fade = 0.25 + apart, 0.25  # dt over tau and over tau_syn
    with torch.no_grad():
        for logit, rate in ((neuron.logit_decay, leak), (neuron.logit_decay_syn, fade)):
            logit.fill_(-math.log(math.expm1(rate)))
    found = dict(zip(neuron._numbers, neuron.constants(torch.zeros(1, 1, 1, dtype=torch.float64)), strict=True))
    # Of equal ones a step moves the membrane by dt / tau times the decay; of others by the published formula.
    expected = leak * math.exp(-leak) * (math.expm1(apart) / apart if apart else 1.0)
    assert float(found["transfer"].detach()) == pytest.approx(expected, rel=1e-8)
    if apart > 1e-4:
        published = leak / (leak - fade) * (math.exp(-fade) - math.exp(-leak))
        assert float(found["transfer"].detach()) == pytest.approx(published, rel=1e-8)
    neuron(torch.full((20, 1, 1), 0.3, dtype=torch.float64)).sum().backward()
    assert torch.isfinite(neuron.logit_decay.grad).all()
    assert torch.isfinite(neuron.logit_decay_syn.grad).all()


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("make", [LIF, PLIF, ALIF, CUBA, lambda: LIF(tau=(2e-3, 5e-3))])
def test_a_network_of_neurons_is_one_graph(make: Any) -> None:
    torch.manual_seed(0)
    net, x = Network(nn.Linear(3, 2), make()), 5.0 * torch.rand(6, 4, 3)
    torch._dynamo.reset()
    assert torch.equal(torch.compile(net, fullgraph=True, backend="aot_eager")(x), net(x))
    program = torch.export.export(net, (x,), dynamic_shapes={"x": {1: torch.export.Dim("batch", min=1, max=64)}})
    assert torch.equal(program.module()(x[:, :3]), net(x[:, :3]))
