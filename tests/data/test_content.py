from pathlib import Path

import numpy as np

from equipoise.artifact import load_artifact, save_artifact
from equipoise.data.content import TextEncoder, text_of

TEXTS = ["blue mug", "red mug", "red lamp", "red lamp, tall"]


def test_rows_have_unit_length_or_none() -> None:
    rows = TextEncoder.fit(TEXTS).encode([*TEXTS, "unheard of", ""])
    lengths = np.sqrt(rows.multiply(rows).sum(axis=1)).A1
    np.testing.assert_allclose(lengths, [1, 1, 1, 1, 0, 0], atol=1e-6)


def test_rare_words_say_more() -> None:
    encoder = TextEncoder.fit(TEXTS)
    assert encoder.terms == ("red", "lamp", "mug")
    assert encoder.idf[0] < encoder.idf[1]


def test_a_later_product_is_encoded_as_at_training() -> None:
    encoder = TextEncoder.fit(TEXTS)
    later = encoder.encode(["MUG (red)"])
    np.testing.assert_allclose(later.toarray(), encoder.encode(["red mug"]).toarray())


def test_the_number_of_terms_is_bounded() -> None:
    assert TextEncoder.fit(TEXTS, max_terms=1).terms == ("red",)
    assert TextEncoder.fit(TEXTS, min_texts=1, max_terms=9).encode(["tall"]).nnz == 1


def test_no_texts_make_an_encoder_of_nothing() -> None:
    assert TextEncoder.fit([]).encode(["red"]).shape == (1, 0)


def test_text_is_title_brand_and_categories() -> None:
    assert text_of("Mug", None, ["a", "b"]).split() == ["Mug", "a", "b"]


def test_survives_the_disk(tmp_path: Path) -> None:
    encoder = TextEncoder.fit(TEXTS)
    save_artifact(encoder, tmp_path / "encoder")
    again = load_artifact(TextEncoder, tmp_path / "encoder")
    assert again.terms == encoder.terms
    np.testing.assert_array_equal(again.encode(TEXTS).toarray(), encoder.encode(TEXTS).toarray())
