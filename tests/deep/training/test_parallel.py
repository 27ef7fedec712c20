"""Two processes that learn from halves of batches equal one that learns from all of them, up to rounding."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import torch
from torch import distributed, nn

from spikesight.deep import LIF, Hold, Network
from spikesight.deep.losses import CrossEntropy
from spikesight.deep.training.checkpoint import load_checkpoint
from spikesight.deep.training.optimisers import Sgd
from spikesight.deep.training.parallel import own_part, rank
from spikesight.deep.training.trainer import Trainer


def trainer():
    torch.manual_seed(rank())  # processes begin with the weights of the first
    net = Network(held=Hold(4, nn.Linear(6, 16)), lif=LIF(), out=nn.Linear(16, 3))
    with torch.no_grad():
        net.held[0].weight *= 4.0
    return Trainer(net, CrossEntropy(), 12, optimiser=Sgd(0.1), clip=0.5)


def batches():
    random = torch.Generator().manual_seed(1)
    x = torch.rand(12, 7, 6, generator=random)  # seven items: parts of three and four
    return [(own_part(one), own_part(labels)) for one, labels in zip(x, (x.sum(2) * 2).long() % 3, strict=True)]


def test_two_processes_equal_one(tmp_path):
    asked = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
    done = subprocess.run([*asked, __file__, str(tmp_path)], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    alone = trainer()
    alone.fit(batches())
    together, one = load_checkpoint(tmp_path), alone.snapshot()
    assert together.keys() == one.keys()
    for name, array in one.items():
        np.testing.assert_allclose(together[name], array, rtol=1e-4, atol=1e-6, err_msg=name)
    moved = np.abs(one["net.out.weight"] - trainer().snapshot()["net.out.weight"]).max()
    assert moved > 0.01


if __name__ == "__main__":
    torch.set_num_threads(1)
    distributed.init_process_group("gloo")
    trainer().fit(batches(), folder=Path(sys.argv[1]))
    distributed.destroy_process_group()
