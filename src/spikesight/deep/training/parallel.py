"""Training in several processes, as `torchrun` starts them: each learns from its part of every batch.

Gradients are averaged by torch's DistributedDataParallel, which weighs processes alike; the loss of a part is weighed
by its size, so that the average is that of the whole batch. Batch normalisation takes the statistics of a process's
part: only without it do so many processes equal one, up to rounding.
"""

from __future__ import annotations

import torch
from torch import Tensor, distributed, nn
from torch.nn.parallel import DistributedDataParallel

from spikesight.base.errors import InputError


def rank() -> int:
    """Return the number of this process among those that train together, 0 where it is alone."""
    return distributed.get_rank() if _together() else 0


def own_part(tensor: Tensor, axis: int = 0) -> Tensor:
    """Return this process's part of a batch that all processes have; `axis` is that of the items.

    Errors: InputError for fewer items than processes.
    """
    if not _together():
        return tensor
    if tensor.shape[axis] < distributed.get_world_size():
        raise InputError(f"{tensor.shape[axis]} items are too few for {distributed.get_world_size()} processes")
    return tensor.tensor_split(distributed.get_world_size(), axis)[rank()]


def side_by_side(net: nn.Module) -> nn.Module:
    """Return `net`, or, where processes train together, what averages its gradients over them."""
    return DistributedDataParallel(net) if _together() else net


def weight(items: int, device: torch.device) -> float:
    """Return by what the mean loss of this process's `items` is multiplied, 1 where all have as many."""
    if not _together():
        return 1.0
    whole = torch.tensor(float(items), device=device)
    distributed.all_reduce(whole)
    return items * distributed.get_world_size() / float(whole)


def _together() -> bool:
    return distributed.is_available() and distributed.is_initialized() and distributed.get_world_size() > 1
