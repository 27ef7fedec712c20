import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.trace.importers.contract import MS, SECOND, Population, Recording, Samples, Spikes, Weights
from spikesight.trace.importers.plan import MOST_PIECES, plan


def recording(*pieces, unit=MS, **options):
    return Recording("made-up", unit, lambda: iter(pieces), **options)


def test_names_that_collide_are_told_apart_everywhere():
    w = np.ones((1, 2))
    made = plan(
        recording(
            Weights("a/b", "Exc", "exc", 0.0, w),
            Weights("a b", "Exc", "exc", 0.0, w),
            populations=[Population("Exc", (1,)), Population("exc", (2,))],
        ),
        None,
    )
    header = made.header("run", "1")
    assert [layer.name for layer in header.layers] == ["Exc", "exc-2"]
    assert [(one.name, one.pre, one.post) for one in header.projections] == [
        ("a_b", "Exc", "exc-2"),
        ("a_b-2", "Exc", "exc-2"),
    ]
    assert any("'exc' is called 'exc-2'" in note for note in made.recording.notes)


def test_what_was_seen():
    spikes = Spikes("a", np.array([2.0, 1.0]), np.array([5, 5]))
    made = plan(recording(spikes, Samples("b", "v", np.array([4.0]), np.array([3]), np.array([0.1]))), None)
    told = made.facts()["layers"]
    assert told["a"] | {"name_in_file": ""} == {
        "name_in_file": "", "spikes": 2, "samples": 0, "first": 1e-3, "last": 2e-3, "units": 1, "senders": 1,
    }  # fmt: skip
    assert (told["b"]["samples"], told["b"]["senders"]) == (1, 0)
    assert made.pieces == 2


@pytest.mark.parametrize(("last", "length"), [(1.0, 10**8), (1000.0, 10**8), (1001.0, 10**9), (1e6, 10**11)])
def test_pieces_of_time_are_few(last, length):
    made = plan(recording(Spikes("a", np.array([0.0, last]), np.array([0, 1])), unit=SECOND), None)
    assert made.piece_ns() == length
    assert last * 1e9 / length <= MOST_PIECES


def test_what_a_trace_cannot_hold():
    known = [Population("a", (1,)), Population("b", (2,))]
    with pytest.raises(InputError, match="hold no layer"):
        plan(recording(), None)
    with pytest.raises(InputError, match=r"shape \(2, 2\), but its layers \(1, 2\)"):
        plan(recording(Weights("w", "a", "b", 0.0, np.ones((2, 2))), populations=known), None)
