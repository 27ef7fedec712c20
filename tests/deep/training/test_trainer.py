"""Steps of training: what moves and what does not, snapshots, precision, averages, activity, early warnings, NaN."""

import copy
import warnings

import numpy as np
import pytest
import torch
from torch import nn

from spikesight.base.errors import InputError
from spikesight.deep import LIF, Hold, Network
from spikesight.deep.losses import Between, CrossEntropy, Squared
from spikesight.deep.training.early import LayerWarning
from spikesight.deep.training.not_finite import NotFinite
from spikesight.deep.training.optimisers import AdamW, Sgd, groups
from spikesight.deep.training.precision import BFloat16
from spikesight.deep.training.schedules import Constant, OneCycle
from spikesight.deep.training.trainer import Trainer


def net(dropout=0.0, gain=3.0):
    torch.manual_seed(0)
    made = Network(
        conv1=nn.Conv2d(1, 6, 3), norm1=nn.BatchNorm2d(6), lif1=LIF(), pool1=nn.AvgPool2d(2),
        conv2=nn.Conv2d(6, 8, 3), lif2=LIF(), flat=nn.Flatten(), drop=nn.Dropout(dropout), out=nn.Linear(32, 3),
    )  # fmt: skip
    with torch.no_grad():
        made.conv2.weight *= gain
    return made


def batches(count=6):
    random = torch.Generator().manual_seed(1)
    given = [(torch.rand(3, 5, 1, 10, 10, generator=random), torch.arange(5) % 3) for _ in range(count)]
    return [(x + labels[:, None, None, None] * 0.3, labels) for x, labels in given]


def taught(trainer, given):
    for x, labels in given:
        trainer.step(x, labels)
    return trainer


def assert_same(one, other):
    assert one.keys() == other.keys()
    for name, array in one.items():
        np.testing.assert_array_equal(array, other[name], err_msg=name)


def test_a_net_learns():
    trainer = Trainer(net(), CrossEntropy(), 60, optimiser=AdamW(1e-2))
    losses = [trainer.step(x, labels)[0] for _ in range(10) for x, labels in batches()]
    assert np.mean(losses[-6:]) < 0.6 * np.mean(losses[:6])


@pytest.mark.parametrize(
    "optimiser", [AdamW(1e-2, 0.1), Sgd(0.1), Sgd(0.1, momentum=0.0)], ids=["adamw", "sgd", "plain"]
)
def test_a_training_can_be_interrupted(optimiser):
    def fresh():
        return Trainer(net(0.3), CrossEntropy(), 8, optimiser=optimiser, schedule=OneCycle(), average=0.9, clip=1.0)

    whole = taught(fresh(), batches())
    half = taught(fresh(), batches()[:3])
    kept = half.snapshot()
    torch.rand(3)  # others use random numbers too
    again = fresh()
    again.restore(kept)
    assert_same(whole.snapshot(), taught(again, batches()[3:]).snapshot())
    assert whole.done == again.done == 6


def test_a_snapshot_of_another_net_is_refused():
    kept = Trainer(Network(nn.Linear(3, 2)), CrossEntropy(), 8).snapshot()
    with pytest.raises(InputError, match="another network"):
        Trainer(net(), CrossEntropy(), 8).restore(kept)


def test_random_numbers_of_others_are_left_alone():
    trainer = Trainer(net(0.5), CrossEntropy(), 8)
    torch.manual_seed(5)
    wanted = torch.rand(3)
    torch.manual_seed(5)
    taught(trainer, batches()[:1])
    torch.testing.assert_close(torch.rand(3), wanted, rtol=0, atol=0)


def test_what_neurons_learn_and_biases_do_not_decay():
    class Learns(LIF):
        def __init__(self):
            super().__init__()
            self.w = nn.Parameter(torch.ones(4, 4))

    made = Network(fc=nn.Linear(4, 4), norm=nn.BatchNorm1d(4), neurons=Learns())
    decayed, kept = groups(made)
    assert [p.shape for p in decayed["params"]] == [(4, 4)]
    assert decayed["params"][0] is made.fc.weight
    assert kept["weight_decay"] == 0.0
    assert {id(p) for p in kept["params"]} == {id(made.neurons.w), id(made.fc.bias), *map(id, made.norm.parameters())}


def test_what_is_shared_is_there_once():
    made = Network(one=nn.Linear(4, 4), other=nn.Linear(4, 4))
    made.other.weight = made.one.weight
    assert sum(len(group["params"]) for group in groups(made)) == 3


def test_nothing_to_learn_is_said():
    with pytest.raises(InputError, match="no parameter that learns"):
        groups(LIF())


def test_clipping_bounds_the_step():
    x, labels = batches()[0]
    made, before = net(), net()
    Trainer(made, CrossEntropy(), 8, optimiser=Sgd(1.0, 0.0), schedule=Constant(), clip=1e-3).step(x, labels)
    moved = torch.cat([(a - b).flatten() for a, b in zip(made.parameters(), before.parameters(), strict=True)])
    assert float(moved.detach().norm()) == pytest.approx(1e-3, rel=1e-3)


