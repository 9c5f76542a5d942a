"""The packet: everything a person needs to take a conversation over, made from its receipt and messages.

Made when somebody looks, so that it keeps no words of its own: what was erased is missing here too.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from openbook.answer import Draft, draft
from openbook.answer.compose import compose
from openbook.answer.promises import promises_in
from openbook.conversation.handoff import unknown_handoff
from openbook.conversation.replay import found_then
from openbook.conversation.turn import TurnParts
from openbook.search.words import bag_of, uncommon_words
from openbook.stores.catalogue import list_documents
from openbook.stores.conversations import get_conversation
from openbook.stores.handoffs import get_handoff
from openbook.stores.history import get_receipt
from openbook.types import Conversation, Hit, Message, Packet, SuggestedReply, TriedSource

MOST_SOURCES = 5
_LOOSE = 0.45
_LONGEST_QUOTE = 600
_MOST_WORDS = 4
_WORD = re.compile(r"\w+")
_NO_QUESTION = ("wants_person", "self_harm", "threat", "anger")
"""Policies whose messages no article answers."""


def packet_of(parts: TurnParts, tenant: str, handoff_id: str) -> Packet:
    """The packet of a hand-off.

    Raises:
        NotFound: There is no such hand-off.
    """
    with parts.database.read() as connection:
        detail = get_handoff(connection, tenant, handoff_id)
        conversation = get_conversation(connection, tenant, detail.conversation_id) if detail else None
        receipt = get_receipt(connection, tenant, detail.answer_id) if detail and detail.answer_id else None
    if detail is None or conversation is None:
        raise unknown_handoff(handoff_id)
    hits = _still_live(parts, tenant, found_then(parts.database, receipt)) if receipt and receipt.hits else ()
    answer = receipt.answer if receipt else None
    asks_something = detail.rule not in _NO_QUESTION
    said = answer.reason if answer and not detail.rule else detail.reason  # in full while its words are kept
    return Packet(
        handoff=replace(detail, reason=said),
        question=receipt.question if receipt else _last_question(conversation),
        understood=answer.understood if answer else (),
        confidence=receipt.confidence if receipt else 0.0,
        threshold=answer.threshold if answer else 0.0,
        confidence_parts=answer.confidence_parts if answer else {},
        sources=_sources(answer.understood if answer else (), hits),
        promises=_promises(conversation.messages),
        suggestion=_suggestion(draft(answer.understood, hits)) if answer and hits and asks_something else None,
        messages=conversation.messages,
        name=conversation.name,
        contact=conversation.contact,
    )


def _still_live(parts: TurnParts, tenant: str, hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """The hits whose versions still serve: what was withdrawn since is suggested to nobody."""
    with parts.database.read() as connection:
        live = list_documents(connection, tenant, ids=sorted({hit.document_id for hit in hits}))
    serving = {(document.id, document.version) for document in live}
    return tuple(hit for hit in hits if (hit.document_id, hit.version) in serving)


def _last_question(conversation: Conversation) -> str | None:
    said = [message.text for message in conversation.messages if message.author == "customer"]
    return said[-1] if said else ""


def _promises(messages: Sequence[Message]) -> tuple[str, ...]:
    """Every sentence with a promise that the customer was told, by the bot or by a person."""
    told = [message.text for message in messages if message.author in ("bot", "operator") and message.text]
    return tuple(sentence for text in told for sentence in promises_in(text))


def _sources(understood: Sequence[str], hits: Sequence[Hit]) -> tuple[TriedSource, ...]:
    """The best hit of each document, best first."""
    best: dict[str, Hit] = {}
    for hit in hits:
        best.setdefault(hit.document_id, hit)
    written = {word.lower(): word for word in reversed(_WORD.findall(" ".join(understood)))}  # each as it came first
    wanted = [word for word in reversed(written.values()) if uncommon_words(word)]
    return tuple(
        TriedSource(
            document_id=hit.document_id,
            version=hit.version,
            title=hit.title,
            url=hit.url,
            quote=hit.text[:_LONGEST_QUOTE],
            score=hit.score,
            similarity=hit.dense,
            why_not=_why_not(hit, wanted, first=place == 0),
        )
        for place, hit in enumerate(list(best.values())[:MOST_SOURCES])
    )


def _why_not(hit: Hit, wanted: Sequence[str], *, first: bool) -> str:
    """Why a source did not make an answer, in words for an operator."""
    there = bag_of(hit.title, hit.text)
    missing = [word for word in wanted if there.isdisjoint(uncommon_words(word))][:_MOST_WORDS]
    reasons = []
    if hit.dense is not None and hit.dense < _LOOSE:
        reasons.append(f"only loosely like the question (similarity {hit.dense:.2f})")
    if missing:
        reasons.append(f"does not say {', '.join(f'“{word}”' for word in missing)}")
    if not reasons:
        reasons.append("near, but no sentence of it was sure enough" if first else "others fit better")
    return "; ".join(reasons)


def _suggestion(drafted: Draft) -> SuggestedReply | None:
    """What the sources say in their own words, for a person to judge; None where nothing can be quoted."""
    composed = compose(drafted)
    if not composed.claims:
        return None
    cited = {citation.document_id: citation for citation in composed.citations}.values()
    return SuggestedReply(
        text=composed.text,
        titles=tuple(citation.title for citation in cited),
        urls=tuple(citation.url for citation in cited),
        quotes=tuple(citation.quote for citation in composed.citations),
    )
