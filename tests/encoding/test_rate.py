"""Random spikes are held to their distributions. Seeds are fixed; a bound is five standard errors, or p > 1e-4."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats

from spikesight.base.errors import InputError
from spikesight.base.randomness import generator
from spikesight.encoding import CATALOGUE, rate
from spikesight.encoding.rate import Bernoulli, Poisson, bernoulli, poisson
from spikesight.encoding.spike_list import SpikeList
from spikesight.executors.generated import compiled

DT = 0.5e-3
BRIGHTEST = 63.75
"""Hertz of a pixel of 255: a quarter of it."""


def draw(chance: float, n: int, steps: int, seed: int = 0) -> SpikeList:
    return bernoulli(np.full(n, chance / DT), steps, DT, generator(seed, "test"))


def within(found: float, expected: float, standard_error: float) -> None:
    assert abs(found - expected) < 5.0 * standard_error, f"{found} is not {expected} +- {standard_error}"


def fits(values: NDArray[Any], chances: Callable[[Any], Any]) -> None:
    """Pearson's chi-square test of whole numbers against a distribution; what is rarer than 20 joins the last class."""
    numbers = np.arange(values.max() + 1)
    expected = len(values) * chances(numbers)
    common = expected >= 20.0
    observed, expected = np.bincount(values)[common].astype(np.float64), expected[common]
    observed[-1] += len(values) - observed.sum()
    expected[-1] += len(values) - expected.sum()
    assert len(observed) >= 3
    assert stats.chisquare(observed, expected).pvalue > 1e-4


def intervals(times: NDArray[Any], units: NDArray[Any]) -> NDArray[Any]:
    """Intervals between the spikes of the same neuron."""
    order = np.lexsort((times, units))
    times, units = times[order], units[order]
    gaps: NDArray[Any] = np.diff(times)[np.diff(units) == 0]
    return gaps


# ---- Bernoulli ------------------------------------------------------------------------------------------------------


def test_the_brightest_pixel_fires_with_its_published_chance() -> None:
    encode = Bernoulli(hertz=0.25, duration=500.0, dt=DT)
    spikes = encode(np.array([255.0]), generator(0, "test"))
    chance = 0.031875
    assert pytest.approx(chance, rel=1e-15) == BRIGHTEST * DT
    assert spikes.steps == 1_000_000
    within(len(spikes.units) / 1e6, chance, math.sqrt(chance * (1.0 - chance) / 1e6))
    gaps = np.diff(spikes.times) * DT
    within(gaps.mean(), 15.686e-3, gaps.std() / math.sqrt(len(gaps)))


@pytest.mark.parametrize("chance", [0.031875, 0.3, 0.9])
def test_counts_are_binomial(chance: float) -> None:
    n, steps = 4000, 60
    counts = np.bincount(draw(chance, n, steps).units, minlength=n)
    fits(counts, stats.binom(steps, chance).pmf)


def test_every_step_is_as_likely_as_any_other() -> None:
    # The first and the last are where a gap too long or too short by one would show.
    spikes = draw(0.05, 20_000, 50)
    fits(spikes.times, lambda steps: np.full(len(steps), 1 / 50))
    for step in (0, 1, 48, 49):
        within(np.diff(spikes.starts)[step], 1000.0, math.sqrt(20_000 * 0.05 * 0.95))


@pytest.mark.parametrize("chance", [0.031875, 0.3, 0.8])
def test_intervals_are_geometric(chance: float) -> None:
    spikes = draw(chance, 20, round(5000 / chance))
    gaps = intervals(spikes.times, spikes.units)
    n = len(gaps)
    kurtosis = 9.0 + chance**2 / (1.0 - chance)
    within(gaps.mean(), 1.0 / chance, math.sqrt(1.0 - chance) / chance / math.sqrt(n))
    within(gaps.var() * chance**2 / (1.0 - chance), 1.0, math.sqrt((kurtosis - 1.0) / n))
    within(gaps.std() / gaps.mean(), math.sqrt(1.0 - chance), 0.5 * math.sqrt((kurtosis + 3.0) / n))
    fits(gaps, stats.geom(chance).pmf)


