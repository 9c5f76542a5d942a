"""`/v1/leads`: the contact form is sent by visitors, and read by the owner and by leads."""

from typing import TYPE_CHECKING, Annotated, Literal

from openbook.errors import NotAllowed, NotFound
from openbook.hashing import canonical_json, hash_text
from openbook.server.conversing import check_own
from openbook.server.door import Door
from openbook.server.guests import Guest, known
from openbook.server.lead_form import LeadField, as_csv, filled, form_fields, of_kind
from openbook.server.visitor_bodies import LeadBody
from openbook.server.visitors import Visitor
from openbook.stores.audit import note
from openbook.stores.leads import Lead, SentForm, list_leads, put_lead
from openbook.types.people import LEAD, OWNER

if TYPE_CHECKING:
    from fastapi import APIRouter

MOST_LEADS = 10_000
_MEDIA_TYPE = "text/csv; charset=utf-8"
_SEND = """Sends the contact form; `GET /v1/widget` lists its fields. Only with a conversation it needs a token.

A repeat with the same `Idempotency-Key` and body is no second lead: it gets the id of the first."""


def lead_routes(door: Door) -> "APIRouter":
    """The routes of leads."""
    # deferred: the web framework, which only a running server needs
    from fastapi import APIRouter

    router = APIRouter(prefix="/v1/leads", tags=["leads"])
    _add_sending(router, door)
    _add_reading(router, door)
    return router


def _add_sending(router: "APIRouter", door: Door) -> None:
    # deferred: the web framework, which only a running server needs
    from fastapi import Header, Request
    from starlette.responses import JSONResponse, Response

    values = door.desk.settings.values
    fields, consent, tell = form_fields(values.leads.fields), values.leads.consent, bool(values.handoff.webhook_url)

    @router.post("", summary="Send the contact form", description=_SEND)
    async def send(
        body: LeadBody, request: Request, idempotency_key: Annotated[str, Header(max_length=200)] = ""
    ) -> Response:
        if not fields:
            raise NotFound("There is no contact form.", fix="Name its fields in the setting `leads.fields`.")
        visitors, conversation_id = door.visitors, body.conversation_id
        visitor = visitors.visitor(request, told=body.visitor)
        if conversation_id:
            mine = visitors.required(request, told=body.visitor)
            await door.read(lambda: check_own(door.desk, mine, conversation_id))
        form = _form(body, visitor, fields, consent=consent, key=idempotency_key)
        visitors.charge_lead(request, visitor)
        tenant = visitors.tokens.tenant
        lead_id = await door.read(
            lambda: door.desk.parts.database.write(lambda connection: put_lead(connection, tenant, form, tell=tell))
        )
        return JSONResponse({"id": lead_id}, headers=visitors.renewal(visitor) if visitor else {})


def _add_reading(router: "APIRouter", door: Door) -> None:
    # deferred: the web framework, which only a running server needs
    from fastapi import Query, Request
    from starlette.responses import JSONResponse, Response

    @router.get(
        "",
        summary="The leads, the last one first",
        responses={200: {"content": {"application/json": {}, "text/csv": {}}, "description": "The leads."}},
    )
    async def read(
        request: Request,
        limit: Annotated[int, Query(ge=1, le=MOST_LEADS)] = 1_000,
        form: Annotated[Literal["", "json", "csv"], Query(alias="format")] = "",
    ) -> Response:
        guest = _reader(await door.guest(request))
        in_cells = form == "csv" or (not form and "text/csv" in request.headers.get("accept", ""))
        found = await door.read(lambda: _leads(door, guest, limit, noted=in_cells))
        if not in_cells:
            return JSONResponse({"leads": [lead.to_dict() for lead in found]})
        table = as_csv(form_fields(door.desk.settings.values.leads.fields), found)
        headers = {"Content-Disposition": 'attachment; filename="leads.csv"'}
        return Response(table, media_type=_MEDIA_TYPE, headers=headers)


def _form(
    body: LeadBody, visitor: Visitor | None, fields: tuple[LeadField, ...], *, consent: str, key: str
) -> SentForm:
    """A form whose fields are checked.

    Raises:
        Refused: It cannot be sent as it is.
    """
    values = filled(fields, body.fields, agreed=body.consent, consent=consent)
    visitor_id = visitor.id if visitor else ""
    who = visitor if visitor is not None and visitor.proved else None  # whose name and address are known better
    same = [key, visitor_id, body.conversation_id, values, consent]
    return SentForm(
        fields=values,
        consent=consent,
        conversation_id=body.conversation_id,
        visitor_id=visitor_id,
        name="" if who else values.get("name", ""),
        contact="" if who else of_kind(fields, values, "email"),
        idempotency_key=hash_text(canonical_json(same)) if key else "",
    )


def _reader(guest: Guest) -> Guest:
    """The guest, who must be the owner or a lead.

    Raises:
        Refused: Nobody is known to ask.
        NotAllowed: Somebody else asks.
    """
    if known(guest).caller.role not in (OWNER, LEAD):
        raise NotAllowed("Only the owner and leads may read leads.", fix="Sign in as one of them.")
    return guest


def _leads(door: Door, guest: Guest, limit: int, *, noted: bool) -> list[Lead]:
    """The leads; a download is noted in the audit log first."""
    database = door.desk.parts.database
    if noted:
        database.write(lambda connection: note(connection, guest.tenant, guest.caller, "", "leads.downloaded"))
    with database.read() as connection:
        return list_leads(connection, guest.tenant, limit=limit)
