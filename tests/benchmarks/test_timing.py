import numpy as np

from spikesight.benchmarks.timing import resident


def test_memory_that_is_touched_is_counted():
    before = resident()
    held = np.ones(50_000_000 // 8)
    assert before == 0 or resident() - before > 40_000_000
    assert held.sum() > 0
