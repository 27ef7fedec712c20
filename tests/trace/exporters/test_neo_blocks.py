import numpy as np
import pytest

from spikesight.trace.exporters import neo_block
from spikesight.trace.reader import Trace

pytest.importorskip("neo")


def test_every_unit_is_a_train(run):
    block = neo_block(run)
    (segment,) = block.segments
    assert [group.name for group in block.groups] == ["exc", "inh"]
    assert len(segment.spiketrains) == 13
    with Trace.open(run) as trace:
        for train in segment.spiketrains:
            expected = trace.spikes(train.annotations["layer"], units=[train.annotations["unit"]]).t
            assert np.array_equal(train.rescale("s").magnitude, expected)
            assert float(train.t_start) == 0.0
        assert float(segment.spiketrains[0].t_stop) == pytest.approx((trace.extent[1] + 1) * 1e-4)
    assert [train.name for train in block.groups[1].spiketrains] == ["inh.0", "inh.1", "inh.2"]
