import numpy as np

from equipoise.policies.item_terms import ItemTerms


def grown() -> ItemTerms:
    items = np.array([2, 0, 2])
    return ItemTerms.none(2).add(
        items,
        np.array([1.0, 2.0, 3.0]),
        np.array([0.1, 0.2, 0.3]),
        np.ones((3, 2)) * items[:, None],
        keep=1.0,
    )


def test_sums_are_kept_by_item() -> None:
    terms = grown()
    np.testing.assert_allclose(terms.exposure, [2.0, 0.0, 4.0, 0.0])
    np.testing.assert_allclose(terms.earned, [0.2, 0.0, 0.4, 0.0])
    np.testing.assert_allclose(terms.features, [[0, 0], [0, 0], [4, 4], [0, 0]])


def test_it_grows_with_the_codes_it_meets_and_keeps_its_past() -> None:
    terms = grown()
    more = terms.add(np.array([6]), np.ones(1), np.zeros(1), np.zeros((1, 2)), keep=0.5)
    assert (len(terms), len(more)) == (3, 7)
    np.testing.assert_allclose(more.exposure, [1.0, 0.0, 2.0, 0.0, 0.0, 0.0, 1.0, 0.0])


def test_codes_it_has_not_met_share_the_last_row_which_stays_empty() -> None:
    terms = grown()
    assert terms.rows(np.array([0, 2, 3, 99])).tolist() == [0, 2, 3, 3]
    assert terms.exposure[terms.rows(np.array([-1, 50]))].tolist() == [0.0, 0.0]
