from pathlib import Path

import numpy as np
import pytest
from scipy import sparse

from equipoise.artifact import load_artifact, save_artifact
from equipoise.data.item_content import ItemContent
from equipoise.errors import BadInputError

TAGS = [["mug", "red"], ["mug", "blue"], [], ["red", "scarf", "red"]]


def test_rows_are_of_length_one_or_empty() -> None:
    content = ItemContent.of_tags(TAGS)
    lengths = np.linalg.norm(content.matrix.toarray(), axis=1)
    np.testing.assert_allclose(lengths, np.array([1, 1, 0, 1]), rtol=1e-6)
    assert content.described.tolist() == [True, True, False, True]


def test_a_rarer_tag_says_more() -> None:
    mug, blue = ItemContent.of_tags(TAGS).matrix.toarray()[1, [1, 0]]
    # 4 items: log(5 / 3) + 1 for the mug of two, log(5 / 2) + 1 for the blue of one.
    assert blue / mug == pytest.approx((np.log(2.5) + 1) / (np.log(5 / 3) + 1))


def test_words_and_embeddings_are_content_too() -> None:
    assert len(ItemContent.of_texts(["red mug", "red cup", "blue"])) == 3
    rows = ItemContent.of_embeddings(np.array([[3.0, 4.0], [0.0, 0.0]])).matrix.toarray()
    np.testing.assert_allclose(rows, np.array([[0.6, 0.8], [0, 0]]), rtol=1e-6)


def test_numbers_are_tags() -> None:
    assert ItemContent.of_tags([[7, 9], [9]]).matrix.shape == (2, 2)
    assert ItemContent.of_tags([]).matrix.shape == (0, 0)


def test_equal_where_the_numbers_are() -> None:
    assert ItemContent.of_tags(TAGS) == ItemContent.of_tags(TAGS)
    assert hash(ItemContent.of_tags(TAGS)) == hash(ItemContent.of_tags(TAGS))
    assert ItemContent.of_tags(TAGS) != ItemContent.of_tags(TAGS[:2])
    assert ItemContent.of_tags(TAGS) != TAGS


def test_survives_the_disk(tmp_path: Path) -> None:
    content = ItemContent.of_tags(TAGS)
    save_artifact(content, tmp_path / "content")
    assert load_artifact(ItemContent, tmp_path / "content") == content


def test_what_is_no_content_is_refused() -> None:
    with pytest.raises(BadInputError, match="CSR"):
        ItemContent(matrix=np.eye(2))
    with pytest.raises(BadInputError, match="NaN"):
        ItemContent(matrix=sparse.csr_matrix([[np.nan, 1.0]]))
    with pytest.raises(BadInputError, match="shape"):
        ItemContent.of_embeddings(np.ones(3))
    with pytest.raises(BadInputError, match="4 rows, the data 5 items"):
        ItemContent.of_tags(TAGS).checked(5)
