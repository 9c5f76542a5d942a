"""Leads: what visitors sent with the contact form, and what they agreed to when they did.

The fields and the words that were agreed to are texts of the lead: erasable together, and proved by their
hashes. Knows no form and no settings.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from openbook.hashing import canonical_json, hash_text
from openbook.stores.conversations import put_person_of
from openbook.stores.facts import Fact, FactKind, put_facts
from openbook.stores.ids import new_id
from openbook.stores.jobs import put_job
from openbook.stores.rows import insert_missing
from openbook.stores.schema import leads
from openbook.stores.texts import get_texts, put_texts
from openbook.types import Record, utc_now

WEBHOOK = "webhook"


@dataclass(frozen=True, slots=True)
class SentForm:
    """A contact form as a visitor sent it.

    Attributes:
        fields: What was filled in, by name.
        consent: The words that were agreed to; empty where nothing had to be.
        name: Of the visitor, for the conversation; empty to leave that as it is. `contact` likewise.
        idempotency_key: A repeat with the same key is no second lead; empty for none.
    """

    fields: Mapping[str, str]
    consent: str = ""
    conversation_id: str = ""
    visitor_id: str = ""
    name: str = ""
    contact: str = ""
    idempotency_key: str = ""


@dataclass(frozen=True, slots=True)
class Lead(Record):
    """A lead.

    Attributes:
        fields: None where they were erased.
        consent: The words that were agreed to; empty where nothing had to be, None where they were erased.
        consent_hash: SHA-256 of these words.
    """

    id: str
    created_at: datetime
    conversation_id: str
    visitor_id: str
    fields: dict[str, str] | None
    consent: str | None
    consent_hash: str


def put_lead(connection: Connection, tenant: str, form: SentForm, *, tell: bool) -> str:
    """Keeps a form that was sent, in one transaction with the fact and with what is to be told outside.

    Args:
        connection: Of a transaction that writes.
        tenant: Whose it is.
        form: What was sent.
        tell: Whether a webhook is told.

    Returns:
        The lead's id: that of the first one, where the same form came twice.
    """
    key = form.idempotency_key or None
    if key and (known := _by_key(connection, tenant, key)):
        return known
    now, lead_id = utc_now(), new_id("lea")
    words = [(lead_id, canonical_json(dict(form.fields)))]
    [fields_hash] = put_texts(connection, tenant, words)
    if form.consent:
        put_texts(connection, tenant, [(lead_id, form.consent)])
    row = {
        "tenant": tenant,
        "id": lead_id,
        "conversation_id": form.conversation_id,
        "visitor_id": form.visitor_id,
        "fields_hash": fields_hash,
        "consent_hash": hash_text(form.consent),
        "idempotency_key": key,
        "created_at": now,
    }
    insert_missing(connection, leads, [row])
    put_facts(connection, tenant, [Fact(FactKind.LEAD, form.conversation_id, lead_id, now, channel="web")])
    if form.conversation_id:
        put_person_of(connection, tenant, form.conversation_id, name=form.name, contact=form.contact)
    if tell:
        payload = {"event": "lead", "lead_id": lead_id}
        put_job(connection, tenant, WEBHOOK, payload, idempotency_key=f"{WEBHOOK}:{lead_id}")
    return lead_id


def get_lead(connection: Connection, tenant: str, lead_id: str) -> Lead | None:
    """One lead, or None."""
    found = _read(connection, tenant, leads.c.id == lead_id, limit=1)
    return found[0] if found else None


def list_leads(connection: Connection, tenant: str, *, limit: int) -> list[Lead]:
    """Leads, the last one first."""
    return _read(connection, tenant, limit=limit)


def _by_key(connection: Connection, tenant: str, key: str) -> str | None:
    mine = (leads.c.tenant == tenant, leads.c.idempotency_key == key)
    return connection.execute(select(leads.c.id).where(*mine)).scalar()


def _read(connection: Connection, tenant: str, *where: object, limit: int) -> list[Lead]:
    query = select(leads).where(leads.c.tenant == tenant, *where)  # type: ignore[arg-type]
    rows = connection.execute(query.order_by(leads.c.id.desc()).limit(limit)).all()
    keys = [(row.id, digest) for row in rows for digest in (row.fields_hash, row.consent_hash)]
    found = get_texts(connection, tenant, keys)
    nothing = hash_text("")
    return [
        Lead(
            id=row.id,
            created_at=row.created_at,
            conversation_id=row.conversation_id,
            visitor_id=row.visitor_id,
            fields=json.loads(words) if (words := found.get((row.id, row.fields_hash))) else None,
            consent="" if row.consent_hash == nothing else found.get((row.id, row.consent_hash)),
            consent_hash=row.consent_hash,
        )
        for row in rows
    ]
