from collections.abc import Iterator

import pytest


@pytest.fixture(scope="module", autouse=True)
def small_numbers() -> Iterator[None]:
    """Segments, files and blocks of a thousandth of their size, so that a small trace has files of every rank."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("spikesight.trace.sealer.SEGMENT_ROWS", 400)
        patch.setattr("spikesight.trace.aggregates.keeper.RUN_ROWS", 200)
        patch.setattr("spikesight.trace.aggregates.keeper.LEAST_ROWS", 50)
        patch.setattr("spikesight.trace.aggregates.keeper.MERGED", 3)
        patch.setattr("spikesight.trace.aggregates.by_class.BASE", 4)
        patch.setattr("spikesight.trace.aggregates.by_class.STEP", 4)
        patch.setattr("spikesight.trace.counts.MANY", 300)
        patch.setattr("spikesight.trace.counts.VERY_MANY", 1500)
        patch.setattr("spikesight.trace.counts.FEW_BLOCKS", 2)
        yield
