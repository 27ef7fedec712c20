"""What a trace costs and how fast it answers, against the limits that its design set itself.

A made-up trace of ten million spikes is compared with one of a hundred million: what a person waits for may hardly
grow. `trace-large` does the same with a hundred million and a thousand million, which takes a quarter of an hour.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any, Final, NamedTuple

import duckdb
import numpy as np

from spikesight.base.errors import SpikesightError
from spikesight.base.randomness import generator
from spikesight.benchmarks import slowdown
from spikesight.benchmarks.report import Report
from spikesight.benchmarks.synthetic import LAYERS, pieces, record
from spikesight.benchmarks.timing import resident, timed
from spikesight.runs.folder import Run
from spikesight.runs.machine import machine
from spikesight.trace.maintenance.info import info
from spikesight.trace.reader import Trace
from spikesight.trace.segments import connect

MILLISECOND, MICROSECOND = 1_000_000, 1000
BYTES_UNPACKED: Final = 12
"""Of a spike as (int64, int32)."""
ZOOMED: Final = "conv1"
ZOOMS, UNITS = 60, 25
PACKED = 10**7
"""Spikes of the traces whose bytes and writing are measured."""
PLAIN: Final = "FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1"
PIXELS: Final = (800, 128)
VIEWS_ASKED: Final = """
import resource, sys
from pathlib import Path
from spikesight.studio.open_run import OpenRun
from spikesight.studio.query import Query
from spikesight.studio.views import VIEWS
run = OpenRun(Path(sys.argv[1]))
run.refresh()
start, end = run.seconds(run.window(Query()))
for k in range(40):
    t0 = start + (end - start) * k / 50
    VIEWS["raster"].answer(run, Query(t0, t0 + max(0.35, (end - start) / 2 ** (k % 14)), bins=800, rows=128))
    VIEWS["rates"].answer(run, Query())
VIEWS["raster"].answer(run, Query(bins=800, rows=128))
status = Path("/proc/self/status")  # getrusage also counts the process that started this one
if status.exists():
    print(next(int(line.split()[1]) * 1024 for line in status.read_text().splitlines() if line.startswith("VmHWM")))
else:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


class Answered(NamedTuple):
    """Seconds that questions to one trace took, and what its store, its server and its writer weigh, in bytes."""

    spikes: int
    bytes_per_spike: float
    store: int
    opened: float
    zoom_median: float
    zoom_p95: float
    whole: float
    selectivity: float
    server_memory: int
    writer_growth: int


def measure() -> Report:
    """Measure at ten and at a hundred million spikes.   Errors: SpikesightError where sums are not exact."""
    return _measure("trace", (10**7, 10**8), ("1e7", "1e8"))


def measure_large() -> Report:
    """The same at a hundred million and a thousand million: about 3 GB of disk.   Errors: as `measure`."""
    return _measure("trace-large", (10**8, 10**9), ("1e8", "1e9"))


def _measure(name: str, sizes: tuple[int, int], words: tuple[str, str]) -> Report:
    with tempfile.TemporaryDirectory(prefix="spikesight-trace-") as place:
        folder = Path(place)
        figures, ratios = _packing(folder)
        small, large = (_answers(folder / f"run-{word}", size) for word, size in zip(words, sizes, strict=True))
        click = _unit_click(folder / f"run-{words[1]}", folder / "in-time")
        scan = _without_aggregates(folder / f"run-{words[0]}")
    for word, one in zip(words, (small, large), strict=True):
        figures |= {f"{key}_at_{word}": value for key, value in _told(one).items()}
    figures["bytes_per_spike"] = large.bytes_per_spike
    growth = f"{words[1]}_over_{words[0]}"
    ratios |= {
        "unit_unsorted_over_sorted": click,
        f"zoom_{growth}": large.zoom_p95 / small.zoom_p95,
        f"open_{growth}": large.opened / small.opened,
        "whole_raster_scan_over_aggregates": scan[0] / small.whole,
        "selectivity_scan_over_aggregates": scan[1] / small.selectivity,
        "server_memory_over_store": large.server_memory / large.store,
        **slowdown.ratios(),
    }
    return Report(name, figures, ratios, machine())


