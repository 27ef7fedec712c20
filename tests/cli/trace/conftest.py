from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from recorded_traces import record

from spikesight.cli.main import main
from spikesight.runs.folder import Run


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A run of twelve stimuli that has ended."""
    run = Run.create(tmp_path, "made-up", seed=4, config={"n": 5})
    run.update(status="finished")
    run.save_weights({"exc.theta": np.ones(6)}, reached="[1]")
    record(run.trace_folder, 12, seed=1)
    return run.folder


@pytest.fixture
def spikesight():
    """Run `spikesight` in this process."""
    return lambda *words: CliRunner().invoke(main, [str(word) for word in words], prog_name="spikesight")
