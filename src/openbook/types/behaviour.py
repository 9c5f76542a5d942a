"""How the bot behaves, in plain values: tone, length, greeting, topics it never answers, rules that are off.

Everything here changes answers in the same way every time; a receipt keeps it, so that an answer can be
made again under the behaviour of then.
"""

from dataclasses import dataclass
from typing import Literal

from openbook.types.record import Record

Tone = Literal["plain", "warm"]
Length = Literal["full", "short"]


@dataclass(frozen=True, slots=True)
class Behaviour(Record):
    """How the bot behaves.

    Attributes:
        tone: Which of the house's wordings are used.
        length: `short` says only the best passage of each part.
        greeting: Said before the first answer of a conversation; empty for none.
        closing: Said after an answer that is sent; empty for none.
        never: Topics, in words or phrases, that are always handed over.
        off: Names of the policies that do not count.
        failures: After how many messages in a row without an answer a person is fetched; 0: never.
    """

    tone: Tone = "plain"
    length: Length = "full"
    greeting: str = ""
    closing: str = ""
    never: tuple[str, ...] = ()
    off: tuple[str, ...] = ()
    failures: int = 2


USUAL_BEHAVIOUR = Behaviour()
"""What counts where nothing is set."""


@dataclass(frozen=True, slots=True)
class Signals(Record):
    """What a conversation has come to before a message: what rules need besides its words.

    Attributes:
        failures: How many answers in a row, up to now, gave the customer nothing.
        anger: How many of the last messages were angry.
        first: Whether this is the first message.
        waiting: Whether the conversation waits for a person already.
        language: The customer's by what the door knows, for messages that do not tell; empty where it knows nothing.
    """

    failures: int = 0
    anger: int = 0
    first: bool = True
    waiting: bool = False
    language: str = ""


@dataclass(frozen=True, slots=True)
class Ruling(Record):
    """What a policy decides about a message: it goes to a person.

    Attributes:
        rule: The policy's name, such as "advice_health".
        reason: For the operator.
        queue: Which queue it should go to; empty for the usual one.
    """

    rule: str
    reason: str
    queue: str = ""
