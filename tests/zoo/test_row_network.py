import pytest

torch = pytest.importorskip("torch")

from spikesight.base.errors import InputError  # noqa: E402
from spikesight.deep.neurons import LIF  # noqa: E402
from spikesight.zoo.row_network import RowNetwork  # noqa: E402


def test_rows_in_classes_out() -> None:
    net = RowNetwork(LIF, 16).build((28,), 10)
    assert net(torch.rand(28, 3, 28)).shape == (28, 3, 10)
    assert [name for name, _ in net.named_children()] == [
        "dense1",
        "norm1",
        "neurons1",
        "dense2",
        "norm2",
        "neurons2",
        "out",
    ]


def test_numbers_that_are_learned() -> None:
    # 4 x 3 weights, 2 x 3 of the normalisation, 3 x 2 + 2 of the readout.
    assert RowNetwork(LIF, 3, layers=1).parameters((4,), 2) == 26
    found = RowNetwork(LIF, 3, layers=1).as_large_as(50, (4,), 2)
    assert found.hidden == 6
    assert found.parameters((4,), 2) == 50


def test_no_neurons() -> None:
    with pytest.raises(InputError, match="hidden neurons"):
        RowNetwork(LIF, 0)
