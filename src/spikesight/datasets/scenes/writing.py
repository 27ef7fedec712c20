"""Scenes as folders of files: events, pictures and what is true, laid out as a sequence of DSEC is.

    events/left/events.h5          and right, where there are two cameras
    images/left/000000.png         8 bits
    disparity/event/000000.png     256 times the disparity, 16 bits; 0 where there is none
    flow/forward/000000.png        pixels moved until the next, 128 times + 2^15, in red and green; blue: 1 where known
    semantic/000000.png            numbers of `labels.Label`
    truth/000000.npz               depth, flow (pixels a second), labels, instances, not rounded
    timestamps.txt                 microseconds, a line for each number

Depth and flow are those of the left camera.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from shutil import rmtree

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError
from spikesight.base.progress import SILENT, Progress
from spikesight.datasets.scenes.filming import Shot, film, seen
from spikesight.datasets.scenes.measuring import displacement, truth
from spikesight.datasets.scenes.png import png
from spikesight.datasets.scenes.world import Scene
from spikesight.events.files.dsec import Dsec

EVERY = 100_000
"""Microseconds from one truth to the next, as in DSEC."""
Array = NDArray[np.float64]


def write_scene(
    scene: Scene, folder: Path, baseline: float = 0.0, progress: Progress = SILENT, every: int = EVERY
) -> Path:
    """Write a scene into `folder`, which appears when it is complete, and return it.

    With a `baseline` above 0 there is a second camera, so many metres to the right. `progress` is told milliseconds of
    each camera that are done.
    Errors: InputError where the folder is there already; MissingExtra without h5py; OSError.
    """
    if folder.exists():
        raise InputError(f"{folder} is there already: remove it, or write the scene elsewhere")
    unfinished = folder.with_name(folder.name + ".unfinished")
    if unfinished.exists():
        rmtree(unfinished)  # an earlier try may have had more cameras, or lasted longer
    cameras = {"left": scene, "right": scene.right(baseline)} if baseline > 0.0 else {"left": scene}
    for side, world in cameras.items():
        place = _made(unfinished / "events" / side)
        shots = _told(film(world), progress)
        Dsec().write(place / "events.h5", seen(shots, seed=scene.seed), world.camera.width, world.camera.height)
    times = range(0, scene.last + 1, every)
    for number, t in enumerate(times):
        _write_truth(scene, cameras, t, t + every, baseline, unfinished, f"{number:06d}")
    (unfinished / "timestamps.txt").write_text("".join(f"{t}\n" for t in times))
    unfinished.rename(folder)
    return folder


def _write_truth(
    scene: Scene, cameras: dict[str, Scene], t: int, following: int, baseline: float, place: Path, name: str
) -> None:
    from PIL import Image

    for side, world in cameras.items():
        grey = np.rint(255.0 * world.frame(t)).astype(np.uint8)
        Image.fromarray(grey).save(_made(place / "images" / side) / f"{name}.png")
    known = truth(scene, t)
    Image.fromarray(known.labels).save(_made(place / "semantic") / f"{name}.png")
    moved = png(as_flow(displacement(scene, t, following)))
    (_made(place / "flow" / "forward") / f"{name}.png").write_bytes(moved)
    np.savez_compressed(_made(place / "truth") / f"{name}.npz", **known._asdict())
    if baseline > 0.0:
        apart = as_disparity(scene.camera.focal * baseline / known.depth)
        Image.fromarray(apart).save(_made(place / "disparity" / "event") / f"{name}.png")


def as_flow(moved: Array) -> NDArray[np.uint16]:
    """Return pixels moved (H, W, 2) as DSEC keeps them (H, W, 3); what does not fit into 256 pixels is not known."""
    known = (np.abs(np.nan_to_num(moved, nan=np.inf)) < 255.99).all(axis=2, keepdims=True)
    coded = np.rint(128.0 * np.where(known, moved, 0.0)) + 2**15
    return np.concatenate([coded, known], axis=2).astype(np.uint16)


def as_disparity(apart: Array) -> NDArray[np.uint16]:
    """Return disparity (H, W) in pixels as DSEC keeps it; what is below 1/512 or does not fit into 256 is 0."""
    return np.where(apart < 255.99, np.rint(256.0 * apart), 0.0).astype(np.uint16)


def _told(shots: Iterator[Shot], progress: Progress) -> Iterator[Shot]:
    told = 0
    for shot in shots:
        yield shot
        progress.advance(shot.t // 1000 - told)
        told = shot.t // 1000


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder
