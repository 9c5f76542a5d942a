"""`/source/{document}/{version}`: the text that an answer cites, with the passage marked."""

import re
from functools import partial
from typing import TYPE_CHECKING, Annotated

from openbook.errors import UserError
from openbook.server.answer_view import card_of
from openbook.server.door import Door
from openbook.server.knowledge import readable_version
from openbook.server.passages import parts_of
from openbook.server.rendering import Pages
from openbook.types import Span

if TYPE_CHECKING:
    from fastapi import APIRouter

_SPAN = re.compile(r"(\d{1,9})-(\d{1,9})")
_MOST_SPANS = 50


def source_page_routes(door: Door, pages: Pages) -> "APIRouter":
    """The routes of a source's page."""
    # deferred: the web framework, which only a running server needs
    from fastapi import APIRouter, Query, Request
    from starlette.responses import JSONResponse, Response

    router = APIRouter(include_in_schema=False, prefix="/source/{document_id}/{version}")

    @router.get("")
    async def source(request: Request, document_id: str, version: int, start: int = 0, end: int = 0) -> Response:
        guest = await door.guest(request)
        document, found = await door.read(partial(readable_version, door.desk, guest, document_id, version))
        return pages.show(
            "source.html", document=document, version=found, parts=parts_of(found, Span(max(0, start), max(0, end)))
        )

    @router.get("/passages")
    async def passages(
        request: Request, document_id: str, version: int, span: Annotated[list[str], Query(max_length=_MOST_SPANS)]
    ) -> Response:
        guest = await door.guest(request)
        spans = [_span(written) for written in span]
        card = await door.read(partial(card_of, door.desk, guest, document_id, version, spans))
        return JSONResponse(card.to_dict())

    return router


def _span(written: str) -> Span:
    if (found := _SPAN.fullmatch(written)) is None:
        raise UserError(f"{written!r} is no range of characters.", fix="Write it as start-end, such as 120-214.")
    return Span(int(found[1]), int(found[2]))