def test_bfloat16_learns_and_keeps_parameters_float32():
    trainer = Trainer(net(), CrossEntropy(), 60, optimiser=AdamW(1e-2), precision=BFloat16())
    losses = [trainer.step(x, labels)[0] for _ in range(10) for x, labels in batches()]
    assert np.mean(losses[-6:]) < 0.7 * np.mean(losses[:6])
    assert {parameter.dtype for parameter in trainer.net.parameters()} == {torch.float32}
    exact = Trainer(net(), CrossEntropy(), 60, optimiser=AdamW(1e-2))
    assert exact.step(*batches()[0])[0] != losses[0]  # it did compute in other numbers
    assert exact.step(*batches()[0])[0] == pytest.approx(losses[0], rel=0.3)


def test_the_average_is_used_and_put_away():
    trainer = taught(Trainer(net(), CrossEntropy(), 8, average=0.9), batches())
    own = copy.deepcopy(trainer.net.state_dict())
    with trainer.averaged():
        assert not torch.equal(trainer.net.out.weight, own["out.weight"])
    torch.testing.assert_close(trainer.net.state_dict(), own, rtol=0, atol=0)


@pytest.mark.parametrize("activity", [Squared(50.0), Between(0.0, 0.02, 500.0)], ids=["squared", "between"])
def test_a_cost_of_activity_lowers_it(activity):
    def rate(cost):
        made = net()
        trainer = Trainer(made, CrossEntropy(), 30, optimiser=AdamW(1e-2), schedule=Constant(), activity=cost)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", LayerWarning)
            for _ in range(5):
                taught(trainer, batches())
        assert "run" not in made.lif1.__dict__
        hidden = Network(conv1=made.conv1, norm1=made.norm1, lif1=made.lif1)
        return float(hidden(batches()[0][0]).detach().mean())

    assert rate(activity) < 0.5 * rate(None)


@pytest.mark.parametrize("layer", ["conv1", "conv2", "out"])
def test_the_layer_whose_weights_are_nan_is_named(layer):
    made = net()
    with torch.no_grad():
        getattr(made, layer).weight.view(-1)[0] = float("nan")
    with pytest.raises(NotFinite, match=f"{layer}: its weight holds 1 NaN of") as told:
        taught(Trainer(made, CrossEntropy(), 8), batches())
    assert told.value.layer == layer


def test_nan_that_comes_while_it_trains_is_named_although_neurons_hide_it():
    made = net()
    trainer = taught(Trainer(made, CrossEntropy(), 8), batches()[:2])
    with torch.no_grad():
        made.conv2.weight.view(-1)[0] = float("nan")
    made.eval()
    assert torch.isfinite(made(batches()[0][0])).all()
    before = copy.deepcopy(made.out.weight.detach())
    with pytest.raises(NotFinite, match="conv2: its weight"):
        trainer.step(*batches()[2])
    assert torch.equal(made.out.weight, before)


def test_overflow_names_the_first_layer_of_it():
    made = net()
    with torch.no_grad():
        made.conv2.weight.fill_(3e38)
    with pytest.raises(NotFinite, match=r"conv2 \(Conv2d\): its output holds .* infinite"):
        taught(Trainer(made, CrossEntropy(), 8), batches())


def test_a_bad_input_is_named():
    x, labels = batches()[0]
    x[0, 0] = float("nan")
    with pytest.raises(NotFinite, match="the input holds 100 NaN"):
        Trainer(net(), CrossEntropy(), 8).step(x, labels)


def test_a_layer_that_nothing_wakes_is_told_at_once_and_nothing_changes():
    def dead():
        made = net()
        with torch.no_grad():
            made.conv2.weight.zero_()
            made.conv2.bias.zero_()
        return Trainer(made, CrossEntropy(), 8)

    looked = dead()
    with pytest.warns(LayerWarning, match=r"lif2, step 0: 100% of its neurons fire in no step: lower"):
        looked.step(*batches()[0])
    blind = dead()
    blind.done = 1  # no look in this step
    blind.schedule = looked.schedule = Constant()
    blind.step(*batches()[0])
    assert torch.equal(looked.net.conv1.weight, blind.net.conv1.weight)


def test_a_layer_that_always_fires_is_told():
    made = net()
    with torch.no_grad():
        made.conv2.bias.fill_(1e3)
    with pytest.warns(LayerWarning, match="fire in every step: raise its threshold"):
        Trainer(made, CrossEntropy(), 8).step(*batches()[0])


def test_a_still_image_is_held():
    made = Network(held=Hold(4, nn.Conv2d(1, 4, 3)), lif=LIF(), flat=nn.Flatten(), out=nn.Linear(256, 3))
    loss, scores = Trainer(made, CrossEntropy(), 8).step(batches()[0][0][0], batches()[0][1])
    assert np.isfinite(loss)
    assert scores.shape == (5, 3)


def test_labels_that_do_not_fit_are_told():
    x, labels = batches()[0]
    with pytest.raises(InputError, match=r"gives \(3, 5, 3\) for 4 labels"):
        Trainer(net(), CrossEntropy(), 8).step(x, labels[:4])


def test_processes_draw_the_same_batches_and_their_own_dropout(monkeypatch):
    trainer = Trainer(nn.Linear(2, 2), CrossEntropy(), 1)

    def drawn(number, **more):
        monkeypatch.setattr("spikesight.deep.training.trainer.rank", lambda: number)
        with trainer.seeded("something", 3, **more):
            return torch.rand(4)

    assert torch.equal(drawn(0, everywhere=True), drawn(1, everywhere=True))
    assert not torch.equal(drawn(0), drawn(1))
