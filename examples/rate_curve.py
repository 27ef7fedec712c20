"""The f-I curve of a leaky integrate-and-fire neuron: simulated, and as the formula says."""

import numpy as np

from spikesight.equations import leaky
from spikesight.executors import FusedCpu

params = leaky.Params(tau=20e-3, threshold=1.0, refractory=2e-3)
dt, seconds = 1e-5, 1.0
drives = np.linspace(1.05, 4.0, 8)
steps = round(seconds / dt)
spikes, _ = FusedCpu().run(leaky.EQUATION, params, {"current": np.tile(drives, (steps, 1))}, dt, dtype=np.float64)

for drive, rate in zip(drives, spikes.sum(axis=0) / seconds, strict=True):
    formula = 1.0 / (params.refractory + params.tau * np.log(drive / (drive - params.threshold)))
    print(f"drive {drive:.2f}: {rate:5.0f} Hz simulated, {formula:6.1f} Hz by the formula")
    assert abs(rate - formula) <= 1.5 + 0.002 * formula
