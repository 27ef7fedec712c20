"""What a studio can show: a run, or a file of events. Both are asked by views; each kind has views of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from spikesight.studio.view import View


class Empty(Exception):
    """There is nothing to show, for the reason that the message gives."""


class Shown(Protocol):
    """A thing that views ask. `revision` counts the times that something new was found in it.

    `turn` is held while a question is answered; `views` are the questions, by name.
    """

    revision: int
    turn: asyncio.Lock
    views: Mapping[str, View]

    @property
    def name(self) -> str:
        """What it is called where nothing else is called so."""

    def refresh(self) -> None:
        """Look for news."""

    def close(self) -> None:
        """Let go of its files."""
