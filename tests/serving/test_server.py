import asyncio

from equipoise.serving.server import _stop_from_anywhere


def test_stopping_a_server_that_has_stopped_already_is_no_error() -> None:
    loop = asyncio.new_event_loop()
    loop.close()
    _stop_from_anywhere(loop, lambda: None)
