"""The nearest stimuli by a brute-force search, whatever pieces they are read in."""

import numpy as np
import pytest

from spikesight.analysis import similar as module
from spikesight.analysis.similar import similar
from spikesight.base.errors import InputError, UnknownName
from spikesight.trace.reader import Trace
from spikesight.trace.schema import Header, Layer, Recorded
from spikesight.trace.writer import TraceWriter

STIMULI, UNITS = 60, 12


def written(folder, every=1):
    random = np.random.default_rng(0)
    counts = random.poisson(random.gamma(0.5, 2.0, (5, UNITS))[np.arange(STIMULI) % 5])
    counts[[7, 22]] = 0
    layer = Layer("exc", (UNITS,), recorded=Recorded(every=every))
    with TraceWriter.create(folder, Header("r", 1_000_000, (layer,))) as writer:
        for stim, fired in enumerate(counts):
            unit = np.repeat(np.arange(UNITS), fired).astype(np.int32)
            writer.stimulus(stim=stim, t_start=stim * 100, t_end=stim * 100 + 100, label=stim % 5)
            if stim % every == 0:
                writer.spikes("exc", stim * 100 + np.arange(len(unit)), unit, stim)
    return counts.astype(float)


@pytest.mark.parametrize("cells", [module.CELLS, UNITS * 7])
def test_against_all_pairs(tmp_path, monkeypatch, cells):
    counts = written(tmp_path)
    monkeypatch.setattr(module, "CELLS", cells)
    with Trace.open(tmp_path) as trace:
        found = similar(trace, "exc", 3, count=8)
        some = similar(trace, "exc", 3, count=100, among=(10, 20))
    norms = np.linalg.norm(counts, axis=1)
    cosine = np.full(STIMULI, -1.0)
    np.divide(counts @ counts[3], norms * norms[3], out=cosine, where=norms > 0)
    cosine[3] = -1
    order = np.argsort(-cosine, kind="stable")[:8]
    np.testing.assert_array_equal(found.stim, order)
    np.testing.assert_allclose(found.cosine, cosine[order], rtol=1e-12)
    assert (found.stim % 5 == 3).mean() > 0.5  # those that were made alike
    assert found.silent == 2
    assert sorted(some.stim) == list(range(10, 20))
    assert found.columns()["stim"] is found.stim


def test_how_strongly_units_answer_does_not_matter(tmp_path):
    with TraceWriter.create(tmp_path, Header("r", 1_000_000, (Layer("exc", (3,)),))) as writer:
        for stim, fired in enumerate(([1, 2, 0], [2, 4, 0], [0, 0, 5])):
            writer.stimulus(stim=stim, t_start=stim * 10, t_end=stim * 10 + 10)
            writer.spikes("exc", stim * 10 + np.arange(sum(fired)), np.repeat(np.arange(3), fired), stim)
    with Trace.open(tmp_path) as trace:
        found = similar(trace, "exc", 0)
    assert found.stim.tolist() == [1, 2]
    np.testing.assert_allclose(found.cosine, [1, 0], atol=1e-12)


def test_stimuli_that_were_not_recorded_are_not_silent(tmp_path):
    written(tmp_path, every=4)
    with Trace.open(tmp_path) as trace:
        found = similar(trace, "exc", 4, count=100)
    assert (found.stim % 4 == 0).all()
    assert found.silent == 0


def test_what_cannot_be_compared_is_refused(tmp_path):
    written(tmp_path)
    with Trace.open(tmp_path) as trace:
        with pytest.raises(InputError, match="'exc' did not spike during stimulus 7"):
            similar(trace, "exc", 7)
        with pytest.raises(InputError, match="count is at least 1, got 0"):
            similar(trace, "exc", 3, count=0)
        with pytest.raises(UnknownName):
            similar(trace, "ecx", 3)
