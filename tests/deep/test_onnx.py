"""Networks as ONNX graphs: the reference evaluator of ONNX finds the same spikes."""

from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed (the optional extra 'train')")
pytest.importorskip("onnxscript", reason="onnxscript is not installed (the optional extra 'export')")

import onnx  # noqa: E402
from onnx.reference import ReferenceEvaluator  # noqa: E402
from torch import nn  # noqa: E402

from spikesight.deep import IF, LIF, Network  # noqa: E402
from spikesight.equations.reset import Subtract  # noqa: E402


@pytest.mark.filterwarnings("ignore")
def test_an_exported_network_fires_the_same_spikes_with_a_batch_of_any_size() -> None:
    torch.manual_seed(0)
    net = Network(nn.Linear(6, 8), LIF(refractory=2e-3), nn.Linear(8, 4), IF(reset=Subtract())).eval()
    batch = {1: torch.export.Dim("batch", min=1, max=64)}
    with torch.no_grad():
        program = torch.onnx.export(net, (torch.zeros(9, 3, 6),), dynamo=True, dynamic_shapes=(batch,), verbose=False)
        model = program.model_proto
        onnx.checker.check_model(model)
        for size in (1, 7):
            x = 6.0 * torch.randn(9, size, 6)
            expected = net(x)
            (found,) = ReferenceEvaluator(model).run(None, {model.graph.input[0].name: x.numpy()})
            assert 0.02 < expected.mean() < 0.6
            assert np.array_equal(found, expected.numpy())
