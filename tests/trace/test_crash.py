"""What a process leaves behind that is killed while it records."""

import signal
import subprocess
import sys

import numpy as np
import pytest

from spikesight.trace.manifest import read_manifest
from spikesight.trace.reader import Trace
from spikesight.trace.writer import TraceWriter

RECORD_FOR_EVER = """
import sys
from itertools import count
from pathlib import Path
import numpy as np
from spikesight.trace import sealer
from spikesight.trace.schema import Header, Layer, Projection
from spikesight.trace.writer import TraceWriter

sealer.SEGMENT_ROWS = 3000  # so that sealing goes on all the time
layers = (Layer("input", (4, 4)), Layer("exc", (10,)))
header = Header("r", 500_000, layers, (Projection("input_exc", "input", "exc", (16, 10), 10),))
writer = TraceWriter.create(Path(sys.argv[1]), header)
for stim in count():
    t = np.arange(100 * stim, 100 * stim + 100)
    writer.spikes("exc", t, t % 10, stim)
    writer.weights("input_exc", 100 * stim, stim, np.full((16, 10), float(stim % 512)))
    writer.stimulus(stim=stim, t_start=100 * stim, t_end=100 * stim + 100, label=stim % 10)
    print(stim, flush=True)
"""


@pytest.fixture(params=[1, 40, 150, 333])
def killed(request, folder):
    """A trace whose writer was killed some time after it had told of so many stimuli, and the last one it told of."""
    command = [sys.executable, "-c", RECORD_FOR_EVER, str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout:
            if int(line) >= request.param:
                break
        process.send_signal(signal.SIGKILL)
        told = [line, *process.stdout]
        assert process.wait() == -signal.SIGKILL
    # The very last line may itself be torn.
    return folder, int(next(line for line in reversed(told) if line.endswith("\n")))


def test_nothing_acknowledged_is_lost_and_nothing_is_doubled(killed):
    folder, last = killed
    with Trace.open(folder) as trace:
        spikes, stimuli, snapshots = trace.spikes("exc"), trace.stimuli(), trace.snapshots("input_exc")
        assert len(spikes.t) >= 100 * (last + 1)
        ticks = np.arange(len(spikes.t))
        np.testing.assert_array_equal(np.rint(spikes.t * 2000), ticks)
        np.testing.assert_array_equal(spikes.unit, ticks % 10)
        np.testing.assert_array_equal(spikes.stim, ticks // 100)
        assert len(stimuli["stim"]) > last
        np.testing.assert_array_equal(stimuli["stim"], np.arange(len(stimuli["stim"])))
        assert len(snapshots["t"]) > last
        assert trace.weights("input_exc", last)[3, 3] == last % 512


def test_it_can_be_resumed_at_any_segment(killed):
    folder, _ = killed
    segments = read_manifest(folder)
    kept = len(segments) // 2
    with TraceWriter.resume(folder, kept) as writer:
        writer.spikes("exc", np.array([10**9]), np.array([3]), 10**6)
    with Trace.open(folder) as trace:
        rows = sum(segment.rows for segment in segments[:kept] if segment.table == "spikes/exc")
        assert len(trace.spikes("exc").t) == rows + 1
        assert trace.extent[1] == 10**9


def test_a_torn_line_and_torn_logs_are_ignored(killed):
    folder, _ = killed
    with Trace.open(folder) as trace:
        before = len(trace.spikes("exc").t)
    with (folder / "manifest.jsonl").open("ab") as manifest:
        manifest.write(b'{"table": "spikes/exc", "file": "spikes/exc/0000')
    with Trace.open(folder) as trace:
        assert len(trace.spikes("exc").t) == before
    if logs := sorted((folder / "tail" / "spikes" / "exc").glob("*.log")):
        logs[-1].write_bytes(logs[-1].read_bytes()[:-1])  # the one that was being written
        before -= 100
    with Trace.open(folder) as trace:
        spikes = trace.spikes("exc")
        assert len(spikes.t) == before
        np.testing.assert_array_equal(np.rint(spikes.t * 2000), np.arange(len(spikes.t)))
