import numpy as np
import pytest

from spikesight.base.errors import TraceError
from spikesight.trace.exporters import contract
from spikesight.trace.exporters.contract import Content


@pytest.mark.parametrize("rows", [1, 50, 10**6])
def test_spikes_come_in_pieces_that_make_the_whole(run, monkeypatch, rows):
    monkeypatch.setattr(contract, "ROWS", rows)
    content = Content.open(run)
    with content.trace as trace:
        pieces = list(content.spikes("exc"))
        whole = trace.spikes("exc")
        assert (len(pieces) > 1) == (rows < len(whole.t))
        for name in ("t", "unit", "stim"):
            assert np.array_equal(np.concatenate([getattr(piece, name) for piece in pieces]), getattr(whole, name))
        assert content.variables() == [("exc", "v")]


@pytest.mark.parametrize("rows", [1, 4, 10**6])
def test_samples_come_in_pieces_that_make_the_whole(run, monkeypatch, rows):
    monkeypatch.setattr(contract, "ROWS", rows)
    content = Content.open(run)
    with content.trace as trace:
        pieces, whole = list(content.values("exc", "v")), trace.values("exc", "v")
        for name in ("t", "unit", "value"):
            assert np.array_equal(np.concatenate([getattr(piece, name) for piece in pieces]), getattr(whole, name))
        # Two samples lie at one time: no piece can hold fewer, and no more than asked for where windows are short.
        assert max(len(piece.t) for piece in pieces) <= max(2, 2 * rows)


def test_what_is_no_trace(tmp_path):
    with pytest.raises(TraceError, match="is not a trace"):
        Content.open(tmp_path)
