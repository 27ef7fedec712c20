"""Where files lie, whatever the folder above them is called."""

import pytest
from recorded_traces import record

from spikesight.trace.reader import Trace


@pytest.mark.parametrize("name", ["a[1]", "b*", "b?", "{b,c}", "[a-z]*[[]", "it's", "back\\slash", "50%20"])
def test_a_folder_may_be_called_like_a_pattern(tmp_path, name):
    record(tmp_path / name, 2, seed=1)
    for other in ("a1", "bx", "b", "c"):  # which the patterns would find
        record(tmp_path / other, 2, seed=2)
    with Trace.open(tmp_path / name) as trace, Trace.open(record(tmp_path / "plain", 2, seed=1)) as same:
        assert trace.spikes("exc").t.tolist() == same.spikes("exc").t.tolist()
