"""Networks of delays: the published sizes, a step of learning, and a task that only delays can do."""

import numpy as np
import pytest
import torch

from spikesight.base.errors import InputError
from spikesight.deep.delays import Fixed, Learned, Undelayed
from spikesight.deep.losses import CrossEntropy
from spikesight.deep.readouts import SumOfSoftmax
from spikesight.deep.training.optimisers import AdamW
from spikesight.deep.training.schedules import OneCycle
from spikesight.deep.training.trainer import Trainer
from spikesight.estimators.deep_classifier import DeepClassifier
from spikesight.estimators.preparation import Sequence
from spikesight.zoo.delayed import SHD, SSC, Delayed

STEPS = 20


def coincidences(items, seed=0):
    """Four classes: a second channel fires 2, 5, 8 or 11 steps after the first one; the pair comes at any time."""
    random = np.random.default_rng(seed)
    labels = random.integers(4, size=items)
    first = random.integers(STEPS - 12, size=items)
    spikes = np.zeros((items, STEPS, 2), np.float32)
    spikes[np.arange(items), first, 0] = 1.0
    spikes[np.arange(items), first + 2 + 3 * labels, 1] = 1.0
    return spikes.reshape(items, -1), labels


def learned(delays):
    x, y = coincidences(800)
    model = DeepClassifier(
        Delayed((64,), longest=12, delays=delays, dropout=0.0),
        Sequence(STEPS, (2,)),
        loss=CrossEntropy(SumOfSoftmax()),
        epochs=12,
        batch=40,
        optimiser=AdamW(1e-2, 0.0),
        schedule=OneCycle(),
    )
    return model.fit(x, y).strict_score(*coincidences(300, seed=1))


def test_classes_that_differ_by_a_delay_alone_are_learned_with_delays_and_not_without():
    assert learned(Learned()) >= 0.95
    assert learned(Undelayed()) < 0.4  # chance is 0.25


@pytest.mark.parametrize(
    ("architecture", "classes", "numbers"), [(SHD, 20, 214_016), (SSC, 35, 1_230_848)], ids=["SHD", "SSC"]
)
def test_the_published_nets_have_as_many_numbers_and_learn_a_step(architecture, classes, numbers):
    net = architecture.build((140,), classes)
    assert sum(parameter.numel() for parameter in net.parameters()) == numbers
    before = net.delays1.delay.detach().clone()
    trainer = Trainer(net, CrossEntropy(SumOfSoftmax()), 10, optimiser=AdamW(1e-3, 1e-5))
    x = (torch.rand(40, 2, 140) < 0.1).float()
    loss, scores = trainer.step(x, torch.tensor([0, 1]))
    assert np.isfinite(loss)
    assert scores.shape == (2, classes)
    torch.testing.assert_close(scores.sum(1), torch.full((2,), 40.0))
    assert (net.delays1.delay != before).any()
    assert net.delays1.delay.max() <= architecture.longest


def test_weights_alone_learn_where_delays_are_fixed_or_none():
    fixed, none = (Delayed((8,), longest=5, delays=delays).build((4,), 3) for delays in (Fixed(), Undelayed()))
    sizes = [sum(parameter.numel() for parameter in net.parameters()) for net in (fixed, none)]
    assert sizes == [4 * 8 + 8 * 3 + 16] * 2


def test_the_membranes_forget_as_fast_as_published():
    assert SHD.tau == pytest.approx(1.886e-3, rel=1e-3)
    assert np.exp(-SSC.dt / SSC.tau) == pytest.approx(1 / 3)


def test_streamed_in_chunks_it_says_the_same():
    torch.manual_seed(0)
    net = Delayed((8, 8), longest=5, dropout=0.0).build((4,), 3).double().eval()
    x = (torch.rand(20, 2, 4, dtype=torch.float64) < 0.3).double()
    whole, state, parts = net(x), None, []
    for chunk in x.split([3, 9, 8]):
        y, state = net.run(chunk, state)
        parts.append(y)
    torch.testing.assert_close(torch.cat(parts), whole)


def test_what_is_no_such_net():
    with pytest.raises(InputError, match="a hidden layer at least"):
        Delayed(())
    with pytest.raises(InputError, match="a decay between 0 and 1"):
        Delayed(decay=1.0)
