"""What is known of the items from training, for the metrics that ask more than whether an item was met."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from equipoise.data.interactions import Interactions
from equipoise.errors import BadInputError
from equipoise.types import Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Popularity:
    """`met_by` (n_items,): how many of `n_users` users met each item in training."""

    met_by: Ints
    n_users: int

    def __post_init__(self) -> None:
        if self.met_by.ndim != 1 or (len(self.met_by) and not 0 <= self.met_by.min() <= self.met_by.max()):
            raise BadInputError("popularity", "met_by must be counts, one an item")
        if self.n_users < max(1, self.met_by.max(initial=0)):
            raise BadInputError("popularity", f"n_users {self.n_users} is below the users that met one item")

    @classmethod
    def of(cls, train: Interactions) -> "Popularity":
        """Count the users of each item; users without any interaction are not counted."""
        met = train.matrix()
        return cls(
            met_by=np.bincount(met.indices, minlength=train.n_items),
            n_users=max(1, int((np.diff(met.indptr) > 0).sum())),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Vectors:
    """`units` (n_items, d) CSR float32 rows of length 1, or 0: two items are as alike as their cosine."""

    units: sparse.csr_matrix

    @classmethod
    def of(cls, content: "sparse.csr_matrix | Floats") -> "Vectors":
        """Scale each row of `content` (n_items, d), words or an embedding, to length 1."""
        rows = sparse.csr_matrix(content, dtype=np.float32, copy=True)
        rows.sum_duplicates()
        lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1))).ravel()
        rows.data /= np.repeat(np.where(lengths > 0, lengths, 1.0), np.diff(rows.indptr)).astype(np.float32)
        return cls(units=rows)

    @classmethod
    def met_together(cls, train: Interactions) -> "Vectors":
        """Liken items by who met them: the cosine of their columns in the matrix of users and items."""
        return cls.of(train.matrix().T.tocsr())


@dataclass(frozen=True, slots=True, kw_only=True)
class Categories:
    """`shares` (n_items, n_categories) CSR: how much of an item is of a category, in sum 1, or 0."""

    shares: sparse.csr_matrix

    @classmethod
    def of(cls, belongs: "sparse.csr_matrix | Floats") -> "Categories":
        """Share each item evenly among its categories, weighted by `belongs` (n_items, n_categories) >= 0."""
        rows = sparse.csr_matrix(belongs, dtype=np.float64, copy=True)
        if (rows.data < 0).any():
            raise BadInputError("categories", "weights must not be below 0")
        totals = np.asarray(rows.sum(axis=1)).ravel()
        rows.data /= np.repeat(np.where(totals > 0, totals, 1.0), np.diff(rows.indptr))
        return cls(shares=rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """Facts about the items; a metric that lacks its fact is left out.

    `popularity` gives novelty, popularity bias and lift; `vectors` diversity and serendipity, by whatever
    likeness they hold; `categories` calibration.
    """

    popularity: Popularity | None = None
    vectors: Vectors | None = None
    categories: Categories | None = None

    @classmethod
    def of(
        cls,
        train: Interactions,
        *,
        content: "sparse.csr_matrix | Floats | None" = None,
        categories: "sparse.csr_matrix | Floats | None" = None,
    ) -> "About":
        """Take what `train` tells, and likeness from `content` (n_items, d) or else from who met what."""
        for name, table in (("content", content), ("categories", categories)):
            if table is not None and table.shape[0] != train.n_items:
                raise BadInputError(name, f"has {table.shape[0]} rows for {train.n_items} items")
        return cls(
            popularity=Popularity.of(train),
            vectors=Vectors.met_together(train) if content is None else Vectors.of(content),
            categories=None if categories is None else Categories.of(categories),
        )

    def check(self, n_items: int) -> None:
        """Raise `BadInputError` where a fact is of another number of items."""
        sizes = {
            "popularity": None if self.popularity is None else len(self.popularity.met_by),
            "vectors": None if self.vectors is None else self.vectors.units.shape[0],
            "categories": None if self.categories is None else self.categories.shares.shape[0],
        }
        for name, size in sizes.items():
            if size is not None and size != n_items:
                raise BadInputError(name, f"is of {size} items; the scorer has {n_items}")
