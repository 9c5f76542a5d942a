"""The only bridge between the synchronous house and the asynchronous server.

Work runs on a bounded number of threads with a small waiting room; who finds that full as well is
told to come back, at once and politely. A stream is an asynchronous reader of what a worker
hands over; a reader that goes away costs the worker nothing: it finishes its turn, which is
bounded and recorded, and takes the next.
"""

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

from openbook.errors import Busy

T = TypeVar("T")

EVENT_STREAM = "text/event-stream"
_KEEP_ALIVE_SECONDS = 15.0
_KEEP_ALIVE = b": still here\n\n"


class Pool:
    """A bounded number of workers and of places to wait for one.

    Args:
        name: What the workers do, such as "turns"; it names the threads and the error.
        workers: How many work at once.
        waiting: How many may wait for a worker.
    """

    def __init__(self, name: str, *, workers: int, waiting: int) -> None:
        self._name = name
        self._places = threading.BoundedSemaphore(workers + waiting)
        self._executor = ThreadPoolExecutor(workers, thread_name_prefix=f"openbook-{name}")

    async def run(self, work: Callable[[], T]) -> T:
        """Does `work` on a worker.

        Raises:
            Busy: Every worker and every waiting place is taken.
            Exception: Whatever `work` raised.
        """
        return await asyncio.wrap_future(self.start(work))

    def stream(self, produce: Callable[[], Iterator[T]]) -> AsyncIterator[T]:
        """Hands over what `produce` yields on a worker, as it yields it.

        A place is taken before this returns, so that a full pool refuses rather than starts a stream.

        Raises:
            Busy: As for `run`; later whatever `produce` raised.
        """

        def work(tell: Callable[[T], None]) -> None:
            for item in produce():
                tell(item)

        return self.told(work)

    def told(self, work: Callable[[Callable[[T], None]], None]) -> AsyncIterator[T]:
        """Hands over what `work` tells on a worker, as it tells it; otherwise like `stream`.

        Raises:
            Busy: As for `run`; later whatever `work` raised.
        """
        loop = asyncio.get_running_loop()
        queue: asyncio.Queue[T | Future[None]] = asyncio.Queue()

        def hand_over(item: "T | Future[None]") -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(queue.put_nowait, item)

        self.start(lambda: work(hand_over)).add_done_callback(hand_over)
        return _read(queue)

    def start(self, work: Callable[[], T]) -> Future[T]:
        """Lets a worker do `work`, and waits for nothing.

        Raises:
            Busy: Every worker and every waiting place is taken.
        """
        if not self._places.acquire(blocking=False):
            raise Busy(
                f"Every place for {self._name} is taken right now.",
                fix="Try again in a moment; for questions, `server.turns` in openbook.toml says how many there are.",
            )
        future = self._executor.submit(work)
        future.add_done_callback(lambda _: self._places.release())
        return future

    def close(self) -> None:
        """Lets the workers finish what they have."""
        self._executor.shutdown(wait=True)


async def _read(queue: "asyncio.Queue[T | Future[None]]") -> AsyncIterator[T]:
    """Yields what arrives until the worker's future does, whose error is raised."""
    while not isinstance(item := await queue.get(), Future):
        yield item
    item.result()


def event_bytes(name: str, data: Any) -> bytes:
    """One server-sent event (https://html.spec.whatwg.org/multipage/server-sent-events.html)."""
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode("utf-8", "replace")


async def kept_alive(events: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The same bytes, with a comment where nothing comes for long, so that no proxy hangs up."""
    waiting: asyncio.Future[bytes] = asyncio.ensure_future(anext(events))
    try:
        while True:
            done, _ = await asyncio.wait({waiting}, timeout=_KEEP_ALIVE_SECONDS)
            if not done:
                yield _KEEP_ALIVE
                continue
            try:
                yield waiting.result()
            except StopAsyncIteration:
                return
            waiting = asyncio.ensure_future(anext(events))
    finally:
        waiting.cancel()
