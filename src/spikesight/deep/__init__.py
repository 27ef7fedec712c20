"""The differentiable engine: spiking networks as torch modules over time, (T, B, ...)."""

from spikesight.base.optional import require

require("torch", "train")

from spikesight.deep.hold import Hold  # noqa: E402 (without torch, what to install is said first)
from spikesight.deep.network import Network  # noqa: E402
from spikesight.deep.neurons.leaky import IF, LIF  # noqa: E402
from spikesight.deep.temporal import Temporal, over_time  # noqa: E402

__all__ = ["IF", "LIF", "Hold", "Network", "Temporal", "over_time"]
