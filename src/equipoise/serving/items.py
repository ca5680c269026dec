"""The catalogue over HTTP: told by the shop, read by its pages."""

from http import HTTPStatus
from urllib.parse import unquote_plus

from equipoise.events.facts import Item
from equipoise.events.validate import check_item
from equipoise.serving.call import Answer, Call, json_answer
from equipoise.serving.logs import say_refused
from equipoise.serving.problem import Problem, bad_request
from equipoise.serving.reading import all_rejected, read_many
from equipoise.serving.schemas import ItemIn, ItemList, ItemOut, ItemsOut, Rejected, SimilarItem, SimilarOut
from equipoise.serving.state import State
from equipoise.serving.times import now

_LISTED = 100
_MOST_LISTED = 1_000


async def put(state: State, call: Call) -> Answer:
    """Take new items and new versions of known ones; they may be recommended at once."""
    told, refused = read_many(call.body, ItemIn)
    items, unfit = _facts(told, now())
    refused = sorted([*refused, *unfit], key=lambda each: each.index)
    say_refused("items", refused)
    if not items:
        raise all_rejected(refused)
    await state.store(items)
    return json_answer(ItemsOut(accepted=len(items), rejected=tuple(refused)))


async def list_(state: State, call: Call) -> Answer:
    """List the items named by `ids`, in that order and without the unknown; or from `offset` on."""
    ids = _ids(call.query_string)
    if ids is not None:
        found = [item for item in map(state.shelf.find, ids[:_MOST_LISTED]) if item is not None]
    else:
        start = integer(call, "offset", 0, low=0, high=10**9)
        found = state.shelf.slice(start, start + integer(call, "limit", _LISTED, low=1, high=_MOST_LISTED))
    return json_answer(ItemList(items=tuple(map(_out, found)), total=len(state.shelf)))


async def get(state: State, call: Call) -> Answer:
    """Return one item as last told."""
    return json_answer(_out(_find(state, call)))


async def similar(state: State, call: Call) -> Answer:
    """Return the items most like one of them."""
    item = _find(state, call)
    k = integer(call, "k", 10, low=1, high=100)
    recommender = next(iter(state.arms.values())).recommender
    top = recommender.similar(state.shelf.code(item.item_id), state.shelf.catalogue, k)
    pairs = zip(top.items[0].tolist(), top.scores[0].tolist(), strict=True)
    near = tuple(
        SimilarItem(item_id=state.shelf.ids[code], score=score)
        for code, score in pairs
        if code >= 0 and state.shelf.catalogue.available[code]
    )
    return json_answer(SimilarOut(item_id=item.item_id, items=near))


def integer(call: Call, name: str, default: int, *, low: int, high: int) -> int:
    """Return the query parameter `name`; raise a 400 problem where it is no integer in range."""
    told = call.query.get(name, str(default))
    sign, digits = told[:1] == "-", told.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 12):
        raise bad_request(name, f"must be a whole number from {low} to {high}, is {told[:40]!r}")
    value = -int(digits) if sign else int(digits)
    if not low <= value <= high:
        raise bad_request(name, f"must be from {low} to {high}, is {value}")
    return value


def _ids(query_string: bytes) -> list[str] | None:
    """Return the ids asked for, None where `ids` is not there."""
    # Split before decoding: an id may itself hold an encoded comma.
    for part in query_string.decode("latin-1").split("&"):
        name, _, value = part.partition("=")
        if name == "ids":
            return [unquote_plus(item_id) for item_id in value.split(",")]
    return None


def _find(state: State, call: Call) -> Item:
    item = state.shelf.find(call.path["item_id"])
    if item is None:
        raise Problem(
            HTTPStatus.NOT_FOUND,
            f"no item {call.path['item_id'][:80]!r} in the catalogue; PUT it to /v1/items first",
            field="item_id",
        )
    return item


def _facts(told: list[tuple[int, ItemIn]], moment: int) -> tuple[list[Item], list[Rejected]]:
    items, unfit = [], []
    for index, each in told:
        item = Item(timestamp=moment, **{name: getattr(each, name) for name in each.__struct_fields__})
        fault = check_item(item)
        if fault is None:
            items.append(item)
        else:
            unfit.append(Rejected(index=index, field=fault[0], reason=fault[1]))
    return items, unfit


def _out(item: Item) -> ItemOut:
    return ItemOut(**{name: getattr(item, name) for name in ItemOut.__struct_fields__})
