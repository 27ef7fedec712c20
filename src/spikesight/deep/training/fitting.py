"""Training by any iterable of batches, written down such that it can be killed at any moment and gone on with."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from torch import Tensor

from spikesight.base.errors import InputError
from spikesight.base.progress import Progress
from spikesight.deep.training.checkpoint import load_checkpoint, save_checkpoint
from spikesight.deep.training.parallel import rank

if TYPE_CHECKING:
    from spikesight.deep.training.trainer import Trainer

Batches = Iterable[tuple[Tensor, Tensor]]
"""Can be gone through more than once, such as a list or a DataLoader: (x, labels), labels (B,)."""


class Place(NamedTuple):
    """How often all batches were gone through, and how many of this time are done."""

    epoch: int = 0
    batch: int = 0


def fit(trainer: Trainer, batches: Batches, folder: Path | None, every: float, report: Progress) -> None:
    """Do the steps that are left, going through `batches` as often as it takes, and tell `report` of each.

    With a `folder`, everything needed to go on is written there every so many seconds and at the end. Where it holds
    that of an earlier call, a fresh trainer goes on from there: batches that were learned from are drawn again and
    passed over. What a loader draws by torch's random numbers, such as an order, follows from the trainer's seed, and
    is the same in processes that train together, so that each can take its part of a batch; other random numbers must
    be the same in each call for the end to have the same bits.
    Errors: InputError for no batches, NotFinite, StorageFull, RunError.
    """
    if folder is not None and trainer.done == 0:
        earlier = load_checkpoint(folder)
        if earlier is not None:
            trainer.restore(earlier)
            report.advance(trainer.done)
    written = time.monotonic()
    while trainer.done < trainer.steps:
        first = trainer.place
        for x, labels in _left(trainer, batches):
            loss, scores = trainer.step(x, labels)
            trainer.place = Place(trainer.place.epoch, trainer.place.batch + 1)
            right = float((scores.argmax(1).cpu() == labels.cpu()).float().mean())
            report.advance(1, loss=loss, accuracy=right)
            if trainer.done == trainer.steps:
                break
            if folder is not None and time.monotonic() - written >= every:
                _write(trainer, folder)
                written = time.monotonic()
        else:
            if trainer.place.batch == 0:
                raise InputError(
                    f"there are no batches in epoch {first.epoch}: hand in what can be gone through again, such as a "
                    "list or a DataLoader, and no generator"
                )
            trainer.place = Place(trainer.place.epoch + 1)
    if folder is not None:
        _write(trainer, folder)


def _left(trainer: Trainer, batches: Batches) -> Iterator[tuple[Tensor, Tensor]]:
    """Yield the batches of this epoch that were not learned from yet."""
    epoch, done = trainer.place
    with trainer.seeded("batches", epoch, everywhere=True):
        drawn: Iterator[Any] = iter(batches)
    for number in count():
        with trainer.seeded("batches", epoch, number, everywhere=True):
            batch = next(drawn, None)
        if batch is None:
            return
        if number >= done:
            yield batch


def _write(trainer: Trainer, folder: Path) -> None:
    if rank() == 0:
        save_checkpoint(folder, trainer.snapshot())
