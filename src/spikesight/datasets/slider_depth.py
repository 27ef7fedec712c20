"""The beginning of `slider_depth` of the Event Camera Dataset: a camera that slides past things near and far."""

from __future__ import annotations

from pathlib import Path

from spikesight.datasets.folder import data_folder, find
from spikesight.events.files.reading import read
from spikesight.events.files.text import Text
from spikesight.events.stream import EventStream

NAMES = ("slider_depth/events.txt", "events/txt/slider_depth_events.txt", "slider_depth_events.txt")
"""The first is the whole recording, as it is fetched; the others may be its beginning."""


def slider_depth(folder: Path | None = None) -> EventStream:
    """Read the recording, from its first event on at 0.   Errors: MissingData, InputError where it is damaged.

    Source: Mueggler et al., The Event-Camera Dataset and Simulator, 2017.
    """
    path = find(data_folder(folder), NAMES, "slider_depth")
    events = read(path, Text()).events.in_order()
    return events.later(-int(events.t[0])) if len(events) else events
