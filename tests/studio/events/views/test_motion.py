import numpy as np
import pytest

from spikesight.studio.events.views import motion
from spikesight.studio.query import Query
from spikesight.studio.shown import Empty


def test_samples_and_means_of_them(opened, made):
    every = motion.answer(opened, Query(options={"from": "2000", "to": "8000"}))
    assert every["t"].tolist() == [2000, 4000, 6000]
    assert np.allclose(every["acceleration"], made.inertial.acceleration[1:4].T)
    means = motion.answer(opened, Query(bins=3, options={"from": "0", "to": "10000"}))
    assert means["each"] == 2
    assert means["t"].tolist() == [1000, 5000, 8000]
    assert means["rotation"].shape == (3, 3)


def test_a_window_without_samples(opened):
    with pytest.raises(Empty, match="no samples of motion in this window"):
        motion.answer(opened, Query(options={"from": "1", "to": "1999"}))
