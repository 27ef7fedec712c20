"""Numbers of spikes of a trace that grows: what was counted once is not counted again."""

from __future__ import annotations

from collections.abc import Callable


class Tally:
    """Counts spikes of a layer up to now through `count(layer, first tick, end tick)`, which looks at the trace."""

    def __init__(self, count: Callable[[str, int, int], int]) -> None:
        self._count = count
        self._known: dict[str, tuple[int, int, int]] = {}

    def spikes(self, layer: str, first: int, settled: int, end: int) -> int:
        """Return the spikes of `layer` in ticks `first` to `end`; before `settled` none will be added any more."""
        start, upto, known = self._known.get(layer, (first, first, 0))
        if start != first or upto > end:  # the trace was taken back and begins anew
            upto, known = first, 0
        if upto < settled <= end:
            known += self._count(layer, upto, settled)
            upto = settled
            self._known[layer] = (first, upto, known)
        return known + (self._count(layer, upto, end) if upto < end else 0)
