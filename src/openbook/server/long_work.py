"""Long work over HTTP: its result when it is done, or its progress first for who wants to see it.

Who reads no longer does not end the work; the server's own end does.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import TYPE_CHECKING, Any, TypeVar

from openbook.errors import Busy, OpenbookError
from openbook.server.door import Door
from openbook.server.event_stream import event_stream
from openbook.server.faults import noted
from openbook.server.pace import Pace, Step
from openbook.server.problems import problem_of
from openbook.server.readings import StepListener, unseen
from openbook.server.streaming import EVENT_STREAM, event_bytes
from openbook.types import Progress, ProgressListener

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

T = TypeVar("T")
Plain = dict[str, Any]
Work = Callable[[StepListener], T]
"""Work that tells how far it is, and returns what it came to."""


async def long_reply(door: Door, request: "Request", work: Work[Plain], *, name: str, status: int = 200) -> "Response":
    """What long work came to, or with `Accept: text/event-stream` its events.

    Args:
        door: Where it is done.
        request: Who wants it.
        work: The work; it comes to plain JSON types.
        name: The event that carries the result; before it come any number of `progress`.
        status: Of the reply that waits for the result.
    """
    # deferred: the web framework, which only a running server needs
    from starlette.responses import JSONResponse

    async def as_it_is(result: Plain) -> Plain:
        return result

    if wants_events(request):
        return long_events(door, work, name=name, tell=as_it_is)
    return JSONResponse(await door.long.run(lambda: work(unseen)), status)


def wants_events(request: "Request") -> bool:
    """Whether a caller reads events as they come."""
    return EVENT_STREAM in request.headers.get("accept", "")


def long_events(door: Door, work: Work[T], *, name: str, tell: Callable[[T], Awaitable[Plain]]) -> "Response":
    """The events of long work: `progress` while it goes on, then `name` or `error`.

    Args:
        door: Where it is done.
        work: The work.
        name: The event that carries the result.
        tell: Makes plain JSON types of the result.
    """

    def told(hand_over: Callable[[Step | tuple[T]], None]) -> None:
        hand_over((work(hand_over),))

    told_of = door.long.told(told)  # takes a place, or refuses before anything is sent

    async def events() -> AsyncGenerator[bytes, None]:
        try:
            async for item in told_of:
                if isinstance(item, Step):
                    yield event_bytes("progress", {**item.to_dict(), "words": item.words})
                else:
                    yield event_bytes(name, await tell(item[0]))
        except Exception as error:
            problem = problem_of(error) if isinstance(error, OpenbookError) else noted("streamed long work")
            door.metrics.count_error(problem.code)
            yield event_bytes("error", problem.to_dict())

    return event_stream(events())


def listener(door: Door, tell: StepListener) -> ProgressListener:
    """Hands progress on as steps, and breaks the work off when the server stops."""
    pace = Pace()

    def listen(progress: Progress) -> None:
        if door.closing.is_set():
            raise Busy("The server is stopping.", fix="Try again when it runs again.")
        tell(pace.step(progress))

    return listen
