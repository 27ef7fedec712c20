"""What is true of each pixel of a scene: depth, optical flow, labels; and of two cameras, disparity."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from spikesight.base.spread import spread
from spikesight.datasets.scenes.world import Scene, Seen, check_baseline

Array = NDArray[np.float64]
_STEP = 50.0
"""Microseconds to either side for derivatives: what moves smoothly within milliseconds has them to eight digits."""


class Truth(NamedTuple):
    """Of each pixel's middle at one time: `depth` (H, W) in metres, inf for the sky; `flow` (H, W, 2) in pixels a
    second to the right and down; `labels` (H, W) of `Label`; `instances` (H, W), things from 1 up, 0 for the sky.
    """

    depth: Array
    flow: Array
    labels: NDArray[np.uint8]
    instances: NDArray[np.uint16]


def truth(scene: Scene, t: float) -> Truth:
    """Return what is true at `t` microseconds."""
    seen = scene.sees(t)
    part = _part(seen)
    return Truth(seen.depth, flow(scene, t, seen), scene.labels[part], scene.instances[part])


def flow(scene: Scene, t: float, seen: Seen | None = None) -> Array:
    """Return how fast what each pixel sees at `t` moves over the picture, (H, W, 2) in pixels a second.

    Far away as it is, the sky moves where the camera turns.
    """
    seen = seen or scene.sees(t)
    ahead, back = displacement(scene, t, t + _STEP, seen), displacement(scene, t, t - _STEP, seen)
    return (ahead - back) / (2e-6 * _STEP)


def displacement(scene: Scene, t: float, later: float, seen: Seen | None = None) -> Array:
    """Return how many pixels what is seen at `t` has moved over the picture at `later`, (H, W, 2), NaN where behind.

    It may be hidden by then: where depth at its new place is not what it should be.   See `moved_depth`.
    """
    return _moved(scene, t, later, seen or scene.sees(t))[..., :2]


def moved_depth(scene: Scene, t: float, later: float, seen: Seen | None = None) -> Array:
    """Return how deep what is seen at `t` lies at `later`, (H, W), inf for the sky, NaN where behind."""
    return _moved(scene, t, later, seen or scene.sees(t))[..., 2]


def disparity(scene: Scene, t: float, baseline: float) -> Array:
    """Return how many pixels farther left a camera `baseline` metres to the right sees it, (H, W); the sky has 0.

    Errors: InputError where the second camera is not to the right.
    """
    check_baseline(baseline)
    return scene.camera.focal * baseline / scene.sees(t).depth


def _part(seen: Seen) -> NDArray[np.int64]:
    from spikesight.datasets.scenes.casting import FACES

    return seen.surface // FACES  # of the sky: -1, the last of the labels


def _moved(scene: Scene, t: float, later: float, seen: Seen) -> Array:
    from spikesight.datasets.scenes.moving import move

    before, after, now, then = scene.pose(t), scene.pose(later), scene.parts(t), scene.parts(later)
    # From the camera's axes at t to the body, along with it, and into the camera's axes at `later`: one turn, one step.
    turn = then.rotation @ now.rotation.transpose(0, 2, 1)
    step = then.position - np.einsum("kij,kj->ki", turn, now.position)
    turns = after.rotation.T @ turn @ before.rotation
    steps = (np.einsum("kij,j->ki", turn, before.position) + step - after.position) @ after.rotation
    turns = np.concatenate([turns, [after.rotation.T @ before.rotation]])
    steps = np.concatenate([steps, np.zeros((1, 3))])
    out = np.empty((*scene.camera.shape, 3))
    lens = (scene.camera.focal, *scene.camera.middle)
    part = _part(seen)
    spread(lambda first, last: move(first, last, turns, steps, part, seen.depth, *lens, out), scene.camera.height)
    return out
