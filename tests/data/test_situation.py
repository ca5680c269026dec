"""What is known of a shopper: met once each, oldest first, this visit told from earlier ones."""

import numpy as np

from equipoise.data.situation import KINDS, Situation

DAY = 86_400_000_000
VIEW, CLICK, CART, BUY, SEEN = (KINDS[name] for name in ("view", "click", "cart", "purchase", "impression"))


def test_rows_of_both_trails_count_once_oldest_first_and_the_visit_is_marked() -> None:
    user = [(0, 3, VIEW), (2 * DAY, 5, CLICK), (1, 4, SEEN)]
    found = Situation.of(user, [(2 * DAY, 5, CLICK), (2 * DAY + 1, 6, CART)], now=3 * DAY, most=10)
    assert found.items.tolist() == [3, 5, 6]
    assert found.here.tolist() == [False, True, True]
    np.testing.assert_allclose(found.ages, [3.0, 1.0, 1.0], atol=1e-9)


def test_only_the_newest_count_and_nothing_is_fine() -> None:
    assert Situation.of([(t, t, VIEW) for t in range(9)], (), now=9, most=2).items.tolist() == [7, 8]
    assert len(Situation.nothing()) == 0
    assert Situation.nothing().in_cart().tolist() == []


def test_the_cart_holds_what_was_put_there_in_this_visit_and_not_bought() -> None:
    earlier, now = [(0, 1, CART)], [(5, 2, CART), (6, 3, CART), (7, 2, BUY)]
    assert Situation.of(earlier + now, now, now=9, most=10).in_cart().tolist() == [3]
