"""SEW ResNet: residual blocks whose spikes are joined element by element, so that depth does no harm.

Source: Fang et al., Deep residual learning in spiking neural networks, NeurIPS 2021.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from spikesight.deep.network import Network
from spikesight.deep.neurons.leaky import IF
from spikesight.deep.residual import Add, Join, MakeNeuron, SewBlock, fire, projection
from spikesight.zoo.residual_layout import PUBLISHED, LargeStem, Layout, Stem, stacked


@dataclass(frozen=True)
class SewResNet:
    """Blocks of `layout`, joined by `join`; still images are held for `steps` steps; `neuron` makes the neurons.

    The published ones are `SewResNet(PUBLISHED[18])` and so on, with integrate-and-fire neurons and no gradient through
    their reset.
    """

    layout: Layout = PUBLISHED[18]
    steps: int = 4
    join: Join = Add()  # noqa: RUF009 (frozen)
    stem: Stem = LargeStem()  # noqa: RUF009 (frozen)
    neuron: MakeNeuron = partial(IF, through_reset=False)  # noqa: RUF009 (it makes one for each use)

    def build(self, shape: Sequence[int], classes: int) -> Network:
        """Return the network for images of `shape` (C, H, W): (B, C, H, W) in, (steps, B, classes) out."""
        stem = self.stem.layers(shape[0], self.layout.width, self.steps, self.neuron)
        return stacked(self.layout, stem, self._block, classes)

    def _block(self, inputs: int, outputs: int, stride: int) -> SewBlock:
        branch = fire(self.layout.branch.branch(inputs, outputs, stride, self.neuron), self.neuron)
        shortcut = projection(inputs, outputs, stride)
        return SewBlock(branch, shortcut and fire(shortcut, self.neuron), self.join)
