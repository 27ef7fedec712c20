"""How things and cameras move: poses as smooth functions of time."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

import numpy as np

from spikesight.base.errors import InputError
from spikesight.datasets.scenes.pose import Pose, Vector, steered, turned

NOWHERE: Vector = (0.0, 0.0, 0.0)


class Path(Protocol):
    """A pose at each time. Smooth: optical flow is its derivative."""

    def at(self, seconds: float) -> Pose:
        """Return the pose at a time."""


@dataclass(frozen=True)
class Steady:
    """From `position` (m) with `velocity` (m/s), turned by the rotation vector `turn` and turning by `spin` (rad/s).

    All vectors are in the axes of the world. The defaults stay where they are.
    """

    position: Vector = NOWHERE
    velocity: Vector = NOWHERE
    turn: Vector = NOWHERE
    spin: Vector = NOWHERE

    @property
    def still(self) -> bool:
        """Whether it never moves."""
        return not any(self.velocity) and not any(self.spin)

    def at(self, seconds: float) -> Pose:
        """Return the pose at a time."""
        rotation = turned(np.array(self.spin) * seconds) @ turned(self.turn)
        return Pose(rotation, np.array(self.position) + np.array(self.velocity) * seconds)


STILL = Steady()


@dataclass(frozen=True)
class Swaying:
    """Like another path, and to and fro: by `shift` (m) and `turn` (rotation vector) in its own axes.

    Both are multiplied by sin(2 pi hertz t + phase); several of them are put around one another.
    """

    path: Path
    shift: Vector = NOWHERE
    turn: Vector = NOWHERE
    hertz: float = 1.0
    phase: float = 0.0

    def at(self, seconds: float) -> Pose:
        """Return the pose at a time."""
        now = np.sin(2.0 * np.pi * self.hertz * seconds + self.phase)
        return self.path.at(seconds).of(Pose(turned(np.array(self.turn) * now), np.array(self.shift) * now))


@dataclass(frozen=True)
class Through:
    """Along a cubic spline through `positions` (N of 3, m), steered by (yaw, pitch, roll) (N of 3) at `times` (N, s).

    Velocities at the ends are those that leave the curve least bent (natural).   Errors: InputError where times do not
    grow or lengths differ.
    """

    times: tuple[float, ...]
    positions: tuple[Vector, ...]
    steering: tuple[Vector, ...] = field(default=())

    def __post_init__(self) -> None:
        steering = self.steering or (NOWHERE,) * len(self.times)
        object.__setattr__(self, "steering", steering)
        if not 2 <= len(self.times) == len(self.positions) == len(steering) or min(np.diff(self.times)) <= 0:
            raise InputError(
                "a path goes through as many positions (and steerings) as times, two or more, and times grow: got "
                f"{len(self.times)} times, {len(self.positions)} positions, {len(steering)} steerings"
            )

    @cached_property
    def _curve(self) -> Any:
        from scipy.interpolate import CubicSpline

        return CubicSpline(self.times, np.hstack([self.positions, self.steering]), bc_type="natural")

    def at(self, seconds: float) -> Pose:
        """Return the pose at a time."""
        now = self._curve(seconds)
        return Pose(steered(*now[3:]), now[:3])


@dataclass(frozen=True)
class Beside:
    """As if fixed to what moves along another path, `shift` (m) from it in its axes: the second camera of two."""

    path: Path
    shift: Vector

    def at(self, seconds: float) -> Pose:
        """Return the pose at a time."""
        return self.path.at(seconds).of(Pose(np.eye(3), np.array(self.shift)))
