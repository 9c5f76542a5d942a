"""Conversations and their messages. The words of messages are texts of their conversation, or of their answer.

What a person or the house says is appended here; a turn of the bot is written by `stores.turns`.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from openbook.stores.ids import new_id
from openbook.stores.rows import insert_missing
from openbook.stores.schema import conversations, messages, people
from openbook.stores.texts import get_texts, put_texts
from openbook.types import Author, Conversation, Message, utc_now

BOT_HAS_IT = "open"
"""The state of a conversation that nobody but the bot has."""

UNNAMED = "Support"


def open_conversation(connection: Connection, tenant: str, conversation_id: str, **values: Any) -> None:
    """Makes a conversation if there is none of that id; `values` are its channel, visitor_id and locale."""
    now = utc_now()
    usual = {
        "channel": "api",
        "visitor_id": "",
        "locale": "",
        "state": BOT_HAS_IT,
        "created_at": now,
        "updated_at": now,
    }
    insert_missing(connection, conversations, [usual | values | {"tenant": tenant, "id": conversation_id}])


def append_message(
    connection: Connection,
    tenant: str,
    conversation_id: str,
    *,
    author: Author,
    text: str,
    person_id: str = "",
    idempotency_key: str = "",
    at: datetime | None = None,
) -> Message:
    """Puts a message behind the others; the same one where the key says that it is there already.

    Args:
        connection: Where it is stored.
        tenant: Whose it is.
        conversation_id: The conversation, which exists.
        author: Who says it.
        text: The words.
        person_id: The operator who wrote it.
        idempotency_key: A repeat with the same key is no second message; empty for none.
        at: When it was said; now by default.
    """
    if idempotency_key and (found := find_message(connection, tenant, idempotency_key)) is not None:
        return found
    [digest] = put_texts(connection, tenant, [(conversation_id, text)])
    place = next_ordinal(connection, tenant, conversation_id)
    said = Message(new_id("msg"), place, author, text, at or utc_now(), "", person_id)
    row = {
        "tenant": tenant,
        "id": said.id,
        "conversation_id": conversation_id,
        "ordinal": place,
        "author": author,
        "text_hash": digest,
        "answer_id": None,
        "created_at": said.created_at,
        "person_id": person_id,
        "idempotency_key": idempotency_key or None,
    }
    connection.execute(insert(messages), [row])
    touch(connection, tenant, conversation_id)
    return said


def next_ordinal(connection: Connection, tenant: str, conversation_id: str) -> int:
    """The place of the next message."""
    mine = (messages.c.tenant == tenant, messages.c.conversation_id == conversation_id)
    last = connection.execute(select(func.max(messages.c.ordinal)).where(*mine)).scalar()
    return 0 if last is None else int(last) + 1


def touch(connection: Connection, tenant: str, conversation_id: str, **values: Any) -> None:
    """Notes that something happened in a conversation just now; `values` are columns that change, such as state."""
    mine = (conversations.c.tenant == tenant, conversations.c.id == conversation_id)
    connection.execute(update(conversations).where(*mine).values(updated_at=utc_now(), **values))


def put_person_of(
    connection: Connection, tenant: str, conversation_id: str, *, name: str = "", contact: str = ""
) -> None:
    """Keeps who the customer is, as far as it was said, as texts of the conversation."""
    named = {column: words for column, words in (("name_hash", name), ("contact_hash", contact)) if words}
    hashes = put_texts(connection, tenant, [(conversation_id, words) for words in named.values()])
    if named:
        touch(connection, tenant, conversation_id, **dict(zip(named, hashes, strict=True)))


def find_message(connection: Connection, tenant: str, idempotency_key: str) -> Message | None:
    """The message that was kept under this key, if there is one."""
    mine = (messages.c.tenant == tenant, messages.c.idempotency_key == idempotency_key)
    row = connection.execute(select(messages).where(*mine)).first()
    return None if row is None else _with_texts(connection, tenant, [row])[0]


def messages_of(
    connection: Connection, tenant: str, conversation_id: str, *, behind: int = -1, with_notes: bool = True
) -> tuple[Message, ...]:
    """The messages of a conversation in order; an erased text reads as None.

    Args:
        connection: Where they are stored.
        tenant: Whose they are.
        conversation_id: The conversation.
        behind: Only those whose place is behind this one.
        with_notes: Whether operators' internal notes are among them.
    """
    where = [
        messages.c.tenant == tenant,
        messages.c.conversation_id == conversation_id,
        messages.c.ordinal > behind,
    ]
    if not with_notes:
        where.append(messages.c.author != "note")
    rows = connection.execute(select(messages).where(*where).order_by(messages.c.ordinal)).all()
    return tuple(_with_texts(connection, tenant, rows))


def get_conversation(
    connection: Connection, tenant: str, conversation_id: str, *, with_notes: bool = True
) -> Conversation | None:
    """A conversation with its messages, or None."""
    mine = (conversations.c.tenant == tenant, conversations.c.id == conversation_id)
    row = connection.execute(select(conversations).where(*mine)).first()
    if row is None:
        return None
    said = messages_of(connection, tenant, conversation_id, with_notes=with_notes)
    return _conversation(row, _words_about(connection, tenant, [row]), said)


def visitor_of(connection: Connection, tenant: str, conversation_id: str) -> str | None:
    """Whose a conversation is: empty for nobody's in particular, None where there is none."""
    mine = (conversations.c.tenant == tenant, conversations.c.id == conversation_id)
    return connection.execute(select(conversations.c.visitor_id).where(*mine)).scalar()


