import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.base.randomness import generator
from spikesight.datasets.recordings import Recordings


def made(labels):
    asked = []

    def read(place):
        asked.append(place)
        return place * 10

    return Recordings(read, tuple(range(len(labels))), np.array(labels), ("a", "b")), asked


def test_a_recording_is_read_when_it_is_asked_for():
    recordings, asked = made([0, 1, 0])
    later = recordings[1:]
    assert (len(recordings), len(later), later.labels.tolist(), asked) == (3, 2, [1, 0], [])
    assert (recordings[2], recordings[-1], list(later)) == (20, 20, [10, 20])
    assert recordings.part(recordings.labels == 0).places == (0, 2)
    with pytest.raises(IndexError):
        recordings[3]


def test_a_drawn_split_has_equal_shares_and_is_that_of_its_seed():
    recordings, asked = made([0] * 10 + [1] * 20)
    split, same, other = (recordings.drawn(0.8, generator(seed, "split")) for seed in (1, 1, 2))
    assert np.bincount(split.train.labels).tolist() == [8, 16]
    assert sorted(split.train.places + split.test.places) == list(range(30))
    assert split.train.places == same.train.places != other.train.places
    assert split.validation is None
    assert not asked


def test_what_cannot_be_is_said():
    with pytest.raises(InputError, match="one for each of 3"):
        Recordings(int, (1, 2, 3), np.zeros(2, np.int64), ("a",))
    with pytest.raises(InputError, match=r"class a has 3 recordings: a share of 0.9 leaves"):
        made([0, 0, 0])[0].drawn(0.9, generator(0, "split"))
