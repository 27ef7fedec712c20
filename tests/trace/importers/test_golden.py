"""Every golden trace imports to its facts, and whatever damage makes of it is an answer or a trace."""

from __future__ import annotations

import re
import shutil
import zlib

import numpy as np
import pytest

from spikesight.base.errors import InputError, SpikesightError
from spikesight.trace.importers import bring, original_ids
from spikesight.trace.reader import Trace

pytest.importorskip("h5py")

SECONDS = {"ms": 1e-3, "s": 1.0}
FINEST = 0.5e-9
"""What rounding to the finest tick may cost."""

MUTATIONS, FEW, LARGE = 12, 3, 100_000
"""Of every file; of those with more bytes than that, few, as they take long."""


def test_every_file_imports_to_its_facts(imported, golden, facts):
    rows = [row for rows in facts.values() for row in rows if row["n_spikes"]]
    assert len(rows) >= 20
    for file in facts:
        mine = [row for row in facts[file] if row["n_spikes"]]
        found = imported(golden / file) if mine else None
        for row in mine:
            compare(row, found.layers[layer_of(row, found.layers)])


def layer_of(row, layers):
    """The population that a row of facts names, or the only layer."""
    named = re.search(r"/(\w+)$", row["content"])
    return named[1] if named else next(iter(layers))


def compare(row, layer):
    assert len(layer.t) == int(row["n_spikes"]), row
    assert len(np.unique(layer.unit)) == int(row["n_senders"]), row
    if int(row["n_spikes"]):
        unit = SECONDS[row["unit"]]
        assert layer.t.min() == pytest.approx(float(row["t_min"]) * unit, rel=1e-12, abs=FINEST), row
        assert layer.t.max() == pytest.approx(float(row["t_max"]) * unit, rel=1e-12, abs=FINEST), row


def test_reports_import_to_their_facts(imported, golden, facts):
    reports = [row for rows in facts.values() for row in rows if "report/" in row["content"]]
    assert len(reports) == 4
    for row in reports:
        found, layer = imported(golden / row["file"]), re.search(r"report/(\w+)", row["content"])[1]
        steps, elements = map(int, re.search(r"\((\d+), (\d+)\)", row["content"]).groups())
        values = found.trace.values(layer, "v")
        assert len(values.t) == steps * elements
        (told,) = (fact for name, fact in found.story["facts"].items() if name.endswith(f"report/{layer}"))
        assert (told["start_ms"], told["stop_ms"]) == (float(row["t_min"]), float(row["t_max"]))
        # The last sample is one step before the end.
        step = told["step_ms"] * 1e-3
        assert values.t.max() + step == pytest.approx(float(row["t_max"]) * 1e-3, abs=FINEST)


def test_senders_of_reports_are_nodes(imported, golden):
    found = imported(golden / "sonata" / "libsonata_elements.h5")
    ids = original_ids(found.run)["All"]
    assert len(ids) == 100
    assert np.array_equal(np.unique(ids), np.arange(1, 21))


def test_files_without_units_say_so(golden, facts, tmp_path):
    without = [file for file, rows in facts.items() if "no units" in rows[0]["content"]]
    assert len(without) == 2
    for file in without:
        with pytest.raises(InputError, match="no units table"):
            bring([golden / file], tmp_path / "run")
    assert not list(tmp_path.iterdir())


def test_times_are_exact_where_a_tick_exists(imported, golden, facts):
    for file in facts:
        if not facts[file][0]["n_spikes"]:
            continue
        story = imported(golden / file).story
        # Neo's own tests wrote random times; all others are whole numbers of a nanosecond or more.
        assert story["tick_is_exact"] == ("nix" not in file), file
        assert story["largest_rounding_seconds"] < (FINEST if "nix" in file else 1e-12)


def test_a_population_in_many_files(imported, golden):
    files = sorted((golden / "nest" / "ascii2").glob("*.dat"))
    found = imported(*files)
    assert set(found.layers) == {path.name.removesuffix("-0.dat") for path in files}
    alone = imported(files[1])
    name = files[1].name.removesuffix("-0.dat")
    assert np.array_equal(found.layers[name].t, alone.layers[name].t)
    assert np.array_equal(found.layers[name].unit, alone.layers[name].unit)


def damaged(data, rng):
    """Change, cut or insert something: a few bytes anywhere, with a liking for the beginning, where headers are."""
    data = bytearray(data)
    kind = rng.integers(4)
    place = int(len(data) * rng.random() ** (1 if rng.random() < 0.5 else 4))
    if kind == 0:
        return bytes(data[:place])
    if kind == 1:
        for one in rng.integers(place, min(place + 64, len(data)) + 1, rng.integers(1, 9)):
            data[min(int(one), len(data) - 1)] = int(rng.integers(256))
    elif kind == 2:
        data[place : place + int(rng.integers(1, 64))] = b""
    else:
        data[place:place] = rng.bytes(int(rng.integers(1, 16)))
    return bytes(data)


def test_damage_gives_an_answer_or_a_trace(golden, facts, tmp_path):
    """Figures are printed with `-s`: how many were tried, and what happened."""
    told = {"refused": 0, "imported": 0}
    others = ("loihi-fc-traces.zip", "lava-pilotnet-lif-conv4.npz", "carlsim/conn_input_output.dat")
    for file in (*facts, *others):
        whole = (golden / file).read_bytes()
        rng = np.random.default_rng(zlib.crc32(file.encode()))
        for number in range(FEW if len(whole) > LARGE else MUTATIONS):
            path = tmp_path / (golden / file).name
            path.write_bytes(damaged(whole, rng))
            to = tmp_path / f"run-{number}"
            try:
                run = bring([path], to)
            except SpikesightError:
                told["refused"] += 1
                assert not to.exists()
            else:
                told["imported"] += 1
                with Trace.open(run.folder) as trace:
                    assert all(len(trace.spikes(layer.name).t) >= 0 for layer in trace.header.layers)
            shutil.rmtree(to, ignore_errors=True)
            path.unlink()
    print(told)
    assert told["refused"] > 100
    assert told["imported"] > 20
