import numpy as np
import pytest

from spikesight.studio.events.views import rate
from spikesight.studio.query import Query


@pytest.mark.parametrize(("first", "last", "bins"), [(0, None, 600), (0, None, 1), (3, 50_021, 7), (100, 105, 600)])
def test_counts_are_exact(opened, made, offsets, first, last, bins):
    options = {"from": str(first)} | ({} if last is None else {"to": str(last)})
    told = rate.answer(opened, Query(bins=bins, options=options))
    edges = told["edges"]
    assert (edges[0], edges[-1]) == (first, offsets[-1] + 1 if last is None else last)
    assert len(told["on"]) == min(bins, int(edges[-1] - edges[0]))
    for name, chosen in (("on", made.columns.p), ("off", ~made.columns.p)):
        # numpy's last bin has both edges
        wanted = np.histogram(offsets[chosen & (offsets < edges[-1])], edges)[0]
        assert told[name].tolist() == wanted.tolist()
    if last is None:
        assert told["on"].sum() + told["off"].sum() == 9000
