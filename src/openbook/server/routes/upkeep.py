"""`/v1/documents/…`, `/v1/preview`, `/v1/tickets`: what needs a person's eye, what a person decides, what is past."""

from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

from openbook.desk.knowledge import DISPUTES
from openbook.server import upkeep
from openbook.server.bodies import PreviewBody, VersionBody
from openbook.server.door import Door
from openbook.server.guests import Guest, known, owner_only
from openbook.server.long_work import listener, long_reply
from openbook.server.readings import StepListener

if TYPE_CHECKING:
    from fastapi import APIRouter

_EVENTS = "With `Accept: text/event-stream` it tells `progress` first, as the reading of a source does; then `{}`."


def upkeep_routes(door: Door) -> "APIRouter":
    """The routes of what is old, contradictory or edited. They come before those of single documents."""
    # deferred: the web framework, which only a running server needs
    from fastapi import APIRouter, Depends, Query, Request
    from starlette.responses import JSONResponse, Response

    router = APIRouter(tags=["knowledge"], prefix="/v1")

    async def somebody(request: Request) -> Guest:
        action = "read_knowledge" if request.method == "GET" else "manage_knowledge"
        return known(await door.guest(request), action)

    Somebody = Annotated[Guest, Depends(somebody)]  # noqa: N806 - a type
    Limit = Annotated[int, Query(ge=1, le=upkeep.MOST_DISPUTES)]  # noqa: N806 - a type

    @router.get("/documents/stale", summary="List the documents that may be out of date, the most harmful first")
    async def stale(guest: Somebody) -> Response:
        found = await door.read(partial(upkeep.stale_for, door.desk, guest))
        return JSONResponse({"stale": [item.to_dict() for item in found]})

    @router.get(
        "/documents/contradictions",
        summary="List statements that seem to contradict each other, the surest first",
        description=_EVENTS.format("contradictions"),
    )
    async def contradictions(guest: Somebody, request: Request, limit: Limit = DISPUTES) -> Response:
        def work(tell: StepListener) -> dict[str, Any]:
            progress = listener(door, tell)
            found = upkeep.disputes_for(door.desk, guest, limit=limit, progress=progress)
            return {"contradictions": [item.to_dict() for item in found]}

        return await long_reply(door, request, work, name="contradictions")

    @router.post(
        "/preview",
        summary="Which answers to past questions an edit would change; nothing is published",
        description=f"A key must name a `document` that it sees. {_EVENTS.format('preview')}",
    )
    async def preview(body: PreviewBody, guest: Somebody, request: Request) -> Response:
        def work(tell: StepListener) -> dict[str, Any]:
            found = upkeep.preview_for(door.desk, guest, **body.model_dump(), progress=listener(door, tell))
            return found.to_dict()

        return await long_reply(door, request, work, name="preview")

    return router


def decision_routes(door: Door) -> "APIRouter":
    """The routes that only the owner may use: to decide about versions, and to count tickets."""
    # deferred: the web framework, which only a running server needs
    from fastapi import APIRouter, Depends, Request
    from starlette.responses import JSONResponse, Response

    router = APIRouter(tags=["knowledge"], prefix="/v1")

    async def owner(request: Request) -> Guest:
        return owner_only(await door.guest(request), "decide what is served")

    Owner = Annotated[Guest, Depends(owner)]  # noqa: N806 - a type

    @router.post("/documents/{document_id}/approve", summary="Serve a version that waits, the newest by default")
    async def approve(document_id: str, guest: Owner, body: VersionBody | None = None) -> Response:
        number = body.version if body else None
        found = await door.chores.run(partial(upkeep.approve, door.desk, guest, document_id, number=number))
        return JSONResponse(found.to_dict())

    @router.post("/documents/{document_id}/revert", summary="Bring back an older version, the last one by default")
    async def revert(document_id: str, guest: Owner, body: VersionBody | None = None) -> Response:
        number = body.version if body else None
        found = await door.chores.run(partial(upkeep.revert, door.desk, guest, document_id, number=number))
        return JSONResponse(found.to_dict())

    @router.get("/tickets", summary="Count the past tickets that each source brought")
    async def tickets(guest: Owner) -> Response:
        found = await door.read(partial(door.desk.tickets, tenant=guest.tenant))
        return JSONResponse({"tickets": [item.to_dict() for item in found]})

    return router
