"""Progress of long work: a bar on a terminal, plain lines elsewhere, nothing where nobody asked."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol, TextIO

SECONDS_BETWEEN_LINES = 5.0


class Progress(Protocol):
    """What long work reports to."""

    def advance(self, steps: int, **facts: float) -> None:
        """Say that `steps` more are done; `facts` (accuracy, rate) are shown beside the bar."""


class Silent:
    """Reports nothing."""

    def advance(self, steps: int, **facts: float) -> None:
        """Do nothing."""


SILENT = Silent()
"""Nobody is told; the default of whatever takes a `Progress`."""


class Lines:
    """A line every few seconds, for log files and pipes."""

    def __init__(self, label: str, total: int | None, stream: TextIO) -> None:
        self.label, self.total, self.stream = label, total, stream
        self.done, self.started = 0, time.monotonic()
        self._next_line = self.started + SECONDS_BETWEEN_LINES

    def advance(self, steps: int, **facts: float) -> None:
        """Count, and print a line when the last one is old or the work is done."""
        self.done += steps
        now = time.monotonic()
        if now >= self._next_line or (self.total is not None and self.done >= self.total):
            self._next_line = now + SECONDS_BETWEEN_LINES
            told = "".join(f"  {name} {_short(value)}" for name, value in facts.items())
            of = "" if self.total is None else f"/{self.total}"
            line = f"{self.label}: {self.done}{of}  {now - self.started:.1f} s{told}"
            print(line, file=self.stream, flush=True)


class Bar:
    """A bar with rate and remaining time, on a terminal."""

    def __init__(self, label: str, total: int | None, stream: TextIO) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as RichProgress

        columns = [TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()]
        self.rich = RichProgress(*columns, TextColumn("{task.fields[facts]}"), console=Console(file=stream))
        self.task = self.rich.add_task(label, total=total, facts="")

    def advance(self, steps: int, **facts: float) -> None:
        """Move the bar and refresh the facts beside it."""
        told = "  ".join(f"{name} {_short(value)}" for name, value in facts.items())
        self.rich.update(self.task, advance=steps, facts=told)


@contextmanager
def progress(label: str, total: int | None, stream: TextIO | None = None) -> Iterator[Progress]:
    """Report on `total` steps of work called `label`: a bar where `stream` (stderr) is a terminal, else lines.

    None where nobody knows beforehand how many there are.
    """
    stream = sys.stderr if stream is None else stream
    if not stream.isatty():
        yield Lines(label, total, stream)
        return
    bar = Bar(label, total, stream)
    with bar.rich:
        yield bar


def _short(value: float) -> str:
    return f"{value:.3g}"
