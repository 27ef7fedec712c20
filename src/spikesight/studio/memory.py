"""Answers that are kept for the next time they are asked for."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Any, TypeVar

Answer = TypeVar("Answer")


class Memory:
    """Keeps `most` answers: those that were asked for last."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._kept: OrderedDict[object, Any] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def answer(self, key: object, make: Callable[[], Answer]) -> Answer:
        """Return the answer kept under `key`, or `make()`, which is kept from now on. An error is not kept."""
        found: Answer = self._kept[key] if key in self._kept else make()
        self._kept[key] = found
        self._kept.move_to_end(key)
        while len(self._kept) > self.most:
            self._kept.popitem(last=False)
        return found

    def forget(self) -> None:
        """Keep nothing of what was kept so far."""
        self._kept.clear()
