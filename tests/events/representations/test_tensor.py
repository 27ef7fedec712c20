import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.events.representations import ByCount, ByTime, SpikeTensor, histogram, reference, spike_tensor
from spikesight.events.stream import EventStream

MEASURES = [ByTime(), ByCount()]


def test_by_hand():
    events = EventStream([100, 105, 110], [0] * 3, [0] * 3, [1, 0, 1], 1, 1)
    assert spike_tensor(events, 3).ravel().tolist() == [0, 0.5, 0, 0, 0, 1]  # times 0, 0.5 and 1 at bins 0, 1 and 2
    assert spike_tensor(events, 3, ByCount()).ravel().tolist() == [0, 1, 0, 1, 0, 1]


@pytest.mark.parametrize("measure", MEASURES, ids=lambda measure: type(measure).__name__)
@pytest.mark.parametrize("bins", [2, 9])
def test_equal_to_the_reference(events, bins, measure):
    found = spike_tensor(events, bins, measure)
    expected = reference.spike_tensor(events, bins, measure)
    np.testing.assert_allclose(found, expected, rtol=0, atol=2.0**-22 * max(1, len(events)))
    np.testing.assert_array_equal(SpikeTensor(bins, measure)(events), found)
    assert (found.shape, found.dtype) == ((2 * bins, events.height, events.width), np.float32)


def test_counts_sum_up_to_the_histogram(events):
    found = spike_tensor(events, 4, ByCount()).reshape(2, 4, events.height, events.width).sum(1)
    np.testing.assert_allclose(found, histogram(events), rtol=1e-6)


def test_too_few_bins_and_events_out_of_order_are_errors(backward):
    with pytest.raises(InputError, match="got 1"):
        spike_tensor(backward.sorted(), 1)
    with pytest.raises(InputError, match="step back"):
        spike_tensor(backward)
