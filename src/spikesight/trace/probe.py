"""What to record: a probe names a target, and how often. Looking changes nothing in the network."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from spikesight.base.errors import InputError, UnknownName


@dataclass(frozen=True)
class Probe:
    """Records `target`, "<population>.<what>": "exc.spikes", a state variable "exc.v", or the weights "input_exc.w".

    "exc.counts" records how many spikes there were, by time and by stimulus, and no single ones.

    `units` are the units to record, None for all. `every`: of spikes and weights every that-many presentations, of
    state variables every that-many steps.
    Errors: InputError for a target without a dot, a negative unit, or `every` below 1.
    """

    target: str
    units: tuple[int, ...] | None = None
    every: int = 1

    def __post_init__(self) -> None:
        if not self.owner or not self.what:
            raise InputError(f"a probe names '<population>.<what>' such as 'exc.spikes', got {self.target!r}")
        if self.every < 1:
            raise InputError(f"probe '{self.target}': every is at least 1, got {self.every}")
        if self.units is not None:
            object.__setattr__(self, "units", tuple(int(unit) for unit in self.units))
            if min(self.units, default=0) < 0:
                raise InputError(f"probe '{self.target}': units count from 0, got {min(self.units)}")

    @property
    def owner(self) -> str:
        """The population or projection."""
        return self.target.rpartition(".")[0]

    @property
    def what(self) -> str:
        """What of it is recorded: "spikes", "counts", "w", or a state variable."""
        return self.target.rpartition(".")[2]

    def check(self, probeable: Iterable[str]) -> None:
        """Make sure that the target is one of `probeable`.   Errors: UnknownName, with the nearest ones."""
        known = list(probeable)
        if self.target not in known:
            raise UnknownName("probe target", self.target, known)
