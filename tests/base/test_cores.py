"""Cores that this process may use."""

import os

import pytest

from spikesight.base.cores import LIMIT, usable_cores


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="this system cannot bind a process to cores")
def test_a_process_bound_to_one_core_uses_one():
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(allowed)})
    try:
        assert usable_cores() == 1
    finally:
        os.sched_setaffinity(0, allowed)
    assert usable_cores() == len(allowed)


@pytest.mark.parametrize(("said", "cores"), [("1", 1), ("0", 1), ("100000", None), ("", None), ("two", None)])
def test_fewer_can_be_asked_for(monkeypatch, said, cores):
    allowed = usable_cores()
    monkeypatch.setenv(LIMIT, said)
    assert usable_cores() == (cores or allowed)