def _told(one: Answered) -> dict[str, float]:
    return {
        "spikes": float(one.spikes),
        "bytes_per_spike": one.bytes_per_spike,
        "open_ms": one.opened * 1e3,
        "zoom_ms_median": one.zoom_median * 1e3,
        "zoom_ms_p95": one.zoom_p95 * 1e3,
        "whole_raster_ms": one.whole * 1e3,
        "selectivity_ms": one.selectivity * 1e3,
        "server_memory_mb": one.server_memory / 1e6,
        "store_mb": one.store / 1e6,
        "writer_memory_growth_mb": one.writer_growth / 1e6,
    }


def _packing(folder: Path) -> tuple[dict[str, float], dict[str, float]]:
    """Bytes of a spike, the speed of writing against a bare Parquet writer, one unit's train against unsorted rows.

    Speeds are by seconds of processor, of all threads: as if one core did everything.
    """
    milli, micro, bare = folder / "milli", folder / "micro", folder / "bare"
    total, seconds = record(milli, PACKED, MILLISECOND)
    record(micro, PACKED, MICROSECOND)
    written, bare_seconds = _bare(bare, PACKED)
    weight = {path: info(path).bytes_per_spike for path in (milli, micro)}
    figures = {
        "write_million_spikes_per_second": total / seconds / 1e6,
        "bare_million_spikes_per_second": written / bare_seconds / 1e6,
        "row_bytes_per_spike_ms_ticks": weight[milli]["rows"],
        "row_bytes_per_spike_us_ticks": weight[micro]["rows"],
        "aggregate_bytes_per_spike": weight[milli]["aggregates"],
    }
    ratios = {
        "packed_ms_ticks": BYTES_UNPACKED / weight[milli]["rows"],
        "packed_us_ticks": BYTES_UNPACKED / weight[micro]["rows"],
        "writing_over_bare": (total / seconds) / (written / bare_seconds),
    }
    for path in (milli, micro):
        shutil.rmtree(path)
    return figures, ratios


def _bare(folder: Path, spikes: int) -> tuple[int, float]:
    """Write the same rows as plain Parquet of a million rows each, in order of time: nothing else is kept.

    Return the spikes and the seconds of processor that writing took.
    """
    folder.mkdir()
    waiting: dict[str, list[Any]] = {name: [] for name in LAYERS}
    total, spent, number = 0, 0.0, 0
    with connect(threads=1) as connection:

        def flush(name: str) -> None:
            nonlocal spent, number
            columns = [np.concatenate(one) for one in zip(*waiting[name], strict=True)]
            waiting[name].clear()
            rows = dict(zip(("t", "unit", "stim"), columns, strict=True))
            connection.register("rows", rows)
            number += 1
            target = folder / f"{name}-{number:06d}.parquet"
            started = time.process_time()
            connection.execute(f"COPY rows TO '{target}' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)")
            spent += time.process_time() - started

        for _, made in pieces(spikes, MILLISECOND):
            for piece in made:
                waiting[piece.layer].append(piece[1:])
                total += len(piece.t)
                if sum(len(one[0]) for one in waiting[piece.layer]) >= 1 << 20:
                    flush(piece.layer)
        for name, rest in waiting.items():
            if rest:
                flush(name)
    return total, spent


def _unit_click(run: Path, plain: Path) -> float:
    """Median over units of how many times longer one unit's train takes from rows in order of time; both in turn.

    The segments of one layer are copied to `plain`, sorted so, with the settings that Parquet has by itself.
    """
    (folder,) = run.iterdir()
    units = generator(0, "units to click").integers(0, int(np.prod(LAYERS[ZOOMED])), UNITS)
    plain.mkdir()
    found = []
    with Trace.open(folder) as trace, connect() as connection:
        for path in sorted((folder / "trace" / "spikes" / ZOOMED).glob("*.parquet")):
            rows = f"SELECT * FROM read_parquet('{path}') ORDER BY t"
            connection.execute(f"COPY ({rows}) TO '{plain / path.name}' ({PLAIN})")
        files = [str(path) for path in sorted(plain.iterdir())]
        for unit in units.tolist():
            slow = timed(partial(_train, connection, files, unit))
            found.append(slow / timed(partial(trace.spikes, ZOOMED, units=[unit])))
    shutil.rmtree(plain)
    return median(found)


