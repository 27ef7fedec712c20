"""What can go wrong, by kind. A message says what was got, what was expected and what to do."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class SpikesightError(Exception):
    """Any error that Spikesight raises on purpose."""


class InputError(SpikesightError, ValueError):
    """The caller handed in something that cannot be used: wrong shape, NaN, a negative intensity, an empty set."""


class UnknownName(InputError, KeyError):
    """A name that no catalogue holds. The message offers the nearest known ones."""

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        names = sorted(known)
        near = difflib.get_close_matches(name, names, n=3)
        advice = f"Did you mean {', '.join(near)}?" if near else f"Known: {', '.join(names) or 'none'}."
        super().__init__(f"no {kind} is called '{name}'. {advice}")
        self.kind, self.name, self.near = kind, name, near

    def __str__(self) -> str:
        """Return the sentence; a KeyError would put it in quotes."""
        return str(self.args[0])


class NotEnoughMemory(SpikesightError, MemoryError):
    """What was asked for does not fit into this computer's memory. The message tells the sum."""


class MissingExtra(SpikesightError, ImportError):
    """An optional package is not installed. The message says which extra brings it."""


class MissingData(SpikesightError, FileNotFoundError):
    """A data set is not on this machine. The message says which file to put where."""


class RunError(SpikesightError):
    """A run folder cannot be created, read or resumed."""


class TraceError(SpikesightError):
    """A trace cannot be written, or what was found on disk is not one."""


class StorageFull(TraceError, OSError):
    """The disk took no more. Everything written before stays readable."""
