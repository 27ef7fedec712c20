"""Recordings of speech: waves and labels, split into training and test as their authors did."""

from __future__ import annotations

import io
import wave
import zipfile
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spikesight.base.errors import InputError
from spikesight.base.randomness import generator
from spikesight.datasets.damage import undamaged
from spikesight.datasets.folder import data_folder, find

NAMES = ("fsdd-wav.zip", "audio/fsdd-wav.zip")
"""The first is the whole set, as it is fetched; the second may be a part of it."""

TEST_RECORDINGS = 5
"""Of each speaker and digit, the first ones: the rule of the data set."""

FULL_SCALE = 32768.0
"""Of 16 bits: waves lie between -1 and 1."""

Wave = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class SpokenDigits:
    """Waves, each (samples,) float32 between -1 and 1 at `rate` samples per second; digit, speaker and number of each.

    `speakers` are the names that the numbers in `speaker` stand for.
    """

    rate: int
    waves: list[Wave]
    digit: NDArray[np.int64]
    speaker: NDArray[np.int64]
    recording: NDArray[np.int64]
    speakers: tuple[str, ...]

    def __len__(self) -> int:
        """Number of recordings."""
        return len(self.waves)

    def part(self, chosen: ArrayLike) -> SpokenDigits:
        """Return the recordings at these places, or where this mask is true."""
        places = np.arange(len(self.waves))[np.asarray(chosen)]
        return replace(
            self,
            waves=[self.waves[place] for place in places],
            digit=self.digit[places],
            speaker=self.speaker[places],
            recording=self.recording[places],
        )

    @property
    def for_test(self) -> NDArray[np.bool_]:
        """Which recordings are the test set: numbers 0 to 4 of each speaker and digit."""
        return self.recording < TEST_RECORDINGS


def spoken_digits(folder: Path | None = None) -> SpokenDigits:
    """Read the Free Spoken Digit Dataset, or a part of it, from a zip with `<digit>_<speaker>_<number>.wav`.

    Errors: MissingData where the file is not there, InputError where it is damaged.   Source: Jackson et al. 2018.
    """
    path = find(data_folder(folder), NAMES, "The Free Spoken Digit Dataset")
    with undamaged(path), zipfile.ZipFile(path) as archive:
        names = sorted(name for name in archive.namelist() if name.endswith(".wav"))
        read = [read_wave(archive.read(name), f"{path}: {name}") for name in names]
    if not read:
        raise InputError(f"{path} has no <digit>_<speaker>_<number>.wav: it is not the Free Spoken Digit Dataset")
    rates = sorted({rate for rate, _ in read})
    if len(rates) > 1:
        raise InputError(f"{path} has recordings of {rates} samples per second: one rate for all is needed")
    digits, who, numbers = zip(*(_facts(name, path) for name in names), strict=True)
    speakers, speaker = np.unique(who, return_inverse=True)
    return SpokenDigits(
        rates[0],
        [wave for _, wave in read],
        np.array(digits, np.int64),
        speaker.astype(np.int64),
        np.array(numbers, np.int64),
        tuple(str(name) for name in speakers),
    )


def made_up_digits(seed: int = 0, each: int = 12, rate: int = 8000) -> SpokenDigits:
    """Return two tones one after the other in some noise, for trying things without data: ten classes, two "speakers".

    A class is the pair of its tones; five pairs of frequencies, each in both orders, so that the long-term spectrum
    alone does not tell classes apart. Speakers differ by 10 % in pitch. `each` recordings per speaker and class.
    """
    random = generator(seed, "made-up digits")
    waves: list[Wave] = []
    facts: list[tuple[int, int, int]] = []
    for digit in range(10):
        for speaker in range(2):
            for number in range(each):
                waves.append(_two_tones(digit, 1.0 + 0.1 * speaker, rate, random))
                facts.append((digit, speaker, number))
    digits, speakers, numbers = np.array(facts, np.int64).T
    return SpokenDigits(rate, waves, digits, speakers, numbers, ("low", "high"))


def _two_tones(digit: int, pitch: float, rate: int, random: np.random.Generator) -> Wave:
    low, high = 300.0 + 120.0 * (digit // 2), 900.0 + 330.0 * (digit // 2)
    order = (low, high) if digit % 2 else (high, low)
    parts = []
    for frequency in order:
        t = np.arange(int(rate * random.uniform(0.15, 0.25))) / rate
        tone = np.sin(2.0 * np.pi * frequency * pitch * random.uniform(0.97, 1.03) * t + random.uniform(0.0, 6.0))
        parts.append(tone * np.hanning(len(t)))
    sound = np.concatenate(parts)
    return (0.4 * sound + 0.01 * random.standard_normal(len(sound))).astype(np.float32)


def read_wave(data: bytes, what: str) -> tuple[int, Wave]:
    """Return samples per second and the wave of a WAV file of 16 bits; several channels are averaged.

    Errors: InputError, naming `what`, where it is damaged, empty or of another kind.
    """
    try:
        with wave.open(io.BytesIO(data)) as file:
            rate, channels, width, frames = (
                file.getframerate(),
                file.getnchannels(),
                file.getsampwidth(),
                file.getnframes(),
            )
            raw = file.readframes(frames)
    except (wave.Error, EOFError) as error:
        raise InputError(f"{what} is no WAV file that can be read ({error or 'it is cut off'})") from error
    if width != 2:
        raise InputError(f"{what} has samples of {8 * width} bits, expected 16: convert it first")
    if not frames or len(raw) != frames * channels * width:
        raise InputError(f"{what} announces {frames} samples, but holds {len(raw) // (channels * width)}")
    samples = np.frombuffer(raw, "<i2").reshape(-1, channels).astype(np.float32).mean(axis=1)
    return rate, (samples / np.float32(FULL_SCALE)).astype(np.float32)


def fitted(waves: list[Wave], samples: int) -> Wave:
    """Return waves as (B, samples): cut at the end, or followed by silence.   Errors: InputError for no samples."""
    if samples < 1:
        raise InputError(f"waves are at least one sample long, got {samples}")
    out = np.zeros((len(waves), samples), np.float32)
    for row, sound in zip(out, waves, strict=True):
        row[: min(samples, len(sound))] = sound[:samples]
    return out


def _facts(name: str, path: Path) -> tuple[int, str, int]:
    parts = PurePosixPath(name).stem.split("_")
    if len(parts) != 3 or not (parts[0].isdigit() and parts[2].isdigit()):
        raise InputError(f"{path} holds {name}: its recordings are named <digit>_<speaker>_<number>.wav")
    return int(parts[0]), parts[1], int(parts[2])
