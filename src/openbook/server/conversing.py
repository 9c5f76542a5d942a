"""A visitor's side of a conversation: what may be seen of it, and how a message gets its answer or a person.

A message is never lost: where no answer comes in time, or every place for one is taken, it is kept and handed
over. What operators write for themselves, and who they are beyond their names, is not for visitors.
"""

import asyncio
import re
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection

from openbook.desk import Desk
from openbook.errors import Busy, NotFound
from openbook.hashing import canonical_json, hash_text
from openbook.server.door import Door
from openbook.server.visitor_bodies import MessageBody
from openbook.server.visitors import Visitor
from openbook.stores.conversations import (
    conversations_by_id,
    find_message,
    messages_of,
    names_of,
    put_person_of,
    touch,
    visitor_of,
)
from openbook.stores.handoffs import current_handoff
from openbook.stores.history import get_receipt
from openbook.stores.ids import new_id
from openbook.stores.visitors import public_documents, words_of
from openbook.types import Answer, AskRequest, Event, Handoff, HandoffDetail, Message

NEW = "new"
"""What stands for the id of a conversation that begins."""

CHANNEL = "web"
PATIENCE_SECONDS = 20.0
_KEPT_FOR_A_PERSON = "msg_"
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Look:
    """What a visitor may see of a conversation at one moment, in plain JSON types.

    Attributes:
        messages: Those behind the place that was asked for, oldest first.
        state: Who has it: `{"state", "claimed_by_name"}`.
        about: Everything else.
    """

    messages: list[dict[str, Any]]
    state: dict[str, str]
    about: dict[str, Any]

    def whole(self) -> dict[str, Any]:
        """The conversation as its visitor gets it."""
        return {**self.about, **self.state, "messages": self.messages}


def check_own(desk: Desk, visitor: Visitor, conversation_id: str) -> None:
    """Makes sure that a conversation is this visitor's.

    Raises:
        NotFound: It is not, or there is none: both in the same words.
    """
    with desk.parts.database.read() as connection:
        if visitor_of(connection, visitor.tenant, conversation_id) != visitor.id:
            raise _unknown(conversation_id)


def look(desk: Desk, visitor: Visitor, conversation_id: str, *, behind: int = -1) -> Look:
    """What a visitor may see of a conversation, all of one moment.

    Args:
        desk: Where it is kept.
        visitor: Whose it must be.
        conversation_id: Which.
        behind: Only messages whose place is behind this one.

    Raises:
        NotFound: It is not this visitor's, or there is none.
    """
    tenant = visitor.tenant
    with desk.parts.database.read() as connection:
        found = conversations_by_id(connection, tenant, [conversation_id]).get(conversation_id)
        if found is None or found.visitor_id != visitor.id:
            raise _unknown(conversation_id)
        said = messages_of(connection, tenant, conversation_id, behind=behind, with_notes=False)
        detail = current_handoff(connection, tenant, conversation_id)
        holder = detail.claimed_by if detail is not None and detail.state.mutes else ""
        people = {message.person_id for message in said if message.person_id} | ({holder} if holder else set())
        names = names_of(connection, tenant, people)
        answers = _answers(connection, tenant, said)
    about = found.to_dict()
    for name in ("visitor_id", "state", "messages"):
        del about[name]
    return Look(
        messages=[_seen(message, names, answers) for message in said],
        state={"state": found.state, "claimed_by_name": names.get(holder, "")},
        about=about,
    )


def message_request(body: MessageBody, visitor: Visitor, conversation_id: str, *, key: str = "") -> AskRequest:
    """A visitor's message as the turn takes it.

    Args:
        body: The message.
        visitor: Who sent it.
        conversation_id: Where it belongs; `NEW` for one that begins.
        key: What the page calls this message, so that a repeat is no second one; made up where empty.
    """
    text = _CONTROLS.sub(" ", body.text)
    said = [key or new_id("key"), visitor.id, text]
    return AskRequest(
        question=text,
        conversation_id="" if conversation_id == NEW else conversation_id,
        tenant=visitor.tenant,
        language=body.locale,
        channel=CHANNEL,
        visitor_id=visitor.id,
        idempotency_key=hash_text(canonical_json(said)),
    )


async def answered(door: Door, asked: AskRequest, *, patience_seconds: float = PATIENCE_SECONDS) -> Answer:
    """The answer to a message, or the hand-off that keeps it where there is none in time.

    Raises:
        UserError: The conversation is unknown.
        Busy: Not even the message can be kept right now; the same request may be sent again.
    """
    try:
        return await asyncio.wait_for(door.answer(asked), patience_seconds)
    except Busy:
        why = "busy"
    except TimeoutError:
        why = "slow"
    return await door.read(lambda: door.desk.rescue(asked, why=why))


async def turn_events(
    door: Door, asked: AskRequest, *, patience_seconds: float = PATIENCE_SECONDS
) -> AsyncGenerator[Event, None]:
    """The events of a turn; where none comes in time the last one is the hand-off that keeps the message.

    Raises:
        UserError: The conversation is unknown.
        Busy: Not even the message can be kept right now.
    """
    loop = asyncio.get_running_loop()
    ends = loop.time() + patience_seconds
    why = ""
    try:
        events = door.turns.stream(lambda: door.turn(asked))
        while True:
            event = await asyncio.wait_for(anext(events), ends - loop.time())
            yield event
            if event.name == "recorded":
                return
    except StopAsyncIteration:
        return
    except Busy:
        why = "busy"
    except TimeoutError:
        why = "slow"
    yield Event("recorded", await door.read(lambda: door.desk.rescue(asked, why=why)), 0.0)


