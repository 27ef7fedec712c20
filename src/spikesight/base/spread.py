"""Spreading the items of a batch over the processor's cores."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

from spikesight.base.cores import usable_cores


def spread(work: Callable[[int, int], None], items: int) -> None:
    """Call `work(first, last)` for as many equal parts of `items` as there are cores, side by side.

    `work` must let go of the interpreter (compiled with `nogil`), and what it does to an item must not depend on the
    others, so that answers do not depend on the number of cores.   Errors: those of `work`.
    """
    parts = min(usable_cores(), items)
    if parts <= 1:
        work(0, items)
        return
    edges = [items * part // parts for part in range(parts + 1)]
    with ThreadPoolExecutor(parts) as pool:
        for done in [pool.submit(work, *pair) for pair in pairwise(edges)]:
            done.result()
