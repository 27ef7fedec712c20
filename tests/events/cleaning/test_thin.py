from streams_to_clean import busy, of, rows, same

from spikesight.events.cleaning.thin import thin
from spikesight.events.stream import joined


def test_the_dense_cell_loses_and_the_sparse_one_does_not():
    dense, sparse = [(k, k % 2, 0, True) for k in range(10)], [(11, 6, 4, False)]
    assert rows(thin(of(dense + sparse), most=3, side=2, microseconds=100)) == dense[:3] + sparse
    assert rows(thin(of(dense + sparse), most=1, side=2, microseconds=5)) == [dense[0], dense[5], *sparse]


def test_pieces_cut_at_whole_periods_are_the_whole():
    events = busy(2000)
    parts = [thin(events.between(k, k + 20_000), 2, 4, 10_000) for k in range(0, 100_000, 20_000)]
    assert same(joined(*parts), thin(events, 2, 4, 10_000))
