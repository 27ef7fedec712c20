import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spikesight.base.randomness import generator


def draws(*stream):
    return generator(*stream).integers(0, 2**62, 4).tolist()


def test_the_same_stream_gives_the_same_numbers_for_ever():
    # Golden: runs recorded in the past draw the same spikes in the future.
    assert draws(7, "poisson", 3) == draws(7, "poisson", 3)
    assert generator(0, "weights").integers(0, 1000, 5).tolist() == [887, 700, 72, 306, 727]


def test_what_was_drawn_elsewhere_changes_nothing():
    first = generator(1, "weights")
    first.random(1000)
    assert draws(1, "poisson", 0) == generator(1, "poisson", 0).integers(0, 2**62, 4).tolist()


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 2**40), st.sampled_from(["weights", "poisson"]), st.integers(0, 2**40)),
        unique=True,
        min_size=2,
        max_size=10,
    )
)
def test_different_streams_are_different(streams):
    assert len({tuple(draws(*stream)) for stream in streams}) == len(streams)


def test_every_index_counts():
    streams = [(), (1,), (2,), (0, 1), (1, 1), (2, 1)]
    assert len({tuple(draws(1, "a", *index)) for index in streams}) == len(streams)


def test_an_index_of_zero_counts():
    streams = [(), (0,), (0, 0), (1,), (1, 0)]
    assert len({tuple(draws(1, "a", *index)) for index in streams}) == len(streams)


def test_numbers_are_uniform():
    numbers = np.concatenate([generator(5, "poisson", index).random(100) for index in range(1000)])
    assert abs(numbers.mean() - 0.5) < 5 * np.sqrt(1 / 12 / len(numbers))  # five standard errors
    assert abs(np.corrcoef(numbers[:-100], numbers[100:])[0, 1]) < 5 / np.sqrt(len(numbers))


@pytest.mark.parametrize("stream", [(-1, "weights"), (1, "weights", -2)])
def test_negative_seeds_and_indices_are_refused(stream):
    with pytest.raises(ValueError, match="whole numbers >= 0"):
        generator(*stream)
