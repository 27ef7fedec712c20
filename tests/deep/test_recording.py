import errno
import os
import signal
import subprocess
import sys
import textwrap

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: pip install 'spikesight[train]'")

from torch import nn  # noqa: E402

from spikesight.base.errors import InputError, RunError, StorageFull, UnknownName  # noqa: E402
from spikesight.deep import LIF, Hold, Network  # noqa: E402
from spikesight.deep.neurons.leaky import PLIF  # noqa: E402
from spikesight.deep.recording import probeable, record  # noqa: E402
from spikesight.deep.residual import Add, SewBlock  # noqa: E402
from spikesight.deep.tapping import tapped  # noqa: E402
from spikesight.runs.folder import Run  # noqa: E402
from spikesight.studio.open_run import Empty, OpenRun  # noqa: E402
from spikesight.studio.query import Query  # noqa: E402
from spikesight.studio.views import VIEWS  # noqa: E402
from spikesight.trace.probe import Probe  # noqa: E402
from spikesight.trace.reader import Trace  # noqa: E402
from spikesight.trace.recording import SEVERAL  # noqa: E402

EVERYTHING = (
    Probe("input.spikes"), Probe("lif1.spikes"), Probe("lif2.spikes"), Probe("lif1.v", every=2),
    Probe("lif2.v_before_reset", units=(0, 3)), Probe("fc.w"), Probe("fc.grad_norm"), Probe("held.grad_norm"),
)  # fmt: skip
STEPS, BATCH = 4, 6


def network():
    torch.manual_seed(0)
    return Network(
        held=Hold(STEPS, nn.Conv2d(1, 3, 3, padding=1), nn.BatchNorm2d(3)),
        lif1=PLIF(tau=2e-3),
        flat=nn.Flatten(),
        hidden=nn.Linear(48, 8),
        lif2=LIF(),
        drop=nn.Dropout(0.2),
        fc=nn.Linear(8, 5),
    )


def batches(count=3):
    random = torch.Generator().manual_seed(1)
    for _ in range(count):
        yield torch.rand(BATCH, 1, 4, 4, generator=random) * 3, torch.randint(5, (BATCH,), generator=random)


def train(net, recording=None):
    """Return all outputs and gradients of a few steps, and then of a look in eval mode."""
    optimiser, bits = torch.optim.SGD(net.parameters(), 0.1), []
    torch.manual_seed(2)
    for x, labels in batches():
        y = net(x)
        loss = nn.functional.cross_entropy(y.mean(0), labels)
        optimiser.zero_grad()
        loss.backward()
        if recording:
            recording.items(labels, y.mean(0).argmax(1), epoch=1, sources=torch.arange(BATCH))
            recording.curves(loss=float(loss.detach()))
        bits += [y.detach().clone(), *(parameter.grad.clone() for parameter in net.parameters())]
        optimiser.step()
    net.eval()
    with torch.no_grad():
        bits.append(net(x))
    return [*bits, *net.state_dict().values()]


def test_looking_changes_nothing(tmp_path):
    net = network()
    with record(net, tmp_path / "x", EVERYTHING) as recording:
        watched = train(net, recording)
    blind = train(network())
    assert len(watched) == len(blind)
    assert all(torch.equal(one, other) for one, other in zip(watched, blind, strict=True))
    assert not any("run" in module.__dict__ or module._forward_hooks for module in net.modules())
    assert not any(parameter._post_accumulate_grad_hooks for parameter in net.parameters())


