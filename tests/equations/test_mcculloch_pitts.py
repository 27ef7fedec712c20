import numpy as np

from spikesight.equations import mcculloch_pitts
from spikesight.executors import FusedCpu, Reference


def test_it_computes_logic_and_remembers_nothing() -> None:
    inputs = np.array([[0, 0], [0, 1], [1, 0], [1, 1]] * 2, np.float64)
    for executor in (Reference(), FusedCpu()):
        for threshold, expected in ((1.0, [0, 1, 1, 1]), (2.0, [0, 0, 0, 1])):
            params = mcculloch_pitts.Params(threshold=threshold)
            drive = {"current": inputs.sum(axis=1)[:, None]}
            spikes, state = executor.run(mcculloch_pitts.EQUATION, params, drive, 1e-3)
            assert spikes[:, 0].tolist() == [bool(value) for value in expected * 2]
            assert state["v"][0] == 2.0
