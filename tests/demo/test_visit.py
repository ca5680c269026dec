import asyncio

from aiohttp import ClientSession, test_utils, web

from equipoise.demo.visit import Door


async def _items(request: web.Request) -> web.Response:
    """Answer as the server does: with what is known of the products asked for, and no refusal."""
    return web.json_response({"items": [{"item_id": "a"}] if request.query["ids"] == "a" else []})


async def _asked(*item_ids: str) -> list[bool]:
    shop = web.Application()
    shop.router.add_get("/v1/items", _items)
    async with test_utils.TestServer(shop) as server, ClientSession(server.make_url("/")) as session:
        door = Door(session, run="run")
        return [await door.knows(item_id) for item_id in item_ids]


def test_a_product_that_is_not_there_yet_is_no_refusal() -> None:
    assert asyncio.run(_asked("a", "b")) == [True, False]
