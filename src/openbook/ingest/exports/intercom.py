"""Intercom: conversations with their parts, and articles in their languages.

Fields as in developers.intercom.com/docs/references, "Conversations" and "Articles". The first message
is the `source`; the parts after it are messages only where the product shows them to the customer
(comments, and what was written on closing or reopening); notes and assignments never are. What an
AI agent wrote in an operator's name is a bot's.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from openbook.errors import ReadError
from openbook.ingest.exports.article import article_part
from openbook.ingest.exports.case import Case
from openbook.ingest.exports.fields import iso_at, language_at, mapping_at, mappings_at, moment_at, people_of, text_at
from openbook.ingest.exports.message import message_text, one_line
from openbook.types import Part, Ticket, TicketMessage
from openbook.types.ticket import Author

_SHOWN_PARTS = ("comment", "close", "open", "quick_reply")
_AUTHORS: dict[str, Author] = {
    "user": "customer",
    "lead": "customer",
    "contact": "customer",
    "visitor": "customer",
    "admin": "operator",
    "team": "operator",
    "teammate": "operator",
    "bot": "bot",
}
_BEST_RATING = 5
_ARTICLE_SIGNS = frozenset({"workspace_id", "translated_content", "parent_type", "default_locale"})


def fits(names: Collection[str]) -> bool:
    """See `Layout.fits`."""
    return _is_article(names) or _is_conversation(names)


def _is_article(names: Collection[str]) -> bool:
    return {"id", "title", "body", "state"} <= set(names) and not _ARTICLE_SIGNS.isdisjoint(names)


def _is_conversation(names: Collection[str]) -> bool:
    return "id" in names and ("conversation_parts" in names or {"source", "state", "contacts"} <= set(names))


def read(record: Mapping[str, Any]) -> Iterator[Case | Part]:
    """See `Layout.read`."""
    if _is_article(record):
        yield from _articles(record)
    else:
        yield _case(record)


def _articles(record: Mapping[str, Any]) -> Iterator[Part]:
    """The article in its own language under its id, then its translations under id and language."""
    name = text_at(record, "id")
    locale = text_at(record, "default_locale", "locale")
    yield _article(name, record, locale=locale)
    for language, translation in mapping_at(record, "translated_content").items():
        if isinstance(translation, Mapping) and language != locale and text_at(translation, "body"):
            yield _article(f"{name}/{language}", translation, locale=language)


def _article(name: str, record: Mapping[str, Any], *, locale: str) -> Part:
    """Only the state "published" is served; any other is a draft."""
    values = {
        "title": text_at(record, "title"),
        "url": text_at(record, "url"),
        "locale": locale,
        "updated_at": iso_at(record, "updated_at"),
        "status": "" if text_at(record, "state") == "published" else "draft",
    }
    return article_part(name, text_at(record, "body"), values)


def _case(record: Mapping[str, Any]) -> Case:
    source = mapping_at(record, "source")
    parts = mappings_at(mapping_at(record, "conversation_parts"), "conversation_parts")
    shown = [part for part in parts if text_at(part, "part_type") in _SHOWN_PARTS]
    first = {"created_at": record.get("created_at"), **source}
    ticket = Ticket(
        id=text_at(record, "id"),
        subject=one_line(text_at(record, "title") or text_at(source, "subject")),
        messages=tuple(message for each in (first, *shown) if (message := _message(each)) is not None),
        created_at=moment_at(record, "created_at"),
        channel=text_at(source, "type"),
        tags=tuple(text_at(tag, "name") for tag in mappings_at(mapping_at(record, "tags"), "tags")),
        queue=text_at(mapping_at(record, "team"), "name") or text_at(record, "team_assignee_id"),
        solved=text_at(record, "state") == "closed",
        csat=_rating(record),
        language=language_at(mapping_at(record, "custom_attributes"), "Language", "language"),
    )
    if not ticket.id or not ticket.messages:
        raise ReadError(
            "it has no id or no message; lists of conversations leave the messages out.",
            fix="Export each conversation with its parts.",
        )
    return Case(
        ticket, tuple(_people(record, source, *parts)), updated_at=moment_at(record, "updated_at", "created_at")
    )


def _message(part: Mapping[str, Any]) -> TicketMessage | None:
    text = message_text(text_at(part, "body"))
    if not text or part.get("redacted") is True:
        return None
    return TicketMessage(_author(mapping_at(part, "author")), text, moment_at(part, "created_at"))


def _author(author: Mapping[str, Any]) -> Author:
    if author.get("from_ai_agent") is True or author.get("is_ai_answer") is True:
        return "bot"
    return _AUTHORS.get(text_at(author, "type"), "bot")


def _rating(record: Mapping[str, Any]) -> float | None:
    """From the five faces of Intercom, 1 to 5."""
    rating = mapping_at(record, "conversation_rating").get("rating")
    if isinstance(rating, bool) or not isinstance(rating, int | float) or not 1 <= rating <= _BEST_RATING:
        return None
    return (rating - 1) / (_BEST_RATING - 1)


def _people(record: Mapping[str, Any], *messages: Mapping[str, Any]) -> Iterator[str]:
    yield from people_of(*mappings_at(mapping_at(record, "contacts"), "contacts"))
    yield from people_of(*(mapping_at(record, name) for name in ("user", "assignee")))
    for message in messages:
        author = mapping_at(message, "author")
        if _author(author) != "bot":
            yield from people_of(author)
