"""Our own format of tickets, one JSON object each, and tables of tickets with usual column names.

The JSON is described in `examples/exports/README.md`; `messages` has everything that was said in
public. A table has one row a ticket: the customer's words, the answer, and what is known of both. Its
column "resolution" holds an answer that a person marked as the one that helped; "answer" is only the
last thing that was said. Column names are known in English, German, French and Spanish.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from openbook.errors import ReadError
from openbook.ingest.exports.case import Case
from openbook.ingest.exports.fields import (
    language_at,
    mapping_at,
    mappings_at,
    moment_at,
    people_of,
    shown,
    text_at,
    texts_at,
)
from openbook.ingest.exports.message import message_text, one_line
from openbook.types import Part, Ticket, TicketMessage
from openbook.types.ticket import Author

_COLUMNS = {
    "id": "id|ticket id|ticket|ticket number|ticket no|ticket nr|ticketnummer|case id|case number|number|nummer|key",
    "subject": "subject|ticket subject|title|summary|betreff|titel|sujet|objet|asunto",
    "question": "question|description|body|message|request|first message|customer message|issue|frage|beschreibung"
    "|nachricht|anfrage|description du problème|demande|pregunta|descripción|mensaje|consulta",
    "answer": "answer|reply|response|last reply|agent reply|agent response|operator reply|antwort|réponse|respuesta",
    "resolution": "resolution|solution|accepted answer|lösung|résolution|solución|resolución",
    "status": "status|state|ticket status|statut|estado",
    "solved": "solved|is solved|resolved|closed|gelöst|erledigt|résolu|resuelto",
    "created_at": "created at|created|created time|date|opened|erstellt|erstellt am|créé le|creado|fecha",
    "updated_at": "updated at|updated|last updated|last updated time|solved at|closed at|closed time|resolved time"
    "|geändert am|aktualisiert|mis à jour|actualizado",
    "tags": "tags|labels|schlagwörter|étiquettes|etiquetas",
    "queue": "queue|group|team|department|gruppe|abteilung|équipe|groupe|grupo|equipo",
    "channel": "channel|via|source|kanal|canal",
    "csat": "csat|satisfaction|satisfaction score|satisfaction rating|customer satisfaction|zufriedenheit|satisfacción",
    "language": "language|locale|sprache|langue|idioma",
    "customer": "requester|requester name|requester email|customer|customer name|customer email|contact|full name|email"
    "|kunde|client|cliente",
    "operator": "assignee|assignee name|agent|agent name|operator|bearbeiter|assigné à|asignado a",
}
_ROLES = {name: role for role, names in _COLUMNS.items() for name in names.split("|")}
_TICKET_ROLES = frozenset({"customer", "operator", "queue", "channel", "csat", "solved", "resolution"})
_TICKET_SCORE = 4
_TICKET_SIGNS = frozenset({"created_at", "channel", "subject", "queue", "solved", "resolution", "csat"})
_SOLVED_WORDS = (
    "solved closed resolved done completed gelöst geschlossen erledigt résolu fermé clos resuelto cerrado "
    "yes true 1 ja oui sí si x"
)
_SOLVED = frozenset(_SOLVED_WORDS.split())
_AUTHORS: dict[str, Author] = {
    "customer": "customer",
    "user": "customer",
    "requester": "customer",
    "operator": "operator",
    "agent": "operator",
    "support": "operator",
    "bot": "bot",
    "system": "bot",
}
_NOTES = frozenset({"note", "internal", "private"})
_GOOD_WORDS = "good satisfied happy positive gut zufrieden bon satisfait bueno satisfecho"
_BAD_WORDS = "bad dissatisfied unsatisfied unhappy negative schlecht unzufrieden mauvais malo"
_RATINGS = dict.fromkeys(_GOOD_WORDS.split(), 1.0) | dict.fromkeys(_BAD_WORDS.split(), 0.0)
_RATING = re.compile(r"(\d{1,4}(?:[.,]\d{1,4})?)\s*(?:(%)|(?:/|of|von|sur|de)\s*(\d{1,3}))?")


def fits(names: Collection[str]) -> bool:
    """See `Layout.fits`."""
    return _is_object(names) or _is_table(names)


def _is_object(names: Collection[str]) -> bool:
    return {"id", "messages"} <= set(names) and not _TICKET_SIGNS.isdisjoint(names)


def _is_table(names: Collection[str]) -> bool:
    """Whether most of what makes a ticket is there; a list of questions and answers, or of products, is none."""
    roles = {_role(name) for name in names}
    says_ticket = any(_role(name) == "id" and re.search(r"ticket|case", name, re.IGNORECASE) for name in names)
    has_words = bool({"subject", "question"} & roles)
    return len(_TICKET_ROLES & roles) + 2 * says_ticket + ("id" in roles) + has_words >= _TICKET_SCORE


def _role(name: str) -> str:
    return _ROLES.get(re.sub(r"[\s_]+", " ", name).strip(" :?").casefold(), "")


def read(record: Mapping[str, Any]) -> Iterator[Case | Part]:
    """See `Layout.read`."""
    yield _case(record) if "messages" in record else _row(record)


def _case(record: Mapping[str, Any]) -> Case:
    messages = tuple(message for each in mappings_at(record, "messages") if (message := _message(each)) is not None)
    ticket = Ticket(
        id=text_at(record, "id"),
        subject=one_line(text_at(record, "subject")),
        messages=messages,
        created_at=moment_at(record, "created_at"),
        channel=text_at(record, "channel"),
        tags=texts_at(record, "tags"),
        queue=text_at(record, "queue"),
        solved=record.get("solved") is True or text_at(record, "status", "solved").casefold() in _SOLVED,
        csat=_rating(text_at(record, "csat")),
        language=language_at(record, "language"),
    )
    if not ticket.id or not messages:
        raise ReadError(f"it has no id or no messages, only {shown(record)}.", fix="Give each ticket both.")
    people = people_of(*(mapping_at(record, name) for name in ("customer", "operator", "requester", "assignee")))
    names = (text_at(record, name) for name in ("customer", "operator", "requester", "assignee"))
    accepted = message_text(text_at(record, "resolution"))
    return Case(ticket, (*people, *filter(None, names)), accepted, moment_at(record, "updated_at", "created_at"))


def _message(message: Mapping[str, Any]) -> TicketMessage | None:
    """One message; None for a note of the staff, or one without words.

    Raises:
        ReadError: Nobody knows who wrote it.
    """
    writer = text_at(message, "from").casefold()
    text = message_text(text_at(message, "text"))
    if not text or writer in _NOTES or message.get("internal") is True or message.get("public") is False:
        return None
    if writer not in _AUTHORS:
        raise ReadError(f"a message is from {writer!r}.", fix='Write "customer", "operator" or "bot".')
    return TicketMessage(_AUTHORS[writer], text, moment_at(message, "at", "created_at"))


def refuse_missing_columns(names: Collection[str]) -> None:
    """Looks at the header of a table of tickets.

    Raises:
        ReadError: No column has the tickets' ids, or none the customers' words.
    """
    roles = {_role(name) for name in names}
    for needed, what in ((("id",), "id of the ticket"), (("question", "subject"), "customer's words")):
        if roles.isdisjoint(needed):
            expected = ", ".join(name for role in needed for name in _COLUMNS[role].split("|"))
            raise ReadError(
                f"no column holds the {what}: expected one of {expected}; found {shown(names)}.",
                fix="Rename the column, or export the tickets with it.",
            )


def _row(record: Mapping[str, Any]) -> Case:
    """A ticket from one row of a table. Where two columns have the same role, the first that is filled counts."""
    columns: dict[str, str] = {}
    for name in record:
        role = _role(name)
        columns[role] = columns.get(role) or text_at(record, name)
    subject, question = one_line(columns.get("subject", "")), message_text(columns.get("question", ""))
    answer, resolution = message_text(columns.get("answer", "")), message_text(columns.get("resolution", ""))
    if not columns.get("id") or not (subject or question):
        raise ReadError("it has no id, or no words of a customer.", fix="Fill them in, or take the row out.")
    created = moment_at(columns, "created_at")
    messages = [TicketMessage("customer", question, created)] if question else []
    messages += [TicketMessage("operator", each) for each in dict.fromkeys((answer, resolution)) if each]
    ticket = Ticket(
        id=columns["id"],
        subject=subject,
        messages=tuple(messages),
        created_at=created,
        channel=columns.get("channel", ""),
        tags=texts_at(columns, "tags"),
        queue=columns.get("queue", ""),
        solved=_is_solved(columns),
        csat=_rating(columns.get("csat", "")),
        language=language_at(columns, "language"),
    )
    people = (text_at(record, name) for name in record if _role(name) in ("customer", "operator"))
    return Case(ticket, tuple(filter(None, people)), resolution, moment_at(columns, "updated_at", "created_at"))


def _is_solved(columns: Mapping[str, str]) -> bool:
    """As the column "solved" says, or else "status"; a table with neither lists what was resolved."""
    said = [columns[role].casefold() for role in ("solved", "status") if role in columns]
    return said[0] in _SOLVED if said else bool(columns.get("resolution"))


def _rating(text: str) -> float | None:
    """A rating from 0 to 1: such a number, "80 %", "4/5", a word, or more than 1 and at most 5 of five."""
    word = text.casefold()
    found = _RATING.fullmatch(word)
    if found is None:
        return _RATINGS.get(word)
    number = float(found[1].replace(",", "."))
    if found[2]:
        share = number / 100
    elif found[3] or number > 1:
        share = (number - 1) / max(1, int(found[3] or 5) - 1)
    else:
        share = number
    return share if 0 <= share <= 1 else None
