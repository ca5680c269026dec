"""The items whose vectors have the largest products with a query: maximum inner product search, exact."""

from equipoise.data.histories import Histories
from equipoise.errors import BadInputError
from equipoise.models.dense import blocks, joined
from equipoise.models.learner import TopK
from equipoise.types import Floats


def top_of_products(queries: Floats, items: Floats, k: int, seen: Histories | None = None) -> TopK:
    """Return the `k` items of the largest product with each query, best first, without those `seen`.

    `queries` (n, f) and `items` (n_items, f), float32; a bias of the items is one more column of theirs,
    beside a column of ones in the queries. `seen` has n histories; codes outside `items` are passed over.
    Never holds all n by n_items products. Equal scores are in the order of their codes.
    Raises `BadInputError` where the shapes do not fit.
    """
    if queries.ndim != 2 or items.ndim != 2 or queries.shape[1] != items.shape[1]:
        raise BadInputError("queries", f"{queries.shape} do not fit items {items.shape}; need (n, f), (m, f)")
    if seen is not None and len(seen) != len(queries):
        raise BadInputError("seen", f"has {len(seen)} histories for {len(queries)} queries; give one each")
    best = []
    for start, stop in blocks(len(queries), len(items)):
        left_out = None if seen is None else seen[start:stop]
        best.append(TopK.of(queries[start:stop] @ items.T, k, left_out=left_out))
    return joined(best, k)
