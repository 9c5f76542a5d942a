"""What the tables know of visitors besides what they said: a lasting secret, their own words, what they may see.

A visitor's name and address are texts of the visitor, so that erasing them takes nothing else. Knows no token.
"""

from collections.abc import Iterable

from sqlalchemy import Connection, insert, select

from openbook.stores.chunks import of_live_version
from openbook.stores.database import Database
from openbook.stores.schema import conversations, documents, properties, versions
from openbook.stores.texts import get_texts, put_texts
from openbook.types import PUBLIC


def lasting_secret(database: Database, tenant: str, name: str, fresh: str) -> str:
    """The secret that is kept as a property; `fresh` becomes it where there is none yet."""

    def work(connection: Connection) -> str:
        mine = (properties.c.tenant == tenant, properties.c.name == name)
        kept = connection.execute(select(properties.c.value).where(*mine)).scalar()
        if not kept:
            connection.execute(insert(properties).values(tenant=tenant, name=name, value=fresh))
        return kept or fresh

    return database.write(work)


def put_words_of(connection: Connection, tenant: str, visitor_id: str, *words: str) -> list[str]:
    """Keeps words about a visitor, such as the name; returns their hashes, empty for empty words."""
    said = [each for each in words if each]
    hashes = dict(zip(said, put_texts(connection, tenant, [(visitor_id, each) for each in said]), strict=True))
    return [hashes.get(each, "") for each in words]


def words_of(connection: Connection, tenant: str, visitor_id: str, *hashes: str) -> list[str]:
    """Words about a visitor by their hashes; empty for those that were erased, and for empty hashes."""
    found = get_texts(connection, tenant, [(visitor_id, digest) for digest in hashes if digest])
    return [found.get((visitor_id, digest), "") for digest in hashes]


def last_conversation_of(connection: Connection, tenant: str, visitor_id: str) -> str:
    """The conversation that a visitor began last; empty for none."""
    query = (
        select(conversations.c.id)
        .where(conversations.c.tenant == tenant, conversations.c.visitor_id == visitor_id)
        .order_by(conversations.c.id.desc())
        .limit(1)
    )
    return connection.execute(query).scalar() or ""


def public_documents(connection: Connection, tenant: str, ids: Iterable[str]) -> set[str]:
    """Which of these documents are live and for everybody today."""
    query = (
        select(documents.c.id, versions.c.audiences)
        .select_from(documents)
        .join(versions, of_live_version())
        .where(documents.c.tenant == tenant, documents.c.id.in_(sorted(set(ids))))
    )
    return {row.id for row in connection.execute(query) if PUBLIC in row.audiences}
