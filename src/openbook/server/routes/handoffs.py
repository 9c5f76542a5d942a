"""`/v1/handoffs`: what waits for a person, its packet, and what people and programs of the staff do with it."""

from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

from openbook.server.door import Door
from openbook.server.guests import Guest, known
from openbook.server.inbox_acts import CLAIM, NOTE, RELEASE, REPLY, RESOLVE, RETURN, TAKE_OVER, act
from openbook.server.inbox_bodies import ClaimBody, TextBody
from openbook.server.inbox_view import staff_in
from openbook.stores.handoffs import OPEN_STATES
from openbook.types.correction import InboxRow

if TYPE_CHECKING:
    from fastapi import APIRouter

_LONGEST_WORDS = 200


def handoff_routes(door: Door) -> "APIRouter":
    """The routes of hand-offs."""
    # deferred: the web framework, which only a running server needs
    from fastapi import APIRouter, Header, Query, Request
    from starlette.responses import JSONResponse, Response

    router = APIRouter(tags=["inbox"], prefix="/v1/handoffs")
    Key = Annotated[str, Header(alias="Idempotency-Key", max_length=_LONGEST_WORDS)]  # noqa: N806 - a type
    Words = Annotated[str, Query(max_length=_LONGEST_WORDS)]  # noqa: N806 - a type

    async def done(request: Request, handoff_id: str, what: str, *, text: str = "", key: str = "") -> Response:
        guest = known(await door.guest(request), "work_inbox")
        came_to = await door.read(partial(act, door.desk, guest, handoff_id, what, text=text, key=key))
        return JSONResponse(came_to.to_dict())

    @router.get("", summary="Hand-offs; those that wait longest come first")
    async def handoffs(
        request: Request,
        state: Words = "",
        queue: Words = "",
        q: Words = "",
        limit: Annotated[int, Query(ge=1, le=500)] = 100,
    ) -> Response:
        guest = known(await door.guest(request), "read_inbox")
        states = tuple(name.strip() for name in state.split(",") if name.strip()) or OPEN_STATES
        look = partial(door.desk.inbox, states=states, queue=queue, words=q, limit=limit, tenant=guest.tenant)
        found = await door.read(look)
        rows = [_row(row) for row in found.rows]
        return JSONResponse({"handoffs": rows, "waiting": found.waiting, "more": found.more})

    @router.get("/{handoff_id}", summary="Everything a person needs to take a conversation over")
    async def packet(handoff_id: str, request: Request) -> Response:
        guest = known(await door.guest(request), "read_inbox")
        return JSONResponse(await door.read(partial(_packet, door, guest, handoff_id)))

    @router.post("/{handoff_id}/claim", summary="Takes a hand-off; from then on the bot is silent there")
    async def claim(handoff_id: str, request: Request, body: ClaimBody | None = None) -> Response:
        return await done(request, handoff_id, TAKE_OVER if body and body.take_over else CLAIM)

    @router.post("/{handoff_id}/release", summary="Puts a hand-off back among those that wait")
    async def release(handoff_id: str, request: Request) -> Response:
        return await done(request, handoff_id, RELEASE)

    @router.post("/{handoff_id}/reply", summary="Writes to the customer")
    async def reply(handoff_id: str, request: Request, body: TextBody, key: Key = "") -> Response:
        return await done(request, handoff_id, REPLY, text=body.text, key=key)

    @router.post("/{handoff_id}/note", summary="Writes a note that no customer sees")
    async def note(handoff_id: str, request: Request, body: TextBody, key: Key = "") -> Response:
        return await done(request, handoff_id, NOTE, text=body.text, key=key)

    @router.post("/{handoff_id}/return", summary="Lets the bot answer again")
    async def return_to_bot(handoff_id: str, request: Request) -> Response:
        return await done(request, handoff_id, RETURN)

    @router.post("/{handoff_id}/resolve", summary="Ends a hand-off")
    async def resolve(handoff_id: str, request: Request) -> Response:
        return await done(request, handoff_id, RESOLVE)

    return router


def _row(row: InboxRow) -> dict[str, Any]:
    plain = row.to_dict()
    handoff = {name: value for name, value in plain.pop("handoff").items() if name != "steps"}
    return {**handoff, **{name: plain[name] for name in ("name", "question", "since")}, "claimed_by_name": row.holder}


def _packet(door: Door, guest: Guest, handoff_id: str) -> dict[str, Any]:
    """A packet, with the names of the staff in it beside their ids."""
    packet = door.desk.packet(handoff_id, tenant=guest.tenant)
    return {**packet.to_dict(), "names": door.desk.staff(staff_in(packet), tenant=guest.tenant)}
