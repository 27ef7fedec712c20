"""What is in the trace is what happened; and it would have happened all the same."""

from dataclasses import replace

import numpy as np
import pytest

from spikesight.base.errors import InputError, UnknownName
from spikesight.circuits.connections.sparse import Sparse
from spikesight.circuits.delays import Branched
from spikesight.circuits.engine import start
from spikesight.circuits.presentation import NOTHING, Showing, Watch, show
from spikesight.circuits.recording import Recorder, header
from spikesight.executors.fused_cpu import FusedCpu
from spikesight.trace.probe import Probe
from spikesight.trace.reader import Trace
from spikesight.trace.schema import Recorded
from spikesight.trace.writer import TraceWriter

SHOWING = Showing(hertz=300.0, hertz_more=200.0, shown=0.1, rest=0.05, enough=5)
STIMULI = np.random.default_rng(0).uniform(0, 2, (8, 5))
ALL = (
    Probe("input.spikes", every=3),
    Probe("exc.spikes"),
    Probe("inh.spikes", units=(1, 4)),
    Probe("exc.v", units=(0, 5), every=20),
    Probe("exc.theta", every=50),
    Probe("input_exc.w", every=2),
)
TICK = 0.5e-3


@pytest.fixture
def lived(competition, tmp_path):
    """Show the stimuli with probes and return what happened, the engine and the trace."""

    def live(probes):
        network, parameters = competition(7, 5, delay=6)
        engine = start(network, parameters, FusedCpu())
        writer = TraceWriter.create(tmp_path / f"trace{len(probes)}", header(network, "r", "made up", 3, "0"))
        recorder = Recorder(writer, network, probes)
        shown = []
        with writer:
            recorder.weights(engine.arrays, 0, -1)
            for stim, stimulus in enumerate(STIMULI):
                # The second stimulus is too dim at first, so it is shown more than once.
                showing = replace(SHOWING, hertz=0.0, hertz_more=100.0) if stim == 1 else SHOWING
                shown.append(
                    show(
                        engine,
                        stimulus,
                        showing,
                        "exc",
                        (3, "t", stim),
                        normalise=("input_exc", 2.5),
                        watch=recorder.watch,
                    )
                )
                recorder.record(shown[-1], engine.arrays, stim)
            recorder.weights(engine.arrays, engine.clock, stim)
        return shown, engine, Trace.open(writer.folder)

    return live


def rows(events, shown, stims):
    """Ticks, units and stimuli of what `events` picks out of each presentation."""
    parts = [(shown[s].first_tick + events(shown[s]).step, events(shown[s]).unit, s) for s in stims]
    stim = np.concatenate([np.full(len(unit), s) for _, unit, s in parts])
    return np.concatenate([tick for tick, _, _ in parts]), np.concatenate([unit for _, unit, _ in parts]), stim


def assert_spikes(spikes, expected):
    np.testing.assert_array_equal(np.rint(spikes.t / TICK), expected[0])
    np.testing.assert_array_equal(spikes.unit, expected[1])
    np.testing.assert_array_equal(spikes.stim, expected[2])
    assert len(spikes.t) > 10


def test_the_trace_holds_exactly_what_fired(lived):
    shown, _, trace = lived(ALL)
    assert len(shown[1].tries) > 1
    with trace:
        assert_spikes(trace.spikes("exc"), rows(lambda s: s.fired("exc"), shown, range(8)))
        assert_spikes(trace.spikes("input"), rows(lambda s: s.given, shown, [0, 3, 6]))
        tick, unit, stim = rows(lambda s: s.fired("inh"), shown, range(8))
        chosen = np.isin(unit, (1, 4))
        assert_spikes(trace.spikes("inh"), (tick[chosen], unit[chosen], stim[chosen]))


def test_presentations_recorded_together_leave_the_trace_that_they_leave_one_by_one(lived, tmp_path):
    shown, engine, trace = lived(ALL)
    with TraceWriter.create(tmp_path / "together", trace.header) as writer:
        recorder = Recorder(writer, engine.network, ALL[:-1])
        for some in (slice(0, 1), slice(1, 7), slice(7, 8), slice(8, 8)):
            recorder.record_all(list(zip(shown, range(8), strict=True))[some], engine.arrays)
    with trace, Trace.open(writer.folder) as together:
        spikes, values = ("spikes/exc", "spikes/input", "spikes/inh"), ("values/exc.theta", "values/exc.v")
        assert {*spikes, *values} == set(together.tables)
        for table in spikes:
            layer = table.partition("/")[2]
            np.testing.assert_array_equal(together.spikes(layer), trace.spikes(layer))
        for name in ("theta", "v"):
            np.testing.assert_array_equal(together.values("exc", name), trace.values("exc", name))


