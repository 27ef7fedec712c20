"""Spoilt event files: whatever the bytes are, there are events, or an error in words, within bounds of memory and time.

Files of every format are spoilt and read in a process of its own, which may take only so much memory; a watchdog ends
it where one file takes too long. What is neither events nor an InputError is a mistake and is told with its number,
by which `case` makes the file again. A longer round: ``python -m spikesight.benchmarks.event_fuzz 100000 evt2 evt3``.
"""

from __future__ import annotations

import multiprocessing
import resource
import struct
import sys
import time
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final

import numpy as np

from spikesight.base.errors import InputError, SpikesightError
from spikesight.base.randomness import generator
from spikesight.benchmarks.event_mutations import cut, mutated
from spikesight.benchmarks.event_samples import samples
from spikesight.benchmarks.report import Report
from spikesight.events.files.choosing import FORMATS
from spikesight.events.files.format import Columns
from spikesight.events.files.reading import EventFile, read
from spikesight.events.stream import EventStream, joined
from spikesight.runs.machine import machine

FILES: Final = 400
MEMORY: Final = 1 << 30
"""Bytes that the process may take beyond what it has after sound files were read."""
SECONDS: Final = 20.0
"""A file of some kilobytes that takes longer is a hang; the usual one takes milliseconds."""
GIVEN_UP: Final = 50
"""Processes of a format that may end or hang before nothing more is learnt from another one."""
CUTS_EVERY, PIECES_EVERY, UNNAMED_EVERY = 5, 7, 11
_TOLD = struct.Struct("<cQQBBd")
_READ, _MISTAKE = b"r", b"m"


@dataclass
class Found:
    """How the spoilt files of a format were read: `seconds` and `memory` (bytes) of the worst one; how many processes
    `ended` before their time, or hung.
    """

    files: int = 0
    events: int = 0
    refused: int = 0
    warned: int = 0
    seconds: float = 0.0
    memory: int = 0
    ended: int = 0
    mistakes: list[str] = field(default_factory=list)


def measure(files: int = FILES, formats: Iterable[str] = tuple(FORMATS)) -> Report:
    """Spoil so many files of each format, read them, and return the report.

    Errors: SpikesightError with every mistake, where there is one.
    """
    figures: dict[str, float] = {}
    mistakes: list[str] = []
    for name in formats:
        found = spoilt(name, files)
        mistakes += found.mistakes
        told = {
            "files": found.files,
            "with_events": found.files - found.refused,
            "events": found.events,
            "refused": found.refused,
            "warned": found.warned,
            "worst_seconds": found.seconds,
            "worst_mb": found.memory / 1e6,
            "mistakes": len(found.mistakes),
        }
        figures |= {f"{name}_{key}": float(value) for key, value in told.items()}
    if mistakes:
        raise SpikesightError(f"{len(mistakes)} mistakes: {'; '.join(mistakes[:20])}")
    return Report("event-fuzz", figures, {}, machine())


def case(name: str, number: int, sound: Sequence[bytes]) -> bytes:
    """Return spoilt file `number` of the format `name`; `sound` are its samples."""
    random = generator(0, f"spoilt {name}", number)
    data = sound[number % len(sound)]
    return cut(data, random) if number % CUTS_EVERY == 0 else mutated(data, random)


def spoilt(name: str, files: int, seconds: float = SECONDS, memory: int = MEMORY) -> Found:
    """Read so many spoilt files of the format `name`; where the process ends or hangs, another goes on after it.

    None are read of a format that we do not write, where no recording is at hand.
    """
    found, sound = Found(), samples(name)
    context, number = multiprocessing.get_context("spawn"), 0
    while sound and number < files and found.ended < GIVEN_UP:
        ours, theirs = context.Pipe(duplex=False)
        process = context.Process(target=_read_all, args=(theirs, name, number, files, sound, memory), daemon=True)
        process.start()
        theirs.close()
        number, late = _followed(ours, found, number, seconds)
        process.kill() if late else process.join(seconds)
        process.join()
        if number < files:
            ended = f"takes more than {seconds:.0f} s" if late else f"ends the process with {process.exitcode}"
            found.mistakes.append(f"{name} {number}: {ended}")
            number, found.files, found.ended = number + 1, found.files + 1, found.ended + 1
    return found


