"""Zendesk: tickets with their comments, and articles of the help center.

Fields as in developer.zendesk.com/api-reference, "Tickets", "Ticket Comments" and "Articles"; the full
JSON export has one ticket a line and persons as objects instead of ids. Who wrote a comment without
such an object is told by comparing ids: the requester and those in copy are customers, all others
operators. A comment counts as public only where the export says so.
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

_SOLVED = ("solved", "closed")
_RATINGS = {"good": 1.0, "bad": 0.0}
_PERSONS = ("requester", "submitter", "assignee", "recipient_user")
_BOT_CHANNELS = frozenset({"rule", "answer_bot", "answer_bot_for_agents", "chatbot", "bot", "ai_agent"})
_ARTICLE_SIGNS = frozenset({"section_id", "user_segment_id", "label_names", "permission_group_id"})
_TICKET_SIGNS = frozenset({"submitter_id", "submitter", "comments", "via", "ticket_form_id", "satisfaction_rating"})


def fits(names: Collection[str]) -> bool:
    """See `Layout.fits`."""
    return _is_article(names) or _is_ticket(names)


def _is_article(names: Collection[str]) -> bool:
    return {"id", "title", "body"} <= set(names) and not _ARTICLE_SIGNS.isdisjoint(names)


def _is_ticket(names: Collection[str]) -> bool:
    has_requester = "requester_id" in names or "requester" in names
    return {"id", "subject"} <= set(names) and has_requester and not _TICKET_SIGNS.isdisjoint(names)


def read(record: Mapping[str, Any]) -> Iterator[Case | Part]:
    """See `Layout.read`."""
    yield _article(record) if _is_article(record) else _case(record)


def _article(record: Mapping[str, Any]) -> Part:
    """A draft has the status "draft"; what only a segment of users may see is internal."""
    values = {
        "title": text_at(record, "title", "name"),
        "url": text_at(record, "html_url"),
        "locale": text_at(record, "locale"),
        "updated_at": iso_at(record, "edited_at", "updated_at"),
        "status": "draft" if record.get("draft") else "",
        "audience": [INTERNAL] if record.get("user_segment_id") or record.get("user_segment_ids") else [],
    }
    return article_part(text_at(record, "id"), text_at(record, "body"), values)


def _case(record: Mapping[str, Any]) -> Case:
    messages = tuple(_messages(record))
    ticket = Ticket(
        id=text_at(record, "id"),
        subject=one_line(text_at(record, "raw_subject", "subject")),
        messages=messages,
        created_at=moment_at(record, "created_at"),
        channel=text_at(mapping_at(record, "via"), "channel") or text_at(record, "via"),
        tags=texts_at(record, "tags"),
        queue=text_at(mapping_at(record, "group"), "name") or text_at(record, "group", "group_id"),
        solved=text_at(record, "status").lower() in _SOLVED,
        csat=_RATINGS.get(_score(record)),
        language=language_at(mapping_at(record, "requester"), "locale") or language_at(record, "locale"),
    )
    if not ticket.id or not (ticket.subject or messages):
        raise ReadError("it has no id, or neither a subject nor a public comment.", fix="Export it with its comments.")
    return Case(ticket, tuple(_people(record)), updated_at=moment_at(record, "updated_at", "solved_at", "created_at"))


def _score(record: Mapping[str, Any]) -> str:
    rating = mapping_at(record, "satisfaction_rating")
    return (text_at(rating, "score") or text_at(record, "satisfaction_rating")).lower()


def _messages(record: Mapping[str, Any]) -> Iterator[TicketMessage]:
    """The public comments; without any, the description, unless the ticket began as a note of the staff."""
    comments = mappings_at(record, "comments")
    for comment in comments:
        if comment.get("public") is not True:
            continue
        text = message_text(text_at(comment, "html_body", "plain_body", "body", "value"))
        if text:
            yield TicketMessage(_author(comment, record), text, moment_at(comment, "created_at"))
    if not comments and record.get("is_public") is not False:
        description = message_text(text_at(record, "description"))
        if description:
            yield TicketMessage("customer", description, moment_at(record, "created_at"))


def _author(comment: Mapping[str, Any], ticket: Mapping[str, Any]) -> Author:
    author = mapping_at(comment, "author")
    writer = text_at(comment, "author_id") or text_at(author, "id")
    channel = text_at(mapping_at(comment, "via"), "channel").lower()
    if writer == "-1" or channel in _BOT_CHANNELS or text_at(author, "role").lower() == "bot":
        return "bot"
    role = text_at(author, "role").lower()
    if role:
        return "customer" if role in ("end-user", "end_user", "enduser") else "operator"
    return "customer" if writer and _is_customer(writer, ticket) else "operator"


def _is_customer(writer: str, ticket: Mapping[str, Any]) -> bool:
    """Whether this id is the requester's, or that of somebody in copy who does not work on the ticket."""
    if writer in (text_at(ticket, "requester_id"), text_at(mapping_at(ticket, "requester"), "id")):
        return True
    if writer in (text_at(ticket, "assignee_id"), text_at(mapping_at(ticket, "assignee"), "id")):
        return False
    copied = (ticket.get("email_cc_ids"), ticket.get("collaborator_ids"))
    return any(str(each) == writer for ids in copied if isinstance(ids, list) for each in ids)


def _people(record: Mapping[str, Any]) -> Iterator[str]:
    yield from people_of(*(mapping_at(record, name) for name in _PERSONS))
    yield from people_of(*mappings_at(record, "collaborator"), _sender(record))
    for comment in mappings_at(record, "comments"):
        is_customer = _author(comment, record) == "customer"
        yield from people_of(mapping_at(comment, "author"), _sender(comment) if is_customer else {})


def _sender(record: Mapping[str, Any]) -> Mapping[str, Any]:
    """Who sent the mail that a ticket or a comment came by."""
    return mapping_at(mapping_at(mapping_at(record, "via"), "source"), "from")
