"""What an edit would do to answers that were given before, and what is doubtful in what is known."""

from dataclasses import dataclass
from typing import Any

from openbook.types.answer import Answer
from openbook.types.document import Document, Span
from openbook.types.record import Record


@dataclass(frozen=True, slots=True)
class Compared(Record):
    """One past question, answered from today's knowledge and from the edited one.

    Attributes:
        change: "unchanged", "answered now", "answered no more", "another answer", or "other words"
            where the same passage is quoted from another version.
    """

    question: str
    audiences: tuple[str, ...]
    before: Answer
    after: Answer
    change: str


@dataclass(frozen=True, slots=True)
class Preview(Record):
    """What would change if an edit were published.

    Attributes:
        path: The document that it replaces, or the name under which it would be new.
        document_id: Empty if it would be new.
        hold: Why it would wait for a person first; empty if it would not.
        known: How many past questions there are; not all of them are asked again if they are many.
        compared: The questions that were asked, those that change first.
    """

    path: str
    document_id: str
    hold: str
    known: int
    compared: tuple[Compared, ...]
    notices: tuple[str, ...] = ()

    @property
    def changes(self) -> tuple[Compared, ...]:
        """Those whose answer would change."""
        return tuple(item for item in self.compared if item.change != "unchanged")

    def to_dict(self) -> dict[str, Any]:
        """The counts first, then what changes."""
        about = {"path": self.path, "document_id": self.document_id, "hold": self.hold}
        counts = {"known": self.known, "asked": len(self.compared), "changed": len(self.changes)}
        changes = [item.to_dict() for item in self.changes]
        return {**about, **counts, "notices": list(self.notices), "changes": changes}


@dataclass(frozen=True, slots=True)
class Stale(Record):
    """A document that may be out of date.

    Attributes:
        age_days: Since it was last changed, as far as it is known; None where nobody knows.
        reasons: Why it is listed, in words.
        damage: A rank value: how old it is times how many answers rest on it.
    """

    document: Document
    age_days: int | None
    reasons: tuple[str, ...]
    damage: float


@dataclass(frozen=True, slots=True)
class Statement(Record):
    """A sentence of a live version, with where it stands."""

    document_id: str
    version: int
    path: str
    title: str
    heading_path: tuple[str, ...]
    text: str
    span: Span
    audiences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Dispute(Record):
    """Two statements that seem to contradict each other, with past questions that met both."""

    one: Statement
    other: Statement
    subject: str
    reason: str
    score: float
    questions: tuple[str, ...] = ()