def _followed(pipe: Connection, found: Found, number: int, seconds: float) -> tuple[int, bool]:
    """Take in what the process tells; return the first number that it did not tell of, and whether it was late."""
    patience = seconds + 120.0  # the first file comes after imports and compiled code
    while pipe.poll(patience):
        patience = seconds
        try:
            told = pipe.recv_bytes()
        except EOFError:
            return number, False
        if told[:1] == _MISTAKE:
            found.mistakes.append(told[1:].decode(errors="replace"))
            continue
        _, events, peak, refused, warned, took = _TOLD.unpack(told)
        found.files, found.events = found.files + 1, found.events + events
        found.refused, found.warned = found.refused + refused, found.warned + warned
        found.seconds, found.memory = max(found.seconds, took), max(found.memory, peak)
        number += 1
    return number, True


def _read_all(pipe: Connection, name: str, first: int, files: int, sound: Sequence[bytes], memory: int) -> None:
    for data in sound:
        _outcome(name, data, 0, None)
    whole = [_events(name, data) for data in sound]
    before = _peak()
    _limit(memory)
    for number in range(first, files):
        data, started = case(name, number, sound), time.perf_counter()
        events, refused, warned, mistake = _outcome(name, data, number, whole[number % len(sound)])
        if mistake:
            pipe.send_bytes(_MISTAKE + f"{name} {number}: {mistake}"[:400].encode())
        took = time.perf_counter() - started
        pipe.send_bytes(_TOLD.pack(_READ, events, max(0, _peak() - before), refused, warned, took))
    pipe.close()


def _outcome(name: str, data: bytes, number: int, whole: EventStream | None) -> tuple[int, bool, bool, str]:
    """Read a file: how many events, whether it was refused, whether warned of, and what is a mistake, if any."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            recording = read(data, None if number % UNNAMED_EVERY == 1 else FORMATS[name]())
            mistake = ""
            if whole is not None and number % CUTS_EVERY == 0 and number % UNNAMED_EVERY != 1:
                mistake = _beginning(recording.events, whole)
            if number % PIECES_EVERY == 1 and recording.format == name:
                mistake = mistake or _in_pieces(name, data, recording.events)
            return len(recording.events), False, bool(recording.notes), mistake
        except InputError:
            return 0, True, False, ""
        except BaseException as error:  # whatever else comes is what is looked for
            return 0, False, False, f"{type(error).__name__}: {error}"


def _events(name: str, data: bytes) -> EventStream | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return read(data, FORMATS[name]()).events
        except InputError:  # the beginning of a recording may be no file
            return None


def _beginning(got: EventStream, whole: EventStream) -> str:
    same = all(np.array_equal(getattr(got, key), getattr(whole, key)[: len(got)]) for key in ("t", "x", "y", "p"))
    return "" if same else f"{len(got)} events before a cut are other ones than those of the whole file"


def _in_pieces(name: str, data: bytes, whole: EventStream) -> str:
    empty = EventStream(*Columns.room(0), whole.width, whole.height)
    pieces = joined(empty, *EventFile(data, FORMATS[name]()).pieces(7))
    return "" if np.array_equal(pieces.rows, whole.rows) else "pieces are other events than the whole"


def _limit(memory: int) -> None:
    """Let this process take so many bytes more, where the system says how many it has."""
    status = Path("/proc/self/statm")
    if status.exists():
        limit = int(status.read_text().split()[0]) * resource.getpagesize() + memory
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def _peak() -> int:
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


if __name__ == "__main__":
    for key, value in measure(int(sys.argv[1]), sys.argv[2:] or FORMATS).figures.items():
        print(f"{key:32} {value:.6g}")
