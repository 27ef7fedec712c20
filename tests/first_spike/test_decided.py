import numpy as np

from spikesight.first_spike.decided import SILENT, Decisions


def test_the_winner_of_an_item_or_none():
    found = Decisions(
        map=np.array([3, SILENT]),
        row=np.array([1, SILENT]),
        column=np.array([2, SILENT]),
        time=np.array([4, 9]),
        potential=np.array([0.5, 0.0], np.float32),
        tied=np.zeros(2, bool),
        likeliest=np.array([3, 0]),
    )
    assert found.winner(0) == (3, 1, 2, 4, 0.5)
    assert found.winner(1) is None
