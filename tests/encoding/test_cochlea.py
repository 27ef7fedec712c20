"""A tone excites the channel at its frequency, silence none; the same sound gives the same spikes."""

import numpy as np
import pytest
from scipy.signal import gammatone, lfilter

from spikesight.base.errors import InputError
from spikesight.encoding.cochlea import Cochlea, critical_band, equally_loud


def tone(hertz, rate=8000, seconds=0.3):
    return np.sin(2 * np.pi * hertz * np.arange(int(rate * seconds)) / rate).astype(np.float32)


def test_frequencies_are_even_in_critical_bands():
    frequencies = Cochlea().frequencies
    assert frequencies[0] == pytest.approx(100.0)
    assert frequencies[-1] == pytest.approx(3500.0)
    ratio = np.diff(frequencies) / critical_band(frequencies[:-1])
    np.testing.assert_allclose(ratio, ratio[0])
    assert critical_band(1000.0) == pytest.approx(132.6, abs=0.1)


@pytest.mark.parametrize("channel", [3, 17, 30])
def test_a_tone_is_loudest_in_its_own_channel_with_amplitude_1(channel):
    ear = Cochlea()
    heard = ear.heard(tone(ear.frequencies[channel])[None])[0, :, 1200:].max(axis=1)
    assert heard.argmax() == channel
    assert heard[channel] == pytest.approx(1.0, abs=0.01)


@pytest.mark.parametrize("channel", [3, 17, 30])
def test_a_tone_excites_the_neurons_around_its_channel_and_no_others(channel):
    ear = Cochlea()
    counts = ear(tone(ear.frequencies[channel])[None])[0].sum(axis=0)
    assert abs(int(counts.argmax()) - channel) <= 1
    far = np.abs(np.arange(ear.channels) - channel) > 8
    assert counts[far].sum() < 0.1 * counts.sum()


def test_the_filters_are_the_gammatones_of_scipy():
    """To a few per cent: its design samples another way."""
    ear = Cochlea()
    click = np.zeros(2000)
    click[0] = 1.0
    ours = ear.filters[20][:400]
    theirs = lfilter(*gammatone(ear.frequencies[20], "iir", fs=8000), click)[:400]
    assert np.corrcoef(ours, theirs)[0, 1] > 0.95


def test_silence_gives_no_spike_and_a_sound_none_before_it():
    ear = Cochlea()
    assert ear(np.zeros((2, 4000), np.float32)).sum() == 0
    late = np.concatenate([np.zeros(2000, np.float32), tone(800.0)])
    counts = ear(late[None])[0]
    assert counts[:25].sum() == 0
    assert counts[25:].sum() > 0


def test_the_louder_the_more_spikes_until_they_are_refractory():
    ear = Cochlea(refractory=2e-3)
    counts = ear(np.stack([tone(900.0) * level for level in (0.001, 0.03, 0.3, 1.0)])).sum(axis=(1, 2))
    assert counts[0] == 0
    assert (np.diff(counts.astype(int)) > 0).all()
    assert ear(1000.0 * tone(900.0)[None]).max() <= 5


def test_a_recording_does_not_depend_on_the_others_and_chance_plays_no_part():
    waves = equally_loud(np.random.default_rng(0).standard_normal((5, 3000)).astype(np.float32))
    ear = Cochlea(channels=8)
    together = ear(waves)
    np.testing.assert_array_equal(together, ear(waves))
    np.testing.assert_array_equal(together[3], ear(waves[3:4])[0])


def test_steps_are_of_dt_and_the_last_one_may_be_cut():
    assert Cochlea()(np.zeros((1, 8000), np.float32)).shape == (1, 100, 40)
    assert Cochlea(dt=5e-3)(np.zeros((1, 8001), np.float32)).shape == (1, 201, 40)


def test_equally_loud():
    both = equally_loud(np.array([[0.1, -0.2], [0.0, 0.0]]))
    np.testing.assert_allclose(both, [[0.5, -1.0], [0.0, 0.0]])


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"highest": 4000.0}, "hold frequencies below 4000 Hz"),
        ({"channels": 1}, "two at least"),
        ({"dt": 1e-4 / 3}, "no whole number"),
        ({"power": 0.0}, "power from above 0"),
        ({"dt": 1.0}, "may fire 889 times in a step of 1.0 s, a count holds 255"),
    ],
)
def test_an_ear_that_is_none_is_refused(settings, says):
    with pytest.raises(InputError, match=says):
        Cochlea(**settings)


def test_sounds_that_are_none_are_refused():
    with pytest.raises(InputError, match="NaN or infinite values in 1 of 1"):
        Cochlea()(np.full((1, 100), np.nan))
    with pytest.raises(InputError, match=r"\(B, samples\)"):
        Cochlea()(np.zeros(100))
