"""What decoders give back: exact where the delay is known, within the cell where the count is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spikesight.base.errors import InputError
from spikesight.encoding.decode import FromDelay, HalfCount, LowEnd, MidCell, OnMinusOff
from spikesight.encoding.quantize import LifQuantizer, OnOff, clocked_delay, delay
from spikesight.equations.leaky import Params

QUANTIZER = LifQuantizer(Params(tau=20e-3, threshold=10.0), 100e-3)
GREYS = np.arange(256.0)
DECODERS = [HalfCount(QUANTIZER), MidCell(QUANTIZER), LowEnd(QUANTIZER)]
decoders = pytest.mark.parametrize("decoder", DECODERS, ids=lambda decoder: type(decoder).__name__)


def test_the_table() -> None:
    decoded = HalfCount(QUANTIZER)(QUANTIZER(np.array([10.07, 12.0, 20.0, 50.0, 100.0, 255.0])))
    np.testing.assert_allclose(decoded, [10.3699, 11.5652, 20.5515, 50.1850, 100.0877, 254.0335], atol=5e-5)


@decoders
def test_a_decoded_value_is_in_the_cell_of_the_value(decoder: HalfCount | MidCell | LowEnd) -> None:
    counts = QUANTIZER(GREYS)
    decoded = decoder(counts)
    np.testing.assert_array_equal(QUANTIZER(decoded), counts)
    assert (np.diff(decoded) >= 0.0).all()
    assert np.abs(decoded - GREYS)[counts > 0].max() < 2.0


@decoders
def test_silence_is_black_unless_told_otherwise(decoder: HalfCount | MidCell | LowEnd) -> None:
    silent = np.zeros((2, 3), np.int64)
    assert (decoder(silent) == 0.0).all()
    assert (replace(decoder, silent=4.5)(silent) == 4.5).all()


@decoders
def test_a_saturated_count_is_decoded_as_what_is_certain(decoder: HalfCount | MidCell | LowEnd) -> None:
    slow = LifQuantizer(Params(tau=20e-3, threshold=10.0, refractory=2e-3), 100e-3)
    most = slow(np.array([1e9]))
    assert most[0] == 50
    decoded = replace(decoder, quantizer=slow)(most)
    if isinstance(decoder, HalfCount):
        assert slow.level(most)[0] <= decoded[0] < np.inf
    else:
        assert decoded[0] == slow.level(most)[0]


def test_exact_delays_lose_nothing_outside_the_dead_zone() -> None:
    decoded = FromDelay(QUANTIZER.neuron)(delay(GREYS, QUANTIZER.neuron))
    np.testing.assert_allclose(decoded[11:], GREYS[11:], rtol=1e-12)
    assert (decoded[:11] == 0.0).all()
    assert FromDelay(QUANTIZER.neuron, silent=5.0)(np.array([np.inf])).tolist() == [5.0]


def test_a_finer_clock_loses_less() -> None:
    errors = [
        np.abs(FromDelay(QUANTIZER.neuron)(clocked_delay(GREYS[11:], QUANTIZER.neuron, dt)) - GREYS[11:]).max()
        for dt in (1e-4, 1e-5, 1e-6)
    ]
    assert errors[0] > 5.0 * errors[1] > 25.0 * errors[2]


@given(st.lists(st.floats(-300.0, 300.0), min_size=1))
def test_signs_survive(values: list[float]) -> None:
    signed = np.array(values)
    decoded = OnMinusOff(HalfCount(QUANTIZER))(OnOff(QUANTIZER)(signed))
    assert (decoded * signed >= 0.0).all()
    np.testing.assert_allclose(decoded, np.sign(signed) * HalfCount(QUANTIZER)(QUANTIZER(np.abs(signed))))


def test_what_cannot_be_decoded() -> None:
    for counts in (np.array([0.5]), np.array([-1])):
        with pytest.raises(InputError, match="whole numbers >= 0"):
            HalfCount(QUANTIZER)(counts)
    with pytest.raises(InputError, match="ON and OFF"):
        OnMinusOff(HalfCount(QUANTIZER))(np.zeros((3, 4), np.int64))
