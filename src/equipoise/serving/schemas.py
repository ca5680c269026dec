"""The types on the wire, version 1; apart from the facts, so that either may change alone."""

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from equipoise.events.facts import EventType

ID = r"^[^\x00-\x1f\x7f]+$(?!\n)"
CURRENCY = r"^[A-Z]{3}$(?!\n)"
ADDRESS = r"^(https?://|/(?!/))[^\s\"'<>]*$(?!\n)"
IN_WORDS = {
    ID: "text without control characters",
    CURRENCY: "three capital letters (ISO 4217), such as GBP",
    ADDRESS: "an http or https address, or a path that starts with /",
}
"""What each pattern asks for, for messages."""

Id = Annotated[str, Meta(min_length=1, max_length=256, pattern=ID)]
Text = Annotated[str, Meta(max_length=2_000)]
LongText = Annotated[str, Meta(max_length=20_000)]
Money = Annotated[float, Meta(ge=0.0, le=1e9)]
Currency = Annotated[str, Meta(pattern=CURRENCY, description="ISO 4217")]
Time = Annotated[
    str | float | int, Meta(description="ISO 8601, or seconds, milliseconds or microseconds since the epoch")
]
ImageUrl = Annotated[str, Meta(max_length=2_000, pattern=ADDRESS)]
K = Annotated[int, Meta(ge=1, le=100)]


