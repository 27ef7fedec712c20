"""Small parts of a file, packets or frames, put together into pieces of the size that was asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from spikesight.events.files.format import Columns


def regrouped(parts: Iterable[Columns], events: int) -> Iterator[Columns]:
    """Go through the events of `parts`, `events` at a time; only the last piece is shorter."""
    waiting, count = list[Columns](), 0
    for part in parts:
        first, last = 0, len(part.t)
        while count + last - first >= events:
            cut = first + events - count
            yield _together([*waiting, part.part(first, cut)])
            waiting, count, first = [], 0, cut
        if first < last:
            waiting.append(part.part(first, last))
            count += last - first
    if waiting:
        yield _together(waiting)


def _together(parts: list[Columns]) -> Columns:
    return Columns(*(np.concatenate(column) for column in zip(*parts, strict=True)))
