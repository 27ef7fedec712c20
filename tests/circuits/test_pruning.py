"""What is pruned is gone for good."""

import numpy as np
import pytest

from spikesight.base.errors import InputError, UnknownName
from spikesight.circuits.connections.dense import Dense
from spikesight.circuits.engine import start
from spikesight.circuits.network import Network
from spikesight.circuits.plasticity.recency import RecencyStdp
from spikesight.circuits.population import Population, Source
from spikesight.circuits.projection import Projection
from spikesight.circuits.pruning import pruned
from spikesight.encoding.spike_list import from_dense
from spikesight.equations import leaky
from spikesight.executors.reference import Reference

W = np.linspace(0.1, 0.9, 12).reshape(4, 3)


def network(masked=True):
    params = leaky.Params(threshold=0.3, drive=leaky.Charge())
    nodes = Source("input", (4,)), Population("out", (3,), leaky.EQUATION, params)
    learned = Projection("learned", "input", "out", "current", Dense(), RecencyStdp(low=0.05), masked=masked)
    return Network(1e-3, nodes, (learned,), np.float64)


def test_learning_never_revives_and_pruning_adds_up():
    first = pruned(network(), {"learned.w": W}, "learned", W > 0.3)
    second = pruned(network(), first, "learned", W < 0.8)
    mask = (W > 0.3) & (W < 0.8)
    np.testing.assert_array_equal(second["learned.mask"], mask)
    np.testing.assert_array_equal(second["learned.w"], W * mask)
    engine = start(network(), second, Reference())
    fired = engine.advance({"input": from_dense(np.random.default_rng(0).random((200, 4)) < 0.3)}, 200)
    assert len(fired["out"].step) > 20
    assert not engine.arrays["learned.w"][~mask].any()
    assert (engine.arrays["learned.w"][mask] != W[mask]).all()


def test_it_answers_what_it_cannot_do():
    with pytest.raises(InputError, match="masked=True"):
        pruned(network(masked=False), {"learned.w": W}, "learned", W > 0.3)
    with pytest.raises(InputError, match=r"\(4, 3\)"):
        pruned(network(), {"learned.w": W}, "learned", W[0] > 0.3)
    with pytest.raises(UnknownName, match="learned"):
        pruned(network(), {"learned.w": W}, "learnt", W > 0.3)
