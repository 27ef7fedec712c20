"""Speech Commands: single words by thousands of people, a second each, 16 kHz."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from spikesight.base.errors import InputError, MissingData
from spikesight.datasets.audio import Wave, read_wave
from spikesight.datasets.folder import data_folder, find_folder
from spikesight.datasets.recordings import Recordings, Split

NAMES = ("SpeechCommands/speech_commands_v0.02", "speech_commands_v0.02", "speech-commands")
BACKGROUND = "_background_noise_"
RATE = 16_000
"""Samples per second."""


def speech_commands(folder: Path | None = None) -> Split[Wave]:
    """Find Speech Commands: `<word>/<speaker>_nohash_<number>.wav`, waves (samples,) between -1 and 1 at 16 kHz.

    `validation_list.txt` and `testing_list.txt` name those two parts, all others are to learn from; a speaker is on one
    side alone. Errors: MissingData where a file is not there, InputError where one is damaged.   Source: Warden 2018.
    """
    inside = "<word>/<speaker>_nohash_<number>.wav, validation_list.txt and testing_list.txt"
    place = find_folder(data_folder(folder), NAMES, "Speech Commands", inside)
    validation, testing = (_listed(place / f"{name}_list.txt") for name in ("validation", "testing"))
    names = sorted(
        f"{path.parent.name}/{path.name}" for path in place.glob("*/*.wav") if path.parent.name != BACKGROUND
    )
    missing = sorted((validation | testing) - set(names))
    if not names or missing:
        raise InputError(f"{place} lacks {len(missing)} listed recordings, such as {missing[:1]}: unpack it again")
    classes = tuple(sorted({name.partition("/")[0] for name in names}))
    labels = np.array([classes.index(name.partition("/")[0]) for name in names], np.int64)
    every = Recordings(_recording, tuple(place / name for name in names), labels, classes)
    tested, validated = (np.array([name in part for name in names]) for part in (testing, validation))
    return Split(every.part(~tested & ~validated), every.part(tested), every.part(validated))


def _listed(path: Path) -> set[str]:
    if not path.is_file():
        raise MissingData(f"{path} is not there, and without it the official split is not known: unpack the set again")
    return set(path.read_text(errors="replace").split())


def _recording(path: Path) -> Wave:
    rate, sound = read_wave(path.read_bytes(), str(path))
    if rate != RATE:
        raise InputError(f"{path} has {rate} samples per second, those of Speech Commands have {RATE}")
    return sound
