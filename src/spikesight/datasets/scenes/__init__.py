"""Worlds made up: textured bodies move before one camera or two, and everything about each pixel is known.

scene = SCENES["street"].scene(seed=0)
picture, known = scene.frame(t=500_000), truth(scene, t=500_000)
events = watch_scene(scene)
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from spikesight.datasets.scenes.camera import Camera
    from spikesight.datasets.scenes.catalogue import SCENES, made
    from spikesight.datasets.scenes.filming import film, scene_pieces, watch_scene
    from spikesight.datasets.scenes.labels import Label
    from spikesight.datasets.scenes.measuring import Truth, disparity, displacement, flow, truth
    from spikesight.datasets.scenes.world import Light, Part, Scene, Thing

_MODULES: Final = {
    "SCENES": "catalogue",
    "Camera": "camera",
    "Label": "labels",
    "Light": "world",
    "Part": "world",
    "Scene": "world",
    "Thing": "world",
    "Truth": "measuring",
    "disparity": "measuring",
    "displacement": "measuring",
    "film": "filming",
    "flow": "measuring",
    "made": "catalogue",
    "scene_pieces": "filming",
    "truth": "measuring",
    "watch_scene": "filming",
}

__all__ = [
    "SCENES", "Camera", "Label", "Light", "Part", "Scene", "Thing", "Truth", "disparity", "displacement", "film",
    "flow", "made", "scene_pieces", "truth", "watch_scene",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module 'spikesight.datasets.scenes' has no attribute '{name}'")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
