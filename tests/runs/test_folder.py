import errno
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from spikesight.base.errors import InputError, RunError, StorageFull
from spikesight.runs.folder import Run
from spikesight.runs.machine import process

KEYS = {"format", "name", "recipe", "config", "seed", "status", "started", "updated", "versions", "machine", "process",
        "metrics", "progress", "error"}  # fmt: skip


def written(run):
    return json.loads((run.folder / "run.json").read_text())


def test_a_new_run_states_what_it_is(run):
    facts = written(run)
    assert set(facts) == KEYS
    assert re.fullmatch(r"diehl-cook-digits-\d{8}-\d{6}", run.folder.name)
    assert (facts["name"], facts["recipe"], facts["seed"]) == (run.folder.name, "diehl-cook-digits", 3)
    assert (facts["format"], facts["config"], facts["status"]) == (1, {"n": 400}, "running")
    started = datetime.fromisoformat(facts["started"])
    assert abs(datetime.now().astimezone() - started) < timedelta(minutes=1)
    assert started.strftime("%Y%m%d-%H%M%S") in run.folder.name
    assert facts["versions"]["numpy"] == np.__version__
    assert facts["process"]["pid"] == os.getpid()
    assert run.trace_folder == run.folder / "trace"
    assert run.facts == facts


def test_runs_of_the_same_second_have_their_own_folders(tmp_path, monkeypatch):
    class Frozen(datetime):
        @classmethod
        def now(cls, tz=None):
            return cls(2026, 11, 20, 17, 5, 12, tzinfo=tz)

    monkeypatch.setattr("spikesight.runs.folder.datetime", Frozen)
    names = [Run.create(tmp_path, "demo", seed=0, config={}).folder.name for _ in range(3)]
    assert names == ["demo-20261120-170512", "demo-20261120-170512-2", "demo-20261120-170512-3"]


def test_what_was_written_is_opened(run):
    run.update(metrics={"accuracy": 0.9})
    assert Run.open(run.folder).facts == run.facts


def test_facts_are_a_copy(run):
    run.facts["config"]["n"] = 1
    assert run.facts["config"]["n"] == 400


def test_updates_merge_and_are_written_at_once(run):
    before = written(run)["updated"]
    run.update(metrics={"accuracy": 0.5}, progress={"done": 10, "total": 100})
    run.update(metrics={"loss": 2.0}, progress={"done": 20}, status="finished")
    facts = written(run)
    assert facts["metrics"] == {"accuracy": 0.5, "loss": 2.0}
    assert facts["progress"] == {"done": 20, "total": 100}
    assert facts["status"] == "finished"
    assert facts["updated"] >= before
    assert facts["config"] == {"n": 400}


def test_values_that_json_has_not_are_plain_or_refused(run):
    run.update(
        metrics={"accuracy": np.float32(0.5), "loss": float("nan"), "shape": (np.int64(2), 3), "at": Path("a/b")}
    )
    assert written(run)["metrics"] == {"accuracy": 0.5, "loss": None, "shape": [2, 3], "at": "a/b"}
    with pytest.raises(InputError, match=r"metrics\.net\[1\] goes into a JSON file, which holds no object"):
        run.update(metrics={"net": [1, object()]})
    assert "net" not in written(run)["metrics"]


def test_a_configuration_that_cannot_be_written_leaves_no_folder(tmp_path):
    with pytest.raises(InputError, match=r"config\.encoder"):
        Run.create(tmp_path, "demo", seed=0, config={"encoder": object()})
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_a_full_disk_keeps_what_was_there(run, monkeypatch, call):
    run.save_weights({"w": np.ones(3)})
    before = {path.name: path.read_bytes() for path in run.folder.iterdir()}

    def full(*arguments):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr(os, call, full)
        with pytest.raises(StorageFull):
            run.update(status="finished")
        with pytest.raises(StorageFull):
            run.save_weights({"w": np.zeros(3)})
    assert {path.name: path.read_bytes() for path in run.folder.iterdir()} == before
    assert run.facts["status"] == "running"


