"""A response of server-sent events that lets go of everything it holds when its reader goes away.

Cancelling a response leaves an asynchronous generator that is between two steps to the garbage collector, and
with it what the generator holds. Here it is closed at once. Knows no event.
"""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from typing import TYPE_CHECKING, cast

from openbook.server.streaming import EVENT_STREAM, kept_alive

if TYPE_CHECKING:
    from starlette.responses import Response
    from starlette.types import Receive, Scope, Send

_HEADERS = {"X-Accel-Buffering": "no"}  # else a proxy such as nginx would hold events back
_MOST_STEPS = 100


def event_stream(events: AsyncGenerator[bytes, None], *, headers: Mapping[str, str] | None = None) -> "Response":
    """A stream of events with signs of life in between; `events` is closed when the response ends, however it ends.

    Args:
        events: Each as bytes; what it reads from must be closed by it, as `contextlib.aclosing` does.
        headers: Further headers of the response.
    """
    # deferred: the web framework, which only a running server needs
    from starlette.responses import StreamingResponse

    kept = cast("AsyncGenerator[bytes, None]", kept_alive(events))

    class ClosedStream(StreamingResponse):
        async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
            try:
                await super().__call__(scope, receive, send)
            finally:
                await kept.aclose()
                await closed(events)

    return ClosedStream(kept, media_type=f"{EVENT_STREAM}; charset=utf-8", headers={**_HEADERS, **(headers or {})})


async def closed(events: AsyncGenerator[bytes, None]) -> None:
    """Closes a generator whose last step may be about to be cancelled."""
    for _ in range(_MOST_STEPS):
        try:
            await events.aclose()
            return
        except RuntimeError:  # it still runs: the cancellation comes with the loop's next round
            await asyncio.sleep(0)
