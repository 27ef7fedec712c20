"""DSEC: its sequences, and what is fetched of each."""

from __future__ import annotations

from typing import Final

from spikesight.datasets.entry import Entry, File

ADDRESS: Final = "https://download.ifi.uzh.ch/rpg/DSEC"


def _lettered(stem: str, letters: str) -> tuple[str, ...]:
    return tuple(f"{stem}_{letter}" for letter in letters)


TRAIN: Final = (
    *_lettered("interlaken_00", "cdefg"),
    *_lettered("thun_00", "a"),
    *_lettered("zurich_city_00", "ab"),
    *_lettered("zurich_city_01", "abcdef"),
    *_lettered("zurich_city_02", "abcde"),
    *_lettered("zurich_city_03", "a"),
    *_lettered("zurich_city_04", "abcdef"),
    *_lettered("zurich_city_05", "ab"),
    *(f"zurich_city_{number}_a" for number in ("06", "07", "08")),
    *_lettered("zurich_city_09", "abcde"),
    *_lettered("zurich_city_10", "ab"),
    *_lettered("zurich_city_11", "abc"),
)
TEST: Final = (
    *_lettered("interlaken_00", "ab"),
    *_lettered("interlaken_01", "a"),
    *_lettered("thun_01", "ab"),
    *_lettered("zurich_city_12", "a"),
    *_lettered("zurich_city_13", "ab"),
    *_lettered("zurich_city_14", "abc"),
    *_lettered("zurich_city_15", "a"),
)
"""The sequences of the two parts, as their authors name them; the truth of the second is not published."""


def _files(part: str, name: str) -> tuple[File, ...]:
    """Return the archives of events of both cameras, and of true disparity where it is published."""
    places = {"events_left": "events/left", "events_right": "events/right"}
    if part == "train":
        places["disparity_event"] = "disparity/event"
    return tuple(
        File(
            f"DSEC/archives/{name}_{kind}.zip",
            (f"{ADDRESS}/{part}/{name}/{name}_{kind}.zip",),
            unpacked=f"DSEC/{part}/{name}/{place}",
        )
        for kind, place in places.items()
    )


DSEC: Final = Entry(
    name="dsec",
    title="drives with two event cameras, 640 x 480: disparity, flow",
    source="Gehrig, Aarents, Gehrig, Scaramuzza 2021",
    terms="CC BY-SA 4.0",
    splits="of its authors: 41 sequences to train, 12 to test, whose truth is not published",
    read="spikesight.datasets.dsec:dsec",
    page="https://dsec.ifi.uzh.ch/dsec-datasets/download/",
    files=(File("DSEC", also=("dsec",)),),
    sequences={name: _files(part, name) for part, names in (("train", TRAIN), ("test", TEST)) for name in names},
    by_hand=(
        "it is large, and got by sequences: `spikesight data get dsec --only thun_00_a`, say; or unpack "
        "<sequence>_events_left.zip into DSEC/train/<sequence>/events/left, and so on."
    ),
)
