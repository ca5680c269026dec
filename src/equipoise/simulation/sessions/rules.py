"""What is assumed of shoppers over sessions: how they choose, tire, leave, and come again."""

from dataclasses import dataclass

from equipoise.data.rewards import RewardWeights
from equipoise.errors import BadInputError

REWARDS = RewardWeights()


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRules:
    """Assumptions, the same for every shopper.

    A slate: position l is looked at with chance `looked` ** l. One item at most is clicked, in proportion
    to exp(appeal) of what is looked at against 1 for nothing (multinomial logit), the appeal less `tires`
    times the satiation with its cluster. A click leads to the cart with chance `cart_rate`, twice that
    (1 at most) for another cluster than what the cart already holds; a cart is left with chance
    `abandonment`.

    A visit ends after `slates` of them, or earlier with chance `leaves` after a click and `bored` without.

    Between visits: each click satiates with its cluster by `satiates`, each day keeps `keeps` of that; mood
    moves by `delights` times the joy of what was clicked (thrice if bought) and keeps `remembers` a day. A
    shopper comes on a day with chance s(`returns` + `mood` * mood - `fed_up` * total satiation). There are
    `days` of them, the first with a visit for sure; the episode ends with the last.
    """

    looked: float = 0.85
    tires: float = 0.8
    cart_rate: float = 0.35
    abandonment: float = 0.6
    slates: int = 6
    leaves: float = 0.15
    bored: float = 0.3
    satiates: float = 0.5
    keeps: float = 0.8
    delights: float = 0.6
    remembers: float = 0.85
    returns: float = -2.2
    mood: float = 1.0
    fed_up: float = 0.1
    days: int = 30
    rewards: RewardWeights = REWARDS

    def __post_init__(self) -> None:
        for name in ("looked", "cart_rate", "abandonment", "leaves", "bored", "keeps", "remembers"):
            if not 0.0 <= getattr(self, name) <= 1.0:
                raise BadInputError(name, f"must lie in [0, 1], not {getattr(self, name)}")
        if min(self.slates, self.days) < 1:
            raise BadInputError("days", "must be at least 1, as must slates")
