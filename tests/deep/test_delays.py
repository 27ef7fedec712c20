"""Delays: exact where they are whole, smeared where they learn, never from the future, the same in chunks."""

import copy
from itertools import pairwise

import pytest
import torch
from torch import nn

from spikesight.base.errors import InputError
from spikesight.deep import IF, LIF, Network
from spikesight.deep.course import after_step, before_step, own_rates
from spikesight.deep.delays import Annealing, DelayedLinear, DelayedRecurrent, Fixed, Learned, Undelayed


@pytest.fixture(autouse=True)
def _seeded():
    torch.manual_seed(0)


def synapses(weights, delays, longest=4, **more):
    """Connections to one output, whose weights and delays are given."""
    layer = DelayedLinear(len(weights), 1, longest, **more)
    with torch.no_grad():
        layer.weight.copy_(torch.tensor(weights)[None, :, None])
        layer.delay.copy_(torch.tensor(delays)[None, :, None])
    return layer


def impulses(*times, steps=10):
    x = torch.zeros(steps, 1, len(times))
    for channel, time in enumerate(times):
        x[time, 0, channel] = 1.0
    return x


def test_an_impulse_at_3_arrives_at_5_by_a_delay_of_2():
    y = synapses([1.0], [2.0]).eval()(impulses(3))
    assert y.flatten().nonzero().flatten().tolist() == [5]


@pytest.mark.parametrize(("delay", "arrives"), [(0.0, 3), (4.0, 7)])
def test_the_shortest_and_the_longest(delay, arrives):
    assert synapses([1.0], [delay]).eval()(impulses(3)).flatten().argmax() == arrives


def test_what_arrives_after_the_end_does_not():
    y = synapses([1.0], [4.0]).eval()(impulses(3, steps=6))
    assert y.shape == (6, 1, 1)
    assert y.abs().sum() == 0.0


def test_in_evaluation_a_delay_is_rounded_and_in_training_it_is_smeared():
    layer = synapses([2.0], [1.3], annealing=Annealing())
    before_step(layer, 1.0)
    smeared = layer(impulses(3)).flatten()
    assert smeared.sum().item() == pytest.approx(2.0, abs=1e-4)
    assert smeared[4] > smeared[5] > smeared[3] > 0.0
    torch.testing.assert_close(
        layer.eval()(impulses(3)).flatten(), 2.0 * nn.functional.one_hot(torch.tensor(4), 10).float()
    )


def test_a_copy_with_rounded_delays_computes_the_same_in_training_mode():
    layer = DelayedLinear(3, 2, 5, elements=2)
    x = torch.rand(9, 2, 3)
    whole = layer.rounded()
    torch.testing.assert_close(whole.train()(x), copy.deepcopy(layer).eval()(x))
    assert [name for name, _ in whole.named_parameters()] == ["weight"]
    assert isinstance(layer.delay, nn.Parameter)


def test_two_elements_at_the_same_delay_add_up():
    layer = DelayedLinear(1, 1, 3, elements=2, delays=Fixed())
    with torch.no_grad():
        layer.delay.fill_(1.0)
    assert layer(impulses(2, steps=5))[3, 0, 0].item() == pytest.approx(layer.weight.sum().item())


def test_a_detector_of_coincidence_fires_only_when_delays_make_up_for_times():
    detector = Network(synapses([0.6, 0.6], [3.0, 1.0]), LIF(tau=0.2e-3)).eval()
    assert detector(impulses(2, 4)).sum() == 1.0
    assert detector(impulses(2, 4)).flatten().argmax() == 5
    assert detector(impulses(2, 3)).sum() == 0.0


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("delays", [Learned(), Fixed(), Undelayed()], ids=["learned", "fixed", "none"])
def test_nothing_comes_from_the_future_and_chunks_make_the_whole(delays, training):
    layer = DelayedLinear(3, 4, 6, delays=delays, bias=True).double().train(training)
    x = torch.rand(12, 2, 3, dtype=torch.float64)
    whole, last = layer.run(x)
    other = x.clone()
    other[7:] = 9.0
    torch.testing.assert_close(layer(other)[:7], whole[:7])
    state, parts = None, []
    for chunk in x.split([1, 4, 2, 5]):
        y, state = layer.run(chunk, state)
        parts.append(y)
    torch.testing.assert_close(torch.cat(parts), whole, rtol=0, atol=1e-14)
    torch.testing.assert_close(state.inputs, last.inputs)
    assert len(last.inputs) == layer.longest


def test_the_gaussian_narrows_over_the_first_quarter_and_stays():
    annealing = Annealing()
    widths = [annealing.width(share / 20, 25) for share in range(21)]
    assert widths[0] == 12.0
    assert widths[5:] == pytest.approx([0.23] * 16)
    assert all(one > later for one, later in pairwise(widths[:6]))
    assert annealing.width(0.0, 1) == 0.23
    layer = DelayedLinear(1, 1, 24)
    before_step(layer, 0.25)
    assert layer.width.item() == pytest.approx(0.23)


