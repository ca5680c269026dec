"""What tests of policies share: feedback on a planted linear truth."""

from collections.abc import Callable

import numpy as np
import pytest

from equipoise.data.feedback import LoggedFeedback
from equipoise.policies import Options
from equipoise.random import derive
from equipoise.types import Floats


@pytest.fixture
def planted() -> Callable[..., LoggedFeedback]:
    """Return a maker of `n` rows whose mean reward is features . weights, with noise."""

    def rows(n: int, weights: Floats, *, noise: float = 0.5, seed: int = 1) -> LoggedFeedback:
        rng = derive(seed, "planted")
        features = rng.normal(size=(n, len(weights)))
        return LoggedFeedback(
            items=np.zeros(n, np.int64),
            features=features,
            positions=np.zeros(n, np.int64),
            propensities=np.full(n, 0.25),
            rewards=features @ weights + noise * rng.standard_normal(n),
            impressions=np.ones(n),
        )

    return rows


@pytest.fixture
def offered() -> Callable[[Floats], Options]:
    """Return a maker of one request whose candidates have `features` (m, d)."""

    def request(features: Floats) -> Options:
        m = len(features)
        return Options(
            items=np.arange(m)[None],
            scores=np.zeros((1, m)),
            features=np.asarray(features, np.float64)[None],
            context=np.zeros((1, 0)),
        )

    return request
