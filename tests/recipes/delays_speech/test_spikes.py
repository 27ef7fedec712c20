"""Recordings as an ear's spike counts."""

from spikesight.datasets.audio import made_up_digits
from spikesight.recipes.delays_speech.spikes import spikes_of


def test_rows_are_steps_by_channels_and_the_split_is_the_data_sets():
    spoken = made_up_digits(each=6)
    images = spikes_of(spoken, channels=12, seconds=0.3)
    assert images.shape == (30, 12)
    assert images.train.shape == (20, 360)
    assert images.test.shape == (100, 360)
    assert images.train.max() <= 10
    assert images.train.any(axis=1).all()
    assert (images.test_labels == spoken.digit[spoken.for_test]).all()
