"""One step of training after the other, and everything needed to go on from any of them with the same bits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from spikesight.base.errors import InputError
from spikesight.base.randomness import generator
from spikesight.deep.course import after_step, before_step
from spikesight.deep.losses import Loss
from spikesight.deep.training.optimisers import AdamW, Optimiser, groups
from spikesight.deep.training.schedules import Cosine, Schedule


class Trainer:
    """Trains `net` by `loss` for `steps` steps in all.

    `clip` is the largest norm of the gradient of all parameters together; `seed` gives what is random in the net, such
    as dropout: of step k always the same, whatever came before.
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
        seed: int = 0,
    ) -> None:
        self.net, self.loss, self.steps = net, loss, steps
        self.schedule, self.clip, self.seed, self.rate = schedule, clip, seed, optimiser.rate
        self.optimiser = optimiser.over(groups(net))
        self.done = 0

    def step(self, x: Tensor, labels: Tensor) -> tuple[float, Tensor]:
        """Learn from a batch; return the loss before the step, and the scores (B, K).

        Errors: InputError where the loss is no finite number.
        """
        self.net.train()
        done = self.done / max(1, self.steps)
        before_step(self.net, min(done, 1.0))
        for group in self.optimiser.param_groups:
            group["lr"] = self.rate * self.schedule.share(done) * group.get("faster", 1.0)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(int(generator(self.seed, "step", self.done).integers(2**62)))
            y = self.net(x)
            loss = self.loss(y, labels)
        if not torch.isfinite(loss):
            raise InputError(f"the loss of step {self.done} is {float(loss)}: lower the rate, or clip gradients")
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        if self.clip is not None:
            nn.utils.clip_grad_norm_(self.net.parameters(), self.clip)
        self.optimiser.step()
        after_step(self.net)
        self.done += 1
        return float(loss.detach()), self.loss.readout(y.detach())

    def snapshot(self) -> dict[str, NDArray[Any]]:
        """Return parameters and buffers of the net, and the memory of the optimiser."""
        kept = {f"net.{name}": value for name, value in self.net.state_dict().items()}
        for number, memory in self.optimiser.state_dict()["state"].items():
            kept |= {f"optimiser.{number}.{name}": torch.as_tensor(value) for name, value in memory.items()}
        arrays = {name: value.detach().cpu().numpy().copy() for name, value in kept.items()}
        return {**arrays, "done": np.array(self.done)}

    def restore(self, snapshot: Mapping[str, NDArray[Any]]) -> None:
        """Put everything back to where `snapshot` was taken.   Errors: InputError where it is of another net."""
        nets = {name[4:]: torch.from_numpy(np.array(v)) for name, v in snapshot.items() if name.startswith("net.")}
        try:
            self.net.load_state_dict(nets)
        except RuntimeError as error:
            raise InputError(f"the snapshot is of another network: {error}") from error
        memory: dict[int, dict[str, Tensor]] = {}
        for name, value in snapshot.items():
            if name.startswith("optimiser."):
                _, number, field = name.split(".")
                memory.setdefault(int(number), {})[field] = torch.from_numpy(np.array(value))
        self.optimiser.load_state_dict({**self.optimiser.state_dict(), "state": memory})
        self.done = int(snapshot["done"])
