import numpy as np
import pytest
import torch

from spikesight.base.errors import InputError
from spikesight.base.randomness import generator
from spikesight.deep.event_spike_tensor import EventSpikeTensor, LearnedKernel
from spikesight.events.representations import spike_tensor
from spikesight.events.stream import EventStream


def made_up(item, n=200, width=6, height=4):
    random = generator(0, "events", item)
    t = np.sort(random.integers(0, 10**5, n)) + 10**15
    x, y = random.integers(0, width, n), random.integers(0, height, n)
    return EventStream(t, x, y, random.random(n) < 0.5, width, height)


@pytest.mark.parametrize("bins", [2, 9])
def test_the_kernel_begins_as_a_hat(bins):
    a = torch.linspace(-1.5, 1.5, 601)
    with torch.no_grad():
        found = LearnedKernel(bins)(a)
    # Three corners that cancel outside, each rounded: not more than a few 1e-6.
    torch.testing.assert_close(found, (1 - a.abs() * (bins - 1)).clamp(min=0), rtol=0, atol=1e-5)


def test_as_it_begins_it_is_the_plain_tensor():
    streams = [made_up(0), made_up(1, n=0), made_up(2, n=1), made_up(3)]
    with torch.no_grad():
        found = EventSpikeTensor(9)(streams)
    assert found.shape == (4, 18, 4, 6)
    for item, stream in zip(found, streams, strict=True):
        np.testing.assert_allclose(item.numpy(), spike_tensor(stream, 9), atol=2e-4)


def test_the_kernel_learns():
    torch.manual_seed(0)
    streams = [made_up(0), made_up(1)]
    target = torch.stack([torch.from_numpy(spike_tensor(stream, 9)) for stream in streams]).flip(1)
    net = EventSpikeTensor(9)
    optimiser = torch.optim.Adam(net.parameters(), 1e-2)
    losses = []
    for _ in range(30):
        optimiser.zero_grad()
        loss = ((net(streams) - target) ** 2).mean()
        loss.backward()
        losses.append(loss.item())
        optimiser.step()
    assert all(parameter.grad.abs().sum() > 0 for parameter in net.parameters())
    assert losses[-1] < 0.7 * losses[0]


def test_what_cannot_be_is_an_error():
    with pytest.raises(InputError, match="got 1 and 30"):
        EventSpikeTensor(1)
    with pytest.raises(InputError, match="got 9 and 5"):
        LearnedKernel(9, 5)
    with pytest.raises(InputError, match="one sensor"):
        EventSpikeTensor()([made_up(0), made_up(1, width=7)])
    with pytest.raises(InputError, match="one sensor"):
        EventSpikeTensor()([])
