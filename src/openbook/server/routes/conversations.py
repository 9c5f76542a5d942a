"""`/v1/conversations`: what a visitor of the widget says, is told, and sees come in."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

from openbook.errors import Busy, OpenbookError
from openbook.server.conversing import (
    NEW,
    answered,
    beginning,
    changes,
    check_own,
    fetched,
    look,
    message_request,
    outcome,
    turn_events,
)
from openbook.server.door import Door
from openbook.server.event_stream import event_stream
from openbook.server.faults import noted
from openbook.server.long_work import wants_events
from openbook.server.problems import Problem, Refused, problem_of
from openbook.server.streaming import event_bytes
from openbook.server.visitor_bodies import ContactBody, FeedbackBody, MessageBody, PersonBody
from openbook.server.visitors import Visitor
from openbook.types import AskRequest

if TYPE_CHECKING:
    from fastapi import APIRouter

_WRITE = """Sends a message of the visitor who holds the token. The id `new` begins a conversation.

Gives `{"conversation_id", "message", "answer", "handoff"}`; the answer is null where a person has the
conversation. With `Accept: text/event-stream` the events of `/v1/ask`; the data of `recorded` is that object.
A repeat with the same `Idempotency-Key` and text is no second message."""
_WATCH = """What comes into a conversation, as server-sent events: `message` with its place as id, and `state`.