def test_neurons_are_independent() -> None:
    n, steps = 30, 40_000
    chances = np.linspace(0.05, 0.4, n)
    dense = bernoulli(chances / DT, steps, DT, generator(3, "test")).dense(n)
    together = (dense.T @ dense)[np.triu_indices(n, 1)]
    both = np.outer(chances, chances)[np.triu_indices(n, 1)]
    deviations = (together - steps * both) / np.sqrt(steps * both * (1.0 - both))
    assert np.abs(deviations).max() < 5.0
    later = (dense[1:].T @ dense[:-1]) - (steps - 1) * np.outer(chances, chances)  # nor does one step tell of the next
    spread = np.sqrt((steps - 1) * np.outer(chances, chances))
    assert np.abs(later / spread).max() < 5.0


def test_a_neuron_keeps_its_own_rate() -> None:
    chances = np.array([0.0, 0.01, 0.0, 0.5, 0.2, 0.0])
    counts = np.bincount(bernoulli(chances / DT, 50_000, DT, generator(0, "test")).units, minlength=6)
    for count, chance in zip(counts, chances, strict=True):
        assert abs(count - 50_000 * chance) <= 5.0 * math.sqrt(50_000 * chance * (1.0 - chance))


def test_the_same_seed_gives_the_same_spikes() -> None:
    first, second, other = draw(0.1, 50, 100, seed=1), draw(0.1, 50, 100, seed=1), draw(0.1, 50, 100, seed=2)
    np.testing.assert_array_equal(first.units, second.units)
    np.testing.assert_array_equal(first.starts, second.starts)
    assert not np.array_equal(first.starts, other.starts)


@pytest.mark.parametrize("rates", [[2000.0, 0.0, 5000.0], [2000.0, 0.0, 1e308]])
def test_what_is_certain_fires_in_every_step_and_what_is_not_never(rates: list[float]) -> None:
    spikes = bernoulli(np.array(rates), 20, DT, generator(0, "test"))
    np.testing.assert_array_equal(spikes.dense(3), np.tile([1, 0, 1], (20, 1)))


@pytest.mark.parametrize("hertz", [5e-324, 1e-307, 1e-300, 1e-100, 1e-20, 1e-16, 1e-12])
def test_the_faintest_rates_do_no_harm(hertz: float) -> None:
    rates = np.array([hertz, 2000.0, hertz])
    spikes = bernoulli(rates, 20, DT, generator(0, "test"))
    np.testing.assert_array_equal(spikes.dense(3), np.tile([0, 1, 0], (20, 1)))


@pytest.mark.parametrize(("n", "steps"), [(0, 10), (5, 0), (0, 0)])
def test_no_neurons_and_no_steps(n: int, steps: int) -> None:
    spikes = bernoulli(np.full(n, 50.0), steps, DT, generator(0, "test"))
    assert (spikes.steps, len(spikes.units)) == (steps, 0)


def test_silence_everywhere() -> None:
    assert len(bernoulli(np.zeros((4, 4)), 1000, DT, generator(0, "test")).units) == 0


def test_any_shape_is_flattened() -> None:
    rates = np.arange(12).reshape(3, 4) * 20
    flat, shaped = (bernoulli(given, 50, DT, generator(0, "test")) for given in (rates.reshape(-1), rates))
    np.testing.assert_array_equal(flat.units, shaped.units)
    assert 11 in shaped.units


