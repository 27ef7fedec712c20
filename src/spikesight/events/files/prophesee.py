"""The heading of Prophesee's files: which words follow it, and how large the sensor is."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from spikesight.events.files.format import Likeness
from spikesight.events.files.heading import Heading, heading
from spikesight.events.files.source import Source

LARGEST_SENSOR = 1 << 14
SENSORS: Final = ((640, 480), (1280, 720))
"""The first that has room is taken where a heading tells neither size nor camera."""
_SIZES: Final = {
    "gen3": (640, 480),
    "gen4": (1280, 720),
    "imx636": (1280, 720),
    "evk4": (1280, 720),
    "evk3_hd": (1280, 720),
    "genx320": (320, 320),
    "gen1": (304, 240),
    "gen2": (304, 240),
}
"""Sensors by what the names of their plugins, or the line of their generation, hold."""
_PLACES: Final = ("sensor_name", "plugin_name", "sensor_generation")


class Head(NamedTuple):
    """`words` names what follows (2.0, 2.1, 3.0, 4.0; nothing where it is not said), `size` is the first byte of it."""

    words: str
    swapped: bool
    width: int | None
    height: int | None
    size: int


def head(source: Source) -> Head:
    """Read the heading of `source`, of whatever it is."""
    found = heading(source, b"%", "end")
    name, *rest = (found.named("format") or "").split(";")
    format_line = dict(part.split("=", 1) for part in rest if "=" in part)
    version = re.fullmatch(r"EVT(\d)(\d?)", name.strip(), re.IGNORECASE)
    version = version or re.fullmatch(r"(\d)(?:\.(\d))?", found.named("evt") or "")
    words = f"{version[1]}.{version[2] or 0}" if version else ""
    width, height = _size(found, format_line)
    return Head(words, format_line.get("endianness") == "legacy", width, height, found.size)


def is_of(source: Source, words: str) -> Likeness:
    """Say whether the heading of `source` announces such words."""
    return Likeness.YES if source.beginning[:1] == b"%" and head(source).words == words else Likeness.NO


def announced(words: str, width: int, height: int) -> bytes:
    """Return the heading of a file of such words."""
    name = words.replace(".0", "").replace(".", "")
    return (
        f"% evt {words}\n% format EVT{name};height={height};width={width}\n% geometry {width}x{height}\n% end\n"
    ).encode()


def _size(found: Heading, format_line: dict[str, str]) -> tuple[int | None, int | None]:
    geometry = re.fullmatch(r"(\d{1,6})\s*x\s*(\d{1,6})", found.named("geometry") or "")
    pairs = (
        (format_line.get("width"), format_line.get("height")),
        geometry.groups() if geometry else (None, None),
        (found.named("width"), found.named("height")),
    )
    for wide, high in pairs:
        width, height = _number(wide), _number(high)
        if width and height:
            return width, height
    told = " ".join(found.named(place) or "" for place in _PLACES).lower()
    generation = re.fullmatch(r"(\d)(\.\d)?", (found.named("sensor_generation") or "").strip())
    told += f" gen{generation[1]}" if generation else ""
    for part, size in _SIZES.items():
        if part in told:
            return size
    return None, None


def _number(text: str | None) -> int | None:
    if text is None or not re.fullmatch(r"\d{1,6}", text.strip()):
        return None
    return int(text) if 0 < int(text) <= LARGEST_SENSOR else None
