import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from spikesight.trace.aggregates import by_class
from spikesight.trace.aggregates.labels import Labels


@given(st.integers(0, 30), st.integers(1, 300), st.integers(0, 2**32 - 1), st.booleans())
def test_every_spike_is_counted_once_in_its_block_class_and_unit(first, rows, seed, sparse):
    random = np.random.default_rng(seed)
    size = 2**24 if sparse else 7  # more cells than an array of all of them may have
    stim, unit = first + random.integers(0, 40, rows), random.integers(0, size, rows)
    classes = np.array([-1, 2, 5])
    labels = Labels(first, random.integers(0, 3, 40), classes, np.arange(first, first + 40))
    width, found = by_class.counted(stim, unit, size, labels)
    assert width in (by_class.BASE, by_class.BASE * by_class.STEP)
    expected: dict[tuple[int, ...], int] = {}
    for one, who in zip(stim.tolist(), unit.tolist(), strict=True):
        key = one // width * width, int(classes[labels.places[one - first]]), who
        expected[key] = expected.get(key, 0) + 1
    names = ("stim", "class", "unit", "spikes")
    assert {
        key: n for *key, n in zip(*(found[name].tolist() for name in names), strict=True) for key in [tuple(key)]
    } == (expected)


def test_blocks_nest():
    base, step = by_class.BASE, by_class.STEP
    assert by_class.nesting(0, base * step) == base * step
    assert by_class.nesting(base, base * step) == base
    assert by_class.nesting(1, base) == by_class.nesting(0, base + 1) == by_class.nesting(0, 1) == 0
    assert by_class.coarsest_within(base - 1) == 0
    assert by_class.coarsest_within(base * step + 1) == base * step
