"""One turn of a conversation: the request, its events, the receipt, the replay."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from openbook.types.answer import Answer, Decision
from openbook.types.record import MAIN_TENANT, PUBLIC, Record
from openbook.types.ticket import TicketMessage


@dataclass(frozen=True, slots=True)
class AskRequest(Record):
    """One question as a door hands it to the turn.

    Attributes:
        audiences: What the caller may see, already narrowed by the door.
        since: Only documents that were changed at or after this moment, or None for all.
        visitor_id: Who asks, if known; never a name.
        channel: web, api, voice, email, terminal.
        idempotency_key: A repeat with the same key gets the first answer again; empty for none.
        history: What was said before, oldest first, where no conversation is kept here; one that is
            kept is read instead.
        language: The customer's, where the words do not tell, for the house's own sentences; it narrows nothing.
    """

    question: str
    conversation_id: str = ""
    tenant: str = MAIN_TENANT
    audiences: tuple[str, ...] = (PUBLIC,)
    locale: str = ""
    product: str = ""
    since: datetime | None = None
    channel: str = "api"
    visitor_id: str = ""
    idempotency_key: str = ""
    history: tuple[TicketMessage, ...] = ()
    language: str = ""


@dataclass(frozen=True, slots=True)
class Event(Record):
    """A step of a turn that has happened; streaming, saving and metrics consume these.

    Names, in order: `understood`, `found`, `drafted`, `decided`, `recorded`.
    """

    name: Literal["understood", "found", "drafted", "decided", "recorded"]
    data: Any
    elapsed_ms: float


@dataclass(frozen=True, slots=True)
class Receipt(Record):
    """Everything behind one answer. See `docs/reference/receipt.md`."""

    id: str
    created_at: datetime
    tenant: str
    channel: str
    visitor_id: str
    question: str | None
    answer: Answer | None
    decision: Decision
    confidence: float
    hits: tuple[dict[str, Any], ...]
    query: dict[str, Any]
    settings: dict[str, Any]
    generation: int
    model_ids: tuple[str, ...]
    prompt_version: str
    adapter_id: str
    tool_call_ids: tuple[str, ...]
    openbook_version: str
    answer_hash: str
    erased: bool = False

    def to_dict(self) -> dict[str, Any]:
        """The public JSON, with the answer as `ask` gave it."""
        plain = Record.to_dict(self)
        plain["answer"] = self.answer.to_dict() if self.answer else None
        return plain


SearchReplay = Literal["identical", "different", "not_replayed"]


@dataclass(frozen=True, slots=True)
class Replay(Record):
    """A receipt recomputed: `identical` compares canonical bytes without ids and timings."""

    receipt_id: str
    identical: bool
    answer: Answer
    search: SearchReplay
    search_note: str
    differences: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The public JSON, with the answer in the shape of `ask`."""
        plain = Record.to_dict(self)
        plain["answer"] = self.answer.to_dict()
        return plain
