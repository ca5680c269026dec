from typing import Any

import numpy as np
import pytest

from equipoise.data.feedback import LoggedFeedback
from equipoise.errors import BadInputError


def feedback(**changed: Any) -> LoggedFeedback:
    columns: dict[str, Any] = {
        "items": np.array([3, 5]),
        "features": np.ones((2, 4)),
        "positions": np.array([0, 1]),
        "propensities": np.array([1.0, 0.25]),
        "rewards": np.array([0.0, 1.0]),
        "impressions": np.array([1.0, 1.0]),
    }
    return LoggedFeedback(**{**columns, **changed})


def test_its_length_is_its_rows() -> None:
    assert len(feedback()) == 2


@pytest.mark.parametrize(
    "column", ["items", "features", "positions", "propensities", "rewards", "impressions"]
)
def test_columns_of_unequal_length_are_refused(column: str) -> None:
    with pytest.raises(BadInputError, match="differ in length"):
        feedback(**{column: np.ones(3)})


@pytest.mark.parametrize("propensity", [0.0, -0.1, 1.1, np.nan])
def test_an_impossible_propensity_is_refused(propensity: float) -> None:
    with pytest.raises(BadInputError, match=r"propensities: must lie in \(0, 1\]"):
        feedback(propensities=np.array([1.0, propensity]))


@pytest.mark.parametrize("column", ["rewards", "features"])
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_what_is_not_a_number_is_refused(column: str, value: float) -> None:
    broken = getattr(feedback(), column).copy()
    broken[1] = value
    with pytest.raises(BadInputError, match="must be finite"):
        feedback(**{column: broken})


@pytest.mark.parametrize("column", ["items", "positions"])
def test_codes_and_positions_below_zero_are_refused(column: str) -> None:
    with pytest.raises(BadInputError, match="must not be negative"):
        feedback(**{column: np.array([0, -1])})
