import numpy as np

from spikesight.analysis.terminal_plot import curve


def test_a_diagonal() -> None:
    lines = curve(np.arange(8.0), np.arange(8.0), width=4, height=2)
    top, bottom = (line[2:] for line in lines[:2])
    assert top[0] == bottom[3] == "\u2800"
    assert "\u2800" not in top[2:] + bottom[:2]


def test_a_spike_of_one_point_among_thousands_is_seen() -> None:
    y = np.zeros(100_000)
    y[31_234] = 1.0
    lines = curve(np.arange(100_000.0), y, width=40, height=5)
    assert lines[0].startswith("1 ")
    assert sum(dot != "\u2800" for dot in lines[0][2:]) == 1


def test_a_flat_line_and_a_single_point() -> None:
    for x in (np.arange(5.0), np.zeros(1)):
        lines = curve(x, np.full(len(x), -65.0), width=10, height=3)
        assert len(lines) == 4
        assert lines[0].startswith("-65 ")
