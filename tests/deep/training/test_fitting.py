"""Fitting by batches: killed at any moment and gone on with, to the same bits."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from spikesight.base.errors import InputError, RunError
from spikesight.deep import LIF, Hold, Network
from spikesight.deep.losses import CrossEntropy
from spikesight.deep.neurons import PLIF
from spikesight.deep.training.checkpoint import FILE, load_checkpoint
from spikesight.deep.training.optimisers import AdamW
from spikesight.deep.training.schedules import Constant
from spikesight.deep.training.trainer import Trainer

STEPS = 40


def trainer(steps=STEPS):
    torch.manual_seed(0)
    net = Network(held=Hold(3, nn.Linear(6, 12)), lif=LIF(), drop=nn.Dropout(0.2), out=nn.Linear(12, 2))
    with torch.no_grad():
        net.held[0].weight *= 4.0
    return Trainer(net, CrossEntropy(), steps, optimiser=AdamW(1e-2), average=0.9, seed=3)


def loader():
    """Nine batches, in an order that is new in each epoch."""
    random = torch.Generator().manual_seed(1)
    x = torch.rand(45, 6, generator=random)
    return DataLoader(TensorDataset(x, (x[:, 0] > 0.5).long()), 5, shuffle=True)


class Told:
    """Batches that write down how many were drawn, and wait, so that there is time to be killed within an epoch."""

    def __init__(self, told, wait=0.0):
        self.batches, self.told, self.wait, self.count = loader(), told, wait, 0

    def __iter__(self):
        for batch in self.batches:
            self.count += 1
            self.told.write_text(str(self.count))
            time.sleep(self.wait)
            yield batch


def assert_same(one, other):
    assert one.keys() == other.keys()
    for name, array in one.items():
        np.testing.assert_array_equal(array, other[name], err_msg=name)


def test_a_loader_is_learned_from():
    fitted = trainer(200)
    fitted.fit(loader())
    fitted.net.eval()
    x, labels = loader().dataset.tensors
    assert float((fitted.net(x).mean(0).argmax(1) == labels).float().mean()) > 0.85


def test_a_killed_training_goes_on_to_the_same_bits(tmp_path):
    whole, told = trainer(), tmp_path / "told"
    whole.fit(Told(tmp_path / "others"))
    process = subprocess.Popen([sys.executable, __file__, str(tmp_path / "run"), str(told)])
    while not told.exists() or int(told.read_text() or 0) < 15:  # in the middle of the second epoch
        assert process.poll() is None
        time.sleep(0.01)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    done = int(load_checkpoint(tmp_path / "run")["done"][0])
    assert 9 < done < STEPS
    assert done % 9
    again = trainer()
    again.fit(Told(told), folder=tmp_path / "run")
    assert_same(whole.snapshot(), again.snapshot())
    assert_same(whole.snapshot(), load_checkpoint(tmp_path / "run"))


def test_a_finished_training_stays_as_it_is(tmp_path):
    first, second = trainer(), trainer()
    first.fit(loader(), folder=tmp_path)
    second.fit(loader(), folder=tmp_path)
    assert_same(first.snapshot(), second.snapshot())


def test_a_damaged_checkpoint_is_told(tmp_path):
    (tmp_path / FILE).write_bytes(b"nonsense")
    with pytest.raises(RunError, match="is damaged"):
        trainer().fit(loader(), folder=tmp_path)


def test_batches_can_be_gone_through_again():
    with pytest.raises(InputError, match=r"no batches in epoch 1: .* no generator"):
        trainer().fit(batch for batch in loader())
    with pytest.raises(InputError, match="no batches in epoch 0"):
        trainer().fit([])


if __name__ == "__main__":
    torch.set_num_threads(1)
    trainer().fit(Told(Path(sys.argv[2]), 0.02), folder=Path(sys.argv[1]), every=0.0)


@pytest.mark.parametrize("average", [None, 0.9])
def test_single_numbers_that_learn_are_gone_on_with(tmp_path, average):
    batches = [(9.0 * torch.rand(4, 6, 5), torch.arange(6) % 2)] * 3
    weights = []
    for steps in ((6,), (3, 6)):
        for number in steps:
            torch.manual_seed(0)
            net = Network(fc=nn.Linear(5, 5), neurons=PLIF(), out=nn.Linear(5, 2))
            trainer = Trainer(net, CrossEntropy(), number, schedule=Constant(), average=average)
            trainer.fit(batches, folder=tmp_path / str(len(steps)))
        weights.append(net.state_dict())
    assert all(torch.equal(value, weights[1][name]) for name, value in weights[0].items())
