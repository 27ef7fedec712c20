"""Run 100,000 neurons with 100 million synapses: ten seconds to draw them, one for a tenth of a second of life."""

import resource
import sys
import time

import numpy as np

from spikesight.base.randomness import generator
from spikesight.circuits.drive import Drive
from spikesight.circuits.engine import start
from spikesight.circuits.memory import forecast
from spikesight.circuits.network import Network
from spikesight.circuits.population import Population
from spikesight.circuits.projection import Projection
from spikesight.circuits.wiring import random_pairs
from spikesight.equations import leaky
from spikesight.executors import FusedCpu

N, DT = 100_000, 0.1e-3
wiring = random_pairs(N, N, 0.01, generator(0, "wiring"))
neuron = leaky.Params(threshold=1.0, refractory=5e-3, drive=leaky.Charge())
network = Network(
    dt=DT,
    nodes=(Population("cells", (N,), leaky.EQUATION, neuron),),
    projections=(Projection("inhibit", "cells", "cells", "current", wiring),),
    drives=(Drive("push", "cells", "current"),),
)
print(f"{len(wiring.targets):,} synapses; to run them takes {forecast(network)}")

engine = start(network, {"inhibit.w": np.full(len(wiring.targets), -1e-4, np.float32)}, FusedCpu())
engine.arrays["cells.v"][:] = generator(0, "begin").random(N)
push = {"push": np.full(N, 5.5e-3, np.float32)}
engine.advance({}, 1, push)  # compiles

started = time.perf_counter()
spikes = len(engine.advance({}, 1000, push)["cells"].unit)
took = time.perf_counter() - started
print(f"0.1 s of life took {took:.2f} s: {spikes:,} spikes, {spikes * 1000 / took / 1e6:.0f} million synaptic events/s")
most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e9 if sys.platform == "darwin" else 1e6)
print(f"at most {most:.2f} GB of memory, drawing included")
