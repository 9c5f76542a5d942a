"""The bounded bridge between threads and the event loop."""

import asyncio
import threading

import pytest

from openbook.errors import Busy, UserError
from openbook.server.streaming import Pool, event_bytes, kept_alive

PATIENCE_SECONDS = 30


@pytest.fixture
def pool():
    made = Pool("turns", workers=1, waiting=1)
    yield made
    made.close()


def test_work_returns_its_result_and_its_error(pool):
    def fail():
        raise UserError("wrong", fix="right")

    assert asyncio.run(pool.run(lambda: 3)) == 3
    with pytest.raises(UserError, match="wrong"):
        asyncio.run(pool.run(fail))


def test_a_full_pool_refuses_at_once_and_recovers(pool):
    gate = threading.Event()

    async def fill():
        held = [asyncio.ensure_future(pool.run(lambda: gate.wait(PATIENCE_SECONDS))) for _ in range(2)]
        await asyncio.sleep(0)
        with pytest.raises(Busy, match="turns"):
            await pool.run(lambda: None)
        with pytest.raises(Busy):
            pool.stream(lambda: iter(()))
        gate.set()
        await asyncio.gather(*held)
        return await pool.run(lambda: "free again")

    assert asyncio.run(fill()) == "free again"


def test_a_stream_hands_over_each_item_as_it_comes(pool):
    gate = threading.Event()

    def produce():
        yield 1
        gate.wait(PATIENCE_SECONDS)
        yield 2

    async def read():
        stream = pool.stream(produce)
        first = await anext(stream)
        gate.set()
        return [first, *[item async for item in stream]]

    assert asyncio.run(read()) == [1, 2]


def test_the_error_of_a_stream_comes_after_its_items(pool):
    def produce():
        yield 1
        raise UserError("wrong", fix="right")

    async def read():
        stream = pool.stream(produce)
        assert await anext(stream) == 1
        await anext(stream)

    with pytest.raises(UserError, match="wrong"):
        asyncio.run(read())


def test_a_reader_that_goes_away_leaves_the_worker_free(pool):
    finished = threading.Event()

    def produce():
        yield from range(5)
        finished.set()

    async def leave():
        stream = pool.stream(produce)
        await anext(stream)
        await stream.aclose()
        await asyncio.to_thread(finished.wait, PATIENCE_SECONDS)
        return [await pool.run(lambda: "free") for _ in range(3)]

    assert asyncio.run(leave()) == ["free"] * 3
    assert finished.is_set()


def test_an_event_is_one_block_with_its_text_escaped():
    assert event_bytes("found", {"a": "x\n\ny"}) == b'event: found\ndata: {"a": "x\\n\\ny"}\n\n'


def test_kept_alive_passes_everything_on():
    async def some():
        for item in (b"a", b"b"):
            yield item

    async def read():
        return [item async for item in kept_alive(some())]

    assert asyncio.run(read()) == [b"a", b"b"]
