"""Freshdesk: tickets with their conversations, and solution articles.

Fields as in developers.freshdesk.com/api, "Tickets", "Conversations" and "Solution Article". The first
message is the description; a later one counts only where the export says that it is not private, and
where it went to the customer: what was forwarded to others does not.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from openbook.errors import ReadError
from openbook.ingest.exports.article import article_part
from openbook.ingest.exports.case import Case
from openbook.ingest.exports.fields import (
    iso_at,
    language_at,
    mapping_at,
    mappings_at,
    moment_at,
    people_of,
    text_at,
    texts_at,
)
from openbook.ingest.exports.message import message_text, one_line
from openbook.types import INTERNAL, Part, Ticket, TicketMessage
from openbook.types.ticket import Author

_SOLVED = ("4", "5", "resolved", "closed")
_PUBLISHED = "2"
_VISIBLE_TO_ALL = "1"
_FORWARDED, _SURVEY = "8", "6"
_WRITTEN_BY_STAFF = "10"
_SOURCES = {"1": "email", "2": "portal", "3": "phone", "7": "chat", "9": "feedback widget", "10": "outbound email"}
_NEUTRAL_RATING, _BEST_RATING = 100, 103
_TICKET_SIGNS = frozenset({"responder_id", "description_text", "fr_escalated", "conversations"})
_ARTICLE_SIGNS = frozenset({"agent_id", "category_id", "seo_data", "description_text"})


def fits(names: Collection[str]) -> bool:
    """See `Layout.fits`."""
    return _is_article(names) or _is_ticket(names)


def _is_article(names: Collection[str]) -> bool:
    return {"id", "title", "description", "folder_id"} <= set(names) and not _ARTICLE_SIGNS.isdisjoint(names)


def _is_ticket(names: Collection[str]) -> bool:
    return {"id", "subject", "status"} <= set(names) and not _TICKET_SIGNS.isdisjoint(names)


def read(record: Mapping[str, Any]) -> Iterator[Case | Part]:
    """See `Layout.read`."""
    yield _article(record) if _is_article(record) else _case(record)


def _article(record: Mapping[str, Any]) -> Part:
    """Only what is published is served; what its folder does not show to everybody is internal."""
    visibility = text_at(mapping_at(record, "folder"), "visibility") or text_at(
        record, "folder_visibility", "visibility"
    )
    values = {
        "title": text_at(record, "title"),
        "url": text_at(record, "url"),
        "locale": text_at(record, "language", "locale"),
        "updated_at": iso_at(record, "updated_at"),
        "status": "" if text_at(record, "status") == _PUBLISHED else "draft",
        "audience": [] if visibility in ("", _VISIBLE_TO_ALL) else [INTERNAL],
    }
    return article_part(text_at(record, "id"), text_at(record, "description", "description_text"), values)


def _case(record: Mapping[str, Any]) -> Case:
    source = text_at(record, "source")
    ticket = Ticket(
        id=text_at(record, "id"),
        subject=one_line(text_at(record, "subject")),
        messages=tuple(_messages(record)),
        created_at=moment_at(record, "created_at"),
        channel=_SOURCES.get(source, source),
        tags=texts_at(record, "tags"),
        queue=text_at(mapping_at(record, "group"), "name") or text_at(record, "group_name", "group_id"),
        solved=text_at(record, "status").lower() in _SOLVED,
        csat=_rating(record),
        language=language_at(mapping_at(record, "requester"), "language"),
    )
    if not ticket.id or not (ticket.subject or ticket.messages):
        raise ReadError("it has no id, or neither a subject nor a public message.", fix="Export it with conversations.")
    persons = (mapping_at(record, name) for name in ("requester", "responder", "agent", "contact"))
    writers = (mapping_at(each, "user") for each in mappings_at(record, "conversations"))
    people = (*people_of(*persons, *writers), *_addresses(record))
    return Case(ticket, people, updated_at=moment_at(record, "updated_at", "created_at"))


def _messages(record: Mapping[str, Any]) -> Iterator[TicketMessage]:
    first: Author = "operator" if text_at(record, "source") == _WRITTEN_BY_STAFF else "customer"
    description = message_text(text_at(record, "description", "description_text"))
    if description:
        yield TicketMessage(first, description, moment_at(record, "created_at"))
    written = sorted(mappings_at(record, "conversations"), key=lambda each: iso_at(each, "created_at"))
    for each in written:
        if each.get("private") is not False or text_at(each, "source") in (_FORWARDED, _SURVEY):
            continue
        text = message_text(text_at(each, "body", "body_text"))
        if text:
            yield TicketMessage(_author(each), text, moment_at(each, "created_at"))


def _author(message: Mapping[str, Any]) -> Author:
    if message.get("incoming") is True:
        return "customer"
    return "bot" if text_at(message, "automation_id", "automation_type_id") else "operator"


def _addresses(record: Mapping[str, Any]) -> Iterator[str]:
    """The mail addresses of a customer that stand in the messages themselves."""
    yield from filter(None, (text_at(record, "email"), text_at(record, "name"), text_at(record, "phone")))
    for each in mappings_at(record, "conversations"):
        if each.get("incoming") is True:
            yield from filter(None, [text_at(each, "from_email")])


def _rating(record: Mapping[str, Any]) -> float | None:
    """From the answer to a survey's main question: 100 is neutral, 101 to 103 happy, -101 to -103 unhappy."""
    surveys = (*mappings_at(record, "satisfaction_ratings"), mapping_at(record, "satisfaction_rating"))
    found = (mapping_at(survey, "ratings").get("default_question") for survey in reversed(surveys))
    rating = next((each for each in found if isinstance(each, int) and abs(each) <= _BEST_RATING), None)
    if rating is None or abs(rating) < _NEUTRAL_RATING:
        return None
    step = (abs(rating) - _NEUTRAL_RATING) / (_BEST_RATING - _NEUTRAL_RATING) / 2
    return 0.5 + step if rating > 0 else 0.5 - step
