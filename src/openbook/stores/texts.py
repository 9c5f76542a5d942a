"""Text by hash, under its owner: the only place where sources' and customers' words are kept.

The owner is the document, conversation or answer that a text belongs to, so that erasing one
owner's text never takes another's. Rows elsewhere refer to a text by its hash; after an erasure
they still stand, and the text reads as None.
"""

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, delete, func, select

from openbook.hashing import hash_text
from openbook.stores.rows import insert_missing
from openbook.stores.schema import texts
from openbook.types import utc_now


def put_texts(connection: Connection, tenant: str, bodies: Iterable[tuple[str, str]]) -> list[str]:
    """Keeps each (owner, body) and returns the hashes, in order."""
    now = utc_now()
    owned = [(owner, hash_text(body), storable(body)) for owner, body in bodies]
    rows = [
        {"tenant": tenant, "owner": owner, "hash": digest, "body": body, "created_at": now}
        for owner, digest, body in owned
    ]
    insert_missing(connection, texts, rows)
    return [digest for _, digest, _ in owned]


def storable(body: str) -> str:
    """`body` with lone surrogates replaced, which no database can keep."""
    return body.encode("utf-8", "replace").decode("utf-8")


def get_texts(connection: Connection, tenant: str, keys: Iterable[tuple[str, str]]) -> Mapping[tuple[str, str], str]:
    """The bodies of these (owner, hash) pairs; erased or unknown ones are left out."""
    wanted = set(keys)
    if not wanted:
        return {}
    query = select(texts.c.owner, texts.c.hash, texts.c.body).where(
        texts.c.tenant == tenant,
        texts.c.owner.in_(sorted({owner for owner, _ in wanted})),
        texts.c.hash.in_(sorted({digest for _, digest in wanted})),
    )
    return {(owner, digest): body for owner, digest, body in connection.execute(query) if (owner, digest) in wanted}


def erase_owners(connection: Connection, tenant: str, owners: Iterable[str]) -> int:
    """Destroys every text of these owners; returns how many."""
    result = connection.execute(delete(texts).where(texts.c.tenant == tenant, texts.c.owner.in_(list(owners))))
    return result.rowcount


def count_texts(connection: Connection, tenant: str, owners: Iterable[str]) -> int:
    """How many texts these owners still have."""
    query = select(func.count()).select_from(texts).where(texts.c.tenant == tenant, texts.c.owner.in_(list(owners)))
    return connection.execute(query).scalar_one()
