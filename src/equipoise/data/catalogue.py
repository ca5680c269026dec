"""What is known of the items, as arrays indexed by item code."""

from dataclasses import dataclass

from scipy import sparse

from equipoise.types import Bools, Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """The items as a recommender sees them; grows by replacement when the shop adds products.

    `prices` (n,) in the shop's currency, NaN where unknown; `arrived` (n,) microseconds UTC when
    the item was first told or sold; `available` (n,); `content` (n, terms) TF-IDF rows of unit
    length of title, brand and categories.
    """

    prices: Floats
    arrived: Ints
    available: Bools
    content: sparse.csr_matrix

    def __len__(self) -> int:
        return len(self.prices)
