import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: pip install 'spikesight[train]'")

from torch import nn  # noqa: E402

from spikesight.base.errors import InputError, UnknownName  # noqa: E402
from spikesight.deep import LIF, Network  # noqa: E402
from spikesight.deep.neurons.integrator import LeakyIntegrator  # noqa: E402
from spikesight.deep.neurons.recurrent import Recurrent  # noqa: E402
from spikesight.deep.tapping import around, at_rest, firing_layers, membranes, tapped, variables  # noqa: E402


def chain():
    torch.manual_seed(0)
    return Network(
        fc1=nn.Linear(5, 7),
        lif1=LIF(refractory=2e-3),
        back=Recurrent(LIF(), nn.Linear(7, 7)),
        fc2=nn.Linear(7, 3),
        out=LeakyIntegrator(),
    )


def test_what_fires_is_found_and_what_it_is_made_of_is_not():
    assert list(firing_layers(chain())) == ["lif1", "back"]
    assert list(firing_layers(LIF())) == ["LIF"]
    assert firing_layers(nn.Linear(2, 2)) == {}


def test_layers_with_and_without_a_state_are_heard_and_nothing_stays():
    net, heard = chain(), []
    x = torch.randn(6, 2, 5)
    with tapped(dict(net.named_children()), heard.append):
        y = net(x)
    assert [one.name for one in heard] == ["fc1", "lif1", "back", "fc2", "out"]
    assert torch.equal(heard[-1].y, y)
    assert not any(one.y.requires_grad for one in heard)
    net(x)
    assert len(heard) == 5
    assert not any("run" in module.__dict__ or module._forward_hooks for module in net.modules())


def test_two_may_listen_and_leave_one_after_the_other():
    net, outer, inner = chain(), [], []
    with tapped({"lif1": net.lif1}, outer.append):
        with tapped({"lif1": net.lif1}, inner.append):
            net(torch.randn(3, 1, 5))
        net(torch.randn(3, 1, 5))
    assert (len(outer), len(inner)) == (2, 1)


@pytest.mark.parametrize("kind", ["network", "module"])
def test_calls_are_heard_from_before_to_after(kind):
    net = chain() if kind == "network" else nn.Sequential(nn.Linear(5, 2))
    told = []
    with around(net, lambda: told.append("begin"), lambda x, y: told.append((x.shape, y.shape))):
        net(torch.zeros(4, 3, 5))
    assert told[0] == "begin"
    assert told[1][0] == (4, 3, 5)
    net(torch.zeros(4, 3, 5))
    assert len(told) == 2


@pytest.mark.filterwarnings("ignore:.*torch.jit:DeprecationWarning")  # of torch's own files
def test_compiled_modules_are_refused():
    net = chain()
    with pytest.raises(InputError, match=r"compiled by torch.compile"), tapped({"net": torch.compile(net)}, print):
        pass
    net.lif1.compile()
    with pytest.raises(InputError, match=r"'lif1' was compiled"), tapped({"lif1": net.lif1}, print):
        pass


def test_a_look_leaves_modes_and_random_numbers_as_they_were():
    net = nn.Sequential(nn.Dropout(), nn.BatchNorm1d(3))
    net[1].eval()
    before = torch.get_rng_state()
    with at_rest(net):
        net(torch.randn(4, 3))
        assert not net.training
    assert (net.training, net[0].training, net[1].training) == (True, True, False)
    assert torch.equal(before, torch.get_rng_state())


def test_membranes_are_those_of_the_steps():
    lif, heard = LIF(tau=4e-3, refractory=2e-3), []
    x = torch.rand(12, 2, 3) * 0.9
    with tapped({"lif": lif}, heard.append):
        lif(x)
    found = membranes(heard[0], ("v", "v_before_reset"))
    state = None
    for k in range(12):
        y, state = lif.run(x[k : k + 1], state)
        assert torch.equal(found["v"][k], state.v)
        fired = y[0] != 0
        assert (found["v_before_reset"][k][fired] >= 1.0).all()
        assert torch.equal(found["v_before_reset"][k][~fired], state.v[~fired])
    assert (heard[0].y != 0).any()


def test_membranes_go_on_from_the_state_of_the_call():
    lif, heard = LIF(tau=4e-3), []
    x = torch.rand(10, 2, 3)
    with tapped({"lif": lif}, heard.append):
        lif.run(x)
        state = lif.run(x[:6])[1]
        lif.run(x[6:], state)
    whole, first, second = (membranes(one, ("v",))["v"] for one in heard)
    assert torch.equal(whole, torch.cat([first, second]))


def test_variables_that_are_not_there():
    heard = []
    with tapped({"lif": LIF()}, heard.append) as _:
        pass
    assert variables(LIF()) == ("v", "v_before_reset")
    assert variables(nn.Linear(1, 1)) == variables(LeakyIntegrator()) == ()
    lif = LIF()
    with tapped({"lif": lif}, heard.append):
        lif(torch.zeros(2, 1, 1))
    with pytest.raises(UnknownName, match="v_before_reset"):
        membranes(heard[0], ("v_before",))
