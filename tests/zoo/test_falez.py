"""The published architecture: its shapes and its constants."""

from spikesight.first_spike.learning.falez import Biological
from spikesight.first_spike.learning.target_time import TargetTime
from spikesight.zoo import falez


def test_the_published_shapes():
    shape, shapes = (2, 28, 28), []
    for stage in falez.digits():
        shapes += [stage.convolution.shape(shape)[1], stage.shape(shape)[1]]
        shape = stage.shape(shape)
    assert shapes == [24, 12, 8, 4, 1, 1]
    assert shape == (4096, 1, 1)


def test_the_published_constants():
    for stage, begin in zip(falez.digits(), (8.0, 10.0, 10.0), strict=True):
        assert stage.rule == Biological(1.0, 0.1)
        assert stage.target == TargetTime(0.75, 0.1, 1.0)
        assert (stage.passes, stage.annealing, stage.spread) == (100, 0.95, 0.1)
        assert stage.convolution.threshold == begin


def test_fewer_stages_are_the_first_ones():
    assert [stage.name for stage in falez.digits((8, 16))] == ["conv1", "conv2"]
