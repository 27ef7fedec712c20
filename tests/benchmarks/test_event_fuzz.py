"""A short round of spoilt event files, and whether mistakes of every kind would be seen."""

import json
import signal

import numpy as np
import pytest

from spikesight.base.errors import SpikesightError
from spikesight.base.randomness import generator
from spikesight.benchmarks import CATALOGUE, event_fuzz
from spikesight.benchmarks.event_fuzz import Found, case, measure, spoilt
from spikesight.benchmarks.event_mutations import MUTATIONS, mutated
from spikesight.benchmarks.event_samples import events, samples
from spikesight.events.files.choosing import FORMATS
from spikesight.events.files.reading import read


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda one: one.__name__)
def test_every_mutation_spoils_and_takes_any_bytes(mutation):
    data = bytes(range(256)) * 2
    assert any(mutation(data, generator(1, "spoilt", k)) != data for k in range(5))
    for short in (b"", b"7"):
        for k in range(20):
            mutation(short, generator(1, "spoilt", k))
    assert mutated(data, generator(1, "spoilt")) == mutated(data, generator(1, "spoilt"))


def test_samples_are_sound():
    assert len(read(samples("n-tidigits")[0], FORMATS["n-tidigits"]()).events) == len(events("n-tidigits"))
    assert np.array_equal(read(samples("st-mnist")[0]).events.t, events("st-mnist").t)


def test_a_short_round_has_no_mistakes():
    found = spoilt("n-tidigits", 60)
    assert (found.files, found.mistakes) == (60, [])
    assert 0 < found.refused < 60
    assert found.warned > 0
    assert found.events > 60


def test_the_catalogue_lists_it_and_its_report_is_json(monkeypatch):
    assert CATALOGUE["event-fuzz"] is measure
    monkeypatch.setattr(event_fuzz, "spoilt", lambda name, files: Found(files=files, refused=1))
    report = measure(files=4, formats=["bin"])
    assert report.figures["bin_files"] == 4
    assert report.figures["bin_with_events"] == 3
    json.dumps(report.as_json(), allow_nan=False)
    monkeypatch.setattr(event_fuzz, "spoilt", lambda name, files: Found(mistakes=[f"{name} 3: x"]))
    with pytest.raises(SpikesightError, match="1 mistakes: bin 3: x"):
        measure(files=4, formats=["bin"])


def test_what_a_reader_does_wrong_is_seen(monkeypatch):
    sound = events("n-tidigits", 4)
    data = samples("n-tidigits")[0]

    def outcome(reader, number=0):
        monkeypatch.setattr(event_fuzz, "read", reader)
        return event_fuzz._outcome("n-tidigits", data, number, sound)[-1]

    def breaks(*_):
        raise MemoryError("no room")

    def other(*_):
        return type("Recording", (), {"events": sound.later(1), "notes": (), "format": "n-tidigits"})

    assert outcome(breaks) == "MemoryError: no room"
    assert "before a cut are other ones" in outcome(other)
    assert "pieces are other events" in outcome(other, event_fuzz.PIECES_EVERY + 1)
    assert outcome(lambda *_: read(data, FORMATS["n-tidigits"]())).startswith(f"{len(events('n-tidigits'))} events")


def test_a_process_that_ends_or_stops_is_told(monkeypatch):
    class Dies:
        def __init__(self, **how):
            self.how = how

        def start(self):
            if self.how["args"][2] == 0:
                self.how["args"][0].send_bytes(event_fuzz._TOLD.pack(event_fuzz._READ, 3, 0, False, True, 0.1))

        exitcode = -signal.SIGSEGV

        def kill(self):
            self.exitcode = -signal.SIGKILL

        def join(self, *_):
            pass

    class Context:
        Process = Dies

        def Pipe(self, duplex):  # noqa: N802
            return event_fuzz.multiprocessing.Pipe(duplex)

    monkeypatch.setattr(event_fuzz.multiprocessing, "get_context", lambda _: Context())
    found = spoilt("n-tidigits", 3)
    assert (found.files, found.events, found.warned) == (3, 3, 1)
    assert found.mistakes == [f"n-tidigits {k}: ends the process with {-signal.SIGSEGV}" for k in (1, 2)]


def test_a_case_is_the_same_again():
    sound = samples("n-tidigits")
    assert case("n-tidigits", 7, sound) == case("n-tidigits", 7, sound)
    assert sound[0].startswith(case("n-tidigits", 10 * len(sound), sound))
