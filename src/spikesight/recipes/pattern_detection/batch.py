"""Independent networks: the first one recorded as a run, the others beside each other, a thread each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import TypeVar

from spikesight.base.cores import usable_cores
from spikesight.base.progress import progress
from spikesight.encoding.patterns import Input
from spikesight.recipes.contract import Order
from spikesight.recipes.pattern_detection.detector import Detector
from spikesight.recipes.simulation import Scenario
from spikesight.trace.probe import Probe

T = TypeVar("T")

LOOKS = 12
"""How often weights and afferents of a recorded network are looked at."""


def seed_of(seed: int, network: int) -> int:
    """Return the seed of one of the networks of a `reproduce --seed`: no two of different seeds share one."""
    return 1000 * seed + network


def scenario(recipe: str, detector: Detector, given: Input, settings: dict[str, str], quick: bool) -> Scenario:
    """Return the recorded simulation of a detector, a piece for each period; one afferent in fifty is shown."""
    shown, every = detector.shown, max(1, detector.periods // LOOKS)
    return Scenario(
        recipe,
        detector.network,
        detector.weights(),
        seconds=detector.periods * shown.period,
        inputs=lambda first, length: ({"afferents": given.spikes(first, length)}, {}),
        probes=(
            Probe(f"{detector.neurons.name}.spikes"),
            Probe("afferents.spikes", units=tuple(range(0, shown.n, 50)), every=every),
            Probe("learned.w", every=every),
        ),
        piece=shown.period,
        quick=quick,
        settings=settings,
        facts={"shown": repr(shown), "rule": repr(detector.rule)},
    )


def beside_each_other(work: Callable[[int], T], numbers: Sequence[int], order: Order) -> list[T]:
    """Return `work` of every number, in their order; the compiled loops hold no interpreter lock."""
    done: dict[int, T] = {}
    with progress("networks", len(numbers), order.stream) as bar, ThreadPoolExecutor(usable_cores()) as pool:
        waiting = {pool.submit(work, number): number for number in numbers}
        try:
            for future in as_completed(waiting):
                done[waiting[future]] = future.result()
                bar.advance(1)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return [done[number] for number in numbers]
