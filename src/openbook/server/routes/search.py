"""`POST /v1/search` and the page `/search`: hits with every part of their scores."""

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from openbook.server.bodies import LONGEST_QUERY, SearchBody
from openbook.server.door import Door
from openbook.server.guests import Guest
from openbook.server.rendering import Pages
from openbook.types import Query, SearchResult

if TYPE_CHECKING:
    from fastapi import APIRouter


def search_routes(door: Door, pages: Pages) -> "APIRouter":
    """The routes to search."""
    # deferred: the web framework, which only a running server needs
    from fastapi import APIRouter, Request
    from starlette.responses import JSONResponse, Response

    router = APIRouter(tags=["answers"])

    @router.post("/v1/search", summary="Search, with every part of the score")
    async def search(body: SearchBody, request: Request) -> Response:
        guest = await door.guest(request)
        return JSONResponse((await door.turns.run(partial(_search, door, body, guest))).to_dict())

    @router.get("/search", include_in_schema=False)
    async def search_page(request: Request, q: str = "") -> Response:
        guest = await door.guest(request)
        result = (
            await door.turns.run(partial(_search, door, SearchBody(query=q[:LONGEST_QUERY]), guest))
            if q.strip()
            else None
        )
        return pages.show("search.html", question=q, result=result)

    return router


def _search(door: Door, body: SearchBody, guest: Guest) -> SearchResult:
    """The hits; how often the knowledge changed is for the own staff, because hidden changes count as well."""
    guest.check_tenant(body.tenant)
    result = door.desk.search(
        Query(
            text=body.query,
            tenant=guest.tenant,
            audiences=guest.narrowed(body.audience),
            locale=body.locale,
            product=body.filters.product,
            since=body.filters.since,
            limit=body.limit or door.desk.settings.values.search.limit,
        )
    )
    return result if guest.owner else replace(result, generation=0)
