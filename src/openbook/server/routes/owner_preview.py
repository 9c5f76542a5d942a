"""`/owner/preview`: tries an edit out, and shows the answers to past questions as they are and as they would be."""

from collections import defaultdict
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from openbook.desk import QUESTIONS
from openbook.errors import OpenbookError
from openbook.server.door import Door
from openbook.server.guests import Guest
from openbook.server.knowledge import documents_for
from openbook.server.long_work import listener, wants_events
from openbook.server.owner_pages import HOME, OwnerPages
from openbook.server.problems import problem_of
from openbook.server.readings import StepListener
from openbook.server.rendering import Pages
from openbook.server.upkeep import preview_for
from openbook.types import Document, Preview

if TYPE_CHECKING:
    from fastapi import APIRouter

_TEMPLATE = "owner_preview.html"
_NEW = "new-article.md"
_MOST_NAMED = 1_000


def owner_preview_routes(door: Door, pages: Pages) -> "APIRouter":
    """The routes of the page of previews."""
    # deferred: the web framework, which only a running server needs
    from fastapi import APIRouter, Request
    from starlette.responses import Response

    router = APIRouter(include_in_schema=False, prefix=f"{HOME}/preview")
    owner = OwnerPages(door, pages)

    @router.get("")
    async def empty(request: Request, document: str = "") -> Response:
        guest = await owner.guest(request)
        known = await _known(door, guest)
        chosen = next((item.path for item in known if item.id == document), "")
        return await owner.show(guest, _TEMPLATE, preview=None, **_filled({"document": chosen}, known))

    @router.post("")
    async def preview(request: Request) -> Response:
        guest, form = await owner.form(request)
        filled = _filled(form, await _known(door, guest))
        work = partial(_preview, door, guest, form)
        try:
            return await owner.show_long(request, guest, _TEMPLATE, work, called="preview", **filled)
        except OpenbookError as error:
            if wants_events(request):
                raise
            problem = problem_of(error)
            shown = {**filled, "problem": problem}
            return await owner.show(guest, _TEMPLATE, status=problem.status, preview=None, **shown)

    return router


def _preview(door: Door, guest: Guest, form: Mapping[str, str], tell: StepListener) -> Preview:
    document = form.get("document", "").strip()
    name, text = form.get("name", "").strip() or document or _NEW, form.get("text", "")
    return preview_for(door.desk, guest, name, text, document=document, limit=QUESTIONS, progress=listener(door, tell))


async def _known(door: Door, guest: Guest) -> tuple[Document, ...]:
    return tuple(await door.read(partial(documents_for, door.desk, guest)))


def _filled(form: Mapping[str, str], known: tuple[Document, ...]) -> dict[str, Any]:
    """The form as it was filled in, and the articles that may be named in it."""
    return {"form": defaultdict(str, form), "known": known[:_MOST_NAMED], "problem": None, "most": QUESTIONS}
