import io
import wave

import numpy as np
import pytest

from spikesight.base.errors import InputError, MissingData
from spikesight.datasets.speech_commands import speech_commands

NAMES = ["yes/a_nohash_0.wav", "yes/b_nohash_0.wav", "no/a_nohash_0.wav", "no/c_nohash_0.wav", "no/c_nohash_1.wav"]


def sound(rate=16_000, value=3):
    data = io.BytesIO()
    with wave.open(data, "wb") as file:
        file.setparams((1, 2, rate, 0, "NONE", ""))
        file.writeframes(np.full(10, value, "<i2").tobytes())
    return data.getvalue()


@pytest.fixture
def place(tmp_path):
    folder = tmp_path / "speech_commands_v0.02"
    for value, name in enumerate([*NAMES, "_background_noise_/noise.wav"]):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(sound(value=value))
    (folder / "validation_list.txt").write_text("yes/b_nohash_0.wav\n")
    (folder / "testing_list.txt").write_text("no/c_nohash_0.wav\nno/c_nohash_1.wav\n")
    return folder


def test_the_lists_are_the_split(place):
    found = speech_commands(place.parent)
    assert found.train.classes == ("no", "yes")
    parts = (found.train, found.validation, found.test)
    assert [part.labels.tolist() for part in parts] == [[0, 1], [1], [0, 0]]
    assert [[round(float(one[0] * 32768)) for one in part] for part in parts] == [[2, 0], [1], [3, 4]]


def test_without_a_list_there_is_no_split(place):
    (place / "testing_list.txt").unlink()
    with pytest.raises(MissingData, match="without it the official split is not known"):
        speech_commands(place.parent)


def test_what_is_missing_or_damaged_is_said(place, tmp_path):
    (place / NAMES[0]).write_bytes(sound(8000))
    with pytest.raises(InputError, match="8000 samples per second"):
        list(speech_commands(tmp_path).train)
    (place / NAMES[3]).unlink()
    with pytest.raises(InputError, match=r"lacks 1 listed recordings, such as .'no/c_nohash_0.wav'"):
        speech_commands(tmp_path)
    with pytest.raises(MissingData, match=r"Put the folder SpeechCommands/speech_commands_v0\.02 or"):
        speech_commands(tmp_path / "elsewhere")