def outcome(desk: Desk, visitor: Visitor, asked: AskRequest, answer: Answer, *, page: str) -> dict[str, Any]:
    """What a message came to: the message as it is kept, the answer, the hand-off; and keeps what began with it.

    Args:
        desk: Where all this is kept.
        visitor: Who sent the message.
        asked: The message.
        answer: What the turn gave.
        page: The address that the visitor's page told.
    """
    tenant, conversation_id = visitor.tenant, answer.conversation_id
    if not asked.conversation_id and (page or visitor.name_hash or visitor.email_hash):
        desk.parts.database.write(lambda connection: _keep_beginning(connection, visitor, conversation_id, page))
    with desk.parts.database.read() as connection:
        message = find_message(connection, tenant, asked.idempotency_key)
    muted = answer.id.startswith(_KEPT_FOR_A_PERSON)
    return {
        "conversation_id": conversation_id,
        "message": None if message is None else _seen(message, {}, {}),
        "answer": None if muted else answer.to_dict(),
        "handoff": answer.handoff.to_dict() if answer.handoff else None,
    }


def beginning(visitor: Visitor, key: str) -> str:
    """The id of a conversation that begins; the same one for the same visitor and key."""
    return f"con_{hash_text(canonical_json([visitor.id, key]))[:26]}" if key else new_id("con")


def fetched(desk: Desk, visitor: Visitor, detail: HandoffDetail, *, begins: bool) -> dict[str, Any]:
    """A hand-off that a visitor asked for, with the words that were said about it; keeps who began with it."""
    if begins:
        conversation_id = detail.conversation_id
        desk.parts.database.write(lambda connection: _keep_beginning(connection, visitor, conversation_id, ""))
    seen = look(desk, visitor, detail.conversation_id)
    notices = [message["text"] for message in seen.messages if message["author"] == "notice"]
    notice = (notices[-1] if notices else "") or ""
    handoff = Handoff(detail.id, detail.state.value, detail.reason, detail.created_at, notice)
    return {"conversation_id": detail.conversation_id, "handoff": handoff.to_dict()}


async def changes(door: Door, visitor: Visitor, conversation_id: str, *, behind: int) -> AsyncGenerator[Look, None]:
    """What is new in a conversation, each time that something happened there; first what is new already.

    Args:
        door: The server.
        visitor: Whose it is.
        conversation_id: Which.
        behind: The place of the last message that was seen.

    Raises:
        Refused: The visitor has too many streams.
        Busy: There is no place to read right now.
    """
    with door.visitors.streaming(visitor):
        async with aclosing(door.hub.notices(visitor.tenant, conversation_id)) as notices:
            async for notice in notices:
                if notice.what == "typing":
                    continue
                async with door.hub.looking:
                    seen = await door.read(partial(look, door.desk, visitor, conversation_id, behind=behind))
                behind = max([behind, *(message["ordinal"] for message in seen.messages)])
                yield seen


def page_without_secrets(page: str) -> str:
    """The address of a page without what may be anybody's secret: user, query and fragment; empty for no address."""
    try:
        parts = urlsplit(page.strip())
        host = parts.hostname or ""
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return ""
    return f"{parts.scheme}://{host}{port}{parts.path}"[:500] if host and parts.scheme in ("http", "https") else ""


def _keep_beginning(connection: Connection, visitor: Visitor, conversation_id: str, page: str) -> None:
    """Notes where a conversation began, and with whom as far as the company's server said so."""
    name, email = words_of(connection, visitor.tenant, visitor.id, visitor.name_hash, visitor.email_hash)
    if name or email:
        put_person_of(connection, visitor.tenant, conversation_id, name=name, contact=email)
    if address := page_without_secrets(page):
        touch(connection, visitor.tenant, conversation_id, page=address)


def _seen(message: Message, names: dict[str, str], answers: dict[str, Answer]) -> dict[str, Any]:
    """A message as visitors see it: operators by their names only, the bot's with the answer behind it."""
    plain = message.to_dict()
    person_id = plain.pop("person_id")
    answer = answers.get(message.answer_id)
    return {**plain, "name": names.get(person_id, ""), "answer": answer.to_dict() if answer else None}


def _answers(connection: Connection, tenant: str, said: tuple[Message, ...]) -> dict[str, Answer]:
    """The answers behind the bot's messages, but none that rests on what is not for everybody by now."""
    ids = [message.answer_id for message in said if message.answer_id]
    receipts = [receipt for answer_id in ids if (receipt := get_receipt(connection, tenant, answer_id)) is not None]
    answers = {receipt.id: receipt.answer for receipt in receipts if receipt.answer is not None}
    cited = {answer_id: {each.document_id for each in answer.citations} for answer_id, answer in answers.items()}
    open_now = public_documents(connection, tenant, set().union(*cited.values()))
    return {answer_id: answer for answer_id, answer in answers.items() if cited[answer_id] <= open_now}


def _unknown(conversation_id: str) -> NotFound:
    return NotFound(
        f"There is no conversation {conversation_id[:200]!r} of this visitor.",
        fix=f"Begin one: POST /v1/conversations/{NEW}/messages.",
    )
