"""An answer: what was decided, in which words, on which spans."""

from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any

from openbook.types.record import Record, to_plain


class Decision(StrEnum):
    """What is done with a drafted answer."""

    SEND = "send"
    CLARIFY = "clarify"
    ABSTAIN = "abstain"
    HAND_OFF = "hand_off"


class Support(StrEnum):
    """Whether the cited spans carry a claim."""

    SUPPORTED = "supported"
    CONTRADICTED = "contradicted"
    NOT_FOUND = "not_found"


@dataclass(frozen=True, slots=True)
class Citation(Record):
    """An exact span of a version that a claim rests on: `quote == source_text[start:end]`."""

    document_id: str
    version: int
    title: str
    url: str
    updated_at: datetime | None
    quote: str
    start: int
    end: int
    locator: str = ""


@dataclass(frozen=True, slots=True)
class Claim(Record):
    """One sentence of an answer and the citations, by index, that carry it."""

    text: str
    support: Support
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Tokens(Record):
    """Language-model tokens read and written; zero for the extractive writer."""

    into: int = 0
    out: int = 0

    def to_dict(self) -> dict[str, Any]:
        """With the public names `in` and `out`."""
        return {"in": self.into, "out": self.out}


@dataclass(frozen=True, slots=True)
class Handoff(Record):
    """A conversation that waits for a person, as its customer may know it.

    Attributes:
        notice: What the customer is told about when somebody reads it.
    """

    id: str
    state: str
    reason: str
    created_at: datetime
    notice: str = ""


@dataclass(frozen=True, slots=True)
class Answer(Record):
    """One answer, whatever was decided. The shape of `ask --json` and `POST /v1/ask`.

    Attributes:
        understood: What was asked, part by part, as it was searched for: cleaned, misspelt words
            mended, with the question that this one answers.
        cost_micro_usd: Millionths of a dollar.
        options: Under `clarify`, what the customer may mean; any of them is a fitting reply.
    """

    id: str
    conversation_id: str
    decision: Decision
    text: str
    confidence: float
    threshold: float
    claims: tuple[Claim, ...]
    citations: tuple[Citation, ...]
    confidence_parts: dict[str, float]
    reason: str
    handoff: Handoff | None
    writer: str
    cost_micro_usd: int
    tokens: Tokens
    timings_ms: dict[str, float]
    understood: tuple[str, ...] = ()
    options: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The public JSON: cost in dollars, tokens as `in` and `out`."""
        plain: dict[str, Any] = {}
        for item in fields(self):
            if item.name == "cost_micro_usd":
                plain["cost_usd"] = self.cost_micro_usd / 1_000_000
            elif item.name == "tokens":
                plain["tokens"] = self.tokens.to_dict()
            else:
                plain[item.name] = to_plain(getattr(self, item.name))
        return plain