def test_the_gradient_makes_a_spike_later_where_later_is_better():
    layer = synapses([1.0], [2.0])
    before_step(layer, 0.1)
    wanted_later = layer(impulses(3)).flatten() @ torch.arange(10.0)
    (-wanted_later).backward()
    assert layer.delay.grad.item() < 0.0  # a step against it makes the delay longer


def test_delays_equal_central_differences():
    layer = DelayedLinear(2, 2, 5).double()
    layer.delay.data.uniform_(1.0, 4.0)
    before_step(layer, 0.2)
    x = torch.rand(8, 1, 2, dtype=torch.float64)

    def out(weight, delay):
        return torch.func.functional_call(layer, {"weight": weight, "delay": delay}, (x,))

    assert torch.autograd.gradcheck(out, (layer.weight, layer.delay))


def test_a_delay_that_is_hidden_is_found():
    """A net with one synapse learns by how many steps its target is late."""
    x = (torch.rand(60, 8, 1) < 0.1).float()
    target = synapses([1.0], [11.0], longest=20).eval()(x).detach()
    layer = synapses([1.0], [3.0], longest=20)
    optimiser = torch.optim.Adam([layer.delay], 0.3)
    for step in range(120):
        before_step(layer, step / 120)
        optimiser.zero_grad()
        (layer(x) - target).square().sum().backward()
        optimiser.step()
        after_step(layer)
    assert layer.delay.item() == pytest.approx(11.0, abs=0.1)
    torch.testing.assert_close(layer.eval()(x), target)


def test_delays_stay_between_0_and_the_longest_and_have_a_rate_of_their_own():
    layer = DelayedLinear(3, 3, 7)
    with torch.no_grad():
        layer.delay.add_(torch.tensor([-20.0, 0.0, 20.0])[:, None])
    after_step(layer)
    assert (layer.delay.min(), layer.delay.max()) == (0.0, 7.0)
    assert own_rates(layer) == {layer.delay: 20.0}
    assert own_rates(DelayedLinear(3, 3, 7, delays=Fixed())) == {}


def test_random_delays_are_whole_and_go_into_the_state_dict():
    layer = DelayedLinear(30, 30, 7, delays=Fixed())
    assert set(layer.delay.unique().tolist()) == set(range(8))
    assert sorted(layer.state_dict()) == ["delay", "weight", "width"]
    assert [name for name, _ in layer.named_parameters()] == ["weight"]
    assert DelayedLinear(2, 2, 9, delays=Undelayed()).longest == 0


@pytest.mark.parametrize("training", [True, False])
def test_spikes_come_back_after_their_delay(training):
    loop = DelayedRecurrent(IF(), 2, 4, delays=Fixed()).train(training)
    with torch.no_grad():
        loop.loop.weight.copy_(torch.tensor([[0.0, 0.0], [1.0, 0.0]])[..., None])
        loop.loop.delay.fill_(2.0)
    current = torch.zeros(9, 1, 2)
    current[1, 0, 0] = 1.0
    assert loop(current)[:, 0].nonzero().tolist() == [[1, 0], [4, 1]]  # 1 + 2 steps later


@pytest.mark.parametrize("delays", [Learned(), Fixed(), Undelayed()], ids=["learned", "fixed", "none"])
def test_a_recurrent_layer_in_chunks_makes_the_whole(delays):
    layer = DelayedRecurrent(LIF(), 5, 4, delays=delays).double()
    x = torch.rand(11, 3, 5, dtype=torch.float64)
    whole, _ = layer.run(x)
    state, parts = None, []
    for chunk in x.split([2, 1, 8]):
        y, state = layer.run(chunk, state)
        parts.append(y)
    torch.testing.assert_close(torch.cat(parts), whole)
    assert 0 < whole.mean() < 1
    whole.sum().backward()
    assert layer.loop.weight.grad.abs().sum() > 0


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: DelayedLinear(0, 1, 3), "at least one"),
        (lambda: DelayedLinear(1, 1, -1), "delays from 0 up"),
        (lambda: DelayedRecurrent(IF(), 2, 0), "one step later at the earliest"),
        (lambda: DelayedLinear(3, 1, 3)(torch.zeros(4, 2, 5)), r"take \(T, B, 3\), got \(4, 2, 5\)"),
        (lambda: DelayedRecurrent(IF(), 2, 2)(torch.zeros(4, 2, 5)), r"take currents \(T, B, 2\)"),
        (lambda: Annealing(over=0.0), "share of the training"),
    ],
)
def test_what_does_not_fit_is_refused(make, says):
    with pytest.raises(InputError, match=says):
        make()


def test_a_state_of_another_batch_prints_both_shapes():
    layer = DelayedLinear(3, 1, 3)
    _, state = layer.run(torch.zeros(4, 2, 3))
    with pytest.raises(InputError, match=r"\(3, 2, 3\), this input needs \(3, 5, 3\)"):
        layer.run(torch.zeros(4, 5, 3), state)
