"""One step of training after the other, and everything needed to go on from any of them with the same bits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from spikesight.base.errors import InputError
from spikesight.base.progress import SILENT, Progress
from spikesight.base.randomness import generator
from spikesight.deep.course import after_step, before_step
from spikesight.deep.losses import Activity, Loss
from spikesight.deep.training import fitting
from spikesight.deep.training.average import RunningAverage
from spikesight.deep.training.early import looked_at
from spikesight.deep.training.not_finite import blame, check_parameters
from spikesight.deep.training.optimisers import AdamW, Optimiser, groups
from spikesight.deep.training.parallel import rank, side_by_side, weight
from spikesight.deep.training.precision import AsParameters, Precision
from spikesight.deep.training.schedules import Cosine, Schedule
from spikesight.deep.training.spikes import with_spikes

LOOKS = (0, 20)
"""Steps in which neurons are looked at, for an early warning."""


class Trainer:
    """Trains `net` by `loss` for `steps` steps in all.

    `clip` is the largest norm of the gradient of all parameters together; `precision` of the forward pass; `average` is
    the share that a running average of the parameters keeps in a step (None: there is none); `activity` a cost of
    spikes that is added to the loss; `seed` gives what is random in the net, such as dropout: of step k always the
    same, whatever came before. Where processes train together each hands in its part of a batch; see `parallel`.
    """

    def __init__(
        self,
        net: nn.Module,
        loss: Loss,
        steps: int,
        *,
        optimiser: Optimiser = AdamW(),
        schedule: Schedule = Cosine(),
        clip: float | None = None,
        precision: Precision = AsParameters(),
        average: float | None = None,
        activity: Activity | None = None,
        seed: int = 0,
    ) -> None:
        self.net, self.loss, self.steps = net, loss, steps
        self.schedule, self.clip, self.seed, self.rate = schedule, clip, seed, optimiser.rate
        self.precision, self.activity = precision, activity
        self.optimiser = optimiser.over(groups(net))
        self.average = None if average is None else RunningAverage(net, average)
        self.device = next(net.parameters()).device
        self.done, self.place = 0, fitting.Place()
        self._called, self._checked = side_by_side(net), False

    def step(self, x: Tensor, labels: Tensor) -> tuple[float, Tensor]:
        """Learn from a batch, whose labels are (B,); return the loss before the step, and the scores (B, K).

        Errors: NotFinite, naming the layer, where parameters, loss or gradient are not finite; nothing is learned then.
        InputError where the network's output has not as many items as there are labels.
        """
        if not self._checked:
            check_parameters(self.net)
            self._checked = True
        self.net.train()
        x, labels = x.to(self.device), labels.to(self.device)
        self._get_ready()
        with self._look():
            with self.seeded("step", self.done):
                loss, scores = self._forward(x, labels)
            self.optimiser.zero_grad(set_to_none=True)
            (loss * weight(len(labels), self.device)).backward()  # type: ignore[no-untyped-call]
            self._move(loss, x, labels)
        after_step(self.net)
        self.done += 1
        if self.average is not None:
            self.average.update(self.done)
        return float(loss.detach()), scores.detach()

    def fit(
        self, batches: fitting.Batches, *, folder: Path | None = None, every: float = 30.0, report: Progress = SILENT
    ) -> None:
        """Do the steps that are left with `batches` of (x, labels), over and over; see `fitting.fit`."""
        fitting.fit(self, batches, folder, every, report)

    def averaged(self) -> AbstractContextManager[None]:
        """Return a context in which the network has the average of its parameters, if one is kept."""
        return nullcontext() if self.average is None else self.average.applied()

    @contextmanager
    def seeded(self, purpose: str, *index: int, everywhere: bool = False) -> Iterator[None]:
        """Have random numbers of torch that depend on nothing but the seed, `purpose` and `index`: in each process its
        own, or the same `everywhere`.
        """
        with torch.random.fork_rng(devices=[self.device] if self.device.type == "cuda" else []):
            torch.manual_seed(int(generator(self.seed, purpose, *index, 0 if everywhere else rank()).integers(2**62)))
            yield

    def snapshot(self) -> dict[str, NDArray[Any]]:
        """Return parameters and buffers of the net, their average, and the memory of the optimiser."""
        kept = {f"net.{name}": value for name, value in self.net.state_dict().items()}
        if self.average is not None:
            kept |= {f"average.{name}": value for name, value in self.average.values.items()}
        for number, memory in self.optimiser.state_dict()["state"].items():
            found = {name: value for name, value in memory.items() if value is not None}
            kept |= {f"optimiser.{number}.{name}": torch.as_tensor(value) for name, value in found.items()}
        arrays = {name: value.detach().cpu().numpy().copy() for name, value in kept.items()}
        return {**arrays, "done": np.array([self.done, *self.place])}

    def restore(self, snapshot: Mapping[str, NDArray[Any]]) -> None:
        """Put everything back to where `snapshot` was taken.   Errors: InputError where it is of another net."""
        parts: dict[str, dict[str, Tensor]] = {"net": {}, "average": {}, "optimiser": {}}
        for whole, value in snapshot.items():
            part, _, name = whole.partition(".")
            if part in parts:
                parts[part][name] = torch.from_numpy(np.array(value))
        try:
            self.net.load_state_dict(parts["net"])
        except RuntimeError as error:
            raise InputError(f"the snapshot is of another network: {error}") from error
        if self.average is not None:
            if parts["average"].keys() != self.average.values.keys():
                raise InputError("the snapshot has no average of this network's parameters: it was taken without one")
            self.average.load(parts["average"])
        memory: dict[int, dict[str, Tensor]] = {}
        for name, tensor in parts["optimiser"].items():
            number, _, field = name.partition(".")
            memory.setdefault(int(number), {})[field] = tensor
        self.optimiser.load_state_dict({**self.optimiser.state_dict(), "state": memory})
        done, *place = (int(number) for number in snapshot["done"])
        self.done, self.place, self._checked = done, fitting.Place(*place), False

    def _get_ready(self) -> None:
        """Set the rate of this step, and tell layers that change over the training how far it is."""
        done = min(self.done / max(1, self.steps), 1.0)
        before_step(self.net, done)
        for group in self.optimiser.param_groups:
            group["lr"] = self.rate * self.schedule.share(done) * group["faster"]

    def _look(self) -> AbstractContextManager[None]:
        return looked_at(self.net, self.done) if self.done in LOOKS else nullcontext()

    def _forward(self, x: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
        with self.precision.on(self.device):
            if self.activity is None:
                y, cost = self._called(x), None
            else:
                y, spikes = with_spikes(self.net, self._called, x)
                cost = self.activity(spikes)
        if y.ndim < 2 or y.shape[1] != len(labels):
            raise InputError(
                f"the network gives {tuple(y.shape)} for {len(labels)} labels: an output is (steps, items, ...); put "
                "time first, or hold still images by a Hold"
            )
        y = y.float() if y.dtype == torch.bfloat16 else y
        loss = self.loss(y, labels)
        return loss if cost is None else loss + cost, self.loss.readout(y)

    def _move(self, loss: Tensor, x: Tensor, labels: Tensor) -> None:
        """Let the optimiser go a step down the gradients, if they are finite."""
        learning = [parameter for parameter in self.net.parameters() if parameter.grad is not None]
        norm = nn.utils.get_total_norm([parameter.grad for parameter in learning if parameter.grad is not None])
        if not bool(torch.isfinite(loss) & torch.isfinite(norm)):
            raise blame(self.net, x, labels, self.loss)
        if self.clip is not None:
            nn.utils.clip_grads_with_norm_(learning, self.clip, norm)
        self.optimiser.step()
