import pytest

from spikesight.benchmarks import event_player
from spikesight.benchmarks.browser import MISSING

pytestmark = pytest.mark.skipif(
    bool(MISSING), reason=f"{' and '.join(MISSING)} not found: apt-get install chromium chromium-driver"
)


def test_questions_and_pictures_are_timed(monkeypatch):
    monkeypatch.setattr(event_player, "EVENTS", 1_000_000)
    monkeypatch.setattr(event_player, "QUESTIONS", 5)
    monkeypatch.setattr(event_player, "SECONDS_OF_PLAYING", 0.5)
    report = event_player.measure()
    for view in event_player.VIEWS:
        assert 0 < report.figures[f"{view}_ms_median"] <= report.figures[f"{view}_ms_p95"]
        assert report.ratios[f"{view}_1e7_over_1e6"] > 0
    assert report.figures["pictures_per_second"] > 1
