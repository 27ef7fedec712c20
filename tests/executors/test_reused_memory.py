from __future__ import annotations

import gc
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from spikesight.executors.reused_memory import PAGE, SMALLEST, Store

LARGE = (3 * PAGE // 4,)


def place(array: np.ndarray) -> int:
    return array.ctypes.data


def test_what_is_gone_is_used_again() -> None:
    store = Store()
    first = store.empty(LARGE, np.float32)
    first.fill(1.0)
    where = place(first)
    other = store.empty(LARGE, np.float32)
    assert place(other) != where
    del first
    again = store.empty((LARGE[0] - 5,), np.int32)
    assert place(again) == where
    assert again.dtype == np.int32


VIEWS = {
    "part": lambda array: array[5:],
    "transposed": lambda array: array.reshape(-1, 4).T,
    "of-a-view": lambda array: array.view(np.int32)[::2],
    "memoryview": memoryview,
}


@pytest.mark.parametrize("name", VIEWS)
def test_whatever_reaches_it_keeps_it(name: str) -> None:
    store = Store()
    array = store.empty(LARGE, np.float32)
    array.fill(7.0)
    where, view = place(array), VIEWS[name](array)
    kept = np.array(view)
    del array
    gc.collect()
    other = store.empty(LARGE, np.float32)
    other.fill(0.0)
    assert place(other) != where
    assert np.array_equal(np.array(view), kept)
    del view
    assert place(store.empty(LARGE, np.float32)) == where


def test_a_tensor_keeps_it_and_so_do_its_views_and_the_graph() -> None:
    torch = pytest.importorskip("torch", reason="torch is not installed (the optional extra 'train')")
    store = Store()
    weight = torch.ones((), requires_grad=True)

    def saved() -> torch.Tensor:
        tensor = torch.from_numpy(store.empty(LARGE, np.float32))
        tensor.fill_(3.0)
        return (tensor[1:] * weight).sum()  # multiplication saves a view of it

    loss = saved()
    for _ in range(3):
        store.empty(LARGE, np.float32).fill(np.nan)
    (gradient,) = torch.autograd.grad(loss, weight)
    assert gradient == 3.0 * (LARGE[0] - 1)
    del loss, gradient
    gc.collect()
    assert store.in_use <= 2 * 4 * PAGE
    tensor = torch.from_numpy(store.empty(LARGE, np.float32)).detach()[3:].numpy()
    store.empty(LARGE, np.float32).fill(np.nan)
    tensor.fill(1.0)
    assert tensor.sum() == len(tensor)


def test_little_arrays_and_a_store_that_keeps_nothing_are_ordinary() -> None:
    assert Store().empty((SMALLEST // 8,), np.float32).base is None
    assert Store(most_idle=0).empty(LARGE, np.float32).base is None


def test_no_more_is_kept_than_was_used_at_once() -> None:
    store = Store()
    for factor in (1, 2, 4, 8):
        store.empty((factor * LARGE[0],), np.float32)
    assert 0 < store.idle <= store.most_in_use
    assert store.in_use == 0
    store.release()
    assert store.idle == 0


def test_shapes_without_a_number() -> None:
    assert Store().empty((0, 5), np.float32).shape == (0, 5)


def test_many_threads_may_ask_at_once():
    store, interval = Store(), sys.getswitchinterval()

    def asking(_: int) -> None:
        for _ in range(500):
            one, other = store.empty((SMALLEST,), np.uint8), store.empty((3 * SMALLEST,), np.uint8)
            del one, other

    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(asking, range(4)))
    finally:
        sys.setswitchinterval(interval)
    store.release()
    assert store.in_use == 0
