"""Writes past tickets as material: as they are, as evaluation cases, or as training examples.

One JSON value a line, in the forms that the reference describes. Only an answer that a person gave
and that was confirmed becomes a gold answer or an example.
"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from openbook.errors import UserError
from openbook.types import Ticket, to_plain

FORMS = ("tickets", "evaluation", "training")


def write_tickets(tickets: Iterable[Ticket], target: Path, *, form: str) -> int:
    """Writes a file of JSON Lines, whole or not at all; returns the number of lines.

    Args:
        tickets: What is written.
        target: The file; one that is there is replaced.
        form: One of `FORMS`.

    Raises:
        UserError: There is no such form, or the file cannot be written.
    """
    if form not in FORMS:
        raise UserError(f"There is no form {form!r}.", fix=f"Choose one of {', '.join(FORMS)}.")
    count, unfinished = 0, target.with_name(f".{target.name}.unfinished")
    try:
        with unfinished.open("w", encoding="utf-8") as file:
            for line in (plain for ticket in tickets if (plain := _FORM[form](ticket))):
                file.write(json.dumps(line, ensure_ascii=False) + "\n")
                count += 1
        unfinished.replace(target)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        raise UserError(f"{target} cannot be written: {error.strerror}.", fix="Name another file.") from error
    return count


def as_ticket(ticket: Ticket) -> dict[str, Any]:
    """A ticket in the public form: its author as `from`, empty fields left out."""
    plain = to_plain(ticket)
    plain["messages"] = [
        {"from": message["author"], "at": message["at"], "text": message["text"]} for message in plain["messages"]
    ]
    return {name: value for name, value in plain.items() if value not in (None, "", [])} | {"solved": ticket.solved}


def as_case(ticket: Ticket) -> dict[str, Any]:
    """An evaluation case with its gold answer; nothing where no person's answer was confirmed."""
    question = question_of(ticket)
    if not question or not ticket.resolution:
        return {}
    case: dict[str, Any] = {"id": ticket.id, "question": question, "answer": ticket.resolution, "answerable": True}
    said = {"group": ticket.queue, "tags": list(ticket.tags)}
    return case | {name: value for name, value in said.items() if value}


def as_example(ticket: Ticket) -> dict[str, Any]:
    """A training example; nothing where no person's answer was confirmed."""
    question = question_of(ticket)
    if not question or not ticket.resolution:
        return {}
    told = [{"role": "user", "content": question}, {"role": "assistant", "content": ticket.resolution}]
    return {"id": ticket.id, "messages": told, "queue": ticket.queue, "tags": list(ticket.tags)}


def question_of(ticket: Ticket) -> str:
    """What a ticket asks: its subject and the customer's first message, a line each; may be empty."""
    first = next((message.text for message in ticket.messages if message.author == "customer"), "")
    return "\n".join(part for part in (ticket.subject, first) if part)


_FORM = {"tickets": as_ticket, "evaluation": as_case, "training": as_example}
