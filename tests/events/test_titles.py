import pytest

from equipoise.events.titles import categories, readable


@pytest.mark.parametrize(
    ("shouted", "said"),
    [
        ("WHITE HANGING HEART T-LIGHT HOLDER", "White Hanging Heart T-Light Holder"),
        ("CHILDREN'S  APRON", "Children's Apron"),
        ("SET/6 BOWLS (LARGE)", "Set/6 Bowls (Large)"),
    ],
)
def test_titles_become_readable(shouted: str, said: str) -> None:
    assert readable(shouted) == said


def test_the_kind_is_a_frequent_last_word_and_no_colour() -> None:
    mugs = [f"Mug With Dog {number} Mugs" for number in range(10)]
    reds = [f"Thing {number} Red" for number in range(10)]
    odd = ["Blue Mug Red", "Christmas Mug Large", "Umbrella", "Christmas Wonder", ""]
    assert categories([*mugs, *reds, *odd])[-5:] == [("Mug",), ("Mug", "Christmas"), (), ("Christmas",), ()]
