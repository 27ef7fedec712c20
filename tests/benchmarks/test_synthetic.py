import numpy as np
import pytest

from spikesight.benchmarks import synthetic
from spikesight.trace.reader import Trace


def test_about_as_many_spikes_as_asked_for_in_their_layers(tmp_path):
    total, seconds = synthetic.record(tmp_path, 640_000, 1_000_000)
    assert total == pytest.approx(640_000, rel=0.05)
    assert seconds > 0
    with Trace.open(tmp_path) as trace:
        counts = {name: trace.count(name) for name in synthetic.LAYERS}
        assert sum(counts.values()) == total
        for name, share in synthetic.SHARES.items():
            assert counts[name] / total == pytest.approx(share, rel=0.05)


def test_times_are_in_order_and_within_their_stimulus():
    for _, made in synthetic.pieces(320_000, 1_000_000):
        for piece in made:
            assert (np.diff(piece.t) >= 0).all()
            np.testing.assert_array_equal(piece.t // 350, piece.stim)
            assert piece.unit.max() < np.prod(synthetic.LAYERS[piece.layer])


def test_the_same_seed_gives_the_same_spikes():
    (_, one), (_, two) = (next(synthetic.pieces(1, 1000, seed=3)) for _ in range(2))
    np.testing.assert_array_equal(one[0].unit, two[0].unit)