def test_state_is_sampled_every_so_many_steps(lived):
    shown, _, trace = lived(ALL)
    with trace:
        v, theta = trace.values("exc", "v"), trace.values("exc", "theta")
    expected = [(s.first_tick + k, s.samples("exc.v").value[list(s.samples("exc.v").step).index(k)])
                for s in shown for k in range(0, s.length * len(s.tries), 20)]  # fmt: skip
    np.testing.assert_array_equal(np.rint(v.t / TICK), np.repeat([tick for tick, _ in expected], 2))
    np.testing.assert_array_equal(v.unit, [0, 5] * len(expected))
    np.testing.assert_array_equal(v.value, np.concatenate([values[[0, 5]] for _, values in expected]))
    ticks = np.unique(np.rint(theta.t / TICK))
    assert all((tick - shown[0].first_tick) % 50 == 0 for tick in ticks)
    assert len(theta.t) == 7 * len(ticks)
    assert v.value.min() >= -0.101
    assert v.value.max() < 0.0


def test_weights_are_kept_after_every_so_many_presentations(lived):
    shown, engine, trace = lived(ALL)
    with trace:
        snapshots = trace.snapshots("input_exc")
        assert snapshots["stim"].tolist() == [-1, 1, 3, 5, 7], "the last ones are asked for twice, and kept once"
        ends = [s.first_tick + s.length * len(s.tries) for s in shown]
        np.testing.assert_array_equal(np.rint(snapshots["t"] / TICK), [0, ends[1], ends[3], ends[5], ends[7]])
        last, w = trace.weights("input_exc"), engine.arrays["input_exc.w"]
    np.testing.assert_array_equal(last, w.astype(np.float16).astype(np.float32))
    np.testing.assert_allclose(snapshots["mean"][-1], w.mean(), rtol=1e-3)


def test_probes_change_no_bit(lived, assert_same):
    ends = [lived(probes)[1] for probes in ((), ALL)]
    assert_same.arrays(ends[0].arrays, ends[1].arrays)
    assert ends[0].clock == ends[1].clock


@pytest.fixture
def recorder(competition, tmp_path):
    network, _ = competition(7, 5)
    with TraceWriter.create(tmp_path / "trace", header(network, "r", "", 0, "0")) as writer:
        yield lambda *probes: Recorder(writer, network, probes)


def test_a_probe_of_what_is_not_there_is_answered_with_near_names(recorder):
    with pytest.raises(UnknownName, match=r"Did you mean .*exc\.spikes"):
        recorder(Probe("exc.spike"))
    with pytest.raises(UnknownName, match="probe target"):
        recorder(Probe("nobody.v"))


def test_weights_that_are_not_one_per_pair_cannot_be_recorded(recorder):
    with pytest.raises(InputError, match=r"'inh_exc\.w' cannot be recorded"):
        recorder(Probe("inh_exc.w"))


def test_a_probe_of_a_unit_that_is_not_there_is_refused_at_once(recorder):
    for target in ("exc.spikes", "exc.v"):
        with pytest.raises(InputError, match=f"'exc' has units 0 to 6, probe '{target}' names 7"):
            recorder(Probe(target, units=(0, 7)))


def test_watch_is_as_often_as_the_probes_need(recorder):
    assert recorder(Probe("exc.spikes"), Probe("input_exc.w")).watch == NOTHING
    both = recorder(Probe("exc.v", every=20), Probe("exc.theta", every=50))
    assert both.watch == Watch(("exc.v", "exc.theta"), 10)


def test_the_header_describes_the_network(competition):
    described = header(competition(7, 5)[0], "name", "digits", 3, "1.2")
    assert [(layer.name, layer.shape) for layer in described.layers] == [("input", (5,)), ("exc", (7,)), ("inh", (7,))]
    assert [(p.name, p.shape, p.fan_out) for p in described.projections] == [("input_exc", (5, 7), 7.0)]
    assert (described.tick_ns, described.run, described.dataset, described.seed) == (500_000, "name", "digits", 3)


def test_branches_of_an_axon_are_no_weight_per_pair(competition):
    """Their rows are branches, not neurons: the header leaves such a projection out."""
    network = competition(7, 5)[0]
    first = network.projections[0]
    wiring = Sparse(np.zeros(5 * 3 + 1, np.int64), np.zeros(0, np.int32), 7)
    branched = replace(first, connection=wiring, rule=None, delay=Branched(2))
    described = header(replace(network, projections=(branched, *network.projections[1:])), "name", "digits", 3, "1.2")
    assert described.projections == ()


def test_the_header_says_which_spikes_are_recorded(competition):
    network, _ = competition(7, 5, delay=6)
    probes = (Probe("input.spikes", every=3), Probe("inh.spikes", units=(1, 4)), Probe("exc.counts"))
    facts = header(network, "r", "made up", 3, "0", probes, ["a", "b"])
    recorded = {layer.name: layer.recorded for layer in facts.layers}
    assert recorded["input"] == Recorded(every=3)
    assert recorded["inh"] == Recorded(units=(1, 4))
    assert recorded["exc"] == Recorded(rows=False)
    assert facts.classes == ("a", "b")
    everything = header(network, "r", "made up", 3, "0")
    assert {layer.recorded for layer in everything.layers} == {Recorded()}
