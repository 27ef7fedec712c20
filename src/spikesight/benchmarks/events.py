"""How fast event files are read: 50 million events of each binary format, against `numpy.fromfile` of the same bytes.

Both take turns, from the system's cache of files; what is read is checked against what was written. Peaks of memory are
measured in processes of their own, beyond what reading the first event takes. One more goes through the file piece by
piece, forbidden to take more than a tenth of its size. Other libraries take turns too, where they are installed.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any, Final, NamedTuple

import numpy as np

from spikesight.base.errors import SpikesightError
from spikesight.base.randomness import generator
from spikesight.benchmarks import other_event_readers
from spikesight.benchmarks.report import Report
from spikesight.benchmarks.timing import timed
from spikesight.events.files.choosing import FORMATS
from spikesight.events.files.reading import EventFile
from spikesight.events.stream import EventStream
from spikesight.runs.machine import machine

NAMES: Final = ("evt2", "dat", "bin", "evt3", "aedat2")
EVENTS: Final = 50_000_000
TURNS: Final = 5
AT_ONCE: Final = 1 << 20
FEW: Final = 1 << 16
"""Events of a piece where little memory is allowed."""
SLACK: Final = 1 << 24
MEAN_STEP: Final = 0.2
"""Microseconds from event to event: five million events a second."""
IN_A_ROW: Final = 0.5
"""Of events of a large sensor, how many follow their neighbour to the left at the same time, as edges of objects do."""
_CHILD: Final = """
import sys
from spikesight.benchmarks.events import in_child
in_child(*sys.argv[1:])
"""


class Case(NamedTuple):
    """A file of one format, and how it is read."""

    name: str
    path: Path
    width: int
    height: int

    @property
    def file(self) -> EventFile:
        """The file, to be read by the public door."""
        form = FORMATS[self.name]
        return EventFile(self.path, form(self.width, self.height) if self.name == "bin" else form())


def measure(events: int = EVENTS, turns: int = TURNS) -> Report:
    """Measure and return the report; `events` in a file, `turns` for each median.

    Errors: SpikesightError where other events are read than were written; OSError where the disk is full.
    """
    figures: dict[str, float] = {}
    ratios: dict[str, float] = {}
    for name in NAMES:
        print(f"events: {name}", file=sys.stderr)
        with tempfile.TemporaryDirectory(prefix="spikesight-events-") as folder:
            case = written(name, Path(folder), events)
            os.sync()  # what is still on its way to the disk slows whoever takes memory, at some moments and not others
            _measure(case, events, turns, figures, ratios)
    return Report("events", figures, ratios, machine())


def _measure(case: Case, events: int, turns: int, figures: dict[str, float], ratios: dict[str, float]) -> None:
    name, size = case.name, case.path.stat().st_size
    check(case, events)
    ways: dict[str, Callable[[], Any]] = {
        "raw": lambda: np.fromfile(case.path, np.uint8),
        "read": lambda: case.file.read(),
        "stream": lambda: sum(len(piece) for piece in case.file.pieces()),
    }
    others = other_event_readers.of(name, case.path)
    ways |= others
    times: dict[str, list[float]] = {way: [] for way in ways}
    for turn in range(1 + turns):
        for way, work in ways.items():
            seconds = timed(work)
            if turn:  # the first one finds memory that nobody used yet
                times[way].append(seconds)
    figures[f"{name}_mev_s"] = events / median(times["read"]) / 1e6
    figures[f"stream_{name}_mev_s"] = events / median(times["stream"]) / 1e6
    figures[f"{name}_bytes_per_event"] = size / events
    ratios[f"{name}_over_read"] = _over(times["read"], times["raw"])
    ratios[f"stream_{name}_over_read"] = _over(times["stream"], times["raw"])
    for library in others:
        figures[f"{name}_{library}_mev_s"] = events / median(times[library]) / 1e6
        ratios[f"{name}_over_{library}"] = _over(times["read"], times[library])
    taken = {way: peak(case, way) for way in ("begin", "read", "stream")}
    figures[f"{name}_peak_bytes_per_event"] = (taken["read"] - taken["begin"]) / events
    figures[f"stream_{name}_peak_mb"] = (taken["stream"] - taken["begin"]) / 1e6
    ratios[f"stream_{name}_file_over_memory"] = size / max(1, taken["stream"] - taken["begin"])
    peak(case, "bounded")
    ratios[f"stream_{name}_file_over_limit"] = size / bound(case.path)


def _over(ours: list[float], raw: list[float]) -> float:
    return median(one / other for one, other in zip(ours, raw, strict=True))


def written(name: str, folder: Path, events: int) -> Case:
    """Write a file of so many events."""
    width, height = {"bin": (240, 180), "aedat2": (346, 260)}.get(name, (1280, 720))
    # Other libraries insist on usual names.
    case = Case(name, folder / f"file.{'raw' if name.startswith('evt') else name}", width, height)
    form = FORMATS[name](width, height) if name == "bin" else FORMATS[name]()
    form.write(case.path, synthetic(events, width, height), width, height)
    return case


def synthetic(events: int, width: int, height: int) -> Iterator[EventStream]:
    """Go through a made-up recording: half of its events prolong a row of the one before, others are anywhere."""
    begin = 0
    for k, first in enumerate(range(0, events, AT_ONCE)):
        count = min(AT_ONCE, events - first)
        random = generator(0, "events of the reading benchmark", k)
        prolongs = random.random(count) < IN_A_ROW
        prolongs[0] = False
        head = np.maximum.accumulate(np.where(prolongs, 0, np.arange(count)))
        place = np.arange(count) - head
        steps = random.random(count) < 2 * MEAN_STEP
        t = (begin + np.cumsum(steps))[head]
        x = (random.integers(0, width, count)[head] + place) % width
        y, p = random.integers(0, height, count)[head], (random.random(count) < IN_A_ROW)[head]
        begin = int(t[-1])
        yield EventStream(t, x.astype(np.uint16), y.astype(np.uint16), p, width, height)


def check(case: Case, events: int) -> None:
    """Compare what is read with what was written.   Errors: SpikesightError where they differ."""
    pieces = case.file.pieces(AT_ONCE)
    read, compared = [next(pieces)], 0
    for given in synthetic(events, case.width, case.height):
        while sum(map(len, read)) < len(given):
            read.append(next(pieces))
        for column in ("t", "x", "y", "p"):
            got = np.concatenate([getattr(piece, column) for piece in read])[: len(given)]
            if not np.array_equal(got, getattr(given, column)):
                raise SpikesightError(f"{case.name}: other events were read than were written: please report this")
        compared += len(given)
        rest = sum(map(len, read)) - len(given)
        read = [read[-1].of(slice(len(read[-1]) - rest, None))]
    if compared != events or len(read[0]) or next(pieces, None) is not None:
        raise SpikesightError(f"{case.name}: more events were read than were written: please report this")


def bound(path: Path) -> int:
    """Return the bytes that a process may take to go through a file: a tenth of it, and for small ones `SLACK`."""
    return max(SLACK, path.stat().st_size // 10)


def peak(case: Case, way: str) -> int:
    """Return the most bytes that a process of its own held, which read the file one way.

    Errors: CalledProcessError where it failed: a "bounded" one, for which a tenth of the file was too little.
    """
    command = [sys.executable, "-c", _CHILD, case.name, str(case.path), str(case.width), str(case.height), way]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return int(done.stdout)


def in_child(name: str, path: str, width: str, height: str, way: str) -> None:
    """Read a file, and print the most bytes that this process ever held."""
    case = Case(name, Path(path), int(width), int(height))
    if way == "read":
        case.file.read()
    elif way == "stream":
        for _ in case.file.pieces():
            pass
    elif way == "bounded":
        next(case.file.pieces(1), None)
        resource.setrlimit(resource.RLIMIT_DATA, (_status("VmData") + bound(case.path), resource.RLIM_INFINITY))
        for _ in case.file.pieces(FEW):
            pass
    else:
        next(case.file.pieces(1), None)
    # Not getrusage's peak: it is that of the process that started this one, where that was larger.
    print(_status("VmHWM"))


def _status(key: str) -> int:
    """Return what the system tells of this process, in bytes; 0 where it does not."""
    status = Path("/proc/self/status")
    lines = dict(line.split(":", 1) for line in status.read_text().splitlines()) if status.exists() else {}
    return int(lines.get(key, "0").split()[0]) * 1024
