"""`/owner/contradictions`: statements that seem to contradict each other, side by side."""

from functools import partial
from typing import TYPE_CHECKING

from openbook.desk.knowledge import DISPUTES
from openbook.server import upkeep
from openbook.server.door import Door
from openbook.server.guests import Guest
from openbook.server.long_work import listener
from openbook.server.owner_pages import HOME, OwnerPages
from openbook.server.readings import StepListener
from openbook.server.rendering import Pages
from openbook.types import Dispute

if TYPE_CHECKING:
    from fastapi import APIRouter


def owner_contradiction_routes(door: Door, pages: Pages) -> "APIRouter":
    """The routes of the page of contradictions."""
    # deferred: the web framework, which only a running server needs
    from fastapi import APIRouter, Request
    from starlette.responses import Response

    router = APIRouter(include_in_schema=False, prefix=f"{HOME}/contradictions")
    owner = OwnerPages(door, pages)

    @router.get("")
    async def contradictions(request: Request, look: bool = False) -> Response:
        guest = await owner.guest(request)
        if not look:
            return await owner.show(guest, "owner_contradictions.html", disputes=None, most=DISPUTES)
        find = partial(_disputes, door, guest)
        name = "owner_contradictions.html"
        return await owner.show_long(request, guest, name, find, called="disputes", most=DISPUTES)

    return router


def _disputes(door: Door, guest: Guest, tell: StepListener) -> list[Dispute]:
    return upkeep.disputes_for(door.desk, guest, limit=DISPUTES, progress=listener(door, tell))
