from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from equipoise.data.feedback import LoggedFeedback
from equipoise.errors import BadInputError
from equipoise.policies import FastCB, Options

WEIGHTS = np.array([0.4, -0.2, 0.1])
Rows = Callable[..., LoggedFeedback]
Request = Callable[..., Options]


def test_gaps_count_more_the_more_was_earned(planted: Rows) -> None:
    def gamma(rate: float) -> float:
        news = planted(5_000, np.zeros(3))
        earned = (np.arange(5_000) % 100 < 100 * rate).astype(np.float64)
        return float(FastCB().start(3).update(replace(news, rewards=earned)).gamma(np.array([[10.0]]))[0, 0])

    assert 10.0 < gamma(0.01) < gamma(0.1)
    assert gamma(0.1) == pytest.approx(10 + 100 * np.sqrt(10 * 500 / (3 * np.log(500))), rel=0.01)


def test_the_currency_does_not_matter(planted: Rows, offered: Request) -> None:
    news = planted(2_000, WEIGHTS)
    clicks = (news.rewards > 1.0).astype(np.float64)
    options, chances = offered(np.eye(3)), []
    for price in (1.0, 30.0):
        policy = FastCB().start(3).update(replace(news, rewards=price * clicks))
        chances.append([policy.propensities(options, np.array([[place]]))[0, 0] for place in range(3)])
    np.testing.assert_allclose(chances[0], chances[1], rtol=0.05)


@pytest.mark.parametrize("settings", [{"sharpness": 0.0}, {"half_life": 0.0}])
def test_settings_that_mean_nothing_are_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(BadInputError, match="fast_cb: needs"):
        FastCB(**settings)