def names_of(connection: Connection, tenant: str, person_ids: Iterable[str]) -> dict[str, str]:
    """What customers may call these operators: their names; "Support" where somebody has none, or a key replied."""
    wanted = sorted(set(person_ids))
    query = select(people.c.id, people.c.name).where(people.c.tenant == tenant, people.c.id.in_(wanted))
    found = {row.id: row.name for row in connection.execute(query)}
    return {person_id: found.get(person_id) or UNNAMED for person_id in wanted}


def conversations_by_id(connection: Connection, tenant: str, ids: Sequence[str]) -> dict[str, Conversation]:
    """These conversations without their messages."""
    query = select(conversations).where(conversations.c.tenant == tenant, conversations.c.id.in_(list(ids)))
    rows = connection.execute(query).all()
    words = _words_about(connection, tenant, rows)
    return {row.id: _conversation(row, words, ()) for row in rows}


def _conversation(row: Row[Any], words: Mapping[tuple[str, str], str], said: tuple[Message, ...]) -> Conversation:
    return Conversation(
        id=row.id,
        tenant=row.tenant,
        channel=row.channel,
        visitor_id=row.visitor_id,
        locale=row.locale,
        state=row.state,
        created_at=row.created_at,
        updated_at=row.updated_at,
        messages=said,
        name=words.get((row.id, row.name_hash), ""),
        contact=words.get((row.id, row.contact_hash), ""),
    )


def _words_about(connection: Connection, tenant: str, rows: Sequence[Row[Any]]) -> Mapping[tuple[str, str], str]:
    hashes = [(row.id, digest) for row in rows for digest in (row.name_hash, row.contact_hash) if digest]
    return get_texts(connection, tenant, hashes)


def _with_texts(connection: Connection, tenant: str, rows: Sequence[Row[Any]]) -> list[Message]:
    owners = [(row.answer_id or row.conversation_id, row.text_hash) for row in rows]
    found = get_texts(connection, tenant, owners)
    return [
        Message(
            id=row.id,
            ordinal=row.ordinal,
            author=row.author,
            text=found.get(key),
            created_at=row.created_at,
            answer_id=row.answer_id or "",
            person_id=row.person_id,
        )
        for row, key in zip(rows, owners, strict=True)
    ]
