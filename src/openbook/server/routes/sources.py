"""`/v1/sources`: folders and files on the server's disk; only for the owner, since they read it."""

from functools import partial
from typing import TYPE_CHECKING, Annotated

from openbook.server.bodies import SourceBody
from openbook.server.door import Door
from openbook.server.guests import Guest, owner_only

if TYPE_CHECKING:
    from fastapi import APIRouter


def source_routes(door: Door) -> "APIRouter":
    """The routes of sources."""
    # deferred: the web framework, which only a running server needs
    from fastapi import APIRouter, Depends, Request
    from starlette.responses import JSONResponse, Response

    router = APIRouter(tags=["knowledge"], prefix="/v1/sources")

    async def owner(request: Request) -> Guest:
        return owner_only(await door.guest(request), "read the server's disk")

    Owner = Annotated[Guest, Depends(owner)]  # noqa: N806 - a type

    @router.get("", summary="List the sources")
    async def every(guest: Owner) -> Response:
        found = await door.read(partial(door.desk.sources, tenant=guest.tenant))
        return JSONResponse({"sources": [source.to_dict() for source in found]})

    @router.post("", summary="Add a folder or file on the server and read it", status_code=201)
    async def add(body: SourceBody, guest: Owner) -> Response:
        options = body.model_dump(exclude={"location", "audience"})
        audience = ",".join(guest.narrowed(body.audience)) if body.audience.strip() else ""
        work = partial(door.desk.add, body.location, tenant=guest.tenant, audience=audience, **options)
        return JSONResponse((await door.chores.run(work)).to_dict(), 201)

    @router.post("/{source_id}/sync", summary="Read a source again")
    async def sync(source_id: str, guest: Owner) -> Response:
        report = await door.chores.run(partial(door.desk.sync, source_id, tenant=guest.tenant))
        return JSONResponse(report.to_dict())

    return router
