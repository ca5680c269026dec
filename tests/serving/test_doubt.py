import numpy as np
from scipy import sparse

from equipoise.data.catalogue import Catalogue
from equipoise.serving.doubt import least_known


def shelf(arrived: list[int], available: list[bool] | None = None) -> Catalogue:
    n = len(arrived)
    return Catalogue(
        prices=np.ones(n),
        arrived=np.array(arrived),
        available=np.ones(n, bool) if available is None else np.array(available),
        content=sparse.csr_matrix((n, 1), dtype=np.float32),
    )


def test_doubt_counts_before_all_else() -> None:
    first = least_known(np.array([0.1, 0.9, 0.5]), np.array([100, 0, 50]), shelf([3, 1, 2]), 3)
    assert first.tolist() == [1, 2, 0]


def test_among_equals_what_could_be_shown_most_comes_first_and_then_what_is_new() -> None:
    doubt = np.array([0.0316, 0.0316, 0.03159, 0.03161])
    first = least_known(doubt, np.array([0, 7, 0, 40]), shelf([5, 9, 8, 1]), 4)
    assert first.tolist() == [3, 1, 2, 0]


def test_what_is_not_on_sale_is_left_out_and_the_rest_is_few() -> None:
    first = least_known(np.ones(3), np.zeros(3, np.int64), shelf([1, 2, 3], [True, False, True]), 1)
    assert first.tolist() == [2]
