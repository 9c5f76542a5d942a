"""`/v1/sources`: where documents come from; only for the owner, since reading reaches the server's disk and network."""

from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

from openbook.server.bodies import SourceBody
from openbook.server.door import Door
from openbook.server.guests import Guest, owner_only
from openbook.server.long_work import long_reply
from openbook.server.readings import StepListener
from openbook.server.sources import add_source, remove_source
from openbook.server.streaming import EVENT_STREAM
from openbook.server.upkeep import source_for

if TYPE_CHECKING:
    from fastapi import APIRouter

_EVENTS = """Waits until it is read and gives the report. With `Accept: text/event-stream` it tells `progress`
first: `done`, `total`, `unit`, `detail`, `seconds_left` (null as long as nobody can tell), and all that in `words`.
The last event is `report`, or `error` with a problem. Who reads no longer does not stop the reading."""
_RESPONSES: dict[int | str, dict[str, Any]] = {200: {"content": {EVENT_STREAM: {}}, "description": "The report."}}


def source_routes(door: Door) -> "APIRouter":
    """The routes of sources."""
    # deferred: the web framework, which only a running server needs
    from fastapi import APIRouter, Depends, Request
    from starlette.responses import JSONResponse, Response

    router = APIRouter(tags=["knowledge"], prefix="/v1/sources")

    async def owner(request: Request) -> Guest:
        return owner_only(await door.guest(request), "have sources read")

    Owner = Annotated[Guest, Depends(owner)]  # noqa: N806 - a type

    @router.get("", summary="List the sources")
    async def every(guest: Owner) -> Response:
        found = await door.read(partial(door.desk.sources, tenant=guest.tenant))
        return JSONResponse({"sources": [source.to_dict() for source in found]})

    @router.post("", summary="Add a folder, file or web pages and read them", description=_EVENTS, status_code=201)
    async def add(body: SourceBody, guest: Owner, request: Request) -> Response:
        def work(tell: StepListener) -> dict[str, Any]:
            return add_source(door, guest, body, tell=tell).to_dict()

        return await long_reply(door, request, work, name="report", status=201)

    @router.post("/{source_id}/sync", summary="Read a source again", description=_EVENTS, responses=_RESPONSES)
    async def sync(source_id: str, guest: Owner, request: Request) -> Response:
        source = await door.read(partial(source_for, door.desk, guest, source_id))

        def work(tell: StepListener) -> dict[str, Any]:
            return door.readings.sync(guest.tenant, source, tell=tell).to_dict()

        return await long_reply(door, request, work, name="report")

    @router.post("/{source_id}/stop", summary="Stop the reading of a source; the next sync goes on from there")
    async def stop(source_id: str, guest: Owner) -> Response:
        source = await door.read(partial(source_for, door.desk, guest, source_id))
        stopped = await door.read(partial(door.desk.stop, source.id, tenant=guest.tenant))
        return JSONResponse({"stopped": stopped})

    @router.delete("/{source_id}", summary="Withdraw a source with its documents; with `erase=true` destroy the texts")
    async def remove(source_id: str, guest: Owner, erase: bool = False) -> Response:
        receipt = await door.chores.run(partial(remove_source, door, guest, source_id, erase=erase))
        return JSONResponse(receipt.to_dict())

    return router
