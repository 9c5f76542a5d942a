"""`/owner/waiting`: what waits for a person, with the reason, and the button that serves it."""

from functools import partial
from typing import TYPE_CHECKING, Any

from openbook.server import upkeep
from openbook.server.door import Door
from openbook.server.guests import Guest
from openbook.server.knowledge import documents_for, waiting_for
from openbook.server.owner_pages import HOME, OwnerPages
from openbook.server.rendering import Pages

if TYPE_CHECKING:
    from fastapi import APIRouter

_PLACE = f"{HOME}/waiting"


def owner_waiting_routes(door: Door, pages: Pages) -> "APIRouter":
    """The routes of the page of what waits."""
    # deferred: the web framework, which only a running server needs
    from fastapi import APIRouter, Request
    from starlette.responses import RedirectResponse, Response

    router = APIRouter(include_in_schema=False, prefix=_PLACE)
    owner = OwnerPages(door, pages)

    @router.get("")
    async def waiting(request: Request, approved: str = "") -> Response:
        guest = await owner.guest(request)
        return await owner.show(guest, "owner_waiting.html", **await door.read(partial(_listed, door, guest, approved)))

    @router.post("/{document_id}/approve")
    async def approve(document_id: str, request: Request) -> Response:
        guest, form = await owner.form(request)
        number = int(form["version"]) if form.get("version", "").isdecimal() else None
        document = await door.chores.run(partial(upkeep.approve, door.desk, guest, document_id, number=number))
        await owner.note(guest, "articles.approved", document.id, version=document.version)
        return RedirectResponse(f"{_PLACE}?approved={document.id}", 303)

    return router


def _listed(door: Door, guest: Guest, approved: str) -> dict[str, Any]:
    """What waits, what is a draft, and which version of each serves meanwhile."""
    live = {document.id: document for document in documents_for(door.desk, guest)}
    return {
        "waiting": waiting_for(door.desk, guest),
        "drafts": [document for document in live.values() if document.status == "draft"],
        "live": live,
        "approved": live.get(approved),
    }
