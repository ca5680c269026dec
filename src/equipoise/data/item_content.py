"""What is known of every item besides who met it: the side information that a learner may take."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from equipoise.data.content import TextEncoder
from equipoise.errors import BadInputError
from equipoise.types import Bools, Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ItemContent:
    """`matrix` (n_items, n_terms) CSR, float32: row i describes item i, and is empty where nothing is known.

    The columns are words, attributes or the numbers of an embedding; rows made by `of_texts`, `of_tags`
    and `of_embeddings` have length 1, so that the product of two rows is their cosine. A learner takes it
    as a keyword-only field `content: ItemContent | None = None`, and calls `checked` when it is fitted.
    """

    matrix: sparse.csr_matrix

    def __post_init__(self) -> None:
        if not sparse.issparse(self.matrix) or self.matrix.format != "csr" or self.matrix.ndim != 2:
            raise BadInputError("content", "must be a CSR matrix (n_items, n_terms); try ItemContent.of_tags")
        if not np.isfinite(self.matrix.data).all():
            raise BadInputError("content", "holds NaN or infinity; leave out what is not known")

    @classmethod
    def of_texts(cls, texts: Sequence[str], *, max_terms: int = 2000) -> "ItemContent":
        """Describe each item by the TF-IDF of the words of its text, one text an item."""
        return cls(matrix=TextEncoder.fit(texts, max_terms=max_terms).encode(texts))

    @classmethod
    def of_tags(cls, tags: Sequence[Collection[str] | Collection[int]]) -> "ItemContent":
        """Describe each item by its tags (attributes, categories, a brand), the rarer the more telling."""
        columns = {tag: place for place, tag in enumerate(sorted({tag for own in tags for tag in own}))}
        places = np.array([columns[tag] for own in tags for tag in own], np.int32)
        offsets = np.cumsum([0, *(len(own) for own in tags)])
        ones = (np.ones(len(places), np.float32), places, offsets)
        matrix = sparse.csr_matrix(ones, shape=(len(tags), len(columns)))
        matrix.sum_duplicates()
        items = np.bincount(matrix.indices, minlength=len(columns))
        matrix.data = (np.log((1 + len(tags)) / (1 + items)) + 1)[matrix.indices].astype(np.float32)
        return cls(matrix=_unit(matrix))

    @classmethod
    def of_embeddings(cls, rows: Floats) -> "ItemContent":
        """Describe each item by its row of `rows` (n_items, n); a row of zeros is an item not described."""
        if rows.ndim != 2:
            raise BadInputError("content", f"embeddings must be (n_items, n), not of shape {rows.shape}")
        return cls(matrix=_unit(sparse.csr_matrix(rows.astype(np.float32))))

    def __len__(self) -> int:
        return int(self.matrix.shape[0])

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ItemContent) or self.matrix.shape != other.matrix.shape:
            return False
        return bool((self.matrix != other.matrix).nnz == 0)

    def __hash__(self) -> int:
        return hash((self.matrix.shape, self.matrix.nnz))

    @property
    def described(self) -> Bools:
        """Which items something is known of, (n_items,)."""
        return np.asarray(np.diff(self.matrix.indptr) > 0)

    def checked(self, n_items: int) -> sparse.csr_matrix:
        """Return the matrix; raise `BadInputError` where it is not of `n_items` rows."""
        if len(self) != n_items:
            raise BadInputError(
                "content",
                f"has {len(self)} rows, the data {n_items} items; give a row (empty or not) to each",
            )
        return self.matrix


def _unit(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    """Return `matrix` with each row of length 1, or 0 where it is empty."""
    lengths = np.sqrt(np.bincount(_rows(matrix), matrix.data.astype(np.float64) ** 2, matrix.shape[0]))
    scaled = matrix.copy()
    scaled.data = (matrix.data / lengths[_rows(matrix)]).astype(np.float32)
    return scaled


def _rows(matrix: sparse.csr_matrix) -> Ints:
    return np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
