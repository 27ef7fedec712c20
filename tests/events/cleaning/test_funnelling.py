from streams_to_clean import busy, of, rows

from spikesight.events.cleaning.funnelling import funnelling


def test_the_same_rows_are_one():
    some = of([(5, 0, 0, True), (5, 3, 3, True), (5, 4, 0, True)], 8, 4)
    assert rows(funnelling(some, 4, 1)) == [(5, 0, 0, True), (5, 1, 0, True)]


def test_times_are_the_same_between_two_multiples():
    some = of([(3, 0, 0, True), (9, 1, 1, True), (9, 1, 0, False), (10, 1, 0, True)])
    assert rows(funnelling(some, 2, 10)) == [(3, 0, 0, True), (9, 0, 0, False), (10, 0, 0, True)]
    assert len(funnelling(some, 2, 1)) == 4, "microseconds merge next to nothing"


def test_coarser_times_merge_more():
    counts = [len(funnelling(busy(), 4, microseconds)) for microseconds in (1, 10, 100, 1000, 10_000)]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > 0.98 * 20_000
