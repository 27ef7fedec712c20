"""Log-mel pictures: a tone lies in its own band, silence is nothing, a recording does not depend on its neighbours."""

import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.encoding.mel import ByLargest, Decibels, LogMel, to_hertz, to_mel, with_differences


def tone(hertz, rate=16000, seconds=1.0):
    return np.sin(2 * np.pi * hertz * np.arange(int(rate * seconds)) / rate).astype(np.float32)


def test_the_mel_scale():
    assert to_mel(1000.0) == pytest.approx(15.0)
    assert to_mel(6400.0) == pytest.approx(42.0)
    hertz = np.array([20.0, 999.0, 1001.0, 8000.0])
    np.testing.assert_allclose(to_hertz(to_mel(hertz)), hertz)


@pytest.mark.parametrize("hertz", [300.0, 1000.0, 3000.0])
def test_a_tone_is_loudest_in_the_band_around_it(hertz):
    mel = LogMel()
    edges = to_hertz(np.linspace(to_mel(20.0), to_mel(4000.0), 42))
    loudest = int(mel(tone(hertz)[None])[0, 50].argmax())
    assert edges[loudest] < hertz < edges[loudest + 2]


def test_a_second_of_speech_commands_has_101_frames_of_40_bands():
    pictures = LogMel()(tone(500.0)[None])
    assert pictures.shape == (1, 101, 40)
    assert pictures.max() == pytest.approx(np.log(2.0))
    assert with_differences(pictures).shape == (1, 3, 101, 40)


def test_the_bands_have_equal_area():
    """Each triangle integrates to one over the frequencies; a coarse spectrum sees it coarsely."""
    filters = LogMel(window=1.0).filters
    np.testing.assert_allclose(filters.sum(axis=1), 1.0, rtol=0.02)


@pytest.mark.parametrize("compress", [ByLargest(), Decibels()], ids=["by largest", "decibels"])
def test_silence_is_nothing_and_loudness_makes_no_difference(compress):
    mel = LogMel(compress=compress)
    assert mel(np.zeros((1, 16000), np.float32)).max() == 0.0
    loud, soft = tone(700.0), tone(700.0) / 64  # a power of two: no rounding
    np.testing.assert_allclose(mel(loud[None]), mel(soft[None]), rtol=1e-4, atol=1e-6)


def test_a_recording_does_not_depend_on_the_others():
    waves = np.random.default_rng(0).standard_normal((70, 2000)).astype(np.float32)
    np.testing.assert_array_equal(LogMel()(waves)[66], LogMel()(waves[66:67])[0])


def test_a_click_stands_in_the_frames_around_it():
    wave = np.zeros((1, 16000), np.float32)
    wave[0, 8000] = 1.0
    heard = np.flatnonzero(LogMel()(wave)[0].max(axis=1))
    assert heard.tolist() == [49, 50, 51]


def test_differences_are_the_slope_and_the_curvature():
    time = np.arange(20.0)
    pictures = np.stack([3.0 * time, 0.5 * time**2], axis=-1)[None]
    _, slope, curvature = with_differences(pictures)[0]
    np.testing.assert_allclose(slope[:, 0], 3.0, rtol=1e-5)
    np.testing.assert_allclose(curvature[:, 0], 0.0, atol=1e-5)
    np.testing.assert_allclose(curvature[:, 1], 1.0, rtol=1e-4)


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"rate": 8000, "highest": 14000.0}, "hold frequencies up to 4000 Hz"),
        ({"lowest": 500.0, "highest": 400.0}, "bands between 500 and 400"),
        ({"bands": 0}, "one band at least"),
        ({"hop": 0.05}, "leave nothing out"),
        ({"bands": 140}, "narrower than a spectrum of 0.03 s tells apart"),
    ],
)
def test_bands_that_would_be_empty_are_refused(settings, says):
    with pytest.raises(InputError, match=says):
        LogMel(**settings)


@pytest.mark.parametrize(
    ("waves", "says"),
    [
        (np.zeros(100), r"\(B, samples\)"),
        (np.zeros((2, 0)), "got shape"),
        (np.zeros((2, 100), int), "of int64"),
        (np.array([[0.0] * 9, [np.nan] * 9]), "in 1 of 2 recordings, first in 1"),
    ],
)
def test_waves_that_are_none_are_refused(waves, says):
    with pytest.raises(InputError, match=says):
        LogMel()(waves)


def test_differences_need_frames():
    with pytest.raises(InputError, match="with 9 frames at least"):
        with_differences(np.zeros((1, 8, 40)))
