import pytest
from hypothesis import given
from hypothesis import strategies as st

from spikesight.studio.memory import Memory


@given(st.lists(st.integers(0, 8), max_size=60), st.integers(1, 6))
def test_the_answers_asked_for_last_are_the_ones_kept(asked, most):
    memory, recent = Memory(most), []
    for key in asked:
        made = []
        assert memory.answer(key, lambda key=key, made=made: made.append(key) or key * 10) == key * 10
        assert (made == []) == (key in recent)
        recent = [*(one for one in recent if one != key), key][-most:]
        assert len(memory) == len(recent)


def test_forgetting_and_errors():
    memory = Memory(3)
    with pytest.raises(ZeroDivisionError):
        memory.answer("a", lambda: 1 // 0)
    assert memory.answer("a", lambda: None) is None
    assert memory.answer("a", lambda: 2) is None, "None is an answer too"
    memory.forget()
    assert memory.answer("a", lambda: 2) == 2
