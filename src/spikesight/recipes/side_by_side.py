"""Where many jobs run at the same time: on this computer, or on those of a Dask cluster."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Generator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from spikesight.base.cores import usable_cores
from spikesight.base.errors import RunError
from spikesight.base.optional import require
from spikesight.recipes import job

SECONDS_BETWEEN_LOOKS = 0.05

SECONDS_TO_END = 20.0
"""How long an interrupted process may take to write down what it has, before it is killed."""


SECONDS_TO_ANSWER = 10.0
"""How long a scheduler may take to be found."""


@dataclass(frozen=True)
class Here:
    """On this computer, `jobs` processes at a time (None = as many as there are cores)."""

    jobs: int | None = None

    def attempts(self, folders: Sequence[Path]) -> Generator[Path, None, None]:
        """Try the job in each folder, and yield each folder when its job has ended.

        Closing the generator stops the processes too.
        """
        waiting, running = list(reversed(folders)), dict[Path, subprocess.Popen[bytes]]()
        try:
            while waiting or running:
                while waiting and len(running) < (self.jobs or usable_cores()):
                    folder = waiting.pop()
                    running[folder] = job.begin(folder)
                for folder in [folder for folder, process in running.items() if process.poll() is not None]:
                    job.end(folder, running.pop(folder).returncode)
                    yield folder
                time.sleep(SECONDS_BETWEEN_LOOKS)
        finally:
            _stop(list(running.values()))


def _stop(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        process.send_signal(signal.SIGINT)
    last = time.monotonic() + SECONDS_TO_END
    for process in processes:
        try:
            process.wait(max(0.0, last - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@dataclass(frozen=True)
class OnCluster:
    """On the workers of the Dask scheduler at `address` (tcp://host:port), as many at a time as they have threads.

    The workers see the folders under the same names, and have Spikesight and the data sets.
    """

    address: str

    def attempts(self, folders: Sequence[Path]) -> Generator[Path, None, None]:
        """Do what `Here.attempts` does.   Errors: MissingExtra without Dask, RunError where no scheduler answers."""
        distributed = require("distributed", "cluster")
        with ExitStack() as open_while_used:
            try:
                client = open_while_used.enter_context(
                    distributed.Client(self.address, timeout=SECONDS_TO_ANSWER, set_as_default=False)
                )
            except (OSError, ValueError) as error:
                raise RunError(
                    f"no Dask scheduler answers at {self.address} ({error}): start one with `dask scheduler`"
                ) from error
            futures = {client.submit(job.attempt, str(folder.resolve()), pure=False): folder for folder in folders}
            try:
                for future in distributed.as_completed(futures, loop=client.loop):
                    if future.status != "finished":
                        job.fail(futures[future], f"the cluster could not try it: {future.exception()}")
                    yield futures[future]
            except BaseException:
                for above in {folder.parent for folder in folders}:
                    (above / job.STOP).touch()
                client.cancel(list(futures))
                time.sleep(2 * job.SECONDS_BETWEEN_LOOKS)  # until every process has seen that it is to stop
                raise


Place = Here | OnCluster