`Last-Event-ID`, a place, leaves out what was seen. Notes of operators are never among the messages."""
_NO_BODY = PersonBody()


def conversation_routes(door: Door) -> "APIRouter":
    """The routes of conversations."""
    # deferred: the web framework, which only a running server needs
    from fastapi import APIRouter

    router = APIRouter(prefix="/v1/conversations", tags=["visitors"])
    _add_words(router, door)
    _add_sight(router, door)
    _add_wishes(router, door)
    return router


def _add_words(router: "APIRouter", door: Door) -> None:
    # deferred: the web framework, which only a running server needs
    from fastapi import Header, Request
    from starlette.responses import JSONResponse, Response

    @router.post("/{conversation_id}/messages", summary="Send a message", description=_WRITE)
    async def write(
        conversation_id: str,
        body: MessageBody,
        request: Request,
        idempotency_key: Annotated[str, Header(max_length=200)] = "",
    ) -> Response:
        visitor = door.visitors.required(request, told=body.visitor)
        if conversation_id != NEW:
            await door.read(lambda: check_own(door.desk, visitor, conversation_id))
        door.visitors.charge_message(request, visitor)
        asked = message_request(body, visitor, conversation_id, key=idempotency_key)
        headers = door.visitors.renewal(visitor)
        if wants_events(request):
            return event_stream(_told(door, visitor, asked, page=body.page), headers=headers)
        answer = await answered(door, asked)
        result = await door.read(lambda: outcome(door.desk, visitor, asked, answer, page=body.page))
        return JSONResponse(result, headers=headers)


def _add_sight(router: "APIRouter", door: Door) -> None:
    # deferred: the web framework, which only a running server needs
    from fastapi import Header, Request
    from starlette.responses import JSONResponse, Response

    @router.get("/{conversation_id}", summary="A conversation")
    async def whole(conversation_id: str, request: Request) -> Response:
        visitor = door.visitors.required(request)
        seen = await door.read(lambda: look(door.desk, visitor, conversation_id))
        return JSONResponse(seen.whole(), headers=door.visitors.renewal(visitor))

    @router.get("/{conversation_id}/events", summary="What comes in", description=_WATCH)
    async def watch(
        conversation_id: str, request: Request, last_event_id: Annotated[str, Header(max_length=200)] = ""
    ) -> Response:
        visitor = door.visitors.required(request)
        await door.read(lambda: check_own(door.desk, visitor, conversation_id))
        door.visitors.check_streams(visitor)
        if door.hub.full():
            raise Busy("Every place for a stream is taken right now.", fix="Try again in a moment.")
        behind = int(last_event_id) if last_event_id.isdecimal() and len(last_event_id) < 10 else -1
        found = _seen(door, visitor, conversation_id, behind=behind)
        return event_stream(found, headers=door.visitors.renewal(visitor))


def _add_wishes(router: "APIRouter", door: Door) -> None:
    # deferred: the web framework, which only a running server needs
    from fastapi import Header, Request
    from starlette.responses import JSONResponse, Response

    @router.post("/{conversation_id}/handoff", summary="Ask for a person")
    async def fetch(
        conversation_id: str,
        request: Request,
        body: PersonBody = _NO_BODY,
        idempotency_key: Annotated[str, Header(max_length=200)] = "",
    ) -> Response:
        visitor = door.visitors.required(request, told=body.visitor)
        begins = conversation_id == NEW
        wished = beginning(visitor, idempotency_key) if begins else conversation_id
        if not begins:
            await door.read(lambda: check_own(door.desk, visitor, wished))
        door.visitors.charge_person(request, visitor)

        def work() -> dict[str, Any]:
            detail = door.desk.fetch_person(
                wished,
                visitor_id=visitor.id,
                channel="web",
                locale=body.locale,
                begins=begins,
                tenant=visitor.tenant,
            )
            return fetched(door.desk, visitor, detail, begins=begins)

        return JSONResponse(await door.read(work), headers=door.visitors.renewal(visitor))

    @router.post("/{conversation_id}/feedback", summary="Say whether an answer helped", status_code=204)
    async def judge(conversation_id: str, body: FeedbackBody, request: Request) -> Response:
        visitor = door.visitors.required(request, told=body.visitor)
        await door.read(lambda: check_own(door.desk, visitor, conversation_id))
        door.visitors.charge_words(request, visitor)
        await door.read(
            lambda: door.desk.feedback(
                body.answer_id, helpful=body.helpful, visitor_id=visitor.id, tenant=visitor.tenant
            )
        )
        return Response(status_code=204, headers=door.visitors.renewal(visitor))

    @router.post("/{conversation_id}/contact", summary="Leave an address")
    async def contact(conversation_id: str, body: ContactBody, request: Request) -> Response:
        visitor = door.visitors.required(request, told=body.visitor)
        await door.read(lambda: check_own(door.desk, visitor, conversation_id))
        door.visitors.charge_words(request, visitor)
        kept = await door.read(
            lambda: door.desk.leave_contact(conversation_id, name=body.name, contact=body.email, tenant=visitor.tenant)
        )
        return JSONResponse({"name": kept.name, "email": kept.contact}, headers=door.visitors.renewal(visitor))


async def _told(door: Door, visitor: Visitor, asked: AskRequest, *, page: str) -> AsyncGenerator[bytes, None]:
    """The events of a visitor's turn as bytes; a failure in the middle is the last of them."""
    try:
        async with aclosing(turn_events(door, asked)) as events:
            async for event in events:
                if event.name == "recorded":
                    data = await door.read(partial(outcome, door.desk, visitor, asked, event.data, page=page))
                else:
                    data = {**event.data, "elapsed_ms": event.elapsed_ms}
                yield event_bytes(event.name, data)
    except Exception as error:
        yield _failure(door, error, "a visitor's turn")


async def _seen(door: Door, visitor: Visitor, conversation_id: str, *, behind: int) -> AsyncGenerator[bytes, None]:
    """What comes into a conversation as bytes; the state when it begins and whenever it changes."""
    state: dict[str, str] = {}
    try:
        async with aclosing(changes(door, visitor, conversation_id, behind=behind)) as found:
            async for seen in found:
                for message in seen.messages:
                    yield f"id: {message['ordinal']}\n".encode() + event_bytes("message", message)
                if seen.state != state:
                    state = seen.state
                    yield event_bytes("state", state)
    except Exception as error:
        yield _failure(door, error, "a visitor's stream")


def _failure(door: Door, error: Exception, what: str) -> bytes:
    problem = _problem(error, what)
    door.metrics.count_error(problem.code)
    return event_bytes("error", problem.to_dict())


def _problem(error: Exception, what: str) -> Problem:
    if isinstance(error, Refused):
        return error.problem
    return problem_of(error) if isinstance(error, OpenbookError) else noted(what)
