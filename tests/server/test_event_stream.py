"""A stream lets go of what it holds, wherever it is when its reader goes."""

import asyncio

import pytest

from openbook.server.event_stream import closed, event_stream


class Reader:
    """Whoever is at the other end: takes so many pieces, then goes."""

    def __init__(self, pieces):
        self.gone = asyncio.Event()
        self.got = []
        self._pieces = pieces

    async def receive(self):
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message):
        if message["type"] == "http.response.body":
            self.got.append(message["body"])
        if len(self.got) >= self._pieces:
            self.gone.set()
            await asyncio.sleep(0)


@pytest.mark.parametrize("pieces", [0, 1, 2])
@pytest.mark.parametrize("goes_on", [True, False], ids=["more is at hand", "nothing further comes"])
def test_what_a_stream_holds_is_let_go_with_its_reader(pieces, goes_on):
    held = []

    async def events():
        held.append("something")
        try:
            while True:
                yield b"piece"
                if not goes_on and len(reader.got) >= pieces:
                    await asyncio.Event().wait()
        finally:
            held.clear()

    async def serve():
        nonlocal reader
        reader = Reader(pieces)
        if not pieces:
            reader.gone.set()
        await event_stream(events())({"type": "http", "asgi": {"spec_version": "2.3"}}, reader.receive, reader.send)
        assert held == []

    reader = None
    asyncio.run(serve())


def test_a_stream_ends_with_its_events():
    async def events():
        yield b"a"
        yield b"b"

    async def serve():
        reader = Reader(10)
        response = event_stream(events(), headers={"X-More": "yes"})
        await response({"type": "http", "asgi": {"spec_version": "2.3"}}, reader.receive, reader.send)
        return response.headers, b"".join(reader.got)

    headers, got = asyncio.run(serve())
    assert got == b"ab"
    assert headers["content-type"] == "text/event-stream; charset=utf-8"
    assert (headers["x-accel-buffering"], headers["x-more"]) == ("no", "yes")


def test_a_generator_that_is_being_cancelled_is_closed_after_that():
    async def run():
        ends = []

        async def events():
            try:
                await asyncio.Event().wait()
                yield b""
            finally:
                ends.append("closed")

        generator = events()
        step = asyncio.ensure_future(anext(generator))
        await asyncio.sleep(0)
        step.cancel()
        await closed(generator)
        return ends

    assert asyncio.run(run()) == ["closed"]
