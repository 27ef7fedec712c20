"""What an importer is: it recognises files of a simulator and reads them as a recording, piece by piece."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple, Protocol

from numpy.typing import NDArray

from spikesight.trace.schema import SIMULATED

Array = NDArray[Any]

ROWS: Final = 1 << 20
"""So many rows an importer holds at a time."""

MS: Final = 1_000_000
SECOND: Final = 1_000_000_000
"""Nanoseconds, as `unit_ns` of a recording counts them."""


@dataclass(frozen=True)
class Settings:
    """What the user says of the files: `tick_ns`, the length of a tick (of a step, where files count steps)."""

    tick_ns: int | None = None


class Spikes(NamedTuple):
    """Spikes of `layer`: t (N,) in the unit of the recording, unit (N,) as the file numbers them.

    `stim` (N,) says during which stimulus; without it, that follows from the times.
    """

    layer: str
    t: Array
    unit: Array
    stim: Array | None = None


class Samples(NamedTuple):
    """Samples of a state variable: t (N,) in the unit of the recording, unit (N,), value (N,) in SI units."""

    layer: str
    variable: str
    t: Array
    unit: Array
    value: Array


class Weights(NamedTuple):
    """Weights of a projection from layer `pre` to layer `post` at time `t`: w (n_pre, n_post)."""

    projection: str
    pre: str
    post: str
    t: float
    w: Array


class Shown(NamedTuple):
    """A stimulus shown from `t_start` up to, and without, `t_end`; `label` and `prediction` are -1 where unknown."""

    number: int
    t_start: float
    t_end: float
    label: int = -1
    prediction: int = -1


Piece = Spikes | Samples | Weights | Shown


@dataclass(frozen=True)
class Population:
    """A layer known before its spikes are read.

    Where `shape` is given, pieces number its units from 0, and `ids` (n,) are the numbers (`names` the names) that the
    file gives them. Without a shape, the layer is made of the units that occur, numbered as the file does.
    """

    name: str
    shape: tuple[int, ...] | None = None
    ids: Array | None = None
    names: Sequence[str] | None = None


@dataclass
class Recording:
    """What files hold. `pieces()` may be called more than once and gives the same each time, never all at once.

    Times of pieces are in units of `unit_ns` nanoseconds. `tick_ns` is a time step that the file declares; it is used
    where it fits the times. `facts` is what the file says of itself, `notes` how it was understood, and `dropped` what
    a trace has no place for; the last two may grow while pieces are read. `time` is that of a `Header`.
    """

    simulator: str
    unit_ns: int
    pieces: Callable[[], Iterator[Piece]]
    populations: Sequence[Population] = ()
    tick_ns: int | None = None
    version: str = ""
    time: str = SIMULATED
    facts: Mapping[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)

    def note(self, sentence: str) -> None:
        """Add how something was understood, once."""
        if sentence not in self.notes:
            self.notes.append(sentence)

    def drop(self, what: str) -> None:
        """Add what was left out, once."""
        if what not in self.dropped:
            self.dropped.append(what)


class Importer(Protocol):
    """Reads the files of a simulator.

    Errors of `read`, and of the pieces it gives: InputError for files that are not what was expected (the message
    says what that is), MissingExtra for a package that is not installed. What a damaged file makes other libraries
    raise need not be caught: whoever calls turns it into an answer.
    """

    @property
    def what(self) -> str:
        """Which files these are, in a few words for a table."""
        ...

    def sniff(self, path: Path, head: bytes) -> bool:
        """Whether `path`, which begins with `head` (up to 4 kB), is such a file; `path` may be opened."""
        ...

    def read(self, paths: Sequence[Path], settings: Settings) -> Recording:
        """Read `paths`, one recording in several files, as far as needed to know what they hold."""
        ...
