"""Every call, as data: the table drives dispatch, the OpenAPI document and the check of the docs."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal, TypeAlias

from msgspec import Meta

from equipoise.serving import dashboard, exploration, health, intake, items, recommendations, users
from equipoise.serving.auth import Access
from equipoise.serving.call import Answer, Call
from equipoise.serving.report import Report
from equipoise.serving.schemas import (
    EventIn,
    EventsOut,
    ExplorationIn,
    ExplorationOut,
    Health,
    ItemIn,
    ItemList,
    ItemOut,
    ItemsOut,
    K,
    MarkIn,
    MarkOut,
    RecommendationIn,
    RecommendationOut,
    SimilarOut,
    UserOut,
)
from equipoise.serving.state import State

Handler: TypeAlias = Callable[[State, Call], Awaitable[Answer]]
Method = Literal["GET", "POST", "PUT"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One call. `takes` is its body, which may be an array of them where `many`; `gives` its answer.

    `query` holds the type of each query parameter. `gives` is None where the answer is plain text.
    """

    method: Method
    path: str
    handler: Handler
    access: Access
    summary: str
    takes: type | None = None
    many: bool = False
    gives: type | None = None
    status: int = 200
    query: Mapping[str, object] = field(default_factory=dict)


_IDS = Annotated[str, Meta(description="item ids with commas between; without it, the catalogue in order")]
_OFFSET = Annotated[int, Meta(ge=0, description="of the first item listed")]
_LIMIT = Annotated[int, Meta(ge=1, le=1_000, description="how many to list, 100 by default")]

ROUTES: tuple[Route, ...] = (
    Route(
        method="POST",
        path="/v1/events",
        handler=intake.post,
        access="write",
        summary="Tell of one event or up to 1,000; what is accepted is durable and changes the next slate",
        takes=EventIn,
        many=True,
        gives=EventsOut,
    ),
    Route(
        method="PUT",
        path="/v1/items",
        handler=items.put,
        access="write",
        summary="Put one item or up to 1,000 into the catalogue, in place of what was told of them before",
        takes=ItemIn,
        many=True,
        gives=ItemsOut,
    ),
    Route(
        method="GET",
        path="/v1/items",
        handler=items.list_,
        access="read",
        summary="List catalogue items",
        gives=ItemList,
        query={"ids": _IDS, "offset": _OFFSET, "limit": _LIMIT},
    ),
    Route(
        method="GET",
        path="/v1/items/{item_id}",
        handler=items.get,
        access="read",
        summary="Show one catalogue item",
        gives=ItemOut,
    ),
    Route(
        method="GET",
        path="/v1/items/{item_id}/similar",
        handler=items.similar,
        access="read",
        summary="List the items most like one of them",
        gives=SimilarOut,
        query={"k": K},
    ),
    Route(
        method="POST",
        path="/v1/recommendations",
        handler=recommendations.recommend,
        access="read",
        summary="Ask for a slate; its propensities are in the log before the answer leaves",
        takes=RecommendationIn,
        gives=RecommendationOut,
    ),
    Route(
        method="GET",
        path="/v1/users/{user_id}",
        handler=users.get,
        access="read",
        summary="Show what is remembered of a user",
        gives=UserOut,
    ),
    Route(
        method="GET",
        path="/v1/exploration",
        handler=exploration.get,
        access="read",
        summary="Show what of the exploration budget is spent, and what was refused and why",
        gives=ExplorationOut,
    ),
    Route(
        method="PUT",
        path="/v1/exploration",
        handler=exploration.put,
        access="write",
        summary="Switch exploration off or on; takes effect on the next slate",
        takes=ExplorationIn,
        gives=ExplorationOut,
    ),
    Route(
        method="GET",
        path="/health/live",
        handler=health.live,
        access="open",
        summary="Say that the process lives",
        gives=Health,
    ),
    Route(
        method="GET",
        path="/health/ready",
        handler=health.ready,
        access="open",
        summary="Say whether slates can be made",
        gives=Health,
    ),
    Route(
        method="GET",
        path="/metrics",
        handler=health.metrics,
        access="read",
        summary="Metrics in the text format of Prometheus",
    ),
    Route(
        method="GET",
        path="/dashboard/figures",
        handler=dashboard.figures,
        access="read",
        summary="The figures of the dashboard",
        gives=Report,
    ),
    Route(
        method="POST",
        path="/dashboard/marks",
        handler=dashboard.mark,
        access="write",
        summary="Note on the dashboard's time line that something happened now",
        takes=MarkIn,
        gives=MarkOut,
        status=201,
    ),
)
