import pytest

from equipoise.errors import BadInputError
from equipoise.models import EASE, SASRec
from equipoise.models.registry import named, names


def test_models_are_named_by_their_files() -> None:
    assert named("ease") == EASE()
    assert named("sasrec") == SASRec()
    assert {"blend", "ease", "graph_filter", "item_knn", "rp3beta", "sasrec", "user_knn"} <= set(names())
    assert names() == sorted(names())


def test_a_model_of_ones_own() -> None:
    assert named("equipoise.models.linear.ease:EASE") == EASE()


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("eaze", "no model is called 'eaze'; choose from als, "),
        ("Learner", "no model is called 'Learner'"),
        ("nowhere.at_all:Model", "cannot be imported"),
        ("equipoise.models:Nothing", "cannot be imported"),
        ("equipoise.errors:BadInputError", "cannot be made without arguments"),
        ("equipoise.types:TypeAlias", "cannot be made without arguments|not a learner|not a class"),
        ("equipoise:__version__", "is not a class"),
        ("builtins:dict", "has no fit"),
        (":", "cannot be imported"),
    ],
)
def test_what_is_no_model_is_refused_in_one_line(name: str, what: str) -> None:
    with pytest.raises(BadInputError, match=what) as caught:
        named(name)
    assert "\n" not in str(caught.value)
