import numpy as np

from equipoise.policies import Options
from equipoise.policies.likeness import Likeness
from equipoise.random import derive
from equipoise.types import Floats


def options(features: Floats, items: Floats | None = None) -> Options:
    n, m, _ = features.shape
    codes = np.tile(np.arange(m), (n, 1)) if items is None else items.astype(np.int64)
    return Options(items=codes, scores=np.zeros((n, m)), features=features, context=np.zeros((n, 0)))


def test_it_is_the_cosine_of_what_tells_candidates_apart() -> None:
    features = derive(1, "features").normal(size=(2, 6, 3)) + 100.0
    centred = features - features.mean(axis=1, keepdims=True)
    lengths = np.linalg.norm(centred, axis=2)
    for place in range(6):
        expected = np.einsum("nmd,nd->nm", centred, centred[:, place]) / lengths / lengths[:, [place]]
        np.testing.assert_allclose(Likeness.of(options(features)).to(np.full(2, place)), expected)


def test_what_all_have_in_common_makes_none_alike() -> None:
    features = np.full((1, 3, 2), 0.1)
    assert (Likeness.of(options(features)).to(np.array([0])) == 0.0).all()


def test_those_that_are_not_there_have_no_say() -> None:
    features = derive(2, "features").normal(size=(1, 4, 3))
    alone = Likeness.of(options(features[:, :3])).to(np.array([1]))
    masked = Likeness.of(options(features, np.array([[0, 1, 2, -1]]))).to(np.array([1]))
    np.testing.assert_allclose(masked, [[*alone[0], 0.0]])


def test_any_numbers_will_do() -> None:
    features = np.array([[[np.nan, 1.0], [np.inf, 2.0], [1e300, -1.0], [0.0, 0.0]]])
    cosines = Likeness.of(options(features)).to(np.array([1]))
    assert (np.abs(cosines) <= 1.0 + 1e-9).all()