@settings(deadline=None, max_examples=50)
@given(
    chances=st.lists(st.floats(1e-300, 1.0) | st.sampled_from([0.0, 1.0, 1e-18]), max_size=12),
    steps=st.integers(0, 30),
    size=st.integers(0, 200),
    seed=st.integers(0, 99),
)
def test_compiled_and_interpreted_are_one_text(chances: list[float], steps: int, size: int, seed: int) -> None:
    chance = np.array(chances)
    active = np.flatnonzero(chance)
    with np.errstate(divide="ignore"):
        scales = -1.0 / np.log1p(-chance[active])
    drawn = np.random.default_rng(seed).standard_exponential(size)
    enough, starts, units = rate.place(active, scales, steps, drawn)  # type: ignore[no-untyped-call]
    compiled_enough, compiled_starts, compiled_units = compiled(rate.place)(active, scales, steps, drawn)
    assert compiled_enough == enough
    if enough:
        np.testing.assert_array_equal(compiled_starts, starts, strict=True)
        np.testing.assert_array_equal(compiled_units, units, strict=True)
        spikes = SpikeList(starts, units)
        assert spikes.dense(len(chances)).max(initial=0) <= 1
        assert all((np.diff(one) > 0).all() for one in np.split(units, starts[1:-1]))


class Stingy:
    """Draws from a stream of short intervals, so that more are needed than expected; counts the calls."""

    def __init__(self) -> None:
        self.stream = np.random.default_rng(0).standard_exponential(1000) / 10.0
        self.used: list[int] = [0]

    def standard_exponential(self, size: int) -> NDArray[np.float64]:
        self.used.append(self.used[-1] + size)
        return self.stream[self.used[-2] : self.used[-1]]


def test_more_is_drawn_where_the_first_draw_does_not_suffice() -> None:
    # What was drawn first stays in use: to draw anew whenever too little was drawn would favour few spikes.
    stingy, chance = Stingy(), 0.1
    spikes = bernoulli(np.full(3, chance / DT), 50, DT, stingy)  # type: ignore[arg-type]
    scales = np.full(3, -1.0 / np.log1p(-chance))
    _, starts, units = rate.place(np.arange(3), scales, 50, stingy.stream)  # type: ignore[no-untyped-call]
    assert len(stingy.used) > 2
    np.testing.assert_array_equal(spikes.starts, starts)
    np.testing.assert_array_equal(spikes.units, units)


# ---- Poisson --------------------------------------------------------------------------------------------------------


def counts_of(hertz: float, duration: float, n: int, seed: int = 0) -> NDArray[np.int64]:
    _, units = poisson(np.full(n, hertz), duration, generator(seed, "test"))
    return np.bincount(units, minlength=n)


@pytest.mark.parametrize("expected", [0.5, 4.0, 22.3125])
def test_counts_are_poisson(expected: float) -> None:
    n = 20_000
    counts = counts_of(expected / 0.35, 0.35, n)
    within(counts.mean(), expected, math.sqrt(expected / n))
    within(counts.var() / counts.mean(), 1.0, math.sqrt(2.0 / n))  # the Fano factor
    within(float((counts == 0).mean()), math.exp(-expected), math.sqrt(math.exp(-expected) / n))
    fits(counts, stats.poisson(expected).pmf)


def test_intervals_are_exponential() -> None:
    times, units = poisson(np.full(10, BRIGHTEST), 200.0, generator(0, "test"))
    gaps = intervals(times, units)
    n = len(gaps)
    assert n > 1e5
    mean = 1.0 / BRIGHTEST  # 15.686 ms
    within(gaps.mean(), mean, mean / math.sqrt(n))
    within(gaps.var() / mean**2, 1.0, math.sqrt(8.0 / n))
    within(gaps.std() / gaps.mean(), 1.0, math.sqrt(3.0 / n))
    assert stats.kstest(gaps, stats.expon(scale=mean).cdf).pvalue > 1e-4


