"""What the dashboard is told, as JSON: times are seconds since the epoch, rates are shares of 1."""

import msgspec


class PolicyFigures(msgspec.Struct, frozen=True, kw_only=True):
    """The policy that serves, and how long ago it last learned."""

    name: str
    version: int
    updated_seconds_ago: float


class Totals(msgspec.Struct, frozen=True, kw_only=True):
    """Counts over all variants; only `events` also counts what no slate led to."""

    slates: int
    impressions: int
    clicks: int
    carts: int
    purchases: int
    revenue: float
    events: int


class VariantFigures(msgspec.Struct, frozen=True, kw_only=True):
    """One arm of the experiment. A figure that nothing speaks of yet is None.

    `click_rate`, `purchase_rate` and `explored_share` are shares of impressions; `low` and `high`
    are the normal 95 % interval of `reward_per_slate`.
    """

    variant: str
    policy: str
    slates: int
    click_rate: float | None
    purchase_rate: float | None
    revenue_per_1000: float | None
    reward_per_slate: float | None
    low: float | None
    high: float | None
    explored_share: float | None


class VariantSeries(msgspec.Struct, frozen=True, kw_only=True):
    """Reward per slate, revenue per 1,000 slates and explored share, one value a time bucket."""

    reward: tuple[float | None, ...]
    revenue: tuple[float | None, ...]
    explored: tuple[float | None, ...]


class Series(msgspec.Struct, frozen=True, kw_only=True):
    """`seconds` are the starts of the buckets, evenly spaced, oldest first."""

    seconds: tuple[float, ...]
    variants: dict[str, VariantSeries]


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened to the shop and should be seen on the chart."""

    time: float
    label: str


class LeastKnown(msgspec.Struct, frozen=True, kw_only=True):
    """An item the policy is unsure of: the deviation of its belief, and how often it was seen.

    `considered` is for how many slates it was a candidate.
    """

    item_id: str
    title: str
    deviation: float
    impressions: int
    considered: int


class ShownItem(msgspec.Struct, frozen=True, kw_only=True):
    """One position of a recent slate."""

    item_id: str
    title: str
    explored: bool
    source: str
    propensity: float


class ShownDecision(msgspec.Struct, frozen=True, kw_only=True):
    """A recent slate and why it was chosen."""

    recommendation_id: str
    user_id: str | None
    session_id: str | None
    timestamp: float
    variant: str
    reason: str
    explanation: str
    exploration: float
    items: tuple[ShownItem, ...]


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """Everything on the dashboard, as of `now`."""

    now: float
    uptime_seconds: float
    currency: str | None
    policy: PolicyFigures
    totals: Totals
    variants: tuple[VariantFigures, ...]
    series: Series
    marks: tuple[Mark, ...]
    least_known: tuple[LeastKnown, ...]
    decisions: tuple[ShownDecision, ...]
