"""The made-up tagger: shapes, seeds, frequencies."""

import numpy as np

from spikesight.recipes.sgl_thresh.scores import MOST_FREQUENT, RAREST, tagger


def test_scores_tell_tags_apart_and_frequencies_are_as_stated():
    scores, labels = tagger(5000, 20, seed=0)
    assert scores.shape == labels.shape == (5000, 20)
    assert scores.dtype == np.float32
    assert 0.0 <= scores.min() <= scores.max() <= 1.0
    assert RAREST / 2 < labels.mean(0).min() <= labels.mean(0).max() < 1.2 * MOST_FREQUENT
    for tag in range(20):
        assert scores[labels[:, tag], tag].mean() > scores[~labels[:, tag], tag].mean()


def test_the_seed_decides():
    np.testing.assert_array_equal(tagger(10, 3, seed=1).scores, tagger(10, 3, seed=1).scores)
    assert (tagger(10, 3, seed=1).scores != tagger(10, 3, seed=2).scores).any()
