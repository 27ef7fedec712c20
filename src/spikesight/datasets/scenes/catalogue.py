"""Scenes by name, each as often as there are seeds, with lists of seeds to train, validate and test on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final

from spikesight.base.errors import InputError, UnknownName
from spikesight.base.progress import SILENT, Progress
from spikesight.datasets.scenes.camera import Camera

if TYPE_CHECKING:
    from spikesight.datasets.scenes.world import Scene

TRAIN: Final = tuple(range(40))
VALIDATION: Final = tuple(range(40, 50))
TEST: Final = tuple(range(50, 60))
"""Seeds of the splits, of every scene. They were never drawn and never change."""


@dataclass(frozen=True)
class Named:
    """A kind of scene: what it shows, the camera it stands in for, and metres between two cameras, 0 for one."""

    name: str
    title: str
    camera: Camera
    baseline: float
    module: str

    def scene(self, seed: int, seconds: float = 1.0, camera: Camera | None = None) -> Scene:
        """Return the scene of a seed, `seconds` long, before its own camera or another one.   Errors: InputError."""
        if seed < 0:
            raise InputError(f"scenes are numbered by seeds from 0 up, got {seed}")
        build: Callable[[int, float, Camera], Scene] = import_module(f"{__package__}.{self.module}").build
        return build(seed, seconds, camera or self.camera)


SCENES: Final = {
    named.name: named
    for named in (
        Named("street", "driving through a street, as DDD17 does", Camera(346, 260, 250.0), 0.0, "street"),
        Named("indoor", "flying through a room, as MVSEC does", Camera(346, 260, 226.0), 0.1, "indoor"),
        Named("stereo-driving", "driving with two cameras, as DSEC does", Camera(640, 480, 555.0), 0.6, "street"),
        Named("shapes", "solids that turn in the air", Camera(240, 180, 200.0), 0.0, "shapes"),
    )
}
"""Kinds of scenes by name."""


def named(name: str) -> Named:
    """Return a kind of scene.   Errors: UnknownName."""
    if name not in SCENES:
        raise UnknownName("scene", name, SCENES)
    return SCENES[name]


def made(name: str, seed: int, folder: Path, progress: Progress = SILENT, seconds: float = 1.0) -> Path:
    """Write the scene `name` of a seed into a folder of its own within `folder`, and return that folder.

    What is in it: see `writing`. `progress` is told milliseconds of each camera that are done.
    Errors: UnknownName; InputError where it is there already; MissingExtra without h5py.
    """
    from spikesight.datasets.scenes.writing import write_scene

    kind = named(name)
    return write_scene(kind.scene(seed, seconds), folder / f"{name}-{seed:03d}", kind.baseline, progress)
