"""Processes killed at random moments: nothing that was acknowledged is lost, and nothing is half there."""

import json
import shutil

import pytest

from spikesight.base.errors import SpikesightError
from spikesight.benchmarks import CATALOGUE, kill, victims
from spikesight.benchmarks.kill import Outcome, Rounds, killed, measure
from spikesight.trace.writer import TraceWriter

FEW = Rounds(writers=3, menders=2, converters=3, servers=2)


def test_ten_kills_lose_nothing():
    report = measure(FEW)
    figures = report.figures
    assert figures["kills"] == 10
    assert (figures["kills_of_writers"], figures["kills_of_menders"]) == (3, 2)
    assert (figures["kills_of_converters"], figures["kills_of_servers"]) == (3, 2)
    assert figures["spikes_acknowledged"] >= 4 * victims.BATCH
    assert figures["spikes_lost"] == 0
    assert figures["traces_opened"] == figures["traces"] > 0
    assert figures["traces_sound_after_repair"] == 3
    assert figures["conversions_half_made"] == 0
    assert report.ratios == {"kept_per_acknowledged": 1.0, "opened_per_trace": 1.0}
    json.dumps(report.as_json(), allow_nan=False)


def test_the_catalogue_lists_it():
    assert CATALOGUE["kill"] is measure


def killer_of(folder):
    return kill._Killer(folder, Outcome(), None)


@pytest.fixture
def written(tmp_path):
    """Two batches of spikes as a writer records them."""
    with TraceWriter.create(tmp_path / "trace", victims.HEADER) as writer:
        for stim in range(2):
            first, stop = victims.BATCH * stim, victims.BATCH * (stim + 1)
            writer.spikes("exc", *victims.spikes(first, stop), stim)
            writer.seal()
    return tmp_path / "trace"


def test_spikes_that_are_missing_would_be_counted(written):
    killer = killer_of(written.parent)
    assert killer._missing(written, 2 * victims.BATCH) == 0
    assert killer._missing(written, 2 * victims.BATCH + 7) == 7
    first, second = sorted((written / "spikes" / "exc").iterdir())
    shutil.copy(second, first)  # the first batch is gone, and the second is there twice
    assert killer._missing(written, 2 * victims.BATCH) == 2 * victims.BATCH
    first.unlink()
    assert killer._missing(written, 5) == 5
    assert (killer.outcome.traces, killer.outcome.traces_opened) == (4, 3)


def test_a_process_that_ends_by_itself_is_trouble(written):
    with pytest.raises(SpikesightError, match=r"did nothing \(exit code 1\)"):
        killed(written.parent, Rounds(1, 0, 0, 0))  # where there is a trace already, it cannot begin one
