"""Small networks with weights from a seed, images for them."""

from __future__ import annotations

import pytest
import torch
from torch import nn


def settled(net: nn.Module) -> nn.Module:
    """Give batch normalisations statistics and weights of their own; eval mode."""
    for module in net.modules():
        if isinstance(module, nn.BatchNorm1d | nn.BatchNorm2d):
            module.running_mean.normal_(0.0, 0.3)
            module.running_var.uniform_(0.5, 2.0)
            nn.init.uniform_(module.weight, 0.5, 1.5)
            nn.init.normal_(module.bias, 0.0, 0.3)
    return net.eval()


class Residual(nn.Module):
    """Two convolutions around which images also go straight on; one rectifier used three times."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(1, 4, 3, padding=1)
        self.norm = nn.BatchNorm2d(4)
        self.conv1 = nn.Conv2d(4, 4, 3, padding=1, bias=False)
        self.conv2 = nn.Conv2d(4, 4, 3, padding=1)
        self.relu = nn.ReLU()
        self.out = nn.Linear(4, 3)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.relu(self.norm(self.stem(x)))
        y = self.conv2(self.relu(self.conv1(x)))
        z = nn.functional.adaptive_avg_pool2d(self.relu(x + y), 1)
        return self.out(torch.flatten(z, 1))


@pytest.fixture
def seeded():
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        yield


@pytest.fixture
def images(seeded) -> torch.Tensor:
    return torch.rand(60, 1, 8, 8)


@pytest.fixture
def ann(seeded) -> nn.Module:
    """A chain with everything in it that a chain may have."""
    return settled(
        nn.Sequential(
            nn.Conv2d(1, 6, 3, padding=1),
            nn.BatchNorm2d(6),
            nn.ReLU(),
            nn.AvgPool2d(2),
            nn.Conv2d(6, 8, 3, padding=1, bias=False),
            nn.BatchNorm2d(8),
            nn.MaxPool2d(2),
            nn.ReLU(),
            nn.Flatten(),
            nn.Dropout(0.3),
            nn.Linear(32, 12),
            nn.BatchNorm1d(12),
            nn.ReLU(),
            nn.Linear(12, 3),
        )
    )


@pytest.fixture
def residual(seeded) -> nn.Module:
    return settled(Residual())