def _train(connection: duckdb.DuckDBPyConnection, files: list[str], unit: int) -> None:
    statement = "SELECT t, stim FROM read_parquet($files) WHERE unit = $unit ORDER BY t"
    connection.execute(statement, {"files": files, "unit": unit}).fetchnumpy()


def _answers(folder: Path, spikes: int) -> Answered:
    run = Run.create(folder, "made-up", seed=0, config={})
    memory: list[int] = []
    total, _ = record(run.trace_folder, spikes, MILLISECOND, each=lambda: memory.append(resident()))
    run.update(status="finished")
    weights = info(run.trace_folder)
    opened = median(timed(lambda: Trace.open(run.folder).close()) for _ in range(5))
    with Trace.open(run.folder) as trace:
        _check_sums(trace, total)
        zooms = _zooms(trace)
        whole = _again(lambda: [_raster(trace, name, None) for name in LAYERS])
        selectivity = _again(lambda: trace.class_counts(ZOOMED))
    return Answered(
        total,
        sum(weights.bytes_per_spike.values()),
        sum(path.stat().st_size for path in run.trace_folder.rglob("*") if path.is_file()),
        opened,
        median(zooms),
        float(np.quantile(zooms, 0.95)),
        whole,
        selectivity,
        _server_memory(run.folder),
        _growth(memory),
    )


def _check_sums(trace: Trace, total: int) -> None:
    counted = sum(int(_raster(trace, name, None).sum()) for name in LAYERS)
    by_class = sum(int(trace.class_counts(name).spikes.sum()) for name in LAYERS)
    if not counted == by_class == total:
        raise SpikesightError(f"of {total} spikes, rasters count {counted} and classes {by_class}: please report this")


def _raster(trace: Trace, layer: str, t: tuple[float, float] | None) -> np.ndarray:
    bins, rows = PIXELS
    return trace.raster_on(layer, trace.grid(layer, t, bins), trace.rows_for(layer, rows))


def _zooms(trace: Trace) -> list[float]:
    """Seconds of zooms into one layer: windows of all widths from a stimulus to the whole run, anywhere."""
    random = generator(0, "zooms")
    end = (trace.extent[1] + 1) * trace.header.tick
    times = []
    for _ in range(ZOOMS):
        width = float(np.exp(random.uniform(np.log(0.35), np.log(end))))
        start = float(random.uniform(0, end - width))
        times.append(timed(partial(_raster, trace, ZOOMED, (start, start + width))))
    return times


def _again(work: Callable[[], Any]) -> float:
    return median(timed(work) for _ in range(5))


def _without_aggregates(folder: Path) -> tuple[float, float]:
    """Seconds of the whole raster and of selectivity where everything is counted from the rows."""
    (run,) = folder.iterdir()
    shutil.rmtree(run / "trace" / "aggregates")
    with Trace.open(run) as trace:
        whole = timed(lambda: [_raster(trace, name, None) for name in LAYERS])
        return whole, timed(lambda: trace.class_counts(ZOOMED))


def _growth(memory: list[int]) -> int:
    """Return by how many bytes the process was larger in the second half of writing than in the first fifth."""
    first, second = memory[: max(1, len(memory) // 5)], memory[len(memory) // 2 :]
    return max(second) - max(first)


def _server_memory(run: Path) -> int:
    """Return the most bytes that a process took which answered what the page asks."""
    done = subprocess.run([sys.executable, "-c", VIEWS_ASKED, str(run)], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SpikesightError(f"the views of {run} failed: {done.stderr[-500:]}")
    return int(done.stdout)
