import pytest

from equipoise.data.vocabulary import UNKNOWN, Vocabulary
from equipoise.errors import BadInputError


def test_codes_are_places() -> None:
    words = Vocabulary(("b", "a", "ö"))
    assert words.encode(["ö", "b", "never"]).tolist() == [2, 0, UNKNOWN]
    assert words.decode([1, 2, 0]) == ["a", "ö", "b"]
    assert len(words) == 3


def test_an_id_has_one_code() -> None:
    with pytest.raises(BadInputError, match="an id appears twice"):
        Vocabulary(("a", "a"))


@pytest.mark.parametrize("code", [UNKNOWN, 2, -2])
def test_a_code_without_an_id_is_refused(code: int) -> None:
    with pytest.raises(BadInputError, match="codes: must lie in 0 to 1"):
        Vocabulary(("a", "b")).decode([0, code])


def test_nothing_is_encoded_to_nothing() -> None:
    assert Vocabulary(()).encode([]).shape == (0,)
    assert Vocabulary(()).decode([]) == []
