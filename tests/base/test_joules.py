import pytest

from spikesight.analysis.energy import CMOS_45NM
from spikesight.base.errors import InputError
from spikesight.base.joules import ARITHMETICS, FLOAT16, FLOAT32, INT8, PICO, Arithmetic


def test_figures_as_they_are_cited():
    cited = [(one.multiply_accumulate / PICO, one.accumulate / PICO) for one in (FLOAT32, FLOAT16, INT8)]
    assert cited == [pytest.approx(pair) for pair in ((4.6, 0.9), (1.5, 0.4), (0.23, 0.03))]
    assert all("Horowitz" in one.source for one in ARITHMETICS)


def test_recorded_activity_and_networks_are_priced_alike():
    assert pytest.approx(FLOAT32.multiply_accumulate) == CMOS_45NM.multiply
    assert pytest.approx(FLOAT32.accumulate) == CMOS_45NM.synaptic


def test_figures_that_cannot_be():
    with pytest.raises(InputError, match="not below 0"):
        Arithmetic("x", -1.0, 0.0, 0.0, 4, "")