def test_what_is_recorded_is_what_happened(tmp_path):
    net, heard, fired, w, norms = network(), [], [], [], []
    with record(net, tmp_path / "x", EVERYTHING, classes="abcde", dataset="noise") as recording:
        for x, labels in batches():
            with tapped({"lif2": net.lif2}, heard.append):
                y = net(x)
            fired.append(heard[-1].y.numpy() != 0)
            w.append(net.fc.weight.detach().numpy().T.copy())
            y.mean(0).logsumexp(1).sum().backward()
            norms.append(float(torch.cat([p.grad.flatten() for p in net.fc.parameters()]).norm()))
            recording.items(labels, labels)
            with torch.no_grad():
                for parameter in net.parameters():
                    parameter -= 0.01 * parameter.grad
                    parameter.grad = None
    assert Run.open(tmp_path / "x").status() == "finished"
    with Trace.open(tmp_path / "x") as trace:
        assert trace.header.classes == tuple("abcde")
        spikes = trace.spikes("lif2")
        ticks, items = np.rint(np.asarray(spikes.t) * 1e3).astype(int), np.concatenate(fired, axis=1)
        found = np.zeros_like(items)
        found[ticks % STEPS, ticks // STEPS, spikes.unit] = True
        np.testing.assert_array_equal(found, items)
        np.testing.assert_array_equal(spikes.stim, ticks // STEPS)
        shown = trace.stimuli()
        assert len(shown["stim"]) == 3 * BATCH
        assert shown["label"].tolist() == [int(one) for _, labels in batches() for one in labels]
        assert all(shown["correct"])
        before = trace.values("lif2", "v_before_reset")
        assert sorted(set(np.asarray(before.unit).tolist())) == [0, 3]
        assert len(before.value) == 3 * BATCH * STEPS * 2
        assert len(trace.values("lif1", "v").value) == 3 * BATCH * 2 * 48
        over = np.asarray(before.value).reshape(3 * BATCH, STEPS, 2) >= 1.0
        np.testing.assert_array_equal(over, items[:, :, [0, 3]].swapaxes(0, 1))
        assert len(trace.values("input", "intensity").value) == 3 * BATCH * 16
        assert trace.scalars("fc.grad_norm")[1].tolist() == pytest.approx(norms, rel=1e-6)
        snapshots = trace.snapshots("fc")
        assert len(snapshots["t"]) == 4  # at each call, and at the end
        assert snapshots["mean"][:3].tolist() == pytest.approx([one.mean() for one in w], rel=1e-3, abs=1e-4)


def test_some_calls_items_and_units(tmp_path):
    net = network()
    probes = (Probe("lif1.spikes", units=range(0, 48, 3), every=4), Probe("fc.w", every=2))
    with record(net, tmp_path / "x", probes, every=2) as recording:
        for x, _ in batches(5):
            net(x * 9)
            recording.items(np.arange(BATCH))
        assert (recording.shown, recording.clock) == (3 * BATCH, 3 * BATCH * STEPS)
    with Trace.open(tmp_path / "x") as trace:
        spikes = trace.spikes("lif1")
        assert len(spikes.unit) > 10
        assert set(np.asarray(spikes.unit).tolist()) <= set(range(0, 48, 3))
        assert set(np.asarray(spikes.stim).tolist()) <= {0, 4, 8, 12, 16}
        np.testing.assert_array_equal(np.rint(np.asarray(spikes.t) * 1e3) // STEPS, spikes.stim)
        assert len(trace.stimuli()["stim"]) == 3 * BATCH
        assert len(trace.snapshots("fc")["t"]) == 3


def test_sequences_and_own_loops_over_chunks(tmp_path):
    net = Network(fc=nn.Linear(4, 5), lif=LIF())
    x = (torch.rand(8, 2, 4) < 0.5).float()
    with record(net, tmp_path / "x"):
        _, state = net.run(x[:5])
        net.run(x[5:], state)
    with Trace.open(tmp_path / "x") as trace:
        assert trace.stimuli()["t_end"].tolist() == pytest.approx([0.005, 0.010, 0.013, 0.016])
        assert len(trace.spikes("input").t) == int(x.sum())


def test_chunks_are_recorded_once_though_they_are_computed_again_for_the_gradient(tmp_path):
    net = Network(fc=nn.Linear(4, 5), lif=LIF())
    x = (torch.rand(8, 2, 4) < 0.5).float()
    with record(net, tmp_path / "x"):
        y, _ = net.run(x, chunk=5)
        y.sum().backward()
    with Trace.open(tmp_path / "x") as trace:
        assert trace.stimuli()["t_end"].tolist() == pytest.approx([0.005, 0.010, 0.013, 0.016])
        assert len(trace.spikes("lif").t) == int(y.sum())


def test_several_spikes_at_once_are_told(tmp_path):
    net = Network(fc=nn.Linear(4, 5), lif=LIF())
    with record(net, tmp_path / "x"):
        net(torch.full((3, 2, 4), 2.0))
    with Trace.open(tmp_path / "x") as trace:
        assert trace.marks()["name"].tolist() == [SEVERAL]
        assert len(trace.spikes("input").t) == 3 * 2 * 4 * 2


def test_probes_that_cannot_be(tmp_path):
    net = network()
    for target, near in (("lif1.spike", "lif1.spikes"), ("lif1.u", "lif1.v"), ("fc2.w", "fc.w"), ("fc.v", "fc.w")):
        with pytest.raises(UnknownName, match=near), record(net, tmp_path / "x", [Probe(target)]):
            pass
    with pytest.raises(InputError, match="recorded whole"), record(net, tmp_path / "x", [Probe("fc.w", units=(1,))]):
        pass
    with pytest.raises(InputError, match="every=0"), record(net, tmp_path / "x", every=0):
        pass
    with pytest.raises(InputError, match="nothing of it fires"), record(nn.Linear(1, 1), tmp_path / "x"):
        pass
    assert not (tmp_path / "x").exists()
    far = [Probe("lif2.spikes", units=(8,))]
    with pytest.raises(InputError, match="has units 0 to 7"), record(net, tmp_path / "y", far):
        net(next(batches())[0])
    assert Run.open(tmp_path / "y").status() == "failed"
    with pytest.raises(RunError, match="is there already"), record(net, tmp_path / "y"):
        pass
    assert "held.0.w" in probeable(net)


def test_weights_whose_place_is_not_certain(tmp_path):
    block = SewBlock(Network(conv=nn.Conv2d(2, 2, 1), lif=LIF()), join=Add())
    net = Network(block=block, conv=nn.Conv2d(2, 2, 1), lif=LIF())
    with pytest.raises(InputError, match="not certain"), record(net, tmp_path / "x", [Probe("conv.w")]):
        net(torch.rand(3, 1, 2, 4, 4))


def test_labels_of_another_number(tmp_path):
    net = network()
    with record(net, tmp_path / "x") as recording:
        recording.items([1, 2])  # before any call there is nothing to tell of
        recording.curves(loss=1.0)
        recording.mark("warm-up")
        net(next(batches())[0])
        recording.mark("rate", "0.1 to 0.01")
        for wrong in ([1, 2], np.zeros(BATCH)):
            with pytest.raises(InputError, match="a label for each of the 6 items"):
                recording.items(wrong)


def test_a_killed_process_leaves_a_readable_trace(tmp_path):
    program = f"""
        import os, signal, torch
        from torch import nn
        from spikesight.deep import LIF, Network
        from spikesight.deep.recording import record
        torch.set_num_threads(1)
        net = Network(fc=nn.Linear(4, 5), lif=LIF())
        with record(net, {str(tmp_path / "x")!r}) as recording:
            for step in range(3):
                net(torch.ones(6, 2, 4))
                recording.items([0, 1])
            os.kill(os.getpid(), signal.SIGKILL)
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(program)], check=False)
    assert done.returncode == -signal.SIGKILL
    assert Run.open(tmp_path / "x").status() == "stopped"
    with Trace.open(tmp_path / "x") as trace:
        assert len(trace.spikes("input").t) == 3 * 6 * 2 * 4
        assert len(trace.stimuli()["stim"]) == 4  # those of the last call wait for their labels


def test_a_full_disk_is_told_and_nothing_is_lost(tmp_path, monkeypatch):
    net = Network(fc=nn.Linear(4, 5), lif=LIF())
    full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def no_room(*_):
        raise full

    def third_call_finds_no_room(monkeypatch):
        for call in range(3):
            if call == 2:
                monkeypatch.setattr(os, "write", no_room)
                monkeypatch.setattr(os, "writev", no_room, raising=False)
            net(torch.ones(6, 2, 4))

    with pytest.raises(StorageFull), record(net, tmp_path / "x"):
        third_call_finds_no_room(monkeypatch)
    monkeypatch.undo()
    assert Run.open(tmp_path / "x").status() in ("failed", "running", "stopped")
    with Trace.open(tmp_path / "x") as trace:
        assert len(trace.spikes("input").t) >= 2 * 6 * 2 * 4
    assert "run" not in net.__dict__


def test_the_studio_opens_it(tmp_path):
    net = network()
    with record(net, tmp_path / "x", EVERYTHING, classes="abcde") as recording:
        train(net, recording)
    run = OpenRun(tmp_path / "x")
    run.refresh()
    answered, silent = set(), {}
    for name, view in VIEWS.items():
        try:
            view.answer(run, Query(layer="lif2"))
            answered.add(name)
        except Empty as reason:
            silent[name] = str(reason)
    run.close()
    assert all(silent.values())
    assert {"summary", "raster", "rates", "network", "cost", "scalars", "accuracy", "input"} <= answered, silent


def test_pixels_are_a_picture_in_the_studio(tmp_path):
    net, x = network(), torch.zeros(2, 1, 4, 4)
    x[0, 0, 1, 2], x[1, 0, 3, 3] = 0.5, 2.0
    with record(net, tmp_path / "x"):
        net(x)
    run = OpenRun(tmp_path / "x")
    run.refresh()
    for item, pixel in enumerate(((1, 2), (3, 3))):
        for view in ("stimulus", "input"):
            at = Query(at=item * STEPS * 1e-3 + 1e-4)
            told = VIEWS[view].answer(run, at)
            assert told["picture"]["stim"] == item
            assert np.argwhere(told["picture"]["levels"]).tolist() == [list(pixel)]
    run.close()
