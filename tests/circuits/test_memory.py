"""The forecast is the memory that engines really take, and nothing is made that cannot fit."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from spikesight.base.errors import NotEnoughMemory
from spikesight.circuits.connections.dense import Dense
from spikesight.circuits.connections.sparse import Sparse
from spikesight.circuits.delays import Branched, PerSynapse
from spikesight.circuits.engine import start, structures
from spikesight.circuits.memory import forecast
from spikesight.circuits.network import Network
from spikesight.circuits.plasticity.pair import PairStdp
from spikesight.circuits.population import Population, Source
from spikesight.circuits.projection import Projection
from spikesight.circuits.wiring import fan_out
from spikesight.equations import leaky
from spikesight.executors.reference import Reference


def network(projection, n_pre=40, n_post=30):
    nodes = Source("pre", (n_pre,)), Population("post", (n_post,), leaky.EQUATION, leaky.Params())
    return Network(1e-3, nodes, (projection,))


def share(network, name):
    return next(share for share in forecast(network).shares if share.name == name)


@pytest.mark.parametrize(("rule", "bytes_each"), [(None, 4), (PairStdp(), 12)])
def test_a_synapse_of_a_list_takes_what_is_promised(rule, bytes_each):
    """Four bytes of weight; with learning eight more to find it from behind. The list's own four exist already."""
    wiring = fan_out(4000, 3000, 100, np.random.default_rng(0))
    described = network(Projection("to", "pre", "post", "current", wiring, rule), 4000, 3000)
    assert share(described, "to").bytes / 400_000 == pytest.approx(bytes_each, rel=0.25)
    assert share(described, "to").bytes >= 400_000 * bytes_each
    assert wiring.targets.itemsize == 4


@pytest.mark.parametrize(
    "projection",
    [
        Projection("to", "pre", "post", "current", Dense(), PairStdp(), PerSynapse(5), masked=True),
        Projection(
            "to", "pre", "post", "current",
            Sparse(np.arange(161), np.arange(160) % 30, 30), PairStdp(), Branched(3),
        ),
    ],
)  # fmt: skip
def test_the_forecast_is_what_an_engine_holds(projection):
    described = network(projection)
    shape = projection.connection.weight_shape(projection.rows(40), 30)
    delays = {"to.delay": np.zeros(shape)} if isinstance(projection.delay, PerSynapse) else {}
    parameters = {"to.w": np.ones(shape), **delays}
    engine = start(described, parameters, Reference())
    made = [a for a in structures(described)["to"] if isinstance(a, np.ndarray)]
    own = [a for a in vars(projection.connection).values() if isinstance(a, np.ndarray)]
    held = sum(a.nbytes for a in engine.arrays.values())
    held += sum(a.nbytes for a in made if not any(np.shares_memory(a, b) for b in own))
    assert forecast(described).bytes == held


STATUS, PEAK_AGAIN = Path("/proc/self/status"), Path("/proc/self/clear_refs")


def resident(what):
    """Bytes of memory that this process really has ("VmRSS"), or had at most ("VmHWM")."""
    lines = dict(line.split(":", 1) for line in STATUS.read_text().splitlines())
    return 1024 * int(lines[what].split()[0])


@pytest.mark.skipif(not PEAK_AGAIN.exists(), reason="only Linux tells the most memory that was taken since")
@pytest.mark.parametrize(
    ("rule", "delay", "dense"),
    [
        (PairStdp(), None, False),
        (PairStdp(), PerSynapse(5), False),
        (None, None, False),
        (None, PerSynapse(5), True),
        (PairStdp(), None, True),
    ],
)
def test_making_an_engine_takes_what_was_told(rule, delay, dense):
    n_pre, n_post, each = 3000, 3000, 3000
    listed = Sparse(np.arange(n_pre + 1) * each, np.tile(np.arange(each, dtype=np.int32), n_pre), n_post)
    projection = Projection("to", "pre", "post", "current", Dense() if dense else listed, rule, delay)
    described = network(projection, n_pre, n_post)
    shape = projection.connection.weight_shape(n_pre, n_post)
    parameters = {"to.w": np.ones(shape, np.float32), **({"to.delay": np.ones(shape)} if delay else {})}
    before = resident("VmRSS")
    PEAK_AGAIN.write_text("5")
    engine = start(described, parameters, Reference())
    most = resident("VmHWM") - before
    assert engine.clock == 0
    # Less where flags found room that was free in this process, more where theirs was kept for later.
    assert 0.75 * forecast(described).peak < most < 1.1 * forecast(described).peak


def test_what_cannot_fit_is_refused_with_the_sum(monkeypatch):
    monkeypatch.setattr("spikesight.circuits.memory.available_memory", lambda: 10_000_000)
    described = network(Projection("to", "pre", "post", "current", Dense()), 10_000, 1000)
    with pytest.raises(
        NotEnoughMemory,
        match=r"needs 50 MB, 10 MB of it only at first; .* to 40 MB \(4 bytes for each\).* has 10 MB left",
    ):
        start(described, {}, Reference())
    small = replace(described, nodes=(Source("pre", (10,)), described.nodes[1]))
    assert start(small, {"to.w": np.zeros((10, 1000))}, Reference()).clock == 0
