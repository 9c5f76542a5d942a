"""Imported tickets: material for evaluation and training, erasable like every customer's words.

A ticket's words stand in `texts` under its own id; its row says only what counts.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Connection, Integer, cast, delete, func, select

from openbook.codec import decode
from openbook.hashing import canonical_json, hash_text
from openbook.stores.ids import new_id
from openbook.stores.rows import insert_missing
from openbook.stores.schema import texts, tickets
from openbook.stores.texts import erase_owners, put_texts
from openbook.types import Ticket, to_plain, utc_now

_AT_ONCE = 500


def put_tickets(connection: Connection, tenant: str, source_id: str, found: Iterable[Ticket]) -> int:
    """Keeps tickets of a source, each in place of what was known of the same one; returns how many are new."""
    batch = {hash_text(ticket.id): ticket for ticket in found}
    mine = (tickets.c.tenant == tenant, tickets.c.source_id == source_id, tickets.c.name_hash.in_(list(batch)))
    query = select(tickets.c.name_hash, tickets.c.id, tickets.c.body_hash).where(*mine)
    known = {row.name_hash: (row.id, row.body_hash) for row in connection.execute(query)}
    bodies = {digest: canonical_json(to_plain(ticket)) for digest, ticket in batch.items()}
    changed = [d for d in batch if d not in known or known[d][1] != hash_text(bodies[d])]
    _drop(connection, tenant, [known[digest][0] for digest in changed if digest in known])
    ids = {digest: new_id("tkt") for digest in changed}
    put_texts(connection, tenant, [(ids[digest], bodies[digest]) for digest in changed])
    rows = [_row(batch[digest], digest, bodies[digest]) | {"tenant": tenant, "id": ids[digest]} for digest in changed]
    insert_missing(connection, tickets, [row | {"source_id": source_id, "imported_at": utc_now()} for row in rows])
    return len(set(changed) - set(known))


def _row(ticket: Ticket, digest: str, body: str) -> dict[str, Any]:
    return {
        "name_hash": digest,
        "body_hash": hash_text(body),
        "solved": ticket.solved,
        "confirmed": bool(ticket.resolution),
        "created_at": ticket.created_at,
    }


def count_tickets(connection: Connection, tenant: str) -> dict[str, tuple[int, int, int]]:
    """By source how many tickets there are, how many are solved, and how many by a confirmed answer."""
    solved, confirmed = (func.sum(cast(column, Integer)) for column in (tickets.c.solved, tickets.c.confirmed))
    query = (
        select(tickets.c.source_id, func.count(), solved, confirmed)
        .where(tickets.c.tenant == tenant)
        .group_by(tickets.c.source_id)
    )
    return {source: (every, solved, confirmed) for source, every, solved, confirmed in connection.execute(query)}


def read_tickets(connection: Connection, tenant: str, *, source_id: str = "") -> Iterator[Ticket]:
    """Every ticket that was not erased, in the order of their ids."""
    of_ticket = (texts.c.tenant == tickets.c.tenant) & (texts.c.owner == tickets.c.id)
    query = select(texts.c.body).join(tickets, of_ticket).where(tickets.c.tenant == tenant).order_by(tickets.c.id)
    if source_id:
        query = query.where(tickets.c.source_id == source_id)
    for body in connection.execution_options(yield_per=_AT_ONCE).execute(query).scalars():
        yield decode(Ticket, json.loads(body))


def drop_tickets(connection: Connection, tenant: str, source_id: str) -> int:
    """Destroys every ticket of a source with its words; returns how many."""
    query = select(tickets.c.id).where(tickets.c.tenant == tenant, tickets.c.source_id == source_id)
    ids = list(connection.execute(query).scalars())
    _drop(connection, tenant, ids)
    return len(ids)


def drop_ticket(connection: Connection, tenant: str, source_id: str, name: str) -> None:
    """Destroys one ticket of a source with its words."""
    mine = (tickets.c.tenant == tenant, tickets.c.source_id == source_id, tickets.c.name_hash == hash_text(name))
    _drop(connection, tenant, list(connection.execute(select(tickets.c.id).where(*mine)).scalars()))


def _drop(connection: Connection, tenant: str, ids: list[str]) -> None:
    for start in range(0, len(ids), _AT_ONCE):
        some = ids[start : start + _AT_ONCE]
        erase_owners(connection, tenant, some)
        connection.execute(delete(tickets).where(tickets.c.tenant == tenant, tickets.c.id.in_(some)))
