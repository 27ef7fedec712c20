"""The plain spiking ResNet, with neurons where the artificial one has ReLU: the baseline that depth does harm to.

Source: as compared with in Fang et al., Deep residual learning in spiking neural networks, NeurIPS 2021.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from torch import nn

from spikesight.deep.network import Network
from spikesight.deep.neurons.leaky import IF
from spikesight.deep.residual import MakeNeuron, SpikingBlock, last_norm, projection
from spikesight.zoo.residual_layout import PUBLISHED, LargeStem, Layout, Stem, stacked


@dataclass(frozen=True)
class SpikingResNet:
    """Blocks of `layout`; still images are held for `steps` steps; `neuron` makes the neurons.

    With `silent_branches` the last normalisation of each branch begins with weight 0, as the published figures of the
    baseline were got.
    """

    layout: Layout = PUBLISHED[18]
    steps: int = 4
    stem: Stem = LargeStem()  # noqa: RUF009 (frozen)
    neuron: MakeNeuron = partial(IF, through_reset=False)  # noqa: RUF009 (it makes one for each use)
    silent_branches: bool = True

    def build(self, shape: Sequence[int], classes: int) -> Network:
        """Return the network for images of `shape` (C, H, W): (B, C, H, W) in, (steps, B, classes) out."""
        stem = self.stem.layers(shape[0], self.layout.width, self.steps, self.neuron)
        return stacked(self.layout, stem, self._block, classes)

    def _block(self, inputs: int, outputs: int, stride: int) -> SpikingBlock:
        branch = self.layout.branch.branch(inputs, outputs, stride, self.neuron)
        if self.silent_branches:
            nn.init.zeros_(last_norm(branch).weight)
        return SpikingBlock(branch, self.neuron(), projection(inputs, outputs, stride))
