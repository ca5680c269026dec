"""A data set as models meet it: interactions, the ids behind the codes, and what came beside them."""

from dataclasses import dataclass, replace
from enum import Enum

from equipoise.data.interactions import Interactions
from equipoise.data.item_content import ItemContent
from equipoise.data.splits.given import Given
from equipoise.data.vocabulary import Vocabulary
from equipoise.errors import BadInputError
from equipoise.types import Floats


class Order(Enum):
    """What the times of the interactions are."""

    DATES = "dates"
    PLACES = "places in an order without dates"
    NONE = "nothing: the order is not known"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """What a reader returns.

    `users` and `items` name the codes of `interactions`; `order` says what its times are. An interaction
    that weighs less than `relevant` is no answer (a low rating, a view where purchases are known). `given`
    are the splits that came with the data, several where it came in folds; `shown_again` tells whether what
    was met is asked for again, as in sessions. `content` of each item and `prices`
    (n_items,), NaN where unknown, are there where the files tell them.
    """

    name: str
    interactions: Interactions
    users: Vocabulary
    items: Vocabulary
    order: Order
    relevant: float = 0.0
    given: tuple[Given, ...] = ()
    shown_again: bool = False
    content: ItemContent | None = None
    prices: Floats | None = None
    currency: str = ""

    def at_least(self, weight: float) -> "Dataset":
        """Return the data set without the interactions that weigh less."""
        keep = self.interactions.weights >= weight
        if not keep.any():
            raise BadInputError("--min-weight", f"{weight:g} leaves nothing; the highest weight is below it")
        given = tuple(rule.among(keep) for rule in self.given)
        return replace(self, interactions=self.interactions.where(keep), given=given)
