"""A file of events that the studio looks at: read in the background, asked about once it is there."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Event, Thread
from typing import TypeVar

from spikesight.base.errors import InputError, SpikesightError
from spikesight.events.files.reading import EventFile
from spikesight.studio.events.recorded import Recorded
from spikesight.studio.events.spooling import Stopped, spooled
from spikesight.studio.events.views import EVENT_VIEWS
from spikesight.studio.memory import Memory
from spikesight.studio.query import Query
from spikesight.studio.shown import Empty
from spikesight.studio.view import View

MOST_REMEMBERED = 40
"""Answers: courses over the whole recording."""

Answer = TypeVar("Answer")


class OpenEvents:
    """A file of events. Reading begins at once, in a thread; `revision` is 1 when it has ended.

    Errors: as `EventFile`, where `file` is a path.
    """

    views: Mapping[str, View] = EVENT_VIEWS

    def __init__(self, file: EventFile | Path | str) -> None:
        self.file = file if isinstance(file, EventFile) else EventFile(file)
        self.name = Path(self.file.source.name).name
        self.revision = 0
        self.turn = asyncio.Lock()
        """One question at a time: a question that the page gave up while it waited is never worked on."""
        self.read_so_far = 0
        self._recorded: Recorded | None = None
        self._error: SpikesightError | None = None
        self._closed = Event()
        self._memory = Memory(MOST_REMEMBERED)
        self._thread = Thread(target=self._read, name=f"spikesight-events-{self.name}", daemon=True)
        self._thread.start()

    def _read(self) -> None:
        try:
            self._recorded = spooled(self.file, self._told)
        except Stopped:
            pass
        except SpikesightError as error:
            self._error = error
        except (OSError, MemoryError, ValueError) as error:
            self._error = InputError(f"{self.file.source.name} cannot be shown: {error}")
        except Exception as error:
            # A mistake of ours: the thread tells it where it can be reported from, and nobody waits for its end.
            self._error = SpikesightError(f"the studio made a mistake: {type(error).__name__}: {error}")
            raise
        finally:
            self.revision = 1

    def _told(self, events: int) -> bool:
        self.read_so_far = events
        return not self._closed.is_set()

    def refresh(self) -> None:
        """Do nothing: what was recorded stays so."""

    def wait(self) -> None:
        """Stay until the file is read."""
        self._thread.join()

    @property
    def recorded(self) -> Recorded:
        """The recording.   Errors: Empty while the file is still read, or has no event; what reading it has raised."""
        if self._error is not None:
            raise self._error
        if self._recorded is None:
            raise Empty(f"The file is being read: {self.read_so_far:,} events so far.")
        if not len(self._recorded):
            raise Empty(f"{self.name} holds no events.")
        return self._recorded

    @property
    def reading(self) -> bool:
        """Whether the file is still being read."""
        return self.revision == 0

    def window(self, query: Query) -> tuple[int, int]:
        """Return the options `from` and `to`, microseconds since the first event; the whole where they are not given.

        Errors: InputError where they are no such times; as `recorded`.
        """
        last = self.recorded.duration
        first, end = (round(query.number(name, where, 0, 2**53)) for name, where in (("from", 0), ("to", last)))
        if end <= first:
            raise InputError(f"a window of time ends after it begins, got from={first} to={end}")
        return first, end

    def remembered(self, key: object, make: Callable[[], Answer]) -> Answer:
        """Return `make()`, computed once until many other things were asked for."""
        return self._memory.answer(key, make)

    def close(self) -> None:
        """Stop reading, and let go of the columns."""
        self._closed.set()
        self._thread.join()
        if self._recorded is not None:
            self._recorded.close()
            self._recorded = None
        self._error = InputError(f"{self.name} is closed")
