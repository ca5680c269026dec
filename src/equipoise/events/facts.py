"""What happened: the immutable facts that the log keeps.

Times are integer microseconds since the epoch, UTC. Ids are the shop's own strings.
"""

from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias, get_args

import msgspec
import numpy as np

from equipoise.types import Floats

EventType = Literal[
    "view",
    "click",
    "favourite",
    "cart",
    "remove_from_cart",
    "purchase",
    "return",
    "rating",
    "impression",
]
EVENT_TYPES: tuple[str, ...] = get_args(EventType)


class Event(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing a user did, at a time.

    `value` is the money of the whole event (unit price times quantity) in `currency`, or the stars of
    a rating. `recommendation_id` and `position` (0 on top) tie it to the decision that showed the item.
    """

    event_id: str
    event_type: EventType
    timestamp: int
    user_id: str | None = None
    session_id: str | None = None
    item_id: str | None = None
    value: float | None = None
    quantity: float | None = None
    currency: str | None = None
    recommendation_id: str | None = None
    position: int | None = None
    properties: dict[str, Any] = msgspec.field(default_factory=dict)


class Item(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A catalogue entry as the shop last told it; `timestamp` is when it did."""

    item_id: str
    timestamp: int
    title: str = ""
    description: str = ""
    categories: tuple[str, ...] = ()
    brand: str | None = None
    price: float | None = None
    margin: float | None = None
    currency: str | None = None
    image_url: str | None = None
    available: bool = True
    properties: dict[str, Any] = msgspec.field(default_factory=dict)


class Choice(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One position of a slate: what was shown there, and how likely that was given those above.

    `by_expert`, where a mixture of policies decided: how likely it was under each of them.
    A server remembers hundreds of thousands of these, none of which can be part of a cycle: the garbage
    collector, which would stop it for as long as it takes to walk them, is told to leave them alone.
    """

    item_id: str
    position: int
    score: float
    propensity: float
    explored: bool
    source: str
    by_expert: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Census:
    """The policy's `features` (m, d) of every candidate of a decision, in the order of the candidates.

    They are kept of a share of decisions only, drawn by a coin that knows nothing of the decision; `share`,
    in (0, 1], is the chance with which this one was.
    """

    features: Floats
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One served slate, with all that is needed to judge another policy on it.

    `candidates` are item ids and `scores` (m,) the blended scores in the same order. `features`
    (k, d) are the policy's features of the items of the slate, by position, so that a learner can
    be rebuilt from the log alone. `census`, where it was kept, are those of all candidates, so that a policy
    that reads features can be judged.
    """

    recommendation_id: str
    user_id: str | None
    session_id: str | None
    surface: str
    timestamp: int
    policy: str
    policy_version: int
    variant: str
    candidates: tuple[str, ...]
    scores: Floats
    features_version: str
    slate: tuple[Choice, ...]
    exploration: float
    reason: str
    features: Floats = field(default_factory=lambda: np.zeros((0, 0), np.float32))
    census: Census | None = None


Fact: TypeAlias = Event | Item | Decision
