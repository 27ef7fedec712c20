"""From events to arrays that a network reads: pure functions, and frozen dataclasses around them.

Each is called with a stream and returns an array; polarities lie side by side as OFF, ON. `reference` says the same in
plain NumPy, slowly.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from spikesight.base.catalogue import Catalogue

if TYPE_CHECKING:
    from spikesight.events.representations.cuts import EqualShares, EqualTimes, Periods, RestInLast
    from spikesight.events.representations.decays import Exponential, Linear, Recent
    from spikesight.events.representations.films import BinaryFilm, Film, binary_film, film
    from spikesight.events.representations.frames import (
        BinaryFrame,
        Histogram,
        SignedImage,
        binary_frame,
        histogram,
        signed_image,
    )
    from spikesight.events.representations.hats import AveragedSurface, averaged_surface
    from spikesight.events.representations.moments import Statistics, statistics
    from spikesight.events.representations.normalisation import Normalised, normalised
    from spikesight.events.representations.recent import Tore, tore
    from spikesight.events.representations.rectification import RectifiedVoxelGrid, rectified
    from spikesight.events.representations.surface import (
        NEVER,
        TimeSurface,
        TimeSurfaces,
        first_times,
        last_times,
        time_surface,
        time_surfaces,
    )
    from spikesight.events.representations.tensor import ByCount, ByTime, SpikeTensor, spike_tensor
    from spikesight.events.representations.voxel import BeyondLastBin, ToLastBin, VoxelGrid, voxel_grid

_PLACES: Final = {
    "hats": ("AveragedSurface", "averaged_surface"),
    "cuts": ("EqualShares", "EqualTimes", "Periods", "RestInLast"),
    "decays": ("Exponential", "Linear", "Recent"),
    "films": ("BinaryFilm", "Film", "binary_film", "film"),
    "frames": ("BinaryFrame", "Histogram", "SignedImage", "binary_frame", "histogram", "signed_image"),
    "normalisation": ("Normalised", "normalised"),
    "rectification": ("RectifiedVoxelGrid", "rectified"),
    "tensor": ("ByCount", "ByTime", "SpikeTensor", "spike_tensor"),
    "moments": ("Statistics", "statistics"),
    "surface": (
        "NEVER",
        "TimeSurface",
        "TimeSurfaces",
        "first_times",
        "last_times",
        "time_surface",
        "time_surfaces",
    ),
    "recent": ("Tore", "tore"),
    "voxel": ("BeyondLastBin", "ToLastBin", "VoxelGrid", "voxel_grid"),
}
_MODULES: Final = {name: module for module, names in _PLACES.items() for name in names}

__all__ = [
    "NEVER",
    "REPRESENTATIONS",
    "AveragedSurface",
    "BeyondLastBin",
    "BinaryFilm",
    "BinaryFrame",
    "ByCount",
    "ByTime",
    "EqualShares",
    "EqualTimes",
    "Exponential",
    "Film",
    "Histogram",
    "Linear",
    "Normalised",
    "Periods",
    "Recent",
    "RectifiedVoxelGrid",
    "RestInLast",
    "SignedImage",
    "SpikeTensor",
    "Statistics",
    "TimeSurface",
    "TimeSurfaces",
    "ToLastBin",
    "Tore",
    "VoxelGrid",
    "averaged_surface",
    "binary_film",
    "binary_frame",
    "film",
    "first_times",
    "histogram",
    "last_times",
    "normalised",
    "rectified",
    "signed_image",
    "spike_tensor",
    "statistics",
    "time_surface",
    "time_surfaces",
    "tore",
    "voxel_grid",
]

REPRESENTATIONS: Final = Catalogue(
    "representation",
    {
        "averaged-surface": "spikesight.events.representations.hats:AveragedSurface",
        "binary-film": "spikesight.events.representations.films:BinaryFilm",
        "binary-frame": "spikesight.events.representations.frames:BinaryFrame",
        "film": "spikesight.events.representations.films:Film",
        "histogram": "spikesight.events.representations.frames:Histogram",
        "normalised-voxel-grid": "spikesight.events.representations.normalisation:Normalised",
        "signed-image": "spikesight.events.representations.frames:SignedImage",
        "spike-tensor": "spikesight.events.representations.tensor:SpikeTensor",
        "statistics": "spikesight.events.representations.moments:Statistics",
        "time-surface": "spikesight.events.representations.surface:TimeSurface",
        "tore": "spikesight.events.representations.recent:Tore",
        "voxel-grid": "spikesight.events.representations.voxel:VoxelGrid",
    },
)
"""Representations by name; a call of one without arguments gives it with its usual numbers."""


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module 'spikesight.events.representations' has no attribute '{name}'")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
