"""A few synapses of which some are gone, for what happens between two calls."""

import numpy as np
import pytest

from spikesight.circuits.connections.dense import Dense
from spikesight.circuits.delays import Interpolated
from spikesight.circuits.engine import start
from spikesight.circuits.network import Network
from spikesight.circuits.population import Population, Source
from spikesight.circuits.projection import Projection
from spikesight.equations import adaptive
from spikesight.executors.reference import Reference


@pytest.fixture
def lattice():
    """Make (engine, mask) of 3 x 4 synapses of 0.5 behind a rule, a third of which is masked; float64, 1 ms."""

    def make(rule, connection=None, masked=True, **arrays):
        connection = Dense() if connection is None else connection
        delay = Interpolated(20.0) if "delay" in rule.changes else None
        nodes = Source("input", (3,)), Population("exc", (4,), adaptive.EQUATION, adaptive.EQUATION.params())
        into = (*adaptive.EQUATION.inputs, *adaptive.EQUATION.targets)[0]
        learned = Projection("learned", "input", "exc", into, connection, rule, delay, masked)
        network = Network(1e-3, nodes, (learned,), np.float64)
        shape = connection.weight_shape(3, 4)
        mask = (np.arange(np.prod(shape)) % 3 > 0).reshape(shape) | (not masked)
        given = {"learned.w": np.full(shape, 0.5), **({"learned.mask": mask} if masked else {})}
        given |= {"learned.delay": np.full(shape, 5.0)} if delay else {}
        given |= {f"learned.{name}": values for name, values in arrays.items()}
        return start(network, given, Reference()), mask

    return make
