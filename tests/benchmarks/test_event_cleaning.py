"""The benchmark of cleanings compares both forms, and says so where they differ."""

from __future__ import annotations

import pytest

from spikesight.base.errors import SpikesightError
from spikesight.benchmarks import event_cleaning
from spikesight.benchmarks.event_cleaning import WAYS, drawn, measure


def test_it_measures_every_way() -> None:
    report = measure(events=5_000, plain=1_000, turns=1)
    assert set(report.ratios) == {f"{name}_vs_plain" for name in WAYS}
    assert len(report.figures) == 2 * len(WAYS)
    assert all(value > 0.0 for value in (*report.figures.values(), *report.ratios.values()))


def test_forms_that_differ_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = {"denoise": (lambda events: events, WAYS["denoise"][1])}
    monkeypatch.setattr(event_cleaning, "WAYS", wrong)
    with pytest.raises(SpikesightError, match="denoise keeps other events"):
        measure(events=1_000, plain=1_000, turns=1)


def test_the_stream_has_something_to_clean() -> None:
    events = drawn(50_000)
    assert not events.backward_steps
    assert all(0 < len(fast(events)) < len(events) for fast, _ in WAYS.values())
