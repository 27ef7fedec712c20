"""Scenes as the two files of a sequence of MVSEC: `<name>_data.hdf5` and, of the left camera, `<name>_gt.hdf5`.

    davis/left/events, davis/right/events      rows x, y, seconds, -1 or 1
    davis/left/image_raw, image_raw_ts         8 bits, and right
    davis/left/depth_image_rect, ..._ts        metres, NaN for the sky
    davis/left/flow_dist, ..._ts               pixels to the right and down until the next
    davis/left/pose, ..._ts                    from the camera's axes to the world's

Of `labels` and the like these files know nothing: `writing` keeps them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from spikesight.base.errors import InputError
from spikesight.base.optional import require
from spikesight.datasets.scenes.filming import scene_pieces
from spikesight.datasets.scenes.measuring import displacement
from spikesight.datasets.scenes.world import Scene
from spikesight.events.files.mvsec import Mvsec, Side

EVERY = 50_000
"""Microseconds from one truth to the next: 20 a second, as in MVSEC."""


def write_mvsec(scene: Scene, folder: Path, name: str, baseline: float = 0.1, every: int = EVERY) -> tuple[Path, Path]:
    """Write a scene, seen by two cameras `baseline` metres apart, as files `name` in `folder`; returns their paths.

    Errors: InputError where they are there already, or the second camera is not to the right; MissingExtra without
    h5py; OSError.
    """
    h5py = require("h5py", "events")
    paths = folder / f"{name}_data.hdf5", folder / f"{name}_gt.hdf5"
    second = scene.right(baseline)
    if any(path.exists() for path in paths):
        raise InputError(f"{paths[0]} or its truth is there already: remove them, or write the scene elsewhere")
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = [path.with_name(path.name + ".unfinished") for path in (*paths, folder / f"{name}_right.hdf5")]
    times = np.arange(0, scene.last + 1, every)
    width, height = scene.camera.width, scene.camera.height
    cameras = ((Side.LEFT, scene, unfinished[0]), (Side.RIGHT, second, unfinished[2]))
    for side, world, path in cameras:
        Mvsec(side, width, height).write(path, scene_pieces(world), width, height)
    with h5py.File(unfinished[0], "a") as data, h5py.File(unfinished[2], "r") as right:
        data.copy(right["davis/right"], "davis/right")
        for side, world, _ in cameras:
            pictures = (np.rint(255.0 * frame).astype(np.uint8) for frame in world.frames(times))
            _put(data, f"davis/{side.value}/image_raw", np.stack(list(pictures)), times)
    with h5py.File(unfinished[1], "w") as truth:
        _put_truth(truth, scene, times, every)
    unfinished[2].unlink()
    for before, path in zip(unfinished, paths, strict=False):
        before.rename(path)
    return paths


def _put_truth(file: Any, scene: Scene, times: Any, every: int) -> None:
    depth = np.stack([scene.sees(t).depth for t in times]).astype(np.float32)
    _put(file, "davis/left/depth_image_rect", np.where(np.isinf(depth), np.float32(np.nan), depth), times)
    moved = np.stack([displacement(scene, t, t + every) for t in times]).transpose(0, 3, 1, 2)
    _put(file, "davis/left/flow_dist", moved.astype(np.float32), times)
    poses = np.tile(np.eye(4), (len(times), 1, 1))
    for k, t in enumerate(times):
        poses[k, :3, :3], poses[k, :3, 3] = scene.pose(t)
    _put(file, "davis/left/pose", poses, times)


def _put(file: Any, name: str, values: Any, times: Any) -> None:
    file.create_dataset(name, data=values, compression="gzip", compression_opts=1)
    file.create_dataset(f"{name}_ts", data=times * 1e-6)
