import pytest

from spikesight.base.errors import UnknownName
from spikesight.executors import FusedCpu, Reference, choose


@pytest.mark.parametrize("executor", [Reference(), FusedCpu()])
def test_an_executor_is_found_by_its_name(executor: Reference | FusedCpu) -> None:
    assert choose(executor.name) == executor


def test_a_name_that_nobody_has_offers_the_nearest() -> None:
    with pytest.raises(UnknownName, match=r"no executor is called 'fused'\. Did you mean fused-cpu\?"):
        choose("fused")
