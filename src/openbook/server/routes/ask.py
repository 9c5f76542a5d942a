"""`POST /v1/ask`: one question, answered at once or as the events of its turn."""

from collections.abc import AsyncGenerator, AsyncIterator
from typing import TYPE_CHECKING, Annotated, Any

from openbook.errors import OpenbookError
from openbook.server.asking import ask_request
from openbook.server.bodies import AskBody
from openbook.server.door import Door
from openbook.server.event_stream import event_stream
from openbook.server.faults import noted
from openbook.server.long_work import wants_events
from openbook.server.problems import problem_of
from openbook.server.streaming import EVENT_STREAM, event_bytes
from openbook.types import Event

if TYPE_CHECKING:
    from fastapi import APIRouter

_SUMMARY = "Ask one question"
_DESCRIPTION = """Answers with text, claims, citations, confidence and the decision.

With `Accept: text/event-stream` the same turn comes as server-sent events, in this order:
`understood`, `found`, `drafted`, `decided`, `recorded`. The data of `recorded` is the answer; no
text is told before the decision. A turn that fails ends with `error` and a problem."""


def ask_routes(door: Door) -> "APIRouter":
    """The route to ask."""
    # deferred: the web framework, which only a running server needs
    from fastapi import APIRouter, Header, Request
    from starlette.responses import JSONResponse, Response

    router = APIRouter(tags=["answers"])

    @router.post(
        "/v1/ask",
        summary=_SUMMARY,
        description=_DESCRIPTION,
        responses={200: {"content": {EVENT_STREAM: {}}, "description": "The answer, or the events of its turn."}},
    )
    async def ask(
        body: AskBody, request: Request, idempotency_key: Annotated[str, Header(max_length=200)] = ""
    ) -> Response:
        visitor = door.visitors.visitor(request, told=body.visitor)
        whose = visitor.id if visitor else ""
        asked = ask_request(body, await door.guest(request), idempotency_key=idempotency_key, visitor_id=whose)
        if not wants_events(request):
            return JSONResponse((await door.answer(asked)).to_dict())
        events = door.turns.stream(lambda: door.turn(asked))
        return event_stream(_told(door, events))

    return router


async def _told(door: Door, events: AsyncIterator[Event]) -> AsyncGenerator[bytes, None]:
    """The events as bytes; a failure in the middle is the last of them."""
    try:
        async for event in events:
            yield event_bytes(event.name, _data(event))
    except Exception as error:
        problem = problem_of(error) if isinstance(error, OpenbookError) else noted("a streamed turn")
        door.metrics.count_error(problem.code)
        yield event_bytes("error", problem.to_dict())


def _data(event: Event) -> dict[str, Any]:
    """What is told of an event: the answer at the end, before it only what the turn says of its work."""
    if event.name == "recorded":
        answer: dict[str, Any] = event.data.to_dict()
        return answer
    return {**event.data, "elapsed_ms": event.elapsed_ms}
