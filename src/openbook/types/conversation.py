"""A conversation and what was said in it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from openbook.types.record import Record

Author = Literal["customer", "bot", "operator", "notice", "note"]
"""Who says it: a notice is the house's own word to the customer, a note only operators read."""


@dataclass(frozen=True, slots=True)
class Message(Record):
    """One message.

    Attributes:
        ordinal: Its place in the conversation, from 0.
        text: None where it was erased.
        answer_id: Of the answer that a bot's message is; else empty.
        person_id: Of the operator who wrote it; else empty.
    """

    id: str
    ordinal: int
    author: Author
    text: str | None
    created_at: datetime
    answer_id: str = ""
    person_id: str = ""


@dataclass(frozen=True, slots=True)
class Conversation(Record):
    """A conversation with its messages, oldest first.

    Attributes:
        state: `open`: the bot answers; else the state of its hand-off.
        visitor_id: Whose it is; empty where it was asked without a visitor's token.
        name: Of the customer; empty where nobody knows.
        contact: The address that the customer left; empty for none.
    """

    id: str
    tenant: str
    channel: str
    visitor_id: str
    locale: str
    state: str
    created_at: datetime
    updated_at: datetime
    messages: tuple[Message, ...] = ()
    name: str = ""
    contact: str = ""
