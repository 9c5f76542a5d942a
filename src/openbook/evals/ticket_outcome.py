"""What would have become of one past ticket, had Openbook been asked first."""

import re
from dataclasses import dataclass
from datetime import datetime

from openbook.evals.agreement import Word, past_reply
from openbook.evals.material import question_of
from openbook.types import Decision, Record, Rehearsal, Ticket

ANSWERED = "answered"
_SHOWN = 400

_REASONS = {
    "confidence below the threshold": r"Confidence .* is below the threshold",
    "asked for a person": r"asked for a person",
    "names a code that is not in the knowledge": r"stands? nowhere in the knowledge",
    "asks too many things at once": r"asks more things than",
    "the passage breaks off": r"breaks off",
    "not in the knowledge": r"Nothing was found|near the question|fits the filters",
    "cannot be read": r"no letter or digit",
    "gives orders": r"gives orders",
    "insults": r"insults",
}
_PATTERNS = {name: re.compile(pattern) for name, pattern in _REASONS.items()}
_ASKED_BACK, _ANOTHER_RULE = "asked back", "another rule"


@dataclass(frozen=True, slots=True)
class TicketOutcome(Record):
    """One ticket and what would have become of it.

    Attributes:
        question: What was asked, cut to what a list has room for.
        sendable: Whether no rule but the threshold keeps the answer back.
        reason: Why it was so decided, in words.
        kind: The reason as one of few kinds; `ANSWERED` where it was sent.
        sources: Titles of the documents that the answer cites, or would cite.
        newest_source_at: When the newest of them was last changed.
        text: The answer, sent or not; empty where a rule keeps it back.
        reply: What was told the customer then; empty where nothing was.
        agreement: How far the answer says the same as that reply, in [0, 1]; None where nobody can say,
            or where no threshold of the report would send the answer.
        agrees: The agreement in words.
        queue: The group or team it was in.
        topic: What it is about, where no queue and no tag says it.
    """

    id: str
    created_at: datetime | None
    question: str
    decision: str
    confidence: float
    sendable: bool
    reason: str
    kind: str
    sources: tuple[str, ...]
    newest_source_at: datetime | None
    text: str
    reply: str
    queue: str
    tags: tuple[str, ...]
    language: str
    milliseconds: float
    agreement: float | None = None
    agrees: Word = "cannot say"
    topic: str = ""

    @property
    def sent(self) -> bool:
        """Whether a customer would have got an answer."""
        return self.decision == Decision.SEND

    def sent_at(self, threshold: float) -> bool:
        """Whether a customer would have got an answer at another threshold."""
        return self.sendable and self.confidence >= threshold


def outcome_of(ticket: Ticket, rehearsal: Rehearsal) -> TicketOutcome:
    """What would have become of a ticket; agreement and topic, which need all tickets, come later."""
    answer, draft = rehearsal.answer, rehearsal.draft
    paths = {hit.document_id: hit.path for hit in rehearsal.hits}
    names = (citation.title or paths.get(citation.document_id, "") for citation in draft.citations)
    changed = (citation.updated_at for citation in draft.citations if citation.updated_at)
    return TicketOutcome(
        id=ticket.id,
        created_at=ticket.created_at,
        question=_shortened(question_of(ticket)),
        decision=answer.decision.value,
        confidence=answer.confidence,
        sendable=rehearsal.sendable,
        reason=answer.reason,
        kind=reason_kind(answer.decision, answer.reason),
        sources=tuple(dict.fromkeys(names)),
        newest_source_at=max(changed, default=None),
        text=draft.text if rehearsal.sendable else "",
        reply=past_reply(ticket),
        queue=ticket.queue,
        tags=ticket.tags,
        language=ticket.language,
        milliseconds=answer.timings_ms.get("total", 0.0),
    )


def reason_kind(decision: str, reason: str) -> str:
    """The reason of a decision as one of few kinds that can be counted."""
    if decision == Decision.SEND:
        return ANSWERED
    if decision == Decision.CLARIFY:
        return _ASKED_BACK
    return next((name for name, pattern in _PATTERNS.items() if pattern.search(reason)), _ANOTHER_RULE)


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else f"{line[: _SHOWN - 1].rstrip()}…"