class Wire(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A JSON object; a name it does not know is an error, not ignored."""


class EventIn(Wire, frozen=True):
    """One thing a user did. Sent again with the same `event_id`, it counts once."""

    event_type: EventType
    event_id: Id | None = None
    user_id: Id | None = None
    session_id: Id | None = None
    item_id: Id | None = None
    value: (
        Annotated[float, Meta(ge=-1e12, le=1e12, description="money of the whole event, or stars")] | None
    ) = None
    quantity: Annotated[float, Meta(ge=-1e9, le=1e9)] | None = None
    currency: Currency | None = None
    timestamp: Time | None = None
    recommendation_id: Id | None = None
    position: Annotated[int, Meta(ge=0, le=9_999, description="0 on top")] | None = None
    properties: dict[str, Any] = msgspec.field(default_factory=dict)


class Rejected(Wire, frozen=True):
    """Why the thing at `index` of the request was not taken."""

    index: int
    field: str
    reason: str


class EventsOut(Wire, frozen=True):
    """What became of the events; `accepted` and `duplicates` are durable."""

    accepted: int
    duplicates: int
    rejected: tuple[Rejected, ...] = ()


class ItemIn(Wire, frozen=True):
    """A catalogue item as it is from now on; what is left out takes its default."""

    item_id: Id
    title: Text = ""
    description: LongText = ""
    categories: Annotated[tuple[Text, ...], Meta(max_length=50)] = ()
    brand: Text | None = None
    price: Money | None = None
    margin: Annotated[float, Meta(ge=-1e9, le=1e9)] | None = None
    currency: Currency | None = None
    image_url: ImageUrl | None = None
    available: bool = True
    properties: dict[str, Any] = msgspec.field(default_factory=dict)


class ItemsOut(Wire, frozen=True):
    """What became of the items; `accepted` are durable and may be recommended at once."""

    accepted: int
    rejected: tuple[Rejected, ...] = ()


class ItemOut(Wire, frozen=True):
    """A catalogue item as the shop last told it."""

    item_id: str
    title: str
    price: float | None = None
    currency: str | None = None
    description: str = ""
    categories: tuple[str, ...] = ()
    brand: str | None = None
    margin: float | None = None
    image_url: str | None = None
    available: bool = True
    properties: dict[str, Any] = msgspec.field(default_factory=dict)


class ItemList(Wire, frozen=True):
    """Catalogue items, in the order asked for; `total` is the size of the catalogue."""

    items: tuple[ItemOut, ...]
    total: int


class RecommendationIn(Wire, frozen=True):
    """Who asks, and for what. An unknown user, session or item is no error."""

    user_id: Id | None = None
    session_id: Id | None = None
    surface: Annotated[str, Meta(min_length=1, max_length=64)] | None = None
    k: K | None = None
    item_id: Annotated[Id, Meta(description="recommend what goes with this item")] | None = None
    exclude: Annotated[tuple[Id, ...], Meta(max_length=1_000)] = ()
    explain: Annotated[bool, Meta(description="name the items met that brought each choice")] = False
    context: Annotated[dict[str, Any], Meta(description='{"variant": …} forces one')] = msgspec.field(
        default_factory=dict
    )


class ChoiceOut(Wire, frozen=True):
    """One position of the slate, 0 on top, and how likely this item was given those above.

    `because`, where it was asked for, are the items met that brought it, the strongest first.
    """

    item_id: str
    position: int
    score: float
    propensity: float
    explored: bool
    source: str
    because: tuple[str, ...] = ()


class RecommendationOut(Wire, frozen=True):
    """A slate. It is in the log already, with its propensities."""

    recommendation_id: str
    items: tuple[ChoiceOut, ...]
    policy: str
    policy_version: int
    variant: str
    exploration: float
    reason: str
    explanation: str


class SimilarItem(Wire, frozen=True):
    """A neighbour of an item; higher scores are nearer."""

    item_id: str
    score: float


class SimilarOut(Wire, frozen=True):
    """The items most similar to `item_id`, nearest first; none where it is new or unknown to the model."""

    item_id: str
    items: tuple[SimilarItem, ...]


class Remembered(Wire, frozen=True):
    """One event of a user's recent history."""

    item_id: str
    event_type: EventType
    timestamp: str


class UserOut(Wire, frozen=True):
    """What is remembered of a user: recent events, newest first, and how many of each type there were."""

    user_id: str
    known: bool
    recent: tuple[Remembered, ...]
    counts: dict[str, int]


class Health(Wire, frozen=True):
    """Whether the server lives, and whether it can make slates."""

    status: str
    version: str
    items: int | None = None
    policies: dict[str, int] | None = None


class SpentOut(Wire, frozen=True):
    """The newest window: of its `impressions`, `explored` were; `limit` is the largest share, 1 for none.

    `pending` more are decided but not logged yet. `share` is null where nothing was shown.
    """

    impressions: int
    explored: int
    pending: int
    share: float | None
    limit: float


class UsersOut(Wire, frozen=True):
    """Users whose windows are kept one by one, and those of whom only a sketch is left."""

    limit: float
    remembered: int
    forgotten: int


class RefusedOut(Wire, frozen=True):
    """Positions that would have explored, as an expected number, and why they did not."""

    positions: float
    explanation: str


class GuardrailOut(Wire, frozen=True):
    """What exploring may cost: at most `loss` of what best guesses would earn, with chance 1 - `delta`.

    `reserve` is what is certainly left of that, `price` what one more exploring slate takes at most. Of
    `slates` whose reward is final `explored` might explore; `pending` more might.
    """

    loss: float
    delta: float
    reserve: float
    price: float
    slates: int
    explored: int
    pending: int
    may_explore: bool


class ExplorationIn(Wire, frozen=True):
    """The kill switch: false takes effect on the next slate, and stays through a restart."""

    enabled: bool


class DriftOut(Wire, frozen=True):
    """Whether taste changes: `evidence` as a share of what an alarm takes, and the alarms so far.

    `impressions` are those since the last alarm, or since the start.
    """

    variant: str
    evidence: float
    alarms: int
    impressions: float
    drifting: bool


class ObjectiveOut(Wire, frozen=True):
    """The floor of engagement: `kept` of the best engagement of late, and what keeping it costs.

    `price` is what a unit of engagement adds to the reward; the best is that of the variant `reference`.
    """

    reference: str
    floor: float
    kept: float
    price: float


class SignalsOut(Wire, frozen=True):
    """What a request is usually worth, each surface's requests a second, the share of new candidates."""

    usual_stake: float
    traffic: dict[str, float]
    new_items: float


class ExplorationOut(Wire, frozen=True):
    """What of the exploration budget is spent, and what was refused since the start, by reason.

    `surfaces` by name, `positions` from the top; `window` is the length of every window.
    """

    enabled: bool
    window: int
    overall: SpentOut
    surfaces: dict[str, SpentOut]
    positions: tuple[SpentOut, ...]
    users: UsersOut
    protected_surfaces: tuple[str, ...]
    protected_positions: int
    refused: dict[str, RefusedOut]
    guardrail: GuardrailOut | None = None
    drift: tuple[DriftOut, ...] = ()
    objective: ObjectiveOut | None = None
    signals: SignalsOut | None = None


class MarkIn(Wire, frozen=True):
    """A remark for the dashboard's time line, such as a campaign's start."""

    label: Annotated[str, Meta(min_length=1, max_length=200)]


class MarkOut(Wire, frozen=True):
    """The remark as kept."""

    label: str
    timestamp: str
