"""From events to fewer, or others: cleaning, reducing, augmenting. Pure functions, and frozen dataclasses around them.

Each is called with a stream and returns a new one, whose provenance tells what was done. The functions lie in the
modules, since they are called alike: `from spikesight.events.cleaning.denoise import denoise`. `reference` says the
same as the compiled ones in plain Python, slowly.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from spikesight.base.catalogue import Catalogue

if TYPE_CHECKING:
    from spikesight.events.cleaning.chain import Cleaning, clean
    from spikesight.events.cleaning.crop import CentreCrop, Crop
    from spikesight.events.cleaning.denoise import Denoise
    from spikesight.events.cleaning.drop import DropArea, DropShare, DropTime, EveryNth
    from spikesight.events.cleaning.event_count import EventCount
    from spikesight.events.cleaning.flips import FlipLeftRight, FlipPolarity, FlipUpsideDown
    from spikesight.events.cleaning.funnelling import Funnelling
    from spikesight.events.cleaning.hot_pixels import HotPixels
    from spikesight.events.cleaning.jitter import JitterPlace, JitterTime
    from spikesight.events.cleaning.log_luminance import Cubic, LogLuminance, Straight
    from spikesight.events.cleaning.motion import Shift, Turn
    from spikesight.events.cleaning.refractory import Refractory
    from spikesight.events.cleaning.thin import Thin
    from spikesight.events.cleaning.timing import Backwards, Stretch

_PLACES: Final = {
    "chain": ("Cleaning", "clean"),
    "crop": ("CentreCrop", "Crop"),
    "denoise": ("Denoise",),
    "drop": ("DropArea", "DropShare", "DropTime", "EveryNth"),
    "event_count": ("EventCount",),
    "flips": ("FlipLeftRight", "FlipPolarity", "FlipUpsideDown"),
    "funnelling": ("Funnelling",),
    "hot_pixels": ("HotPixels",),
    "jitter": ("JitterPlace", "JitterTime"),
    "log_luminance": ("Cubic", "LogLuminance", "Straight"),
    "motion": ("Shift", "Turn"),
    "refractory": ("Refractory",),
    "thin": ("Thin",),
    "timing": ("Backwards", "Stretch"),
}
_MODULES: Final = {name: module for module, names in _PLACES.items() for name in names}

__all__ = [
    "CLEANINGS",
    "Backwards",
    "CentreCrop",
    "Cleaning",
    "Crop",
    "Cubic",
    "Denoise",
    "DropArea",
    "DropShare",
    "DropTime",
    "EventCount",
    "EveryNth",
    "FlipLeftRight",
    "FlipPolarity",
    "FlipUpsideDown",
    "Funnelling",
    "HotPixels",
    "JitterPlace",
    "JitterTime",
    "LogLuminance",
    "Refractory",
    "Shift",
    "Straight",
    "Stretch",
    "Thin",
    "Turn",
    "clean",
]

CLEANINGS: Final = Catalogue(
    "cleaning",
    {
        "backwards": "spikesight.events.cleaning.timing:Backwards",
        "centre-crop": "spikesight.events.cleaning.crop:CentreCrop",
        "crop": "spikesight.events.cleaning.crop:Crop",
        "denoise": "spikesight.events.cleaning.denoise:Denoise",
        "drop-area": "spikesight.events.cleaning.drop:DropArea",
        "drop-share": "spikesight.events.cleaning.drop:DropShare",
        "drop-time": "spikesight.events.cleaning.drop:DropTime",
        "event-count": "spikesight.events.cleaning.event_count:EventCount",
        "every-nth": "spikesight.events.cleaning.drop:EveryNth",
        "flip-left-right": "spikesight.events.cleaning.flips:FlipLeftRight",
        "flip-polarity": "spikesight.events.cleaning.flips:FlipPolarity",
        "flip-upside-down": "spikesight.events.cleaning.flips:FlipUpsideDown",
        "funnelling": "spikesight.events.cleaning.funnelling:Funnelling",
        "hot-pixels": "spikesight.events.cleaning.hot_pixels:HotPixels",
        "jitter-place": "spikesight.events.cleaning.jitter:JitterPlace",
        "jitter-time": "spikesight.events.cleaning.jitter:JitterTime",
        "log-luminance": "spikesight.events.cleaning.log_luminance:LogLuminance",
        "refractory": "spikesight.events.cleaning.refractory:Refractory",
        "shift": "spikesight.events.cleaning.motion:Shift",
        "stretch": "spikesight.events.cleaning.timing:Stretch",
        "thin": "spikesight.events.cleaning.thin:Thin",
        "turn": "spikesight.events.cleaning.motion:Turn",
    },
)
"""What can be done to a stream, by name."""


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module 'spikesight.events.cleaning' has no attribute '{name}'")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