def test_a_root_that_is_a_file(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(RunError, match=r"cannot write .*file/runs: Not a directory\. Check that .* choose another"):
        Run.create(tmp_path / "file" / "runs", "demo", seed=0, config={})


@pytest.fixture
def closed():
    """A folder that this process may not write, also where the tests are run by root."""
    folder = Path(tempfile.mkdtemp())  # not in tmp_path, whose parents nobody but their owner may enter
    folder.chmod(0o555)
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(65534)
    yield folder
    if is_root:
        os.seteuid(0)
    folder.rmdir()


def test_a_root_that_may_not_be_written(closed):
    with pytest.raises(RunError, match=rf"cannot write {closed}: Permission denied"):
        Run.create(closed, "demo", seed=0, config={})


def test_what_is_no_run(tmp_path):
    with pytest.raises(RunError, match=r"missing is not a run: there is no such folder\. A run is a folder with"):
        Run.open(tmp_path / "missing")
    with pytest.raises(RunError, match="it is empty"):
        Run.open(tmp_path)
    (tmp_path / "notes.txt").write_text("")
    with pytest.raises(RunError, match=r"it holds notes\.txt"):
        Run.open(tmp_path)
    with pytest.raises(RunError, match="it is a file"):
        Run.open(tmp_path / "notes.txt")


@pytest.mark.parametrize("length", [0, 1, 20, 200])
def test_a_torn_run_json(run, length):
    path = run.folder / "run.json"
    path.write_bytes(path.read_bytes()[:length])
    with pytest.raises(RunError, match=r"run\.json cannot be read .*restore it from a copy"):
        Run.open(run.folder)


def test_other_json_is_no_run(run):
    path = run.folder / "run.json"
    path.write_text("[1, 2]")
    with pytest.raises(RunError, match="an object with a 'recipe' was expected"):
        Run.open(run.folder)
    path.write_text('{"recipe": "demo", "format": 2}')
    with pytest.raises(RunError, match="has format 2, this Spikesight reads 1"):
        Run.open(run.folder)


def test_weights_come_back(run):
    arrays = {"input_exc.w": np.random.default_rng(0).random((64, 10), np.float32).T, "assignment": np.arange(10)}
    run.save_weights(arrays, step="250", note="ü")
    back, metadata = run.load_weights()
    assert metadata == {"step": "250", "note": "ü"}
    assert set(back) == set(arrays)
    for name, array in arrays.items():
        np.testing.assert_array_equal(back[name], array)
        assert back[name].dtype == array.dtype


def test_new_weights_replace_the_old(run):
    run.save_weights({"a": np.ones(3)})
    run.save_weights({"b": np.ones(2)})
    assert list(run.load_weights()[0]) == ["b"]
    assert run.load_weights()[1] == {}


def test_missing_and_truncated_weights(run):
    with pytest.raises(RunError, match=r"has no weights\.safetensors: the run ended before"):
        run.load_weights()
    run.save_weights({"w": np.ones(100)})
    path = run.folder / "weights.safetensors"
    for length in (len(path.read_bytes()) - 1, 20, 4, 0):
        path.write_bytes(path.read_bytes()[:length])
        with pytest.raises(RunError, match=r"weights\.safetensors is damaged .*copy it again"):
            run.load_weights()


def test_a_run_of_this_process_is_running(run):
    assert run.status() == Run.open(run.folder).status() == "running"
    for status in ("finished", "failed", "interrupted"):
        run.update(status=status)
        assert run.status() == status


def test_a_killed_run_is_stopped(tmp_path):
    create = """
import sys, time
from pathlib import Path
from spikesight.runs.folder import Run
print(Run.create(Path(sys.argv[1]), "demo", seed=0, config={}).folder, flush=True)
time.sleep(60)
"""
    with subprocess.Popen([sys.executable, "-c", create, str(tmp_path)], stdout=subprocess.PIPE, text=True) as child:
        folder = Path(child.stdout.readline().strip())
        assert Run.open(folder).status() == "running"
        child.send_signal(signal.SIGKILL)
    assert written(Run.open(folder))["status"] == "running"
    assert Run.open(folder).status() == "stopped"


def test_another_process_with_the_same_number_is_not_it(run):
    run.update(process={**process(), "start": "12"})
    assert run.status() == "stopped"


def test_a_run_of_another_host_is_believed(run):
    run.update(process={**process(), "host": "elsewhere", "pid": 2**22 + 1})
    assert run.status() == "running"


def test_a_run_may_have_a_folder_of_its_own_name(tmp_path):
    run = Run.create(tmp_path / "runs", "record", seed=0, config={}, name="x")
    assert run.folder == tmp_path / "runs" / "x"
    assert run.facts["name"] == "x"
    with pytest.raises(RunError, match="is there already: choose another folder"):
        Run.create(tmp_path / "runs", "record", seed=0, config={}, name="x")


def test_single_numbers_stay_single(tmp_path):
    run = Run.create(tmp_path, "record", seed=0, config={})
    run.save_weights({"one": np.array(3), "turned": np.arange(6).reshape(2, 3).T})
    found, _ = run.load_weights()
    assert found["one"].shape == ()
    np.testing.assert_array_equal(found["turned"], [[0, 3], [1, 4], [2, 5]])
