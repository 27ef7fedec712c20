"""Bits per symbol, by hand."""

import numpy as np
import pytest

from spikesight.encoding.entropy import entropy


@pytest.mark.parametrize(
    ("symbols", "bits"),
    [
        ([7, 7, 7], 0.0),
        ([0, 1], 1.0),
        ([[0, 1], [2, 3]], 2.0),
        ([0, 0, 1, 2], 1.5),
        ([], 0.0),
        ([-1, 0, 0, 0], 2.0 - 0.75 * np.log2(3.0)),
    ],
)
def test_by_hand(symbols, bits):
    assert entropy(np.array(symbols)) == pytest.approx(bits)


def test_names_of_symbols_do_not_matter():
    draws = np.random.default_rng(0).integers(0, 9, 1000)
    assert entropy(draws) == pytest.approx(entropy(-3 * draws + 5))
