"""What leaves this package: a ticket without personal details, and, if it was resolved, a document made of it.

Every text passes through `privacy.mask` with the names that the export gives in fields of their own.
It knows no layout.
"""

import re
from dataclasses import replace

from openbook.ingest.composer import Composer
from openbook.ingest.exports.case import Case
from openbook.ingest.exports.resolution import confirmed_answer
from openbook.ingest.metadata import describe
from openbook.ingest.privacy import mask
from openbook.ingest.readers.plain import compose_group
from openbook.types import INTERNAL, Part, Ticket

_TITLE_LIMIT = 120


def masked_ticket(case: Case) -> Ticket:
    """The ticket of a case with its resolution, and with marks in place of personal details."""
    ticket = case.ticket

    def masked(text: str) -> str:
        return mask(text, names=case.people, locale=ticket.language).text if text else ""

    return replace(
        ticket,
        subject=masked(ticket.subject),
        messages=tuple(replace(message, text=masked(message.text)) for message in ticket.messages),
        tags=tuple(masked(tag) for tag in ticket.tags),
        queue=masked(ticket.queue),
        resolution=masked(confirmed_answer(case)),
    )


def ticket_part(ticket: Ticket, case: Case) -> Part | None:
    """The document of a masked ticket: the customer's first words, then the answer; None if nobody confirmed one.

    It is for the own staff: what was right for one customer is for others only after a person has looked at it.
    """
    question = next((message.text for message in ticket.messages if message.author == "customer"), ticket.subject)
    if not ticket.resolution or not question:
        return None
    described = describe(
        {
            "title": ticket.subject or " ".join(question.split())[:_TITLE_LIMIT],
            "audience": [INTERNAL],
            "locale": ticket.language,
            "updated_at": case.updated_at.isoformat() if case.updated_at else "",
        }
    )
    composer = Composer()
    composer.locator = "solved ticket"
    composer.heading(question, level=2)
    for paragraph in re.split(r"\n{2,}", ticket.resolution):
        compose_group(paragraph.split("\n"), composer)
    name = f"ticket {ticket.id}"
    return Part(name, "ticket", composer.finish(described.metadata, path=name))
