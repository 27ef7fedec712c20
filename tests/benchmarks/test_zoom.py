import pytest

from spikesight.benchmarks import zoom
from spikesight.benchmarks.browser import MISSING

pytestmark = pytest.mark.skipif(
    bool(MISSING), reason=f"{' and '.join(MISSING)} not found: apt-get install chromium chromium-driver"
)


def test_turns_of_the_wheel_are_timed(monkeypatch):
    monkeypatch.setattr(zoom, "SPIKES", 400_000)
    monkeypatch.setattr(zoom, "TURNS", 6)
    report = zoom.measure()
    assert 4 <= report.figures["turns"] <= 7
    assert 0 < report.figures["browser_zoom_ms_median"] <= report.figures["browser_zoom_ms_p95"] < 10_000
    assert report.ratios["browser_over_server"] > 0
