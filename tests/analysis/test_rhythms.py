"""A sine has its peak and its power where they belong, and Poisson trains have a flat spectrum of known height."""

from itertools import pairwise

import numpy as np
import pytest

from spikesight.analysis import BANDS, Band, band_power, peak, spectrum
from spikesight.analysis.rhythms import ALPHA, BETA, DELTA, GAMMA, THETA
from spikesight.base.errors import InputError

DT = 1e-3
T = np.arange(0, 20, DT)


@pytest.mark.parametrize(("hertz", "band"), [(2, DELTA), (6, THETA), (10, ALPHA), (20, BETA), (40, GAMMA)])
def test_a_sine_has_its_power_in_its_band(hertz, band):
    of = spectrum(30 + 4 * np.sin(2 * np.pi * hertz * T), DT, window=2.0)
    assert peak(of, Band(0.5, 100)) == hertz
    assert band_power(of, band) == pytest.approx(4**2 / 2, rel=1e-3)
    others = [band_power(of, other) for other in BANDS.values() if other != band]
    assert max(others) < 1e-3


def test_frequencies_are_as_far_apart_as_the_window_says():
    assert np.diff(spectrum(T, DT, window=4.0).hertz) == pytest.approx(0.25)


def test_poisson_trains_have_a_flat_spectrum():
    """Fifty trains of 20 Hz: 2 r / n = 0.8 Hz."""
    counts = np.random.default_rng(0).poisson(50 * 20 * DT, 200_000)
    of = spectrum(counts / 50 / DT, DT)
    assert band_power(of, GAMMA) / (GAMMA.high - GAMMA.low) == pytest.approx(0.8, rel=0.05)
    assert band_power(of, BETA) / (BETA.high - BETA.low) == pytest.approx(0.8, rel=0.1)


def test_a_modulated_poisson_population_has_its_peak():
    rate = 10 * (1 + 0.8 * np.sin(2 * np.pi * 37 * T))
    counts = np.random.default_rng(3).poisson(200 * rate * DT)
    assert peak(spectrum(counts / 200 / DT, DT), GAMMA) == 37


def test_bands_follow_each_other():
    assert all(one.high == other.low for one, other in pairwise(BANDS.values()))


def test_what_has_no_spectrum_is_refused():
    for signal, window in ((np.zeros(999), 1.0), (np.zeros((2000, 2)), 1.0), (np.zeros(5), 1e-3)):
        with pytest.raises(InputError, match="a window of"):
            spectrum(signal, DT, window)
    with pytest.raises(InputError, match=r"no frequency of this spectrum lies from 600.0 to 700.0 Hz.*up to 500"):
        peak(spectrum(T, DT), Band(600.0, 700.0))
