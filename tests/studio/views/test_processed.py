import numpy as np
import pytest

from spikesight.studio.query import Query
from spikesight.studio.views import processed


@pytest.mark.parametrize(("at", "upto"), [(None, 300), (50.2, 101), (-3.0, 1), (1e6, 300)])
def test_inputs_up_to_the_cursor(opened, finished, at, upto):
    told = processed.answer(opened, Query(at=at))
    seen = finished.outcomes[:upto]
    labels = np.array([label for _, _, label, _, _ in seen])
    right = np.array([bool(correct) for *_, correct in seen])
    known = np.array([correct is not None for *_, correct in seen])
    assert told["stimuli"] == upto
    np.testing.assert_array_equal(told["shown"], np.bincount(labels, minlength=10))
    np.testing.assert_array_equal(told["right"], np.bincount(labels[right], minlength=10))
    np.testing.assert_array_equal(told["predicted"], np.bincount(labels[known], minlength=10))


def test_the_answer_is_valid_until_the_next_stimulus(opened):
    assert processed.answer(opened, Query(at=50.2))["valid"] == pytest.approx([50.0, 50.5])