def test_times_are_uniform_ascending_and_within_the_duration() -> None:
    times, units = poisson(np.array([30.0, 0.0, 60.0]), 100.0, generator(0, "test"))
    assert (np.diff(times) >= 0.0).all()
    assert 0.0 <= times[0] < 0.2
    assert 99.8 < times[-1] < 100.0
    assert (times.dtype, units.dtype, times.shape) == (np.dtype(np.float64), np.dtype(np.int32), units.shape)
    assert stats.kstest(times, stats.uniform(0.0, 100.0).cdf).pvalue > 1e-4
    counts = np.bincount(units, minlength=3)
    within(counts[0], 3000.0, math.sqrt(3000.0))
    assert counts[1] == 0
    within(counts[2], 6000.0, math.sqrt(6000.0))


def test_processes_are_independent() -> None:
    counts = np.stack([counts_of(100.0, 0.1, 50, seed) for seed in range(400)])
    correlations = np.asarray(np.corrcoef(counts.T))[np.triu_indices(50, 1)]
    assert np.abs(correlations).max() < 5.0 / math.sqrt(400)
    within(correlations.mean(), 0.0, 1.0 / math.sqrt(400 * len(correlations)))


def test_fast_processes_are_not_cut_off() -> None:
    assert counts_of(1e6, 1e-3, 1)[0] == pytest.approx(1000, abs=5 * math.sqrt(1000))


def test_the_same_seed_gives_the_same_times() -> None:
    first, second, other = (poisson(np.full(5, 40.0), 1.0, generator(seed, "test")) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first[0], second[0])
    np.testing.assert_array_equal(first[1], second[1])
    assert not np.array_equal(first[0][:20], other[0][:20])


@pytest.mark.parametrize("rates", [np.zeros(4), np.zeros(0), np.zeros((0, 3))], ids=["zero", "none", "empty axes"])
def test_nothing_to_draw(rates: NDArray[np.float64]) -> None:
    times, units = poisson(rates, 1.0, generator(0, "test"))
    assert (times.shape, units.shape) == ((0,), (0,))


# ---- Both -----------------------------------------------------------------------------------------------------------

ENCODERS: list[Any] = [Bernoulli(hertz=2.0, duration=0.1, dt=DT), Poisson(hertz=2.0, duration=0.1)]
encoders = pytest.mark.parametrize("encoder", ENCODERS, ids=lambda encoder: type(encoder).__name__)


@encoders
@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([1.0, np.nan, np.inf], "rates hold 2 NaN or infinite values; clean the input first"),
        ([-np.inf], "rates hold 1 NaN or infinite values"),
        ([1.0, -3.0], r"rates must be >= 0 Hz, the lowest is -6; shift the input or code it with two channels"),
    ],
)
def test_values_that_are_no_rates(encoder: Any, values: list[float], message: str) -> None:
    with pytest.raises(InputError, match=message):
        encoder(np.array(values), generator(0, "test"))


def test_an_encoder_is_its_function() -> None:
    values = np.linspace(0.0, 50.0, 20)
    by_object = ENCODERS[0](values, generator(0, "test"))
    by_function = bernoulli(values * 2.0, 200, DT, generator(0, "test"))
    np.testing.assert_array_equal(by_object.starts, by_function.starts)
    np.testing.assert_array_equal(by_object.units, by_function.units)
    times, _ = ENCODERS[1](values, generator(0, "test"))
    np.testing.assert_array_equal(times, poisson(values * 2.0, 0.1, generator(0, "test"))[0])


@encoders
def test_whole_numbers_are_values_too(encoder: Any) -> None:
    bytes_, floats = (encoder(np.array([0, 90, 255], kind), generator(0, "test")) for kind in (np.uint8, np.float64))
    for one, other in zip(bytes_, floats, strict=True):
        np.testing.assert_array_equal(one, other)


@encoders
def test_an_encoder_is_a_frozen_value_that_prints_itself(encoder: Any) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        encoder.hertz = 1.0
    assert eval(repr(encoder), {"Bernoulli": Bernoulli, "Poisson": Poisson}) == encoder


def test_the_catalogue_names_them() -> None:
    assert {name: CATALOGUE[name] for name in ("bernoulli", "poisson")} == {"bernoulli": Bernoulli, "poisson": Poisson}
