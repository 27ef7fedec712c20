"""Spoken digits, read as they lie on disk; the split is the data set's own."""

import io
import os
import wave
import zipfile
from pathlib import Path

import numpy as np
import pytest

from spikesight.base.errors import InputError, MissingData
from spikesight.datasets.audio import fitted, made_up_digits, read_wave, spoken_digits


def wav(samples, rate=8000, channels=1, width=2):
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(channels)
        out.setsampwidth(width)
        out.setframerate(rate)
        out.writeframes(np.asarray(samples, f"<i{width}").tobytes())
    return file.getvalue()


@pytest.fixture
def archive(tmp_path):
    def write(**files):
        with zipfile.ZipFile(tmp_path / "fsdd-wav.zip", "w") as out:
            for name, data in files.items():
                out.writestr(f"recordings/{name}.wav", data)
        return tmp_path

    return write


def test_a_wave_sample_by_sample():
    rate, samples = read_wave(wav([0, 16384, -32768]), "x")
    assert rate == 8000
    np.testing.assert_array_equal(samples, np.array([0.0, 0.5, -1.0], np.float32))
    assert samples.dtype == np.float32


def test_two_channels_become_their_mean():
    np.testing.assert_array_equal(read_wave(wav([16384, 0, 8192, 8192], channels=2), "x")[1], [0.25, 0.25])


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "no WAV file"),
        (b"RIFFnothing", "no WAV file"),
        (wav([1, 2, 3], width=4), "32 bits, expected 16"),
        (wav([]), "announces 0 samples"),
        (wav([1, 2, 3])[:-4], "announces 3 samples, but holds 1"),
    ],
)
def test_a_file_that_is_no_wave_is_refused(data, says):
    with pytest.raises(InputError, match=f"x.*{says}"):
        read_wave(data, "x")


def test_names_tell_digit_speaker_and_number(archive):
    folder = archive(**{"3_theo_7": wav([1]), "0_lucas_4": wav([2, 3])})
    read = spoken_digits(folder)
    assert read.speakers == ("lucas", "theo")
    assert read.digit.tolist() == [0, 3]
    assert read.speaker.tolist() == [0, 1]
    assert read.for_test.tolist() == [True, False]
    assert [len(sound) for sound in read.part(~read.for_test).waves] == [1]
    assert len(read.part([0, 1, 1])) == 3


def test_what_is_no_such_data_set_is_refused(archive, tmp_path):
    with pytest.raises(InputError, match=r"named <digit>_<speaker>_<number>\.wav"):
        spoken_digits(archive(noise=wav([1])))
    with pytest.raises(InputError, match="not the Free Spoken Digit Dataset"):
        spoken_digits(archive())
    with pytest.raises(InputError, match=r"\[8000, 16000\] samples per second"):
        spoken_digits(archive(**{"1_a_1": wav([1]), "2_a_1": wav([1], rate=16000)}))
    (tmp_path / "fsdd-wav.zip").write_bytes(b"PK")
    with pytest.raises(InputError, match="is damaged"):
        spoken_digits(tmp_path)


def test_no_file_says_which_file_to_put_where(tmp_path):
    with pytest.raises(MissingData, match=r"fsdd-wav\.zip there"):
        spoken_digits(tmp_path)


def test_waves_are_cut_or_followed_by_silence():
    both = fitted([np.ones(2, np.float32), np.arange(5, dtype=np.float32)], 3)
    np.testing.assert_array_equal(both, [[1, 1, 0], [0, 1, 2]])
    with pytest.raises(InputError, match="at least one sample"):
        fitted([], 0)


def test_made_up_digits_are_the_same_each_time_and_of_ten_classes():
    one, two = made_up_digits(3, each=6), made_up_digits(3, each=6)
    np.testing.assert_array_equal(one.waves[17], two.waves[17])
    assert np.bincount(one.digit).tolist() == [12] * 10
    assert one.for_test.sum() == 100


def test_the_real_set():
    place = Path(os.environ.get("SPIKESIGHT_DATA", ".")) / "audio" / "fsdd-wav.zip"
    if not place.is_file():
        pytest.skip(f"no spoken digits in {place}: set SPIKESIGHT_DATA")
    read = spoken_digits()
    assert read.rate == 8000
    assert len(read) == 10 * len(read.speakers) * 25
    assert read.for_test.sum() == 300
    assert sum(map(len, read.waves)) / read.rate / 60 == pytest.approx(10.9, abs=0.05)
