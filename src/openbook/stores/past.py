"""Questions that were asked before: from receipts and from imported tickets, the latest first."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, and_, select

from openbook.stores.schema import receipts, texts
from openbook.stores.tickets import read_tickets
from openbook.types import INTERNAL, PUBLIC, AskRequest

_LOOKED_AT = 5_000
_TICKETS = 1_000
_LONGEST = 2_000


def past_questions(
    connection: Connection, tenant: str, *, near: str = "", limit: int = 200
) -> tuple[list[AskRequest], int]:
    """Different past questions, and how many there are altogether.

    Args:
        connection: Where they are stored.
        tenant: Whose they are.
        near: A document's id: questions for which it was found come first.
        limit: The most that are returned.
    """
    close: dict[AskRequest, None] = {}
    others: dict[AskRequest, None] = {}
    for request, found in _asked(connection, tenant):
        (close if near and near in found else others).setdefault(request)
    for ticket in _first_words(connection, tenant):
        others.setdefault(ticket)
    every = list(close | others)
    return every[:limit], len(every)


def _asked(connection: Connection, tenant: str) -> Iterator[tuple[AskRequest, set[str]]]:
    """Questions that left a receipt, with the documents that were found for each."""
    of_question = and_(
        texts.c.tenant == receipts.c.tenant,
        texts.c.owner == receipts.c.conversation_id,
        texts.c.hash == receipts.c.question_hash,
    )
    query = (
        select(texts.c.body, receipts.c.query, receipts.c.hits)
        .join(texts, of_question)
        .where(receipts.c.tenant == tenant, receipts.c.channel != "evaluation")
        .order_by(receipts.c.created_at.desc())
        .limit(_LOOKED_AT)
    )
    for body, asked, hits in connection.execute(query):
        yield _request(tenant, body, asked), {hit["document_id"] for hit in hits}


def _request(tenant: str, question: str, asked: dict[str, Any]) -> AskRequest:
    named = {name: asked[name] for name in ("locale", "product") if asked.get(name)}
    return AskRequest(question, tenant=tenant, audiences=tuple(asked.get("audiences", (PUBLIC,))), **named)


def _first_words(connection: Connection, tenant: str) -> Iterator[AskRequest]:
    """What customers wrote first in their tickets, as an operator would look it up."""
    for count, ticket in enumerate(read_tickets(connection, tenant)):
        if count >= _TICKETS:
            return
        first = next((message.text for message in ticket.messages if message.author == "customer"), "")
        words = f"{ticket.subject}\n{first}".strip()[:_LONGEST]
        if words:
            yield AskRequest(words, tenant=tenant, audiences=(PUBLIC, INTERNAL))


def questions_meeting(
    connection: Connection, tenant: str, pairs: set[frozenset[str]]
) -> dict[frozenset[str], list[str]]:
    """By pair of documents the past questions for which both were found."""
    met: dict[frozenset[str], dict[str, None]] = {pair: {} for pair in pairs}
    for request, found in _asked(connection, tenant):
        for pair, questions in met.items():
            if pair <= found:
                questions.setdefault(request.question)
    return {pair: list(questions) for pair, questions in met.items()}
