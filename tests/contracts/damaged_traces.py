"""Ways to damage a trace of `recorded_traces`: what is done to it, where that is found, and in which words."""

import json
import shutil

import duckdb
import numpy as np

from spikesight.trace.frames import pack_columns
from spikesight.trace.manifest import read_manifest, write_manifest

EXC = "spikes/exc/000000.parquet"


def truncate(path, keep=0.5):
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * keep)])


def change_line(folder, place, **facts):
    path = folder / "manifest.jsonl"
    lines = path.read_text().splitlines()
    lines[place] = json.dumps({**json.loads(lines[place]), **facts})
    path.write_text("\n".join(lines) + "\n")


def line_of(folder, file):
    return [segment.file for segment in read_manifest(folder)].index(file)


def snapshot(folder):
    return sorted((folder / "weights" / "input_exc").glob("*.safetensors"))[0]


def add(path, data):
    path.write_bytes(path.read_bytes() + data)


def rewrite(path, shown):
    duckdb.sql(f"COPY (SELECT {shown} FROM '{path}') TO '{path}.new' (FORMAT parquet)")
    path.with_name(f"{path.name}.new").replace(path)


def far(folder):
    end = 2**62
    rewrite(folder / EXC, f"* REPLACE (t + {end} AS t)")
    change_line(folder, line_of(folder, EXC), t_first=end, t_last=end + 100)


DAMAGE = {
    "no header": (lambda f: (f / "trace.json").unlink(), "trace.json", "is not a trace"),
    "a torn header": (lambda f: truncate(f / "trace.json"), "trace.json", "cannot be read"),
    "no manifest": (lambda f: (f / "manifest.jsonl").unlink(), "manifest.jsonl", "has no manifest"),
    "a wrong line": (lambda f: change_line(f, 1, rows="many"), "manifest.jsonl", "line 2, is no segment"),
    "a line twice": (
        lambda f: write_manifest(f, [*read_manifest(f), read_manifest(f)[0]]), None, "the manifest lists it 2 times"
    ),
    "a torn last line": (lambda f: add(f / "manifest.jsonl", b'{"table": "spi'), "manifest.jsonl", "torn"),
    "a segment gone": (lambda f: (f / EXC).unlink(), EXC, "it is not there"),
    "a segment torn": (lambda f: truncate(f / EXC), EXC, "it cannot be read"),
    "a segment empty": (lambda f: (f / EXC).write_bytes(b""), EXC, "it cannot be read"),
    "other rows": (lambda f: change_line(f, line_of(f, EXC), rows=7), EXC, "the manifest says rows 7, the file has"),
    "other times": (
        lambda f: change_line(f, line_of(f, EXC), t_last=10**9), EXC, "the manifest says t_last 1000000000"
    ),
    "other stimuli": (lambda f: change_line(f, line_of(f, EXC), stim_first=-5), EXC, "says stim_first -5"),
    "another table": (
        lambda f: shutil.copy(f / "scalars" / "000000.parquet", f / EXC), EXC, "it has not the columns of table"
    ),
    "numbers that are not there": (
        lambda f: rewrite(f / EXC, "* REPLACE (NULL::INTEGER AS stim)"), EXC, "NULL in stim",
    ),
    "times that no run reaches": (far, EXC, "it has times that no run reaches"),
    "a log with a torn end": (
        lambda f: log(f, b"SpkB\x05"), "tail/spikes/exc/000099.log", "its last 5 bytes are no whole batch"
    ),
    "rows that are not sealed": (
        lambda f: log(f, spikes([1, 2], [3, 4])), "tail/spikes/exc/000099.log", "2 rows are not sealed"
    ),
    "a log of units that are none": (
        lambda f: log(f, spikes([1], [6])), "tail/spikes/exc/000099.log", "it has units 6 to 6, the layer has 0 to 5"
    ),
    "a log that was sealed": (lambda f: log(f, b"", 0), "tail/spikes/exc/000000.log", "its rows are sealed"),
    "an empty log": (lambda f: log(f, b""), "tail/spikes/exc/000099.log", "left over: it is empty"),
    "a log of another layer": (lambda f: log(f, b"", layer="inh"), "tail/spikes/inh/000099.log", "no such layer"),
    "an unlisted segment": (
        lambda f: shutil.copy(f / EXC, f / "spikes/exc/000099.parquet"), "spikes/exc/000099.parquet", "does not list it"
    ),
    "a temporary": (lambda f: (f / "spikes/exc/.a.1.tmp").touch(), "spikes/exc/.a.1.tmp", "left over"),
    "a stranger": (lambda f: (f / "notes.txt").touch(), "notes.txt", "it is no file of a trace"),
    "a snapshot gone": (lambda f: snapshot(f).unlink(), "weights/input_exc/000000.safetensors", "it is not there"),
    "a snapshot torn": (
        lambda f: truncate(snapshot(f)), "weights/input_exc/000000.safetensors", "it cannot be read"
    ),
    "a snapshot too many": (
        lambda f: shutil.copy(snapshot(f), snapshot(f).with_name("000099.safetensors")),
        "weights/input_exc/000099.safetensors", "no row tells of it",
    ),
}  # fmt: skip


def spikes(t, unit):
    arrays = [np.array(t, np.int64), np.array(unit, np.int32), np.zeros(len(t), np.int32)]
    return pack_columns(len(t), [array.tobytes() for array in arrays])


def log(folder, data, number=99, layer="exc"):
    path = folder / "tail" / "spikes" / layer / f"{number:06d}.log"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
