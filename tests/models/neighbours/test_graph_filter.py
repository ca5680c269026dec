import numpy as np
import pytest
from tests.models.conftest import Departments, orders

from equipoise.data.histories import Histories
from equipoise.errors import BadInputError
from equipoise.models import Explains, GraphFilter
from equipoise.models.neighbours.responses import (
    RESPONSES,
    LowPass,
    OneHop,
    Polynomial,
    Response,
    Ridge,
    response_of,
)
from equipoise.random import derive
from equipoise.types import Floats

ROWS = [[0, 1, 2], [1, 2], [2, 3], [4, 0], [3]]
SHOP = orders(ROWS, 5)
ASKED = Histories.of([[0, 3], [1], [], [4, 2, 0]])


def graph(user_power: float = 0.5, item_power: float = 0.5) -> tuple[Floats, Floats]:
    """Return the item graph of the shop with its largest eigenvalue at 1, and the degrees of items."""
    met = SHOP.matrix().toarray().astype(np.float64)
    rows = met * met.sum(axis=1, keepdims=True) ** -user_power * met.sum(axis=0) ** -item_power
    items = rows.T @ rows
    return items / np.linalg.eigvalsh(items)[-1], met.sum(axis=0)


def filtered(items: Floats, response: Response, rank: int) -> Floats:
    """Return the filter in full, from all eigenvalues."""
    values, vectors = np.linalg.eigh(items)
    values, vectors = values[::-1], vectors[:, ::-1]
    coefficients = np.array(response.polynomial(values[rank - 1]))
    wanted = values[:, None] ** np.arange(1, len(coefficients) + 1) @ coefficients
    wanted[:rank] = response.at(values[:rank])
    return np.asarray(vectors * wanted @ vectors.T)


@pytest.mark.parametrize("rank", [1, 2, 5])
@pytest.mark.parametrize(
    "response", [OneHop(), LowPass(), Ridge(reg=0.2), Polynomial(), Polynomial(coefficients=(1.0, 2.0, -0.5))]
)
def test_scores_are_those_of_the_whole_item_graph(response: Response, rank: int) -> None:
    items, degrees = graph(0.2, 0.4)
    whole = degrees[:, None] ** -0.3 * filtered(items, response, rank) * degrees**0.3
    learner = GraphFilter(user_power=0.2, item_power=0.4, lift=0.3, response=response, rank=rank)
    scores = learner.fit(SHOP, rng=derive(1)).score(ASKED)
    np.testing.assert_allclose(scores, ASKED.matrix(5) @ whole, atol=2e-5)


def test_one_hop_worked_out_by_hand() -> None:
    """Symmetric powers: the largest eigenvalue is 1, and user 3 alone joins items 0 and 4."""
    plain = GraphFilter(user_power=0.5, item_power=0.5, lift=0.0, response="one_hop")
    scores = plain.fit(SHOP, rng=derive(1)).score(Histories.of([[4]]))
    np.testing.assert_allclose(scores, [[1 / (2 * np.sqrt(2)), 0, 0, 0, 1 / 2]], atol=1e-6)


def test_the_reasons_add_up_to_the_score() -> None:
    scorer = GraphFilter(response="one_hop").fit(SHOP, rng=derive(1))
    why = scorer.because(ASKED, np.array([2, 2, 2, 1]), 3)
    assert isinstance(scorer, Explains)
    np.testing.assert_allclose(why.scores[3, :2].sum(), scorer.score(ASKED)[3, 1], rtol=1e-5)
    assert why.items[1].tolist() == [1, -1, -1]


@pytest.mark.parametrize("response", sorted(RESPONSES))
def test_finds_the_planted_departments(departments: Departments, response: str) -> None:
    scorer = GraphFilter(response=response, rank=4).fit(departments.data, rng=derive(1))
    assert departments.precision(scorer) == 1.0


def test_wrong_settings_are_refused() -> None:
    with pytest.raises(BadInputError, match=r"response: none is called 'high'; choose from low_pass"):
        GraphFilter(response="high")
    with pytest.raises(BadInputError, match="rank: must be at least 1"):
        GraphFilter(rank=0)
    with pytest.raises(BadInputError, match="must be finite"):
        GraphFilter(lift=float("nan"))
    with pytest.raises(BadInputError, match="reg: must be above 0"):
        Ridge(reg=0.0)
    with pytest.raises(BadInputError, match="there must be one at least"):
        Polynomial(coefficients=())
    assert response_of("ridge") == Ridge()
