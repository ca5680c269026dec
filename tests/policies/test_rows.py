import numpy as np

from equipoise.policies.rows import Rows


def test_only_the_newest_are_kept() -> None:
    rows = Rows.none(2)
    for start in (0, 3):
        numbers = np.arange(start, start + 3.0)
        rows = rows.add(numbers[:, None] * np.ones(2), np.ones(3), numbers, size=4)
    assert rows.rewards.tolist() == [2.0, 3.0, 4.0, 5.0]
    sums = rows.sums()
    np.testing.assert_allclose(sums.response, [54.0, 54.0])
    np.testing.assert_allclose(sums.precision, np.full((2, 2), 54.0))
