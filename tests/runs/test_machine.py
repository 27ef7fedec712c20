import json
import os
import platform
import subprocess
import sys

import numpy as np
import pytest

from spikesight.runs.machine import is_gone, machine, process, versions


def test_versions_are_those_in_use():
    found = versions()
    assert found["python"] == platform.python_version()
    assert found["numpy"] == np.__version__
    assert {"numba", "duckdb", "safetensors"} <= set(found)


def test_versions_import_nothing():
    code = "import sys; from spikesight.runs.machine import versions; versions(); print('numba' in sys.modules)"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "False"


def test_machine():
    found = machine()
    assert found["host"] == platform.node()
    assert 1 <= found["cores"] <= os.cpu_count()
    assert found["cpu"]
    assert platform.system() in found["os"] or platform.system() == "Darwin"


def test_this_process_is_here():
    assert process() == process()
    assert process()["pid"] == os.getpid()
    assert process()["start"]
    assert not is_gone(process())


def test_a_process_that_ended_is_gone():
    code = "import json; from spikesight.runs.machine import process; print(json.dumps(process()))"
    facts = json.loads(subprocess.check_output([sys.executable, "-c", code], text=True))
    assert facts["host"] == process()["host"]
    assert is_gone(facts)


def test_the_remains_of_a_process_are_no_process(tmp_path):
    code = "import json; from spikesight.runs.machine import process; print(json.dumps(process()), flush=True)"
    child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    facts = json.loads(child.stdout.read())
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)  # it has ended, and nobody has taken note
    assert is_gone(facts)
    child.wait()
    child.stdout.close()


@pytest.mark.parametrize(
    ("changed", "gone"), [({"start": "1"}, True), ({"boot": "before"}, True), ({"host": "other"}, False)]
)
def test_what_tells_a_process_from_another(changed, gone):
    assert is_gone({**process(), **changed}) is gone


def test_without_proc_ps_is_asked(monkeypatch, tmp_path):
    monkeypatch.setattr("spikesight.runs.machine._PROC", tmp_path)
    if not any(os.access(os.path.join(folder, "ps"), os.X_OK) for folder in os.get_exec_path()):
        pytest.skip("there is no ps")
    facts = process()
    assert facts["start"]
    assert facts["boot"] is None
    assert not is_gone(facts)
    assert is_gone({**facts, "pid": 2**22 + 1})
    assert machine()["cpu"]
