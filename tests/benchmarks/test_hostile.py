from spikesight.benchmarks import hostile
from spikesight.trace import console


def test_no_request_gets_what_it_should_not(tmp_path, monkeypatch):
    monkeypatch.setattr(console, "SECONDS", 1.0)
    found = hostile.assault(tmp_path, rounds=1, seed=1)
    assert found.failures == []
    assert found.statuses.total() > 200
    assert set(found.kinds) == {"token", "host", "origin", "path", "parameter", "option", "sql", "method", "raw"}
    # Some of it is harmless and answered; most is refused.
    assert 0 < found.statuses[200] < found.statuses.total() / 2


def test_a_hole_would_be_found(tmp_path, monkeypatch):
    from spikesight.studio.access import Gate

    monkeypatch.setattr(Gate, "refusal", lambda *_: None)
    monkeypatch.setattr(hostile, "STATEMENTS", ())
    monkeypatch.setattr(hostile, "VALUES", ("1",))
    assert any("was let in" in one for one in hostile.assault(tmp_path, rounds=1).failures)
