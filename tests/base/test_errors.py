import pytest

from spikesight.base import errors
from spikesight.base.errors import InputError, SpikesightError, StorageFull, TraceError, UnknownName


def test_every_error_is_one_of_ours():
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and kind.__module__ == errors.__name__]
    assert len(kinds) >= 7
    assert all(issubclass(kind, SpikesightError) for kind in kinds)


def test_errors_are_also_what_python_calls_them():
    # Callers who know nothing of us catch ValueError, LookupError, ImportError, FileNotFoundError, OSError.
    assert issubclass(InputError, ValueError)
    assert issubclass(UnknownName, LookupError)
    assert issubclass(errors.MissingExtra, ImportError)
    assert issubclass(errors.MissingData, FileNotFoundError)
    assert issubclass(StorageFull, TraceError)
    assert issubclass(StorageFull, OSError)


def test_an_unknown_name_offers_the_nearest():
    error = UnknownName("layer", "exk", ["inh", "exc", "input"])
    assert str(error) == "no layer is called 'exk'. Did you mean exc?"
    assert (error.kind, error.name, error.near) == ("layer", "exk", ["exc"])


def test_with_nothing_near_all_are_listed_in_order():
    assert str(UnknownName("recipe", "zzz", ["b", "a"])) == "no recipe is called 'zzz'. Known: a, b."
    assert str(UnknownName("recipe", "zzz", [])) == "no recipe is called 'zzz'. Known: none."


def test_messages_are_said_as_given():
    with pytest.raises(StorageFull, match=r"^the disk took no more$"):
        raise StorageFull("the disk took no more")
