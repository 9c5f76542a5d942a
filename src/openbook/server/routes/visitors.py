"""`POST /v1/visitors`, `GET /v1/widget` and `GET /v1/passages`: how the widget begins, looks, and proves answers."""

import json
import re
from collections.abc import Collection, Mapping
from pathlib import Path as File
from typing import TYPE_CHECKING, Annotated, Any

from openbook.conversation.hours import read_hours
from openbook.desk import Desk
from openbook.errors import NotFound
from openbook.server.answer_view import card_of
from openbook.server.door import Door
from openbook.server.guests import ANYBODY
from openbook.server.identity import Identity
from openbook.server.lead_form import form_fields
from openbook.server.visitor_bodies import VisitorBody
from openbook.server.visitors import Visitor
from openbook.settings import Settings
from openbook.stores.history import get_receipt
from openbook.stores.visitors import last_conversation_of, put_words_of, words_of
from openbook.types import Citation, Span, to_plain, utc_now

if TYPE_CHECKING:
    from fastapi import APIRouter

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_USUAL_COLOUR = "#0f6b5c"
_NO_BODY = VisitorBody()
_STRINGS = File(__file__).parents[1] / "static" / "widget" / "strings.json"
_LABELS = ("name", "email", "phone", "company", "message")
"""Those of the widget's words that are names of fields as well."""

Words = Mapping[str, Mapping[str, str]]
"""The widget's words, by language."""

_BEGIN = """Makes a visitor, or knows one again, and gives the token for `Authorization: Visitor`.

With `identity`, a JWT (HS256) that your own server signed with `widget.identity_secret`, it is the same visitor on
every device. A token that is sent along is renewed."""


def visitor_routes(door: Door) -> "APIRouter":
    """The routes with which the widget begins."""
    # deferred: the web framework, which only a running server needs
    from fastapi import APIRouter

    router = APIRouter(tags=["visitors"])
    _add_beginning(router, door)
    _add_passages(router, door)
    return router


def _add_beginning(router: "APIRouter", door: Door) -> None:
    # deferred: the web framework, which only a running server needs
    from fastapi import Header, Query, Request
    from starlette.responses import JSONResponse, Response

    values = door.desk.settings.values
    form_fields(values.leads.fields)  # a wrong setting is said when the server starts
    words: Words = json.loads(_STRINGS.read_text("utf-8"))
    hours = read_hours(values.handoff.hours, values.handoff.timezone, values.handoff.closed_on)

    @router.post("/v1/visitors", summary="Become a visitor", description=_BEGIN)
    async def begin(request: Request, body: VisitorBody = _NO_BODY) -> Response:
        visitors = door.visitors
        if body.identity:
            identity = visitors.identity(body.identity)
            proved = visitors.tokens.known(identity)
            visitors.charge_words(request, proved)
            visitor = await door.read(lambda: _remembered(door.desk, proved, identity))
        else:
            known = visitors.visitor(request, told=body.visitor)
            if known is None:
                visitors.charge_new(request)
            visitor = known or visitors.tokens.anybody()
        token, dated = visitors.again(visitor, request, told=body.visitor)
        about = await door.read(lambda: _about(door.desk, dated))
        return JSONResponse({"visitor": token, "expires_at": to_plain(dated.lasts_until), **about})

    @router.get("/v1/widget", summary="How the widget looks and what it offers")
    async def widget(
        locale: Annotated[str, Query(max_length=40)] = "",
        accept_language: Annotated[str, Header(max_length=1_000)] = "",
    ) -> Response:
        language = widget_language(locale or accept_language, words)
        return JSONResponse({**_looks(values, language, words[language]), "open": hours.open_at(utc_now())})


def _add_passages(router: "APIRouter", door: Door) -> None:
    # deferred: the web framework, which only a running server needs
    from fastapi import Path, Request
    from starlette.responses import JSONResponse, Response

    @router.get("/v1/passages/{answer_id}/{citation}", summary="A cited passage in its surroundings")
    async def passage(answer_id: str, citation: Annotated[int, Path(ge=0, le=1_000)], request: Request) -> Response:
        visitor = door.visitors.required(request)
        found = await door.read(lambda: _passage(door.desk, visitor, answer_id, citation))
        return JSONResponse(found, headers=door.visitors.renewal(visitor))


def widget_language(wanted: str, known: Collection[str]) -> str:
    """The language of the widget's words that fits a locale or an `Accept-Language`; English where none does."""
    for part in wanted.split(","):
        language = re.split("[-_;]", part.strip().lower(), maxsplit=1)[0]
        if language in known:
            return language
    return "en"


def _looks(values: Settings, language: str, words: Mapping[str, str]) -> dict[str, Any]:
    widget, leads = values.widget, values.leads
    labels = {name: words[name] for name in _LABELS if name in words}
    return {
        "title": widget.title or words["title"],
        "greeting": widget.greeting or words["greeting"],
        "colour": widget.colour if _COLOUR.fullmatch(widget.colour) else _USUAL_COLOUR,
        "confidence": widget.confidence,
        "lead_fields": [field.to_dict() for field in form_fields(leads.fields, labels=labels)],
        "consent": leads.consent,
        "locale": language,
        "strings": words,
    }


def _remembered(desk: Desk, visitor: Visitor, identity: Identity) -> Visitor:
    """A visitor whose name and address are kept, to be told to operators."""
    return desk.parts.database.write(
        lambda connection: visitor.named(
            *put_words_of(connection, visitor.tenant, visitor.id, identity.name, identity.email)
        )
    )


def _about(desk: Desk, visitor: Visitor) -> dict[str, str]:
    """What the page is told of its visitor: the name, and of a proved one the conversation that goes on."""
    with desk.parts.database.read() as connection:
        [name] = words_of(connection, visitor.tenant, visitor.id, visitor.name_hash)
        last = last_conversation_of(connection, visitor.tenant, visitor.id) if visitor.proved else ""
    return {"name": name, "conversation_id": last}


def _passage(desk: Desk, visitor: Visitor, answer_id: str, number: int) -> dict[str, Any]:
    """A citation's passage, for the visitor who got the answer and as long as everybody may read its source.

    Raises:
        NotFound: There is no such citation, it is not this visitor's, or its source is not there any more.
    """
    citation = _citation(desk, visitor, answer_id, number)
    span = Span(citation.start, citation.end)
    card = card_of(desk, ANYBODY, citation.document_id, citation.version, [span])
    runs = [run for stretch in card.stretches for run in stretch.runs]
    marked = [place for place, run in enumerate(runs) if run.span is not None] or [len(runs)]
    return {
        "title": card.title,
        "url": card.url,
        "updated_at": to_plain(card.updated_at),
        "version": card.version,
        "newer": card.newer,
        "heading_path": [name for stretch in card.stretches for name in stretch.heading_path],
        "before": "".join(run.text for run in runs[: marked[0]]),
        "quote": citation.quote,
        "after": "".join(run.text for run in runs[marked[-1] + 1 :]),
    }


def _citation(desk: Desk, visitor: Visitor, answer_id: str, number: int) -> Citation:
    with desk.parts.database.read() as connection:
        receipt = get_receipt(connection, visitor.tenant, answer_id)
    answer = receipt.answer if receipt is not None and receipt.visitor_id == visitor.id else None
    if answer is None or number >= len(answer.citations):
        raise NotFound(
            f"There is no citation {number} of an answer {answer_id[:80]!r} of this visitor.",
            fix="Use an answer's `id`, and the place of one of its `citations`, counted from 0.",
        )
    return answer.citations[number]
